import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { journeyAlong, journeyOf } from '../../src/explore/runs/journey.ts';
import { usualModel, withModel } from '../../src/explore/model/model.ts';
import { isPossible } from '../../src/explore/search/next.ts';
import { onward } from '../../src/explore/onward.ts';
import type { Trace } from '../../src/explore/search/verdict.ts';
import type { Property } from '../../src/machine/property.ts';
import { forever, procedure } from '../../src/machine/procedure.ts';
import { Shared, staticRecord, word } from '../../src/machine/record.ts';
import { World } from '../../src/machine/world.ts';
import { causesOf } from '../../src/viewer/cause.ts';
import { drawnProgram } from './drawing.ts';
import { printed } from './drawnProgram.ts';
import { build } from './interpreter.ts';
import { judged } from './judgement.ts';

/** Runs by choices against the runs that a search finds, on drawn programs: see random.test.ts. */
const SEED = 20_260_101;
const PROGRAMS = 300;
const budget = { maxStates: 2000 };

class Table extends Shared {
  n = word(0, 2, 'a number');
}
const table = staticRecord(Table, 'table');
const flips = procedure('', function flips(): void {
  forever(() => {
    table.n = 1;
    table.n = 0;
  });
});

type Tally = { runs: number; circles: number; deadlocks: number; turns: number };

const must = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(what);
};

const follow = (world: World, properties: readonly Property[], trace: Trace, found: string, tally: Tally): void =>
  withModel(world, usualModel, (model) => {
    const journey = journeyOf(model, properties, trace.steps);
    must(isDeepStrictEqual(journey.steps, trace.steps), 'the journey along a run does not tell the steps of the run');
    if (trace.circle !== null) return void tally.circles++;
    tally.runs++;
    must(journey.finding?.property === found, `the run ends in ${journey.finding?.property}, not in ${found}`);
    must(isDeepStrictEqual(journeyAlong(model, properties, trace.steps), journey), 'choosing it is another journey');

    // It is wrong from the beginning: there is no way to go.
    if (trace.steps.length === 0) return;

    // From wherever a shortest run has come to, there is no shorter way to a failure than its own.
    const half = Math.floor(trace.steps.length / 2);
    const there = journeyAlong(model, properties, trace.steps.slice(0, half));
    const way = onward(model, properties, there.end, budget);
    must(
      way.kind === 'unknown' || (way.kind === 'found' && way.choices.length === trace.steps.length - half),
      'way on',
    );

    // What is said to be possible is, and nothing else.
    for (const turn of there.next.at(-1)!) {
      const tried = journeyAlong(model, properties, [...trace.steps.slice(0, half), turn]);
      must(tried.steps.length > half === isPossible(turn), `${turn.step} is said to be ${turn.outlook}`);
      tally.turns++;
    }
    if (found !== 'deadlock') return;
    tally.deadlocks++;
    const causes = causesOf(journey, [], journey.finding!.message);
    must(causes.length > 0 && causes.every(({ text }) => text.includes(' waits before ')), 'who waits for what');
  });

describe('a journey', () => {
  it('along a run that goes on for ever comes to where that begins anew', () => {
    const world = new World();
    world.run('CPU0', flips);
    const zero: Property = {
      name: 'zero',
      kind: 'eventually',
      sentence: 'n is 2',
      holds: () => table.n === 2 || 'not',
    };
    const { trace } = judged(world, [zero]);
    const tally: Tally = { runs: 0, circles: 0, deadlocks: 0, turns: 0 };
    follow(world, [zero], trace!, 'zero', tally);
    expect(tally.circles).toBe(1);
    const { stills } = withModel(world, usualModel, (model) => journeyOf(model, [zero], trace!.steps));
    expect(stills.at(-1)).toEqual(stills[trace!.circle!]);
  });

  it('along the run that a search has found is that run, and so is the way on to its end', () => {
    const tally: Tally = { runs: 0, circles: 0, deadlocks: 0, turns: 0 };
    fc.assert(
      fc.property(drawnProgram, (program) => {
        const { world, properties } = build(program);
        // What must be reached in some run is broken by no run.
        const ofRuns = properties.filter(({ kind }) => kind !== 'sometimes');
        const { property, trace } = judged(world, ofRuns, { budget });
        if (trace === null || property === null) return;
        try {
          follow(world, ofRuns, trace, property, tally);
        } catch (thrown) {
          throw new Error(`${printed(program)}\n\n${thrown instanceof Error ? thrown.message : String(thrown)}`);
        }
      }),
      { seed: SEED, numRuns: PROGRAMS },
    );
    expect(tally.runs).toBeGreaterThan(PROGRAMS / 4);
    expect(tally.deadlocks).toBeGreaterThan(0);
    expect(tally.turns).toBeGreaterThan(PROGRAMS / 2);
  });
});
