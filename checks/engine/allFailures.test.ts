import * as fc from 'fast-check';
import { inspect, isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../src/explore/search/verdict.ts';
import { drawnProgram } from './drawing.ts';
import { printed, type DrawnProgram } from './drawnProgram.ts';
import { build } from './interpreter.ts';
import { judged } from './judgement.ts';
import { naiveFailures } from './naiveFailures.ts';

/** The search that goes on after a failure, against the reference on drawn programs. A failure is made smaller and printed. */
const SEED = 20_260_102;
const PROGRAMS = 400;
/** As many states as the reference is quick enough for. */
const SMALL = 600;

/** Each failure with its steps; of a state or an end, the property only: the reference writes no sentences. */
const failuresOf = ({ failures }: Verdict): ReadonlyMap<string, number> =>
  new Map(
    failures!
      .map(({ key, property, step, trace }) => [step === null ? property : key, trace?.steps.length ?? -1] as const)
      .toReversed(),
  );

const isWhole = ({ verdict, cutShort }: Verdict): boolean => verdict !== 'unknown' && cutShort == null;

type Tally = { compared: number; several: number; keys: Set<string> };

const agree = (program: DrawnProgram, fuse: boolean, tally: Tally): void => {
  const { world, properties } = build(program);
  const options = { fuse, allFailures: true, budget: { maxStates: SMALL } };
  const whole = judged(world, properties, { ...options, quotient: false });
  const merged = judged(world, properties, { ...options, quotient: true });
  const first = judged(world, properties, { fuse, quotient: false, budget: { maxStates: SMALL } });
  if (!isWhole(whole) || first.verdict === 'unknown') return;
  const found = failuresOf(whole);
  same('engine and reference', found, naiveFailures(world, properties, fuse));
  same('without the quotient and with it', found, failuresOf(merged));
  // What a search that stops finds is one of the nearest of all.
  same('the verdict', whole.verdict, first.verdict);
  if (first.trace !== null) same('the shortest', Math.min(...found.values()), first.trace.steps.length);
  tally.compared++;
  if (found.size > 1) tally.several++;
  for (const key of found.keys()) tally.keys.add(key);
};

const same = (what: string, one: unknown, other: unknown): void => {
  if (!isDeepStrictEqual(one, other)) throw new Error(`${what}:\n${inspect(one)}\n${inspect(other)}`);
};

describe('a search that goes on after a failure', () => {
  it('finds the distinct failures that the reference finds, each by a shortest run, on drawn programs', () => {
    const tally: Tally = { compared: 0, several: 0, keys: new Set() };
    fc.assert(
      fc.property(drawnProgram, fc.boolean(), (program, fuse) => {
        try {
          agree(program, fuse, tally);
        } catch (thrown) {
          throw new Error(`${printed(program)}\n\n${thrown instanceof Error ? thrown.message : String(thrown)}`);
        }
      }),
      { seed: SEED, numRuns: PROGRAMS },
    );
    expect(tally.compared).toBeGreaterThan(PROGRAMS / 2);
    expect(tally.several).toBeGreaterThan(PROGRAMS / 20);
    expect(tally.keys.size).toBeGreaterThan(20);
  });
});
