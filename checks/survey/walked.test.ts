import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run, scratch } from '../cli/command.ts';

type Surveyed = {
  readonly tally: object;
  readonly choices: number;
  readonly cut: readonly object[];
  readonly breaks: readonly { readonly key: string; readonly known: object }[];
};

describe('a survey by runs with few pre-emptions', () => {
  const few = async (preemptions: number, ...words: string[]) => {
    const { out, code } = await run('survey', '--preemptions', `${preemptions}`, '--each', '2', '--json', ...words);
    return { code, ...(JSON.parse(out) as Surveyed) };
  };

  it('says of how many choices of operations it has looked at all of them', async () => {
    const { code, tally, choices, breaks, cut } = await few(0, '--graph', 'sink', '--design', 'lockfree');
    expect({ code, breaks }).toEqual({ code: 2, breaks: [] });
    expect(tally).toMatchObject({ explored: 1, exhausted: 0, cutShort: 1, notBegun: 0 });
    expect(choices).toBe(5 ** 4);
    expect(cut).toEqual([]);
    const text = await run('survey', '--preemptions', '0', '--graph', 'sink', '--design', 'lockfree');
    expect(text.out).toContain(
      ': all runs with at most 0 pre-emptions of 25 choices of operations, 0 cut short by a bound, 0 not begun.',
    );
  });

  it('counts none where a budget has ended it', async () => {
    const words = ['--graph', 'sink', '--design', 'lockfree', '--max-states', '1000'];
    const { tally, choices, cut } = await few(0, ...words);
    expect(tally).toMatchObject({ explored: 1, cutShort: 1 });
    expect(choices).toBe(0);
    const why = 'the budget of 1,000 states is used up';
    expect(cut).toEqual([{ scenario: 'sink-any+any-any+any', design: 'lockfree', why }]);
    const { out } = await run('survey', '--preemptions', '0', '--each', '2', ...words);
    expect(out).toContain(`sink-any+any-any+any on lockfree was cut short: ${why}.`);
  });

  it('shows breaks that are known', async () => {
    const { code, choices, breaks } = await few(1, '--graph', 'pair', '--design', 'gsoc23');
    expect(code).toBe(1);
    expect(choices).toBe(6 * 7 * 6 * 6);
    expect(breaks.length).toBeGreaterThan(2);
    expect(breaks.filter(({ known }) => 'kind' in known && known.kind === 'new')).toEqual([]);
  });
});

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

  it.each([
    [['--each', '2'], /^--each is for runs of any operations of a graph: .*--walks.*--preemptions.*\.\n$/],
    [['--each', '5', '--preemptions', '1'], /^--each 5: .*4 are the most\.\n$/],
    [['--each', '2', '--random', '3', '--preemptions', '1'], /^--each is for runs of any operations of a graph/],
    [['--walks', '9', '--preemptions', '1'], /cannot be used with/],
  ])('refuses %s', async (words, said) => {
    const { code, out, err } = await run('survey', '--graph', 'pair', '--design', 'gsoc23', ...words);
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toMatch(said);
  });

  it('refuses a seed where nothing is drawn', async () => {
    const { code, out, err } = await run('survey', '--graph', 'pair', '--seed', '3');
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toMatch(/^--seed is for what is drawn: .*--random.*--walks\.\n$/);
  });
});
