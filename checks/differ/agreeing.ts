import { describe, expect, it } from 'vitest';
import { exhaustive } from '../../src/differ/exhaustive.ts';
import { lockstep } from '../../src/differ/lockstep.ts';
import { comparing, library } from './comparing.ts';
import { mutated, type Mutation } from './mutated.ts';

const runs = { seconds: 120, seed: 1, maxRuns: 12 };

export type Expected = {
  /** By scenario, what the library must not do, and how it is made to do it. */
  readonly mutants: Readonly<
    Record<string, readonly (readonly [what: string, mutation: Mutation, maxRuns?: number])[]>
  >;
  /** Those that are small enough for every interleaving: the states of both together. */
  readonly exhausted: Readonly<Record<string, number>>;
};

/** In each of the scenarios the library and its specification agree, in both designs, and part ways when the library is not as it should be. */
export const agree = (names: readonly string[], { mutants, exhausted }: Expected): void =>
  describe.each(names)('in %s the library and its specification', (name) => {
    it.each(['lockfree', 'rwlock'] as const)('agree in runs at random of the design %s', (design) => {
      const found = comparing(library(name, design), (product) => lockstep(product, runs));
      expect(found).toMatchObject({ verdict: 'holds', runs: 12 });
    });

    for (const [what, mutation, maxRuns = runs.maxRuns] of mutants[name] ?? [])
      it(`part ways when the library ${what}`, () => {
        const found = comparing(mutated(library(name), mutation), (product) => lockstep(product, { ...runs, maxRuns }));
        expect(found.verdict).toBe('violated');
      });

    if (exhausted[name] !== undefined)
      it('agree in every interleaving', () => {
        const found = comparing(library(name), (product) => exhaustive(product, { maxStates: 100_000 }));
        expect(found).toMatchObject({ verdict: 'holds', states: exhausted[name] });
      });
  });
