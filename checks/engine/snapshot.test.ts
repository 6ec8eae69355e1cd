import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claimsMade } from '../../spec/properties.ts';
import { findScenario } from '../../src/command/catalogue.ts';
import { worldOf } from '../../src/command/jobs/job.ts';
import type { CheckOptions } from '../../src/explore/check.ts';
import type { Sink, Source } from '../../src/explore/states/words.ts';
import type { Verdict } from '../../src/explore/search/verdict.ts';
import { drawnProgram } from './drawing.ts';
import { build } from './interpreter.ts';
import { judged } from './judgement.ts';
import { noMemory } from './tapeInMemory.ts';

/** A search that was kept and gone on with, beside the one that nobody has disturbed. */

/** What must be the same: everything but the time. */
const essence = ({ seconds: _seconds, ...verdict }: Verdict): object => verdict;

const sourceOf = (words: readonly number[]): Source => {
  let next = 0;
  return () => words[next++]!;
};

/** Goes through a search in pieces of so many states, each of them with a model of its own. */
const inPieces = (search: (options: Partial<CheckOptions>) => Verdict, states: number): [Verdict, number] => {
  let words: number[] | null = null;
  for (let pieces = 1; ; pieces++) {
    let next: number[] | null = null;
    const verdict = search({
      budget: { maxStates: pieces * states },
      keeping: {
        due: () => false,
        keep: (write: (sink: Sink) => void) => write((word) => (next ??= []).push(word | 0)),
      },
      ...(words === null ? {} : { resumed: () => sourceOf(words!) }),
    });
    if (next === null) return [verdict, pieces];
    words = next;
  }
};

const scenarios = [
  { name: 'packet-shutdown', design: 'upstream', ways: {} },
  { name: 'packet-shutdown', design: 'upstream', ways: { symmetry: true } },
  { name: 'packet-shutdown', design: 'upstream', ways: { reduce: true } },
  { name: 'request-answer-close', design: 'lockfree', ways: { symmetry: true, reduce: true } },
  { name: 'both-ends', design: 'gsoc23-fc22fb4', ways: { reduce: true } },
  { name: 'both-ends', design: 'gsoc23-fc22fb4', ways: { symmetry: true } },
  { name: 'packet-shutdown', design: 'gsoc23', ways: { quotient: false } },
  { name: 'packet-shutdown', design: 'upstream', ways: { disk: noMemory } },
] as const;

describe('a search that goes on where it was kept', () => {
  it.each(scenarios)('comes out as if nobody had stopped it: $name on $design, $ways', ({ name, design, ways }) => {
    const { scenario } = findScenario(name);
    const search = (options: Partial<CheckOptions>): Verdict =>
      judged(worldOf({ scenario, design, off: [] }), claimsMade(scenario, undefined), { ...ways, ...options });
    const whole = search({});
    const [verdict, pieces] = inPieces(search, Math.ceil(whole.states / 2.5));
    expect(pieces).toBeGreaterThan(2);
    expect(essence(verdict)).toEqual(essence(whole));
  });

  it('comes out the same for drawn programs, wherever they are stopped', () => {
    let stopped = 0;
    fc.assert(
      fc.property(drawnProgram, fc.integer({ min: 1, max: 60 }), fc.boolean(), (program, states, reduce) => {
        const search = (options: Partial<CheckOptions>): Verdict => {
          const { world, properties } = build(program);
          return judged(world, properties, { reduce, ...options });
        };
        const whole = search({ budget: { maxStates: 3000 } });
        if (whole.message.startsWith('the budget')) return;
        const [verdict, pieces] = inPieces(search, states);
        if (pieces > 1) stopped++;
        expect(essence(verdict)).toEqual(essence(whole));
      }),
      { seed: 20_261_125, numRuns: 150 },
    );
    expect(stopped).toBeGreaterThan(40);
  });
});
