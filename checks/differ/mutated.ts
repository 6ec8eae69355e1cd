import type { Subject } from '../../src/differ/subject.ts';
import { placeOf } from '../../src/netgraph/index.ts';

/** The library with some of its accesses done otherwise: nothing of it is in the library. */
export type Mutation = (real: typeof Atomics) => Partial<typeof Atomics>;

export const fieldAt = (address: number): string => placeOf(address).field;

export const mutated = (whole: Subject, mutation: Mutation): Subject => {
  const threads = whole.threads.map((thread) => ({
    ...thread,
    program: thread.program.map((operation) => (arena: Int32Array, returned: readonly number[]) => {
      const real = globalThis.Atomics;
      globalThis.Atomics = { ...real, ...mutation(real) } as typeof Atomics;
      try {
        return operation(arena, returned);
      } finally {
        globalThis.Atomics = real;
      }
    }),
  }));
  return { ...whole, threads };
};

/** Leaves out what is done to a field; of an exchange the load stays. */
export const without =
  (method: 'store' | 'and' | 'sub' | 'add' | 'exchange', field: string): Mutation =>
  (real) => ({
    [method]: (arena: Int32Array, address: number, value: number) =>
      fieldAt(address) !== field
        ? real[method](arena, address, value)
        : method === 'exchange'
          ? real.load(arena, address)
          : method === 'sub'
            ? 2
            : 1,
  });

/** The library is told that a node has had no references left. */
export const uncounted: Mutation = (real) => ({
  sub: ((arena: Int32Array, address: number, value: number) =>
    fieldAt(address) === 'nd_refs' ? 0 : real.sub(arena, address, value)) as typeof Atomics.sub,
});
