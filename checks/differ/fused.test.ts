import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../spec/scenario.ts';
import { findScenario } from '../../src/command/catalogue.ts';
import { exhaustive, type Exhausted } from '../../src/differ/exhaustive.ts';
import type { Product } from '../../src/differ/product.ts';
import type { Subject } from '../../src/differ/subject.ts';
import { at, globals, item_, SLOT } from '../../src/netgraph/index.ts';
import { comparing, endsOf, library, libraryIn } from './comparing.ts';
import { mutated, without, type Mutation } from './mutated.ts';

/** What is done at once is what would make no difference if others came in between: with and without it the search must say the same. */
type Searched = Exhausted & {
  /** What the arena holds, and what was returned, where all programs are over. */
  readonly ends: ReadonlySet<string>;
};

const endOf = ({ written, words, subject, points }: Product): string => {
  const changed = written.filter((address) => words[address] !== subject.initial[address]).toSorted((a, b) => a - b);
  return JSON.stringify([changed.map((address) => [address, words[address]]), points.map(({ returned }) => returned)]);
};

const searched = (subject: Subject, fuse: boolean): Searched =>
  comparing(subject, (product: Product) => {
    const ends = endsOf(product, endOf);
    return { ...exhaustive(product, { maxStates: 1_000_000, fuse }), ends };
  });

const { scenario: shutdown } = findScenario('packet-shutdown');
const { scenario: queued } = findScenario('queued-writers');
/** Of each, how many ends there are: else nothing could be left out. */
const small: readonly { readonly what: string; readonly scenario: Scenario; readonly ends: number }[] = [
  { what: 'a packet and a shutdown', scenario: { ...shutdown, ngthreads: 0 }, ends: 8 },
  { what: 'a packet and a queue', scenario: { ...queued, cpus: queued.cpus.slice(0, 1), ngthreads: 1 }, ends: 4 },
];
const mutants: readonly (readonly [string, Mutation])[] = [
  ['opens no epoch section', without('store', 'er_section')],
  ['does not leave the gate', without('and', 'q_flags')],
  ['takes no reference on a node', without('add', 'nd_refs')],
  ['gives no reference on a hook back', without('sub', 'hk_refs')],
  ['leaves the mutex of a queue locked', (real) => ({ exchange: ((a: Int32Array) => real.load(a, 0)) as never })],
];

describe.each(small)('of $what, to do at once what nobody can meet a thread in', ({ scenario, ends }) => {
  it('leaves out states, and no end', () => {
    const plain = searched(libraryIn(scenario), false);
    const fused = searched(libraryIn(scenario), true);
    expect([plain.verdict, fused.verdict]).toEqual(['holds', 'holds']);
    expect(plain.ends.size).toBe(ends);
    expect(fused.ends).toEqual(plain.ends);
    expect(fused.states).toBeLessThan(plain.states / 4);
    expect(plain.rounds).toBe(0);
    expect(fused.rounds).toBeGreaterThan(1);
  });

  it.each(mutants)('leaves out no fault of a library that %s', (_what, mutation) => {
    const subject = mutated(libraryIn(scenario), mutation);
    expect(searched(subject, true).verdict).toBe(searched(subject, false).verdict);
  });
});

/** The same library, but that one thread begins with an access of its own. */
const meddling = (whole: Subject, thread: number, address: number): Subject => ({
  ...whole,
  threads: whole.threads.map((one, i) =>
    i === thread ? { ...one, program: [(arena) => Atomics.load(arena, address), ...one.program] } : one,
  ),
});

describe('what a thread has taken from a pool', () => {
  it.each([
    ["is its own, though another looks into an item that is in nobody's hands", 1, 2],
    ['is not its own where another looks into it: then every access is a step of its own', 0, 0],
  ])('%s', (_what, behind, rounds) => {
    const whole = library('hub-alone');
    const first = whole.initial[globals.free_item]! & SLOT;
    const next = whole.initial[at(first, item_.free_next)]!;
    const address = at(behind === 0 ? first : next, item_.m);
    expect(searched(meddling(whole, 1, address), true)).toMatchObject({ verdict: 'holds', rounds });
  });
});
