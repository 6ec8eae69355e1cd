import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { copyOfSuite, ended, run, scratch, start } from './command.ts';
import { calm } from './scenarios.ts';

/** A thread to which the system gives no more memory dies with a RangeError. Here it asks for more than there is, for one scenario. */
const starve = (copy: string): void => {
  const path = join(copy, 'src/command/jobs/thread.ts');
  const text = readFileSync(path, 'utf8');
  expect(text).toContain('worldOf(job)');
  const hungry = "worldOf(job.name === 'a-hungry' ? (new Int32Array(1e12) as never) : job)";
  writeFileSync(path, text.replaceAll('worldOf(job)', hungry));
};

it('a check that memory runs out for is unknown, and those after it are done all the same', async () => {
  const copy = copyOfSuite({ 'a-hungry': calm, 'b-calm': calm, 'c-calm': calm });
  starve(copy);
  const { code, out, err } = await ended(start(['check', '--design', 'upstream', '--workers', '1', '--json'], copy));
  const { results } = JSON.parse(out) as { results: { verdict: string; message: string }[] };
  expect(results.map(({ verdict }) => verdict)).toEqual(['unknown', 'holds', 'holds']);
  expect(results[0]!.message).toContain('memory ran out');
  expect(err).not.toContain('suite bug');
  expect(code).toBe(2);
});

describe('a search with little memory and a disk', () => {
  it('says what one in memory says, and leaves nothing on the disk', async () => {
    const directory = scratch();
    const words = ['check', 'packet-rmhook', '--design', 'upstream', '--json'];
    const figuresIn = (out: string): object => {
      const [{ seconds: _seconds, ...figures }] = (JSON.parse(out) as { results: [Record<string, unknown>] }).results;
      return figures;
    };
    const kept = await run(...words);
    const spilled = await run(...words, '--memory', '1', '--disk', directory);
    expect(spilled.code).toBe(0);
    expect(figuresIn(spilled.out)).toEqual(figuresIn(kept.out));
    expect(readdirSync(directory)).toEqual([]);
  });
});
