import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { realisedIn } from '../../src/differ/coverage.ts';
import { exhaustive } from '../../src/differ/exhaustive.ts';
import { lockstep } from '../../src/differ/lockstep.ts';
import type { Product } from '../../src/differ/product.ts';
import { runOnce } from '../../src/differ/run.ts';
import { preempting } from '../../src/differ/schedule.ts';
import { comparing, endsOf } from './comparing.ts';
import { stackMutants, stackSubject, type Deed } from './stack.ts';

const random = { seconds: 60, seed: 1, maxRuns: 3_000 };

/** How many ways there are to interleave the accesses, each tried from the beginning: nothing is remembered. */
const naive = (product: Product): { runs: number; ends: ReadonlySet<string> } => {
  const ends = new Set<string>();
  let runs = 0;
  const from = (schedule: readonly number[]): void => {
    product.begin();
    for (const thread of schedule) expect(product.step(thread)).toBe(null);
    const can = product.points.flatMap((_, thread) => (product.isEnabled(thread) ? [thread] : []));
    for (const thread of can) from([...schedule, thread]);
    if (can.length > 0) return;
    runs++;
    ends.add(endOf(product));
  };
  from([]);
  return { runs, ends };
};

const endOf = ({ words, points }: Product): string =>
  JSON.stringify([[...words], points.map(({ returned }) => returned)]);

describe('a stack without locks and its model', () => {
  it('agree in runs at random, and every step of the model is realised', () => {
    comparing(stackSubject(), (product) => {
      expect(lockstep(product, random)).toMatchObject({ verdict: 'holds', divergence: null, runs: 3_000 });
      const { all, realised } = realisedIn(product.model);
      expect(all.filter((name) => !realised.has(name))).toEqual([]);
    });
  });

  it('agree in every interleaving, which are so many states', () => {
    comparing(stackSubject(), (product) => {
      const found = exhaustive(product, { maxStates: 100_000 });
      expect(found).toMatchObject({ verdict: 'holds', states: 36_911, steps: 77_779, depth: 44 });
    });
  });

  it('say unknown when there are more states than are wanted', () => {
    comparing(stackSubject(), (product) => {
      expect(exhaustive(product, { maxStates: 100 })).toMatchObject({
        verdict: 'unknown',
        why: 'gave up after 100 states',
      });
    });
  });

  it.each<[readonly (readonly Deed[])[], number]>([
    [[['pop'], ['pop']], 20],
    [[['pop'], [3]], 20],
    [[['pop', 'again'], ['pop']], 408],
  ])('%j: to remember states leaves out no end', (deeds, runs) => {
    const wanted = comparing(stackSubject(null, deeds), naive);
    expect(wanted.runs).toBe(runs);
    comparing(stackSubject(null, deeds), (product) => {
      const ends = endsOf(product, endOf);
      expect(exhaustive(product, { maxStates: 10_000 }).verdict).toBe('holds');
      expect(ends).toEqual(wanted.ends);
    });
  });

  describe.each(stackMutants)('that is wrong (%s)', (mutant) => {
    it('part ways in runs at random, and the run is the same again', () => {
      comparing(stackSubject(mutant), (product) => {
        const found = lockstep(product, random);
        expect(found.verdict).toBe('violated');
        expect(runOnce(product, preempting(found.preemptions), 1_000).divergence).toEqual(found.divergence);
      });
    });

    it('part ways in some interleaving', () => {
      comparing(stackSubject(mutant), (product) => {
        const found = exhaustive(product, { maxStates: 100_000 });
        expect(found.verdict).toBe('violated');
        expect(runOnce(product, preempting(found.preemptions), 1_000).divergence).toEqual(found.divergence);
      });
    });
  });

  it('that reuses a cell (untagged) part ways in a run that fast-check draws and shrinks to few pre-emptions', () => {
    comparing(stackSubject('untagged'), (product) => {
      const point = fc.record({ step: fc.nat(30), thread: fc.nat(2) });
      const agree = (points: readonly { step: number; thread: number }[]) =>
        runOnce(product, preempting(points), 1_000).divergence === null;
      const { failed, counterexample } = fc.check(fc.property(fc.array(point, { maxLength: 6, size: 'max' }), agree), {
        seed: 1,
        numRuns: 20_000,
      });
      expect(failed).toBe(true);
      expect(counterexample![0].length).toBeLessThanOrEqual(3);
    });
  });
});
