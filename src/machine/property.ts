import type { RecordType } from './operation.ts';
import type { Shared } from './record.ts';

export type Life = 'static' | 'unused' | 'live' | 'handed over' | 'freed';

/** What a predicate can see beside the fields of the records, which it reads as a procedure does. */
export interface View {
  /** Every record of the type that is not `unused` and not `freed`; static ones included. */
  records<T extends Shared>(type: RecordType<T>): readonly T[];
  /** How people call a record: by the name that the world gave it, or NULL. */
  title(record: Shared | null): string;
  /** `handed over`: given to NET_EPOCH_CALL, its callback has not freed it yet. */
  life(record: Shared): Life;
  /** How many epoch sections the CPU is in. */
  sections(cpu: number): number;
  /** Number of the CPU that holds the mutex, or null. */
  holder(record: Shared, mutex: string): number | null;
  /** Whether the design under check has the switch on. */
  given(name: string): boolean;
}

/**
 * A claim about all runs:
 * `always`: true in every state. `finally`: true in every state in which nothing can happen any more and every CPU has run
 * to its end or waits for work. `sometimes`: true in at least one state, or else the check has not seen what it is about.
 */
export type Property = {
  readonly name: string;
  readonly kind: 'always' | 'finally' | 'sometimes' | 'eventually';
  /** The claim in the words of C, as a sentence that goes on from "It must hold that …". */
  readonly sentence: string;
  /** True when the claim holds; a text says what is wrong, with the names of the records. */
  readonly holds: (view: View) => true | string;
};
