import { Worker } from 'node:worker_threads';
import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { claimsMade } from '../../spec/properties.ts';
import { findScenario } from '../../src/command/catalogue.ts';
import { usualSearch, worldOf, type Job } from '../../src/command/jobs/job.ts';
import type { CheckOptions } from '../../src/explore/check.ts';
import { CompiledTree } from '../../src/explore/states/compiledTree.ts';
import type { Orders, Together } from '../../src/explore/levels/crew.ts';
import type { Sink } from '../../src/explore/states/words.ts';
import type { Verdict } from '../../src/explore/search/verdict.ts';
import { drawnProgram } from './drawing.ts';
import { build } from './interpreter.ts';
import { judged } from './judgement.ts';

/** A search by several threads beside the same one by one thread. Every level is gone through together, however small. */

/** Everything but the time. */
const essence = ({ seconds: _seconds, ...verdict }: Verdict): object => verdict;

const together = (threads: number, script: string, data: object, more: Partial<Together> = {}): Together => ({
  threads,
  hire: (orders: Orders) =>
    new Worker(new URL(script, import.meta.url), { workerData: { ...data, orders }, transferList: [orders.port] }),
  from: 1,
  waits: true,
  patience: 30,
  ...more,
});

const searches = [
  { name: 'packet-shutdown', design: 'lockfree', threads: 2, more: {} },
  { name: 'teardown', design: 'upstream', threads: 3, more: {} },
  { name: 'both-ends', design: 'gsoc23-fc22fb4', threads: 2, more: { symmetry: true } },
  { name: 'teardown', design: 'lockfree', threads: 2, more: { symmetry: true } },
  { name: 'both-ends', design: 'gsoc23-fc22fb4', threads: 2, more: { budget: { maxStates: 30_000 } } },
  { name: 'packet-shutdown', design: 'gsoc23', threads: 2, more: { conduct: ['data-unhindered', 'data-bounded'] } },
] as const;

const jobOf = (name: string, design: string, more: object = {}): Job =>
  ({ ...findScenario(name), design, off: [], ...usualSearch, budget: {}, ...more }) as Job;

const searchOf =
  (job: Job) =>
  (options: Partial<CheckOptions>): Verdict =>
    judged(worldOf(job), claimsMade(job.scenario, job.conduct), {
      symmetry: job.symmetry,
      budget: job.budget,
      compiling: { early: true },
      ...options,
    });

const HAND = '../../src/command/jobs/hand.ts';

/** The word of a tree's memory that says who is or wants to be alone, and that one thread goes on for good (assembly/alone.ts). */
const ALONE = 7;
const FORSAKEN = 3;

describe('a search by several threads', () => {
  it.each(searches)('says all that one thread says: $name on $design, $threads threads, $more', (asked) => {
    const { name, design, threads, more } = asked;
    const job = jobOf(name, design, more);
    const search = searchOf(job);
    expect(essence(search({ together: together(threads, HAND, { job }) }))).toEqual(essence(search({})));
  });

  it('says it too where the others join when they are ready, and only for levels that are worth it', () => {
    const job = jobOf('pair-send-rmhook', 'gsoc23-fc22fb4');
    const search = searchOf(job);
    const crew = together(2, HAND, { job }, { from: 200, waits: false });
    expect(essence(search({ together: crew }))).toEqual(essence(search({})));
  });

  it(
    'says it of many states, which are grouped anew on the way and have the tables made larger',
    { timeout: 60_000 },
    () => {
      const job = jobOf('both-ends', 'upstream');
      const ask = (options: Partial<CheckOptions>): Verdict =>
        judged(worldOf(job), claimsMade(job.scenario, undefined), { compiling: { early: true }, ...options });
      const alone = ask({});
      expect(alone.states).toBe(1_647_807);
      expect(essence(ask({ together: together(3, HAND, { job }, { from: 2 }) }))).toEqual(essence(alone));
    },
  );

  it('says it where the memory that they share is full on the way', () => {
    const job = jobOf('both-ends', 'upstream', { budget: { maxStates: 200_000 } });
    const search = searchOf(job);
    const plain = essence(search({ compiling: { pages: 0 } }));
    for (const pages of [48, 80])
      expect(essence(search({ together: together(2, HAND, { job }), compiling: { early: true, pages } }))).toEqual(
        plain,
      );
  });

  it('goes on where it was kept, with one thread or several, whichever it had before', () => {
    const job = jobOf('packet-shutdown', 'lockfree');
    const search = searchOf(job);
    const whole = search({});
    for (const [before, after] of [
      [1, 2],
      [2, 1],
      [2, 2],
    ] as const) {
      const by = (threads: number): Partial<CheckOptions> =>
        threads === 1 ? {} : { together: together(threads, HAND, { job }) };
      const words: number[] = [];
      const keeping = {
        due: () => false,
        keep: (write: (sink: Sink) => void) => write((word) => words.push(word | 0)),
      };
      const cut = search({ ...by(before), keeping, budget: { maxStates: whole.states >>> 1 } });
      expect(cut.verdict).toBe('unknown');
      let next = 0;
      expect(essence(search({ ...by(after), resumed: () => () => words[next++]! }))).toEqual(essence(whole));
    }
  });

  it.each(['./lostHand.ts', './lockedHand.ts'])('goes on alone when a thread ends without a word: %s', (hand) => {
    const job = jobOf('packet-shutdown', 'gsoc24');
    const search = searchOf(job);
    const crew = together(hand === './lostHand.ts' ? 3 : 2, hand, {}, { patience: 1 });
    expect(essence(search({ together: crew }))).toEqual(essence(search({})));
  });

  it.each([2, 3])('goes on alone when the others end in the middle of their work: %i threads', (threads) => {
    const job = jobOf('both-ends', 'gsoc23-fc22fb4', { budget: { maxStates: 30_000 } });
    const search = searchOf(job);
    const crew = together(threads, './deadHand.ts', { job }, { from: 300, patience: 2 });
    const plant = vi.spyOn(CompiledTree, 'plant');
    const found = essence(search({ together: crew }));
    const [shared, own] = plant.mock.results.map(({ value }) => (value as CompiledTree).ints[ALONE]);
    plant.mockRestore();
    expect([shared, own]).toEqual([FORSAKEN, 0]);
    expect(found).toEqual(essence(search({})));
  });

  it('goes on alone when a thread runs out of memory, and is not ended by it', async () => {
    const job = jobOf('both-ends', 'gsoc23-fc22fb4', { budget: { maxStates: 30_000 } });
    const search = searchOf(job);
    const ended: Promise<unknown>[] = [];
    const hire = (orders: Orders): Worker => {
      const workerData = { job, orders };
      const resourceLimits = { maxOldGenerationSizeMb: 60 };
      const script = new URL('./greedyHand.ts', import.meta.url);
      const hand = new Worker(script, { workerData, resourceLimits, transferList: [orders.port] });
      ended.push(new Promise((resolve) => hand.on('exit', resolve)));
      return hand;
    };
    const crew = together(2, '', {}, { from: 300, patience: 2, hire });
    expect(essence(search({ together: crew }))).toEqual(essence(search({})));
    await Promise.all(ended);
  });

  it('says all that one thread says of drawn programs', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(drawnProgram, (program) => {
        const search = (options: Partial<CheckOptions>): Verdict => {
          const { world, properties } = build(program);
          return judged(world, properties, { budget: { maxStates: 3000 }, compiling: { early: true }, ...options });
        };
        const alone = search({});
        seen.add(alone.verdict);
        expect(essence(search({ together: together(2, './drawnHand.ts', { program }) }))).toEqual(essence(alone));
      }),
      { seed: 20_261_126, numRuns: 20 },
    );
    expect([...seen].toSorted()).toEqual(['holds', 'unknown', 'violated']);
  });
});
