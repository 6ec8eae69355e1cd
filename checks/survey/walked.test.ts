import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run, scratch } from '../cli/command.ts';

type Surveyed = {
  readonly tally: object;
  readonly breaks: readonly { readonly key: string; readonly known: object }[];
};

describe('a survey by runs at random', () => {
  it('shows breaks that are known, and saves runs that can be walked again', async () => {
    const directory = scratch();
    const options = ['--walks', '2000', '--save', directory, '--json'];
    const { out, code } = await run('survey', '--graph', 'pair', '--design', 'gsoc23', ...options);
    expect(code).toBe(1);
    const { tally, breaks } = JSON.parse(out) as Surveyed;
    expect(tally).toEqual({ explored: 1, exhausted: 0, cutShort: 1, notBegun: 0, runs: 2000, runsCut: 0 });
    expect(breaks.length).toBeGreaterThan(5);
    expect(breaks.filter(({ known }) => 'kind' in known && known.kind === 'new')).toEqual([]);
    const runs = readdirSync(directory).filter((name) => name.endsWith('.json'));
    expect(runs).toHaveLength(breaks.length);
    const again = await run('replay', '--json', ...runs.map((name) => join(directory, name)));
    expect(again).toMatchObject({ code: 0, err: '' });
  });

  it('refuses a seed where nothing is drawn', async () => {
    const { code, out, err } = await run('survey', '--graph', 'pair', '--seed', '3');
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toMatch(/^--seed is for what is drawn: .*--random.*--walks\.\n$/);
  });
});
