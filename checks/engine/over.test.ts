import { describe, expect, it } from 'vitest';
import { searchFewPreemptions } from '../../src/explore/fewPreemptions.ts';
import { journeyOf } from '../../src/explore/runs/journey.ts';
import { usualModel, withModel } from '../../src/explore/model/model.ts';
import type { Verdict } from '../../src/explore/search/verdict.ts';
import { walk } from '../../src/explore/runs/walk.ts';
import { walkAtRandom } from '../../src/explore/walks.ts';
import { wait_until } from '../../src/machine/access.ts';
import { procedure } from '../../src/machine/procedure.ts';
import type { Property } from '../../src/machine/property.ts';
import { Shared, staticRecord, word } from '../../src/machine/record.ts';
import { World } from '../../src/machine/world.ts';
import { judged } from './judgement.ts';

/** Whether a run says that it is over: nobody can go on after its last step, and no step of it has gone wrong. */

class Table extends Shared {
  n = word(0, 3, 'a number');
}
const table = staticRecord(Table, 'table');

const counts = procedure('', function counts(): void {
  table.n = 1;
  table.n = 2;
});
const waits = procedure('', function waits(): void {
  table.n = 1;
  wait_until(() => table.n === 2);
});

const claimed = (kind: Property['kind'], most: number): Property => ({
  name: kind,
  kind,
  sentence: `n is at most ${most}`,
  holds: () => table.n <= most || `n is ${table.n}`,
});

const worldOf = (program: typeof counts): World => {
  const world = new World();
  world.run('CPU0', program);
  return world;
};

/** The same failure as each search finds it, and as each walk along it comes to it. */
const overs = (
  program: typeof counts,
  claims: readonly Property[],
  property: string,
): Readonly<Record<string, boolean>> => {
  const world = worldOf(program);
  const verdicts: Readonly<Record<string, Verdict>> = {
    'breadth first': judged(world, claims),
    'depth first': judged(world, claims, { depthFirst: true }),
    'all failures': judged(world, claims, { allFailures: true }),
    'few pre-emptions': searchFewPreemptions(world, claims, 1, { ...usualModel, budget: {} }),
    'at random': walkAtRandom(world, claims, { count: 10, seed: 1 }, { ...usualModel, budget: {} }),
  };
  for (const verdict of Object.values(verdicts)) expect(verdict.property).toBe(property);
  const { trace } = verdicts['breadth first']!;
  const schedule = trace!.steps.map(({ cpu, step, picks }) => ({ cpu: trace!.cpus[cpu]!, step, picks }));
  return {
    ...Object.fromEntries(Object.entries(verdicts).map(([how, verdict]) => [how, verdict.trace!.over])),
    'walked again': walk(world, claims, schedule).trace.over,
    'by choices': withModel(world, usualModel, (model) => journeyOf(model, claims, trace!.steps)).over,
  };
};

const all = (over: boolean): object => ({
  'breadth first': over,
  'depth first': over,
  'all failures': over,
  'few pre-emptions': over,
  'at random': over,
  'walked again': over,
  'by choices': over,
});

describe('a run', () => {
  it('is over where what is claimed of ends is broken', () =>
    expect(overs(counts, [claimed('finally', 1)], 'finally')).toEqual(all(true)));

  it('is over in a deadlock', () => expect(overs(waits, [], 'deadlock')).toEqual(all(true)));

  it('is not over where its last step makes a claim about every state false, though nobody can go on after it', () =>
    expect(overs(counts, [claimed('always', 1), claimed('finally', 1)], 'always')).toEqual(all(false)));

  it('is not over where somebody could go on', () => {
    const world = worldOf(counts);
    const { trace } = judged(world, [claimed('finally', 1)]);
    const [first] = trace!.steps;
    expect(walk(world, [], [{ cpu: 'CPU0', step: first!.step, picks: [] }]).trace.over).toBe(false);
  });
});
