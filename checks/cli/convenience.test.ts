import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { ended, fileOf, run, start } from './command.ts';
import { endless } from './scenarios.ts';

describe('what makes the command line pleasant', () => {
  it('completes commands, options, and the names that only it knows', async () => {
    const completed = async (...words: readonly string[]): Promise<readonly string[]> =>
      (await run('complete', '--', ...words)).out.split('\n').map((line) => line.split('\t')[0]!);
    expect(await completed('che')).toContain('check');
    expect(await completed('check', 'both')).toContain('both-ends');
    expect(await completed('check', '--design', 'lock')).toContain('lockfree');
    expect(await completed('gate', '--sh')).toContain('--shard');
  });

  it.each(['bash', 'zsh', 'fish'])('prints a script for %s', async (shell) => {
    const { code, out } = await run('complete', shell);
    expect(out).toContain('netgraph-mc');
    expect(code).toBe(0);
  });

  it('says how far it is when it is asked by a signal, and goes on', async () => {
    const child = start(['check', fileOf(endless), '--design', 'upstream', '--max-states', '300000']);
    const done = ended(child);
    await once(child.stdout, 'data');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    child.kill('SIGUSR2');
    const { code, err } = await done;
    expect(err).toMatch(/^own on upstream: (?:building local automata|[\d,]+ states)/m);
    expect(code).toBe(2);
  });

  it('examines the machine', async () => {
    const { code, out } = await run('doctor');
    expect(out).toMatch(/^ok +Node\.js \d+/m);
    expect(code).toBe(0);
  });
});
