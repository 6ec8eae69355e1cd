import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run, scratch } from '../cli/command.ts';

type Surveyed = { readonly tally: object; readonly breaks: readonly { readonly key: string }[] };

const surveyed = async (...options: readonly string[]): Promise<Surveyed> => {
  const { out, err, code } = await run('survey', '--graph', 'pair', '--design', 'gsoc23', '--json', ...options);
  expect(err).not.toContain('bug');
  expect(code).toBe(1);
  return JSON.parse(out) as Surveyed;
};

describe('a survey by runs at random', () => {
  it('shows breaks that searches show too, and saves runs that can be walked again', async () => {
    const directory = scratch();
    const walked = await surveyed('--walks', '60', '--save', directory);
    const searched = await surveyed('--max-states', '100000');
    expect(walked.tally).toMatchObject({ exhausted: 0, notBegun: 0 });
    const keys = walked.breaks.map(({ key }) => key);
    expect(keys.length).toBeGreaterThan(5);
    expect(searched.breaks.map(({ key }) => key)).toEqual(expect.arrayContaining(keys));
    const runs = readdirSync(directory).filter((name) => name.endsWith('.json'));
    expect(runs).toHaveLength(keys.length);
    const { code, err } = await run('replay', '--json', ...runs.map((name) => join(directory, name)));
    expect(err).toBe('');
    expect(code).toBe(0);
  });

  it('refuses a seed where nothing is drawn', async () => {
    const { code, out, err } = await run('survey', '--graph', 'pair', '--seed', '3');
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toMatch(/^--seed is for what is drawn: .*--random.*--walks\.\n$/);
  });
});
