import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claimsMade } from '../../spec/properties.ts';
import { findScenario } from '../../src/command/catalogue.ts';
import { worldOf } from '../../src/command/jobs/job.ts';
import { ascending, NoRoom, Runs } from '../../src/explore/states/sortedRuns.ts';
import { Spilled } from '../../src/explore/states/spilled.ts';
import type { Verdict } from '../../src/explore/search/verdict.ts';
import { judged, searched, stepsOf } from './judgement.ts';
import { noMemory, tapeInMemory } from './tapeInMemory.ts';

/** States on a disk: the same search as in memory, whatever memory there is. */

const essence = (verdict: Verdict) => ({
  ...searched(verdict),
  neverFired: verdict.neverFired,
  steps: stepsOf(verdict),
});

const asked = (name: string, design: string) => {
  const { scenario } = findScenario(name);
  return { world: worldOf({ scenario, design, off: [] }), claims: claimsMade(scenario, undefined) };
};

describe('a search with states on a disk', () => {
  it.each([
    ['packet-rmhook', 'lockfree', {}],
    ['packet-rmhook', 'lockfree', { symmetry: true }],
    ['packet-shutdown', 'upstream', { quotient: false, budget: { maxStates: 5_000 } }],
    ['packet-shutdown', 'gsoc23', {}],
    ['queued-writers', 'gsoc23-17a939b', {}],
    ['list-hooks', 'gsoc24', { fuse: false, budget: { maxStates: 5_000 } }],
  ] as const)('says of %s on %s with %o what one in memory says', (name, design, options) => {
    const { world, claims } = asked(name, design);
    const kept = essence(judged(world, claims, options));
    for (const memory of [0, 400_000])
      expect(essence(judged(world, claims, { ...options, disk: { ...noMemory, memory } }))).toEqual(kept);
  });

  it('finds on the tape what it has forgotten: without that it would count it twice', () => {
    const { world, claims } = asked('packet-rmhook', 'lockfree');
    const { states } = judged(world, claims);
    const tapes: ReturnType<typeof tapeInMemory>[] = [];
    const tape = () => tapes[tapes.push(tapeInMemory()) - 1]!;
    expect(judged(world, claims, { disk: { memory: 0, tape } }).states).toBe(states);
    const [log] = tapes;
    expect(log!.reads).toBeGreaterThan(100);
    // The first tape is that of the states, the second that of the runs.
    let made = 0;
    const forgetful = () =>
      made++ === 0 ? tapeInMemory() : { ...tapeInMemory(), read: (into: Uint8Array) => void into.fill(0) };
    const budget = { maxStates: 2 * states };
    expect(judged(world, claims, { budget, disk: { memory: 0, tape: forgetful } }).states).not.toBe(states);
  });

  it('is unknown when the disk is full', () => {
    const { world, claims } = asked('packet-rmhook', 'lockfree');
    const full = () => ({
      ...tapeInMemory(),
      write: () => {
        throw new NoRoom('no room is left');
      },
    });
    expect(judged(world, claims, { disk: { memory: 0, tape: full } })).toMatchObject({
      verdict: 'unknown',
      message: 'no room is left',
    });
  });

  it('does not judge what is claimed of infinite runs', () => {
    const { world } = asked('packet-rmhook', 'lockfree');
    const { scenario } = findScenario('packet-rmhook');
    expect(judged(world, claimsMade(scenario, ['runs-end']), { disk: noMemory })).toMatchObject({
      verdict: 'unknown',
      message: expect.stringContaining('needs the states in memory, not on a disk'),
    });
  });
});

describe('states of which the latest are in memory', () => {
  it('have numbers that close up when one is struck out, and keep their parents', () => {
    const spilled = new Spilled(1, noMemory);
    const add = (word: number, parent: number): void => spilled.add(Int32Array.of(word), parent);
    add(0, -1);
    for (let word = 1; word < 40; word++) add(word, word - 1);
    expect(spilled.isFull()).toBe(true);
    const first = spilled.settle({ at: 39, transitions: 39, ends: 0 });
    expect(first).toMatchObject({ at: 39, transitions: 39, ends: 0, depth: 39, levelEnd: 40 });
    // 3 was forgotten: it is taken for new, and 4 too; 50 is new, and 51 comes from it.
    add(3, 39);
    add(50, 39);
    add(4, 40);
    add(51, 41);
    expect(spilled.count).toBe(44);
    const second = spilled.settle({ at: 43, transitions: 43, ends: 1 });
    expect(second).toMatchObject({ at: 41, transitions: 42, ends: 0, depth: 41, levelEnd: 42 });
    expect([40, 41, 42, 43].map(second.now)).toEqual([40, 40, 41, 41]);
    expect(spilled.count).toBe(42);
    const into = new Int32Array(1);
    const words = Array.from({ length: 42 }, (_, i) => (spilled.read(i, into), into[0]));
    expect(words).toEqual([...Array.from({ length: 40 }, (_, i) => i), 50, 51]);
    expect(Array.from({ length: 42 }, (_, i) => spilled.parent(i))).toEqual(
      Array.from({ length: 42 }, (_, i) => i - 1),
    );
  });
});

describe('sorted runs', () => {
  const word = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

  it('are in the order of unsigned words, and equal ones as they came', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(word, fc.integer({ min: -3, max: 3 }))), (words) => {
        const order = [...ascending(Int32Array.from(words))];
        expect(order).toEqual(
          words.map((_, i) => i).toSorted((a, b) => (words[a]! >>> 0) - (words[b]! >>> 0) || a - b),
        );
      }),
    );
  });

  it('meet each key that they have, once for each entry, and no other', () => {
    const few = fc.array(fc.tuple(fc.integer({ min: -2, max: 2 }), fc.integer({ min: 0, max: 1 })), { maxLength: 30 });
    const keysOf = (pairs: readonly (readonly [number, number])[]) => {
      const first = Int32Array.from(pairs, ([a]) => a);
      return { first, second: Int32Array.from(pairs, ([, b]) => b), order: ascending(first) };
    };
    fc.assert(
      fc.property(fc.array(few), few, (written, asking) => {
        const runs = new Runs(tapeInMemory());
        written.forEach((pairs, run) =>
          runs.write(
            keysOf(pairs),
            (i) => i % 3 !== 2,
            (i) => 100 * run + i,
          ),
        );
        const met: string[] = [];
        runs.meet(keysOf(asking), (key, number) => met.push(`${key} ${number}`));
        const wanted = asking.flatMap(([a, b], key) =>
          written.flatMap((pairs, run) =>
            pairs.flatMap(([c, d], i) => (i % 3 !== 2 && a === c && b === d ? [`${key} ${100 * run + i}`] : [])),
          ),
        );
        expect(met.toSorted()).toEqual(wanted.toSorted());
      }),
    );
  });
});
