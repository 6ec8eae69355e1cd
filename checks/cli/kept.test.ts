import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ended, run, scratch, start } from './command.ts';

type Said = Readonly<Record<string, unknown>> & { readonly message: string; readonly states: number };

const verdictIn = (out: string): Said => (JSON.parse(out) as { results: [Said] }).results[0];
const essence = (out: string): object => {
  const { seconds: _seconds, ...verdict } = verdictIn(out);
  return verdict;
};

const question = ['check', 'both-ends', '--design', 'gsoc23-fc22fb4', '--json'];
const untilThere = async (path: string): Promise<void> => {
  while (!existsSync(path)) await pause(5);
};

describe('a search that is kept', () => {
  it('goes on after kill -9 to the verdict, the counts and the run that it would have had', async () => {
    const path = join(scratch(), 'search');
    const killed = start([...question, '--checkpoint', path, '--every', '0.0001']);
    await untilThere(path);
    killed.kill('SIGKILL');
    await once(killed, 'close');

    const saved = scratch();
    const [undisturbed, resumed] = [
      await run(...question),
      await run(...question, '--resume', path, '--out', saved),
    ] as const;
    expect(undisturbed.code).toBe(1);
    expect(resumed.code).toBe(1);
    expect({ ...essence(resumed.out), counterexample: null }).toEqual(essence(undisturbed.out));
    expect((await run('replay', String(verdictIn(resumed.out).counterexample))).code).toBe(0);
  });

  it('is kept at Ctrl-C too, as far as it got', async () => {
    const path = join(scratch(), 'search');
    const long = ['check', 'storm-other-end', '--design', 'lockfree', '--json'];
    const child = start([...long, '--checkpoint', path, '--every', '0.001']);
    const stopped = ended(child);
    await untilThere(path);
    // It may be kept first when it has only its first state, from which a bound of one lets it go on.
    await pause(500);
    child.kill('SIGINT');
    const { out, code } = await stopped;
    expect(code).toBe(2);
    expect(verdictIn(out).message).toContain(`it is kept, and --resume ${path} goes on`);
    const { states } = verdictIn(out);
    expect(states).toBeGreaterThan(1);
    const resumed = await run(...long, '--resume', path, '--max-states', '1');
    expect(verdictIn(resumed.out).states).toBe(states);
  });

  it('is refused where it is no search of what is asked, or is not whole', async () => {
    const path = join(scratch(), 'search');
    const asked = ['check', 'packet-shutdown', '--design', 'gsoc23'];
    const { code, out } = await run(...asked, '--max-states', '300', '--checkpoint', path);
    expect(code).toBe(2);
    expect(out.replaceAll(/\s+/g, ' ')).toContain('it is kept');
    const refusal = async (...args: string[]): Promise<string> => {
      const refused = await run(...args, '--resume', path);
      expect(refused.code).toBe(3);
      expect(refused.err.trim().split('\n')).toHaveLength(1);
      return refused.err;
    };
    expect(await refusal('check', 'packet-shutdown', '--design', 'upstream')).toContain('on gsoc23, not on upstream');
    expect(await refusal('check', 'both-ends', '--design', 'gsoc23')).toContain('of the scenario packet-shutdown');
    expect(await refusal(...asked, '--reduce')).toContain('other options (reduce)');

    const whole = readFileSync(path);
    const text = whole.toString('latin1');
    const others = Buffer.from(text.replace(/"sources":"[0-9a-f]/, '"sources":"x'), 'latin1').subarray(0, -32);
    writeFileSync(path, Buffer.concat([others, createHash('sha256').update(others).digest()]));
    expect(await refusal(...asked)).toContain('the specification or the engine has changed');
    writeFileSync(path, whole.subarray(0, whole.length - 100));
    expect(await refusal(...asked)).toContain('damaged or cut off');
    writeFileSync(path, 'something else');
    expect(await refusal(...asked)).toContain('is no search');
  });

  it('replaces nothing that is no search, and says so before it begins', async () => {
    const path = join(scratch(), 'own.txt');
    writeFileSync(path, 'my own');
    for (const place of [path, scratch(), '']) {
      const refused = await run('check', 'packet-shutdown', '--design', 'gsoc23', '--checkpoint', place);
      expect(refused).toMatchObject({ code: 3, out: '' });
    }
    expect(readFileSync(path, 'utf8')).toBe('my own');
  });

  it.each([
    ['--every', '1'],
    ['--seed', '3'],
    ['--threads', '65'],
  ])('is not what %s %s alone is for', async (option, value) => {
    const refused = await run('check', 'packet-shutdown', '--design', 'gsoc23', option, value);
    expect(refused).toMatchObject({ code: 3, out: '' });
    expect(refused.err.trim().split('\n')).toHaveLength(1);
  });
});
