import { describe, expect, it } from 'vitest';
import { exhaustive } from '../../src/differ/exhaustive.ts';
import { lockstep } from '../../src/differ/lockstep.ts';
import { comparing, library } from './comparing.ts';
import { fieldAt, mutated, without, type Mutation } from './mutated.ts';

/** Hooks, nodes and private data that are made in the run: which memory of the library they are is known only then. */
const runs = { seconds: 120, seed: 1, maxRuns: 60 };

const HK_INVALID = 1;
/** A new hook is valid from the beginning. */
const valid: Mutation = (real) => ({
  store: ((arena: Int32Array, address: number, value: number) =>
    real.store(
      arena,
      address,
      fieldAt(address) === 'hk_flags' && value === HK_INVALID ? 0 : value,
    )) as typeof Atomics.store,
});

const mutants: Readonly<Record<string, readonly (readonly [string, Mutation])[]>> = {
  'patch-connect': [
    ['makes hooks valid at once', valid],
    ['does not hang private data on a hook', without('store', 'hk_private')],
    ['does not link a hook to its peer', without('store', 'hk_peer')],
    ['does not count a new hook', without('store', 'nd_numhooks')],
  ],
};
/** Small enough for every interleaving: the states of both together. */
const exhausted: Readonly<Record<string, number>> = { 'mkpeer-refused': 31, 'patch-connect': 4_234 };

describe.each(['patch-connect', 'mkpeer-refused', 'connect-shutdown', 'connect-two-at-once'])(
  'what is made in a run of %s',
  (name) => {
    it('is the same for the library and its specification', () => {
      const found = comparing(library(name), (product) => lockstep(product, runs));
      expect(found).toMatchObject({ verdict: 'holds', runs: 60 });
    });

    for (const [what, mutation] of mutants[name] ?? [])
      it(`is not when the library ${what}`, () => {
        const found = comparing(mutated(library(name), mutation), (product) => lockstep(product, runs));
        expect(found.verdict).toBe('violated');
      });

    if (exhausted[name] !== undefined)
      it('is the same in every interleaving', () => {
        const found = comparing(library(name), (product) => exhaustive(product, { maxStates: 1_000_000 }));
        expect(found).toMatchObject({ verdict: 'holds', states: exhausted[name] });
      });
  },
);

describe('what is made in a run', () => {
  it('can have the memory of what was freed in the run', () => {
    const lives = comparing(library('connect-walks'), (product) => {
      const seen = new Set<number>();
      for (let seed = 1; seed <= 40; seed++) {
        expect(lockstep(product, { seconds: 60, seed, maxRuns: 1 }).verdict).toBe('holds');
        for (const one of product.made) if (one !== null) seen.add(one.pointer >>> 13);
      }
      return seen;
    });
    expect([...lives].toSorted()).toEqual([1, 3]);
  });
});
