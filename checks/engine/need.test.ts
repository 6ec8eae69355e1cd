import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claimsMade, claimsOf } from '../../spec/properties.ts';
import { findScenario } from '../../src/command/catalogue.ts';
import { worldOf } from '../../src/command/jobs/job.ts';
import type { CheckOptions } from '../../src/explore/check.ts';
import { searchFewPreemptions } from '../../src/explore/fewPreemptions.ts';
import { unnumbered } from '../../src/explore/automata/label.ts';
import { usualModel, usualNeed } from '../../src/explore/model/model.ts';
import type { Verdict } from '../../src/explore/search/verdict.ts';
import { walk } from '../../src/explore/runs/walk.ts';
import { walkAtRandom } from '../../src/explore/walks.ts';
import { KASSERT, mtx_lock, mtx_unlock } from '../../src/machine/access.ts';
import type { Claim } from '../../src/machine/conduct.ts';
import { procedure } from '../../src/machine/procedure.ts';
import { mutex, Shared, word } from '../../src/machine/record.ts';
import { World } from '../../src/machine/world.ts';
import { storyOfRun } from '../../src/viewer/run.ts';
import { drawnProgram } from './drawing.ts';
import { printed } from './drawnProgram.ts';
import { build } from './interpreter.ts';
import { judged, searched, stepsOf } from './judgement.ts';

/** Automata that are closed only as far as a search comes: it must say the same as where they are closed beforehand. */

const both = [false, true];

/** All that is said of a search; how many local states there are beside those that it comes to is another matter. */
const told = (verdict: Verdict) => ({
  ...searched(verdict),
  failures: verdict.failures?.map(({ key }) => key),
  steps: stepsOf(verdict).map(unnumbered),
});

/** With the quotient, frames are told apart by what they can still do, of which less is known: there may be more states. */
const result = ({ verdict, property, trace }: Verdict) => ({ verdict, property, steps: trace?.steps.length ?? null });

const compare = (
  world: () => World,
  claims: readonly Claim[],
  most: number,
  options: Partial<CheckOptions>,
): Verdict => {
  const byNeed = { atOnce: true, most };
  const apart = { ...options, quotient: false };
  const whole = judged(world(), claims, apart);
  const asked = judged(world(), claims, { ...apart, byNeed });
  expect(told(asked)).toEqual(told(whole));
  const [merged, mergedByNeed] = [judged(world(), claims, options), judged(world(), claims, { ...options, byNeed })];
  // With more states, or in another order, a bound may be met first.
  if (merged.verdict !== 'unknown' && mergedByNeed.verdict !== 'unknown')
    expect(result(mergedByNeed)).toEqual(result(merged));
  return whole;
};

describe('automata that are closed by need', () => {
  it('are as good as whole ones on drawn programs', () => {
    const seen = { violated: 0, holds: 0, unknown: 0 };
    fc.assert(
      fc.property(drawnProgram, fc.nat(6), fc.boolean(), fc.boolean(), (program, most, fuse, allFailures) => {
        const { properties } = build(program);
        try {
          const options = { fuse, allFailures, budget: { maxStates: 4000 } };
          const { verdict } = compare(() => build(program).world, properties, most, options);
          seen[verdict]++;
        } catch (thrown) {
          throw new Error(`${printed(program)}\n\n${thrown instanceof Error ? thrown.message : String(thrown)}`);
        }
      }),
      { seed: 20_261_126, numRuns: 400 },
    );
    expect(Math.min(seen.violated, seen.holds)).toBeGreaterThan(80);
  });

  it.each([
    ['packet-shutdown', 'gsoc23'],
    ['mkpeer-failing', 'upstream'],
    ['socket-close-rmhook', 'lockfree'],
    ['teardown', 'gsoc24'],
  ] as const)('are as good on %s, %s', (name, design) => {
    const { scenario } = findScenario(name);
    for (const fuse of both)
      compare(() => worldOf({ scenario, design, off: [] }), claimsOf(scenario), 20, {
        fuse,
        budget: { maxStates: 30_000 },
      });
  });
});

class Box extends Shared {
  lock = mutex('keeps the numbers together');
  first = word(0, 40, 'counts up');
  second = word(0, 40, 'is the same');
  third = word(0, 40, 'is the same');
  fourth = word(0, 40, 'is the same');
}

/** Four numbers up to 40 are more combinations than anybody closes; under their lock they are always the same, which is 41. */
const wide = (last: number): World => {
  const world = new World();
  const box = world.make(Box, 'box');
  const count = procedure('', function count(it: Box) {
    for (let i = 1; i <= last; i++) {
      mtx_lock(it.lock);
      it.first = i;
      it.second = i;
      it.third = i;
      it.fourth = i;
      mtx_unlock(it.lock);
    }
  });
  const look = procedure('', function look(it: Box) {
    mtx_lock(it.lock);
    const seen = new Set([it.first, it.second, it.third, it.fourth]);
    mtx_unlock(it.lock);
    KASSERT(seen.size === 1, 'the numbers are the same');
    KASSERT(!seen.has(39), 'nobody counts to 39');
  });
  world.run('counting', count, box);
  world.run('looking', look, box);
  return world;
};

describe('what is too large to be closed beforehand', () => {
  it('is given up by what has to know all of it', () => {
    const { verdict, message } = judged(wide(38), [], { symmetry: true });
    expect(verdict).toBe('unknown');
    expect(message).toContain('in look');
  });

  it('is explored to its end, as if it were closed', () => {
    const states = (last: number): number => {
      const verdict = judged(wide(last), [], { quotient: false, byNeed: { atOnce: true, most: 2000 } });
      expect(verdict.verdict).toBe('holds');
      return verdict.states;
    };
    // Each number more that is counted to adds as many states.
    const growth = (last: number): number => states(last) - states(last - 1);
    const small = growth(10);
    expect(small).toBeGreaterThan(10);
    expect(growth(38)).toBe(small);
  });

  it('says nothing of what is held back when the time is over', () => {
    const { scenario } = findScenario('packet-shutdown');
    for (const design of ['gsoc23', 'lockfree']) {
      const world = (): World => worldOf({ scenario, design, off: [] });
      const claims = claimsMade(scenario, ['data-unhindered']);
      const whole = judged(world(), claims, { allFailures: true });
      const real = new Set(whole.failures?.map(({ key }) => key));
      const runs = { count: 1, seed: 1 };
      const toTheEnd = walkAtRandom(world(), claims, runs, { ...usualModel, allFailures: true, budget: {} });
      for (let calls = 1; calls < 40; calls++) {
        let called = 0;
        const options = {
          ...usualModel,
          byNeed: { atOnce: true, most: 5 },
          allFailures: true,
          budget: {},
          interrupted: () => ++called > calls,
        };
        const few = searchFewPreemptions(world(), claims, 1, options);
        if (few.verdict === 'unknown')
          expect(few.message).toMatch(/interrupted|^no run with at most 1 pre-emption fails$/);
        else for (const { key } of few.failures!) expect(real).toContain(key);
        called = 0;
        const atRandom = walkAtRandom(world(), claims, runs, options);
        if (atRandom.verdict === 'unknown' && atRandom.message !== toTheEnd.message)
          expect(atRandom.message).toContain('interrupted');
        for (const { key } of atRandom.failures ?? []) expect(real).toContain(key);
      }
    }
  });

  it('fails where it fails, by a run that runs at random find too, and that can be walked and told again', () => {
    const byNeed = { ...usualNeed, atOnce: true };
    const verdict = judged(wide(40), [], { byNeed });
    expect(verdict).toMatchObject({ verdict: 'violated', property: 'kassert' });
    const atRandom = walkAtRandom(wide(40), [], { count: 3000, seed: 1 }, { ...usualModel, byNeed, budget: {} });
    expect(atRandom).toMatchObject({ verdict: 'violated', property: 'kassert' });
    const { cpus, steps } = verdict.trace!;
    const schedule = steps.map(({ cpu, step, picks }) => ({ cpu: cpus[cpu]!, step, picks }));
    expect(walk(wide(40), [], schedule).end).toMatchObject({ kind: 'violated', property: 'kassert' });
    const setting = { world: wide(40), claims: [], options: usualModel };
    expect(storyOfRun(setting, subject, verdict.trace!).steps).toHaveLength(steps.length);
  });
});

const subject = {
  title: '',
  description: '',
  programs: [],
  headline: '',
  broken: null,
  circle: null,
  command: null,
};
