import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findScenario } from '../../src/command/catalogue.ts';
import { unsupported } from '../../src/differ/comparable.ts';
import { LONGEST_RUN } from '../../src/differ/lockstep.ts';
import type { Product } from '../../src/differ/product.ts';
import { runOnce, type Run } from '../../src/differ/run.ts';
import { preempting, type Preemption } from '../../src/differ/schedule.ts';
import { drawnScenario } from '../../src/survey/drawing.ts';
import { comparing, libraryIn } from './comparing.ts';
import { fieldAt, mutated, type Mutation } from './mutated.ts';

/** Few, since the automata of each are closed; the seed is changed here to try others. */
const SEED = 1;
const SCENARIOS = 8;
const SCHEDULES = 40;

/** Graphs whose automata are soon closed. */
const scenarios = drawnScenario(['pair', 'sink', 'queued', 'writer']).filter(
  ({ scenario }) => unsupported(scenario) === null,
);
/** Where who is stopped, and who goes on; what is taken away of it, or comes sooner, is simpler. */
const schedules: fc.Arbitrary<readonly Preemption[]> = fc.array(fc.record({ step: fc.nat(400), thread: fc.nat(2) }), {
  maxLength: 6,
  size: 'max',
});

const goes = (product: Product, points: readonly Preemption[]): Run =>
  runOnce(product, preempting(points), LONGEST_RUN);

const HK_INVALID = 1;
/** Takes a hook that is invalid for a valid one: who is never stopped does not meet any. */
const blind: Mutation = (real) => ({
  load: ((arena: Int32Array, address: number) =>
    real.load(arena, address) & (fieldAt(address) === 'hk_flags' ? ~HK_INVALID : -1)) as typeof Atomics.load,
});

describe('the library and its specification', () => {
  it('agree in drawn scenarios under drawn schedules', () => {
    let steps = 0;
    const agree = fc.property(
      scenarios,
      fc.array(schedules, { minLength: SCHEDULES, maxLength: SCHEDULES }),
      ({ name, scenario }, drawn) =>
        comparing(libraryIn(scenario), (product) => {
          for (const points of drawn) {
            const { divergence, ended } = goes(product, points);
            expect([name, divergence, ended]).toEqual([name, null, true]);
          }
          steps += product.visible;
        }),
    );
    fc.assert(agree, { seed: SEED, numRuns: SCENARIOS });
    expect(steps).toBeGreaterThan(SCENARIOS * SCHEDULES * 10);
  });

  it('part ways when invalid hooks are taken for valid ones, in a schedule that is shrunk to the fewest pre-emptions', () => {
    const { scenario } = findScenario('packet-rmhook');
    comparing(mutated(libraryIn({ ...scenario, ngthreads: 0 }), blind), (product) => {
      const agree = fc.property(schedules, (points) => goes(product, points).divergence === null);
      const { failed, counterexample } = fc.check(agree, { seed: SEED, numRuns: 2_000 });
      expect(failed).toBe(true);
      const [points] = counterexample!;
      expect(points).toHaveLength(2);
      expect(goes(product, points).preemptions).toHaveLength(2);
      // With one at any place there is none.
      const { steps } = goes(product, []);
      for (let step = 0; step < steps; step++)
        for (const thread of [0, 1]) expect(goes(product, [{ step, thread }]).divergence).toBeNull();
    });
  });
});
