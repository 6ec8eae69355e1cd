import Draft4 from 'ajv-draft-04';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log, Result } from 'sarif';
import { beforeAll, describe, expect, it } from 'vitest';
import { ended, fileOf, run, scratch, type Run } from './command.ts';
import { calm, endless, race } from './scenarios.ts';

/** What programs that keep the score are told by one check that holds, one that is violated and one that nobody knows. */
const root = join(import.meta.dirname, '../..');
const published = (name: string): string => join(import.meta.dirname, '../report', name);

type Case = { '@_name': string; '@_message'?: string; failure?: Fault; error?: Fault };
type Fault = { '@_message': string; '@_type': string; '#text': string };
type Suite = { '@_name': string; '@_tests': string; '@_failures': string; '@_errors': string; testcase: Case[] };

describe('the score of a run of which only the end is wrong', () => {
  it.each([
    ['', root],
    [', with the same paths in another directory', tmpdir()],
  ])('is told at the step that changed last what is left, in all forms, and no step is blamed%s', async (_, cwd) => {
    const files = { junit: join(scratch(), 'junit.xml'), sarif: join(scratch(), 'run.sarif') };
    const what = ['check', 'hub-alone', '--design', 'lockfree', '--off', 'hub-frees-message', '--github'];
    const args = [...what, '--junit', files.junit, '--sarif', files.sarif];
    const { err } = await ended(spawn(process.execPath, [join(root, 'src/cli.ts'), ...args], { cwd }));
    const [, line, told] = /^::error file=spec\/config\.ts,line=(\d+),[^:]*::(.*)$/m.exec(err)!;
    const source = readFileSync(join(root, 'spec/config.ts'), 'utf8').split('\n');
    expect(source[Number(line) - 1]).toContain('// 100');
    expect(told).toBe(
      `no-leak: item1 is lost (at the end, after step 13); item1 was last changed by CPU0 in ng_hub_rcvmsg, ng_hub.c:100, spec/config.ts:${line}, step 9`,
    );
    const sarif = JSON.parse(readFileSync(files.sarif, 'utf8')) as Log;
    const [result] = sarif.runs[0]!.results!;
    expect(result!.locations![0]!.physicalLocation).toMatchObject({
      artifactLocation: { uri: 'spec/config.ts' },
      region: { startLine: Number(line) },
    });
    const steps = result!.codeFlows![0]!.threadFlows.flatMap(({ locations }) => locations);
    const essential = steps.filter(({ importance }) => importance === 'essential');
    expect(essential.map(({ executionOrder }) => executionOrder)).toEqual([9]);
    const junit = readFileSync(files.junit, 'utf8');
    expect(junit).toContain(told);
    expect(junit.match(/✗.*/g)).toEqual(['✗ nobody can go on: it is wrong here, at the end']);
  });
});

describe('the score of a check', () => {
  let done: Run;
  let junit: string;
  let sarif: Log;
  const directory = scratch();
  const scenarios = [fileOf(calm, 'calm.json'), fileOf(race, 'race.json'), fileOf(endless, 'endless.json')];

  beforeAll(async () => {
    const files = { junit: join(directory, 'junit.xml'), sarif: join(directory, 'run.sarif') };
    const what = ['check', ...scenarios, '--design', 'gsoc23', '--max-states', '20000'];
    done = await run(...what, '--junit', files.junit, '--sarif', files.sarif, '--github', '--tap');
    expect(done.code, done.err).toBe(1);
    junit = readFileSync(files.junit, 'utf8');
    sarif = JSON.parse(readFileSync(files.sarif, 'utf8')) as Log;
  });

  const cases = (): readonly Case[] => {
    expect(XMLValidator.validate(junit)).toBe(true);
    const parser = new XMLParser({ ignoreAttributes: false, isArray: (tag) => /^test(suite|case)$/.test(tag) });
    const { testsuites } = parser.parse(junit) as { testsuites: { testsuite: Suite[] } };
    const [suite] = testsuites.testsuite;
    expect(suite).toMatchObject({ '@_name': 'gsoc23', '@_tests': '3', '@_failures': '1', '@_errors': '1' });
    return suite!.testcase;
  };
  const resultOn = (scenario: string): Result =>
    sarif.runs[0]!.results!.find(({ message }) => message.text!.startsWith(`${scenario} on `))!;
  const annotationOf = (scenario: string): string =>
    done.err.split('\n').find((line) => line.startsWith('::') && line.includes(`title=${scenario} on`))!;

  it('is a JUnit case each: a failure for what is violated, an error for what nobody knows', () => {
    const [holds, violated, unknown] = cases();
    expect([holds!.failure, holds!.error]).toEqual([undefined, undefined]);
    expect(violated!.failure!['#text']).toContain('numbers are lines of ng_base.c');
    expect(unknown!.error!['@_message']).toContain('20,000 states');
  });

  it('is SARIF as its schema has it, and the schema refuses what is not', () => {
    const schema = JSON.parse(readFileSync(published('sarif-schema-2.1.0.json'), 'utf8')) as object;
    const validate = new Draft4.default({ strict: false, validateFormats: false }).compile(schema);
    expect(validate(sarif), JSON.stringify(validate.errors)).toBe(true);
    const broken = structuredClone(sarif) as unknown as { runs: { results: { level: string }[] }[] };
    broken.runs[0]!.results[0]!.level = 'terrible';
    expect(validate(broken)).toBe(false);
  });

  it('has the run as a flow for each CPU, every step at a line of the specification that is there', () => {
    const { threadFlows } = resultOn('race').codeFlows![0]!;
    expect(threadFlows.map(({ id }) => id)).toEqual(['CPU0', 'CPU1']);
    const steps = threadFlows.flatMap(({ locations }) => locations);
    const order = steps.map(({ executionOrder }) => executionOrder!).toSorted((a, b) => a - b);
    expect(order).toEqual(order.map((_, i) => i + 1));
    for (const { location } of steps) {
      const { artifactLocation, region } = location!.physicalLocation!;
      const lines = readFileSync(join(import.meta.dirname, '../..', artifactLocation!.uri!), 'utf8').split('\n');
      expect(lines.length).toBeGreaterThan(region!.startLine!);
    }
    const inC = steps.map(({ stack }) => stack?.frames[0]!.location!.physicalLocation?.artifactLocation);
    expect(inC).toContainEqual({ uri: 'ng_base.c', uriBaseId: 'FREEBSD_SRC' });
  });

  it('names the same object, the same CPUs and the same C lines everywhere', () => {
    const message = resultOn('race').message.text!.replace('race on gsoc23: ', '');
    expect(message).toMatch(/^use-after-free: .*\bB:b\.private\b/);
    expect(message).toContain('(CPU0 in ngh_rcvdata, ng_hole.c:207, spec/hole.ts:');
    expect(message).toContain(
      'B:b.private had been taken away by CPU1 in ngh_disconnect, ng_hole.c:220, spec/hole.ts:',
    );
    const flows = resultOn('race').codeFlows![0]!.threadFlows;
    const lastOf = (cpu: string): string =>
      flows.find(({ id }) => id === cpu)!.locations.at(-1)!.location!.message!.text!;
    expect(lastOf('CPU0')).toMatch(/^CPU0: .*B:b\.private.*\(ng_hole\.c:207\)$/);
    expect(lastOf('CPU1')).toMatch(/^CPU1: .*B:b\.private.*\(ng_hole\.c:220\)$/);
    expect(cases()[1]!.failure!['@_message']).toBe(message);
    expect(annotationOf('race').split('::').at(-1)).toBe(message);
    expect(done.out).toContain(`\n# ${message}\n`);
  });

  it('is annotated where the run goes wrong: red where it is violated, yellow where nobody knows', () => {
    const { artifactLocation, region } = resultOn('race').locations![0]!.physicalLocation!;
    expect(annotationOf('race')).toContain(`::error file=${artifactLocation!.uri},line=${region!.startLine},`);
    expect(annotationOf('endless')).toMatch(/^::warning file=/);
    expect(annotationOf('calm')).toBeUndefined();
  });

  it('is TAP, where unknown is not ok', () => {
    const [plan, ...lines] = done.out.split('\n').filter((line) => !line.startsWith('#'));
    expect(plan).toBe('1..3');
    expect(lines.slice(0, 3)).toEqual([
      'ok 1 - calm on gsoc23: holds',
      'not ok 2 - race on gsoc23: violated',
      'not ok 3 - endless on gsoc23: unknown',
    ]);
  });

  it('is a line of JSON for each thing as it happens', async () => {
    const { out } = await run('check', ...scenarios.slice(0, 2), '--design', 'gsoc23', '--ndjson');
    const events = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string });
    expect(events).toMatchObject([
      { event: 'start', schemaVersion: 1, command: 'check', checks: 2 },
      { event: 'verdict', scenario: 'calm', standing: 'good' },
      { event: 'verdict', scenario: 'race', standing: 'bad', verdict: 'violated' },
      { event: 'end', exitCode: 1 },
    ]);
  });

  it('is not begun when a file of it cannot be written', async () => {
    const { code, err, out } = await run('check', scenarios[0]!, '--junit', '/nowhere/at/all/junit.xml');
    expect(err).toMatch(/nothing can be saved there/);
    expect([code, out]).toEqual([3, '']);
  });
});
