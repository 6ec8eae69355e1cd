import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { copyOfSuite, ended, start } from './command.ts';
import { calm } from './scenarios.ts';

/** The files for a CI say what can be done: they are read as the CI reads them, and their commands are run. */
const root = join(import.meta.dirname, '../..');
type Step = { run?: string; uses?: string; if?: string; with?: Record<string, string> };
type Workflow = { jobs: Record<string, { steps: Step[]; strategy?: { matrix: { shard: number[] } } }> };
const { jobs } = parse(readFileSync(join(root, '.github/workflows/gate.yml'), 'utf8')) as Workflow;
const commands = jobs.gate!.steps.flatMap(({ run }) => (run?.startsWith('npx netgraph-mc ') ? [run] : []));

describe('the example workflow', () => {
  it('has a job for each part that its gate is divided into', () => {
    const { shard } = jobs.gate!.strategy!.matrix;
    expect(shard).toEqual(shard.map((_, i) => i + 1));
    expect(commands).toHaveLength(1);
    expect(commands[0]).toContain(`/${shard.length} `);
  });

  it('runs commands that there are, and uploads the files that they write', async () => {
    const copy = copyOfSuite({ calm });
    expect((await ended(start(['gate', '--update'], copy))).code).toBe(0);
    mkdirSync(join(copy, 'out'));
    const shown = commands[0]!.replace(/\$\{\{ matrix\.shard \}\}/g, '1').split(' ');
    const { code, err } = await ended(start(shown.slice(2), copy));
    expect(code, err).toBe(0);
    const [artifacts, sarif] = jobs
      .gate!.steps.filter(({ if: when }) => when === 'always()')
      .map(({ with: how }) => how!);
    expect(existsSync(join(copy, artifacts!.path!, 'junit.xml'))).toBe(true);
    expect(existsSync(join(copy, artifacts!.path!, 'html/index.html'))).toBe(true);
    expect(existsSync(join(copy, sarif!.sarif_file!))).toBe(true);
    expect(
      existsSync(join(copy, jobs.gate!.steps.find(({ uses }) => uses?.startsWith('actions/cache'))!.with!.path!)),
    ).toBe(true);
  });

  it('runs all checks, and asks how much of the lines they run', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const runs = jobs.checks!.steps.flatMap(({ run }) => run ?? []);
    expect(runs).toEqual(['npm ci', 'npm run coverage']);
    expect(scripts.coverage).toContain('--check-coverage');
    expect((JSON.parse(readFileSync(join(root, '.c8rc.json'), 'utf8')) as { lines: number }).lines).toBe(95);
  });
});

describe('the Kyuafile', () => {
  it('names a program that there is and that speaks TAP', () => {
    const kyuafile = readFileSync(join(root, 'checks/Kyuafile'), 'utf8');
    const [, name] = /^tap_test_program\{name='([^']+)'/m.exec(kyuafile)!;
    const program = join(root, 'checks', name!);
    expect(statSync(program).mode & 0o111).not.toBe(0);
    const PATH = [dirname(process.execPath), process.env.PATH].join(delimiter);
    const args = ['--design', 'gsoc24', '--within', '40'];
    const { status, stdout } = spawnSync(program, args, { encoding: 'utf8', env: { ...process.env, PATH }, cwd: '/' });
    const points = stdout.split('\n').filter((line) => /^(?:not )?ok /.test(line));
    expect(stdout.split('\n')[0]).toBe(`1..${points.length}`);
    expect(points.length).toBeGreaterThan(3);
    expect(status).toBe(0);
    const { run } = jobs.freebsd!.steps.find(({ uses }) => uses?.includes('freebsd-vm'))!.with!;
    expect(run).toContain('kyua test -k checks/Kyuafile');
  });
});
