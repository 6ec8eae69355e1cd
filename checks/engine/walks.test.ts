import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claimsMade } from '../../spec/properties.ts';
import { findScenario } from '../../src/command/catalogue.ts';
import { worldOf } from '../../src/command/jobs/job.ts';
import type { Claim } from '../../src/machine/conduct.ts';
import { usualModel } from '../../src/explore/model/model.ts';
import type { Verdict } from '../../src/explore/search/verdict.ts';
import { walk } from '../../src/explore/runs/walk.ts';
import { walkAtRandom } from '../../src/explore/walks.ts';
import type { World } from '../../src/machine/world.ts';
import { drawnProgram } from './drawing.ts';
import { build } from './interpreter.ts';
import { judged, stepsOf } from './judgement.ts';

/** Runs at random, in place of a search. */

const walked = (world: World, claims: readonly Claim[], count: number, seed: number, allFailures = false): Verdict =>
  walkAtRandom(world, claims, { count, seed }, { ...usualModel, budget: {}, allFailures });

/** How the run that is shown ends when it is followed by the names of its steps. */
const followed = (world: World, claims: readonly Claim[], { trace }: Pick<Verdict, 'trace'>): object => {
  const schedule = trace!.steps.map(({ cpu, step, picks }) => ({ cpu: trace!.cpus[cpu]!, step, picks }));
  return walk(world, claims, schedule).end;
};

describe('runs at random', () => {
  it.each([
    { name: 'both-ends', design: 'gsoc23' },
    { name: 'source-rmhook', design: 'upstream' },
    { name: 'nodeinfo', design: 'upstream' },
  ])('find a failure of $name on $design, and show a run to it', ({ name, design }) => {
    const { scenario } = findScenario(name);
    const world = worldOf({ scenario, design, off: [] });
    const claims = claimsMade(scenario, undefined);
    const verdict = walked(world, claims, 2000, 1);
    expect(verdict.verdict).toBe('violated');
    expect(followed(world, claims, verdict)).toMatchObject({ kind: 'violated', property: verdict.property });
    expect(stepsOf(walked(world, claims, 2000, 1))).toEqual(stepsOf(verdict));
  });

  it('never say that something holds', () => {
    const { scenario } = findScenario('packet-shutdown');
    const world = worldOf({ scenario, design: 'lockfree', off: [] });
    expect(walked(world, claimsMade(scenario, undefined), 50, 1)).toMatchObject({
      verdict: 'unknown',
      message: expect.stringContaining('none of 50 runs'),
    });
  });

  it('go on after a failure, and show the shortest run that was met to each', () => {
    const { scenario } = findScenario('packet-rmhook');
    const world = worldOf({ scenario, design: 'gsoc23', off: [] });
    const claims = claimsMade(scenario, undefined);
    const searched = new Map(judged(world, claims, { allFailures: true }).failures!.map((each) => [each.key, each]));
    const first = walked(world, claims, 300, 1);
    const all = walked(world, claims, 300, 1, true);
    expect(all.cutShort).toBe('300 runs at random (seed 1)');
    expect(all.failures!.map(({ key }) => key).toSorted()).toEqual([...searched.keys()].toSorted());
    for (const failure of all.failures!) {
      const { property, message, trace } = failure;
      expect(followed(world, claims, failure)).toMatchObject({ kind: 'violated', property, message });
      expect(trace!.steps.length).toBeGreaterThanOrEqual(searched.get(failure.key)!.trace!.steps.length);
    }
    expect(all.property).toBe(all.failures![0]!.property);
    const ofFirst = all.failures!.find(({ message }) => message === first.message);
    expect(ofFirst!.trace!.steps.length).toBeLessThanOrEqual(first.trace!.steps.length);
  });

  it('are told apart from those that a bound of the scenario has cut short', () => {
    const { scenario } = findScenario('packet-shutdown');
    const world = worldOf({ scenario: { ...scenario, items: 0 }, design: 'lockfree', off: [] });
    const { verdict, message, runs } = walked(world, claimsMade(scenario, undefined), 50, 1);
    expect(verdict).toBe('unknown');
    expect(runs).toEqual({ made: 50, cut: 50 });
    expect(message).toMatch(/; 50 did not come to an end, the first since .* allocates one more Item: /);
  });

  it('fail only where a search fails too, and mostly where it does', () => {
    const tally = { violated: 0, found: 0, ways: 0 };
    fc.assert(
      fc.property(drawnProgram, fc.integer({ min: 1, max: 1000 }), (program, seed) => {
        const { world, properties } = build(program);
        const searched = judged(world, properties, { allFailures: true, budget: { maxStates: 4000 } });
        if (searched.cutShort !== null && searched.verdict !== 'holds') return;
        const verdict = walked(world, properties, 100, seed);
        if (searched.verdict === 'violated') tally.violated++;
        if (verdict.verdict === 'unknown') return;
        tally.found++;
        const all = walked(world, properties, 100, seed, true);
        tally.ways += all.failures!.length;
        expect(searched.failures!.map(({ key }) => key)).toEqual(
          expect.arrayContaining(all.failures!.map(({ key }) => key)),
        );
        expect(searched.failures!.map(({ property }) => property)).toContain(verdict.property);
        expect(followed(world, properties, verdict)).toMatchObject({ kind: 'violated', property: verdict.property });
      }),
      { seed: 20_261_127, numRuns: 60 },
    );
    expect(tally.found).toBeGreaterThan(tally.violated / 2);
    expect(tally.found).toBeGreaterThan(8);
    expect(tally.ways).toBeGreaterThan(tally.found);
  });
});
