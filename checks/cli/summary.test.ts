import { describe, expect, it } from 'vitest';
import { codeOf, scoreOf, type Ended } from '../../src/command/gate/summary.ts';
import { scopeOf } from '../../src/command/gate/scope.ts';

/** How a gate ends that has gone through everything, or not. */
describe('a gate of which all that was looked at is as expected', () => {
  const ended = (rest: Partial<Ended>): Ended => ({
    comparisons: [],
    silence: [],
    accepted: { results: {}, undecided: {}, silent: [] },
    scope: { ...scopeOf([], { scenarios: [], full: true }), leftOut: 1 },
    reruns: [],
    cut: [],
    notWalked: 0,
    interrupted: false,
    ...rest,
  });

  it('passes', () => expect(codeOf(ended({}))).toBe(0));

  it('is undecided when it was interrupted', () => expect(codeOf(ended({ interrupted: true }))).toBe(2));

  it('is undecided when a saved run could not be walked for want of memory, wherever the score is kept', () => {
    const starved = ended({ cut: ['counterexamples/a.json'] });
    expect(codeOf(starved)).toBe(2);
    expect(scoreOf(starved)).toMatchObject({
      rewalks: [{ file: 'counterexamples/a.json', standing: 'open', sentence: 'memory ran out before it was walked' }],
      leftOut: expect.arrayContaining(['Memory ran out, so not walked: 1 saved run.']) as string[],
    });
  });
});
