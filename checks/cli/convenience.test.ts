import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { askedUntil, ended, fileOf, run, start } from './command.ts';
import { endless } from './scenarios.ts';

const root = join(import.meta.dirname, '../..');
const page = join(root, 'src/netgraph-mc.1');
/** Skipped where the system has no such program, and shown as skipped. */
const hasMandoc = spawnSync('mandoc', ['-Tlint', page]).error === undefined;
/** util-linux has a script(1) that runs one command on a terminal of its own; that of FreeBSD takes other arguments. */
const hasTerminals = process.platform === 'linux' && spawnSync('script', ['--version']).error === undefined;

describe('what makes the command line pleasant', () => {
  it('completes commands, options, and the names that only it knows', async () => {
    const completed = async (...words: readonly string[]): Promise<readonly string[]> =>
      (await run('complete', '--', ...words)).out.split('\n').map((line) => line.split('\t')[0]!);
    expect(await completed('che')).toContain('check');
    expect(await completed('check', 'both')).toContain('both-ends');
    expect(await completed('check', '--design', 'lock')).toContain('lockfree');
    expect(await completed('gate', '--sh')).toContain('--shard');
    expect(await completed('explain', 'no-l')).toEqual(expect.arrayContaining(['no-leak']));
    expect(await completed('explain', 'repair-')).toContain('repair-4');
    expect(await completed('explain', 'hub-')).toContain('hub-frees-message');
    expect(await completed('check', 'hub-alone', '--off', 'hub-')).toContain('hub-frees-message');
    expect(await completed('matrix', 'hub-')).toContain('hub-frees-message');
    expect(await completed('new', 'design', 'mine', '--from', 'up')).toContain('upstream');
    expect(await completed('new', 'scenario', 'mine', '--from', 'packet-')).toContain('packet-rmhook');
    expect(await completed('new', 'design', 'no-l')).not.toContain('no-leak');
    expect(await completed('complete', '')).toEqual(expect.arrayContaining(['bash', 'zsh', 'fish']));
  });

  it.skipIf(spawnSync('bash', ['--version']).error !== undefined)('can be read twice by one bash', async () => {
    const { out } = await run('complete', 'bash');
    const twice = spawnSync('bash', ['-c', 'eval "$1"; eval "$1"; complete -p netgraph-mc', 'bash', out]);
    expect(String(twice.stderr)).toBe('');
    expect(String(twice.stdout)).toContain('netgraph-mc');
  });

  it.each(['bash', 'zsh', 'fish'])('prints a script for %s', async (shell) => {
    const { code, out } = await run('complete', shell);
    expect(out).toContain('netgraph-mc');
    expect(code).toBe(0);
  });

  it('says how far it is when it is asked by a signal, and goes on', async () => {
    const child = start(['check', fileOf(endless), '--design', 'upstream', '--max-states', '2000000']);
    const done = ended(child);
    await askedUntil(child, /^own on upstream: (?:building local automata|[\d,]+ states)/m);
    const { code, out } = await done;
    expect(out).toContain('the budget of 2,000,000 states is used up');
    expect(code).toBe(2);
  });

  it.each([
    ['list'],
    ['explain lockfree'],
    ['check hub-alone --design lockfree'],
    ['gate --help'],
    ['new design --help'],
  ])('fits a screen of 60 columns: %s', async (line) => {
    const { out } = await ended(start(line.split(' '), undefined, { COLUMNS: '60' }));
    expect(out.split('\n').filter((each) => each.length > 60)).toEqual([]);
  });

  it.each(['0.5', '2', '-3', 'wide'])('does not mind a screen that cannot be: %s columns', async (COLUMNS) => {
    expect((await ended(start(['explain', 'no-leak'], undefined, { COLUMNS }))).code).toBe(0);
  });

  it.skipIf(!hasTerminals)('is in colour on a terminal, and not where NO_COLOR is set', () => {
    // Node.js also takes a terminal for a plain one where CI is set, and it is set where these checks run most often.
    const unset = { FORCE_COLOR: undefined, NO_COLOR: undefined, NODE_DISABLE_COLORS: undefined, CI: undefined };
    const shown = (env: NodeJS.ProcessEnv): string =>
      spawnSync('script', ['-qec', `${process.execPath} src/cli.ts check hub-alone --design lockfree`, '/dev/null'], {
        cwd: root,
        env: { ...process.env, ...unset, TERM: 'xterm-256color', ...env },
        encoding: 'utf8',
      }).stdout;
    const green = '\x1b[32mholds';
    expect(shown({})).toContain(green);
    const plain = shown({ NO_COLOR: '1' });
    expect(plain).toContain('holds');
    expect(plain).not.toContain(green);
  });

  it('begins in JavaScript, which does what the TypeScript does', async () => {
    const [launched, direct] = ['src/netgraph-mc.js', 'src/cli.ts'].map((file) =>
      spawnSync(process.execPath, [file, 'explain', 'no-leak'], { cwd: root, encoding: 'utf8' }),
    );
    expect(launched!.stdout).toBe(direct!.stdout);
    expect(launched!.status).toBe(0);
  });

  it('has its manual page as it would be written today', async () => {
    expect((await run('manual')).out).toBe(readFileSync(page, 'utf8'));
  });

  it.skipIf(!hasMandoc)('has a manual page with which mandoc finds no fault', () => {
    const { stdout, stderr } = spawnSync('mandoc', ['-Tlint', '-Wwarning', page], { encoding: 'utf8' });
    expect(stdout + stderr).toBe('');
  });

  it('examines the machine', async () => {
    const { code, out } = await run('doctor');
    expect(out).toMatch(/^ok +Node\.js \d+/m);
    expect(code).toBe(0);
  });
});
