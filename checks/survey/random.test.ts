import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { properties } from '../../spec/properties.ts';
import { jobOf } from '../../src/command/survey/surveyed.ts';
import { worldOf } from '../../src/command/jobs/job.ts';
import { check } from '../../src/explore/check.ts';
import type { Failure, Trace } from '../../src/explore/search/verdict.ts';
import { walk } from '../../src/explore/runs/walk.ts';
import type { Drawn } from '../../src/survey/scenarios.ts';
import { drawnScenario } from '../../src/survey/drawing.ts';

/** Few, since each closes the automata of a whole scenario; the seed is changed here to try others. */
const SEED = 5;
const SCENARIOS = 4;
const STATES = 4000;

const scheduleOf = ({ cpus, steps }: Trace) => steps.map(({ cpu, step, picks }) => ({ cpu: cpus[cpu]!, step, picks }));

/** What a search for all failures finds can be walked, and breaks what it is said to break. */
const isShown = (drawn: Drawn, design: string, { trace, property, message }: Failure): void => {
  const { end } = walk(worldOf(jobOf(drawn, design, { maxStates: STATES })), properties, scheduleOf(trace!));
  if (end.kind !== 'violated' || end.property !== property || end.message !== message)
    throw new Error(`${drawn.name} on ${design}: ${message}, but walked it is ${JSON.stringify(end)}`);
};

/** How many of the searches have found a failure: if none did, nothing was compared. */
let failing = 0;

const agrees = (drawn: Drawn, design: string): void => {
  const world = worldOf(jobOf(drawn, design, { maxStates: STATES }));
  const options = { quotient: true, fuse: true, budget: { maxStates: STATES } };
  const first = check(world, properties, options);
  const all = check(world, properties, { ...options, allFailures: true });
  const [nearest] = all.failures!;
  if (first.property !== (nearest?.property ?? null))
    throw new Error(`${drawn.name} on ${design}: ${first.property} is found first, but ${nearest?.property} of all`);
  const farthest = all.failures!.at(-1);
  if (farthest === undefined) return;
  failing++;
  isShown(drawn, design, farthest);
};

describe('a drawn scenario', () => {
  it('fails first as it fails nearest of all, and the farthest failure can be walked', () => {
    fc.assert(fc.property(drawnScenario(['ether']), fc.constantFrom('gsoc23', 'gsoc24'), agrees), {
      seed: SEED,
      numRuns: SCENARIOS,
    });
    expect(failing).toBeGreaterThan(0);
  });
});
