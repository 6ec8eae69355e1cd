import { describe, expect, it } from 'vitest';
import { exhaustive } from '../../src/differ/exhaustive.ts';
import { lockstep } from '../../src/differ/lockstep.ts';
import { answered } from './compared.ts';
import { comparing, library } from './comparing.ts';
import { mutated, without, type Mutation } from './mutated.ts';

/** Questions and their answers: the library reads for them what the specification reads, and an answer that nobody waits for is given back. */
const runs = { seconds: 120, seed: 1, maxRuns: 12 };

const mutants: Readonly<Record<string, readonly (readonly [string, Mutation])[]>> = {
  'listhooks-rmhook': [
    ['looks at peers outside all sections', without('store', 'er_section')],
    ['does not leave the gate as a reader', without('sub', 'q_flags')],
    ['keeps the lock under which it looks for who has asked', without('sub', 'ng_idhash_lock')],
  ],
  'tee-connect': [['does not leave the gate as a writer', without('and', 'q_flags')]],
  'mkpeer-failing': [['keeps a node that its constructor refuses', without('sub', 'nd_refs')]],
};
/** Small enough for every interleaving: the states of both together. */
const exhausted: Readonly<Record<string, number>> = {
  listnodes: 12,
  'mkpeer-failing': 6_799,
  'mkpeer-failing-alone': 13,
};

describe.each(answered)('in %s the library and its specification', (name) => {
  it.each(['lockfree', 'rwlock'] as const)('agree in runs at random of the design %s', (design) => {
    const found = comparing(library(name, design), (product) => lockstep(product, runs));
    expect(found).toMatchObject({ verdict: 'holds', runs: 12 });
  });

  for (const [what, mutation] of mutants[name] ?? [])
    it(`part ways when the library ${what}`, () => {
      const found = comparing(mutated(library(name), mutation), (product) => lockstep(product, runs));
      expect(found.verdict).toBe('violated');
    });

  if (exhausted[name] !== undefined)
    it('agree in every interleaving', () => {
      const found = comparing(library(name), (product) => exhaustive(product, { maxStates: 100_000 }));
      expect(found).toMatchObject({ verdict: 'holds', states: exhausted[name] });
    });
});
