import { describe, expect, it } from 'vitest';
import { isReusing } from '../../src/command/catalogue.ts';
import { readBaseline } from '../../src/command/gate/baseline.ts';
import { scopeOf, type Pair } from '../../src/command/gate/scope.ts';
import { suite } from '../../src/suite.ts';

const all: readonly Pair[] = Object.entries(readBaseline(suite.baseline).results).flatMap(([scenario, byDesign]) =>
  Object.entries(byDesign).map(([design, { states }]) => ({ scenario, design, states })),
);
const work = (pairs: readonly Pair[]): number => pairs.reduce((sum, { states }) => sum + states!, 0);

describe('what a gate looks at', () => {
  it.each([2, 3, 4, 7])('is divided into %i parts: each pair in one of them, and none has much more to do', (of) => {
    const parts = Array.from(
      { length: of },
      (_, i) => scopeOf(all, { scenarios: [], full: true, shard: { number: i + 1, of } }).pairs,
    );
    expect(parts.flat()).toHaveLength(all.length);
    expect(new Set(parts.flat())).toEqual(new Set(all));
    expect(Math.max(...parts.map(work)) / Math.min(...parts.map(work))).toBeLessThan(1.05);
  });

  it('is the same part whatever the order in which the pairs come', () => {
    const shard = { number: 2, of: 3 };
    const titles = (pairs: readonly Pair[]): readonly string[] =>
      scopeOf(pairs, { scenarios: [], full: true, shard })
        .pairs.map(({ scenario, design }) => `${scenario} ${design}`)
        .toSorted();
    expect(titles(all.toReversed())).toEqual(titles(all));
  });

  it('is of every scenario something, where only the quick set is meant, and the rest is counted', () => {
    const { pairs, leftOut, sentences } = scopeOf(all, { scenarios: [], full: false });
    const own = (of: readonly Pair[]): ReadonlySet<string> =>
      new Set(of.map(({ scenario }) => scenario).filter((scenario) => !isReusing(scenario)));
    expect(own(pairs)).toEqual(own(all));
    expect(pairs.length + leftOut).toBe(all.length);
    expect(sentences).toEqual([expect.stringContaining(`Left out of the quick set: ${leftOut} pairs`)]);
  });

  it('is no more of a design by itself than what is soon searched through', () => {
    const { pairs, sentences } = scopeOf(all, { scenarios: [], full: false, design: ['lockfree'] });
    expect(pairs.length).toBeGreaterThan(40);
    expect(work(pairs)).toBeLessThan(2_000_000);
    expect(sentences.join()).toContain('Left out of the quick set: ');
  });
});
