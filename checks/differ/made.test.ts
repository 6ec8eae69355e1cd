import { describe, expect, it } from 'vitest';
import { findScenario } from '../../src/command/catalogue.ts';
import { lockstep } from '../../src/differ/lockstep.ts';
import { netgraphSubject } from '../../src/differ/netgraph.ts';
import type { Subject } from '../../src/differ/subject.ts';
import { comparing } from './comparing.ts';
import { fieldAt, mutated, without, type Mutation } from './mutated.ts';

/** Hooks, nodes and private data that are made in the run: which memory of the library they are is known only then. */
const subject = (name: string): Subject => netgraphSubject(name, findScenario(name).scenario);
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

const mutants: readonly (readonly [name: string, what: string, Mutation])[] = [
  ['patch-connect', 'makes hooks valid at once', valid],
  ['patch-connect', 'does not hang private data on a hook', without('store', 'hk_private')],
  ['patch-connect', 'does not link a hook to its peer', without('store', 'hk_peer')],
  ['patch-connect', 'does not count a new hook', without('store', 'nd_numhooks')],
];

describe('what is made in a run', () => {
  it.each(['patch-connect', 'mkpeer-refused', 'connect-shutdown', 'connect-two-at-once'])(
    'is the same for the library and its specification in %s',
    (name) => {
      const found = comparing(subject(name), (product) => lockstep(product, runs));
      expect(found).toMatchObject({ verdict: 'holds', runs: 60 });
    },
  );

  it.each(mutants)('in %s is not when the library %s', (name, _what, mutation) => {
    const found = comparing(mutated(subject(name), mutation), (product) => lockstep(product, runs));
    expect(found.verdict).toBe('violated');
  });

  it('can have the memory of what was freed in the run', () => {
    const lives = comparing(subject('connect-walks'), (product) => {
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
