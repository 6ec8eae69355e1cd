import { inspect, isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Property } from '../../src/machine/property.ts';
import type { World } from '../../src/machine/world.ts';
import type { Verdict } from '../../src/explore/search/verdict.ts';
import { drawnProgram } from './drawing.ts';
import { printed, seesQueued, type DrawnProgram } from './drawnProgram.ts';
import { build } from './interpreter.ts';
import { judged, stepsOf } from './judgement.ts';
import { naive } from './naive.ts';
import { noMemory } from './tapeInMemory.ts';

/**
 * The engine against the reference explorer on drawn programs. The seed is fixed, so that a run can be repeated; another one is
 * tried by changing it here. A failure is made smaller and printed as a program.
 */
const SEED = 20_260_101;
const PROGRAMS = 1500;
/** Programs with more states than this are too slow for the reference; the engine is compared with itself on them. */
const SMALL = 400;
const budget = { maxStates: 4000 };

type Tally = {
  renumbered: number;
  hashed: number;
  spilled: number;
  compared: number;
  held: number;
  violated: Set<string>;
  states: number;
};

/** What must be the same, whatever the engine forgets on the way. */
const essence = (verdict: Verdict) => ({
  verdict: verdict.verdict,
  property: verdict.property,
  steps: stepsOf(verdict),
});

/** With how much was gone through to find it. */
const seenIn = (verdict: Verdict) => ({
  ...essence(verdict),
  states: verdict.states,
  transitions: verdict.transitions,
});

/** Which of several shortest runs is found depends on the order of the states. */
const sizeOf = ({ verdict, trace }: Verdict) => ({ verdict, steps: trace?.steps.length ?? null });

/** What must be the same as in the reference. */
const counted = ({ verdict, property, states, transitions, trace }: Verdict) => ({
  verdict,
  property,
  states,
  transitions,
  steps: trace?.steps.length ?? null,
});

const compare = (world: World, properties: readonly Property[], fuse: boolean, tally: Tally): Verdict => {
  const whole = judged(world, properties, { quotient: false, fuse, budget });
  if (usedUp(whole)) return whole;
  const setting = fuse ? 'fused' : 'apart';
  const merged = judged(world, properties, { quotient: true, fuse, budget });
  same(`${setting}, without the quotient and with it`, essence(whole), essence(merged));
  if (whole.states > SMALL) return whole;
  same(`${setting}, engine and reference`, counted(whole), naive(world, properties, fuse));
  tally.compared++;
  tally.states += whole.states;
  if (whole.verdict === 'holds') tally.held++;
  if (whole.property !== null && !whole.property.startsWith('claim')) tally.violated.add(whole.property);
  return whole;
};

/** As `expect`, with both sides in full. */
const same = (what: string, one: unknown, other: unknown): void => {
  if (!isDeepStrictEqual(one, other)) throw new Error(`${what}:\n${inspect(one)}\n${inspect(other)}`);
};

const usedUp = ({ message }: Verdict): boolean => message.startsWith('the budget');

const agree = (program: DrawnProgram, tally: Tally): void => {
  const { world, properties } = build(program);
  const apart = compare(world, properties, false, tally);
  const fused = compare(world, properties, true, tally);
  // A bound that is met first ends the search: which one it is depends on the order.
  if (apart.verdict === 'unknown' || fused.verdict === 'unknown') return;
  if (!seesQueued(program)) same('apart and fused', apart.verdict, fused.verdict);
  const renumbered = judged(world, properties, { symmetry: true, budget });
  if (renumbered.verdict !== 'unknown') {
    same('with numbers and without', sizeOf(fused), sizeOf(renumbered));
    if (renumbered.states < fused.states) tally.renumbered++;
  }
  const hashed = judged(world, properties, { fingerprints: true, budget });
  if (!hashed.message.includes('infinite runs')) {
    const kept = judged(world, properties, { budget });
    const isUnseen = properties.some(({ kind, name }) => kind === 'sometimes' && name === kept.property);
    // What was seen in no state may have been left out.
    if (isUnseen) same('unseen by fingerprints', ['unknown', kept.states], [hashed.verdict, hashed.states]);
    else same('states and fingerprints', seenIn(kept), seenIn(hashed));
    tally.hashed++;
  }
  if (fused.states <= SMALL) {
    const spilled = judged(world, properties, { disk: noMemory, budget });
    if (!spilled.message.includes('infinite runs')) {
      same('in memory and on a disk', seenIn(judged(world, properties, { budget })), seenIn(spilled));
      tally.spilled++;
    }
  }
  const reduced = judged(world, properties, { reduce: true, budget });
  if (reduced.verdict !== 'unknown' && !usesUnallocated(program))
    same('whole and reduced', fused.verdict, reduced.verdict);
};

/** Leaving out orders relies on nobody having a reference to memory that another will allocate. */
const usesUnallocated = ({ cpus }: DrawnProgram): boolean => cpus.some(({ p }) => p === 'unused');

describe('drawn programs', () => {
  it('have the verdict, the shortest trace and the counts that the reference explorer finds', () => {
    const tally: Tally = { renumbered: 0, hashed: 0, spilled: 0, compared: 0, held: 0, violated: new Set(), states: 0 };
    fc.assert(
      fc.property(drawnProgram, (program) => {
        try {
          agree(program, tally);
        } catch (thrown) {
          throw new Error(`${printed(program)}\n\n${thrown instanceof Error ? thrown.message : String(thrown)}`);
        }
      }),
      { seed: SEED, numRuns: PROGRAMS },
    );
    // The programs do run: these are what the seed gives, less some room for changes of the drawing.
    expect(tally.compared).toBeGreaterThan(PROGRAMS);
    expect(tally.held).toBeGreaterThan(PROGRAMS / 4);
    expect(tally.renumbered).toBeGreaterThan(20);
    expect(tally.hashed).toBeGreaterThan(PROGRAMS / 4);
    expect(tally.spilled).toBeGreaterThan(PROGRAMS / 4);
    expect(tally.violated.size).toBeGreaterThan(12);
    expect(tally.states / tally.compared).toBeGreaterThan(30);
  });
});
