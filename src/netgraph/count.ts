import { Fault } from './fault.ts';
import type { Td } from './td.ts';

/** Counts of references (refcount(9)). Below one nobody may raise a count but who tests it. */

/** @throws {Fault} when there was none: what is counted may be gone. */
export function refcount_acquire({ arena }: Td, count: number): void {
  if (Atomics.add(arena, count, 1) <= 0) throw new Fault(`a count is raised from zero (word ${count})`);
}

/** Whether it was above zero, and so was raised. */
export function refcount_acquire_if_not_zero({ arena }: Td, count: number): boolean {
  for (;;) {
    const refs = Atomics.load(arena, count);
    if (refs <= 0) return false;
    if (Atomics.compareExchange(arena, count, refs, refs + 1) === refs) return true;
  }
}

/** Whether it was the last. */
export function refcount_release({ arena }: Td, count: number): boolean {
  const refs = Atomics.sub(arena, count, 1);
  if (refs <= 0) throw new Fault(`a count is lowered below zero (word ${count})`);
  return refs === 1;
}
