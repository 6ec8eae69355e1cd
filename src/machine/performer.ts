import type { Field, Shared } from './record.ts';
import type { Operation, Routine, Value } from './operation.ts';

/**
 * Who answers when a procedure touches shared memory. There are two: the replay of a procedure, which answers out of a log
 * and stops at its end, and the reading of one given state, on which predicates are evaluated.
 *
 * This is the one ambient variable of the project. Without it every accessor of every record would need the performer as
 * an argument, and the text of `spec/` would no longer read like C.
 */
export interface Performer {
  read(record: Shared, field: Field): Value;
  write(record: Shared, field: Field, value: Value): void;
  operate(operation: Operation): Value;
  call(procedure: Routine, args: readonly Value[]): Value;
  loop(first: Value, turn: (argument: Value) => unknown): Value;
  /** Whether the design under check has the switch on. */
  given(name: string): boolean;
  /** Performs what `body` does as one step. `idle`: a CPU that waits for this step for ever is at rest, not stuck. */
  together<T>(body: () => T, idle: boolean): T;
}

let current: Performer | null = null;

/** The performer in charge. Throws when a procedure is called outside any. */
export const perform = (): Performer => {
  if (current === null)
    throw new Error('[suite bug] shared memory was touched outside a procedure and outside a predicate');
  return current;
};

/** Whether a performer is in charge. */
export const isPerforming = (): boolean => current !== null;

/** Runs `body` with `performer` in charge. */
export const withPerformer = <T>(performer: Performer, body: () => T): T => {
  const before = current;
  current = performer;
  try {
    return body();
  } finally {
    current = before;
  }
};
