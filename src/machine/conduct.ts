import type { Operation, Routine } from './operation.ts';
import type { Property } from './property.ts';

/**
 * Claims about the conduct of an operation: not what is so in a state, but how a CPU comes from one state to the next.
 *
 * An operation, in the sense of the users of a model, is told by its procedures: a CPU is in it as long as one of them is on its
 * stack. The machine does not know what they stand for, so each claim carries its own.
 */

/** One access that is part of a step. */
export type Doing = {
  readonly operation: Operation;
  /** Those procedures of the claim that are running on the CPU, outermost first. */
  readonly running: readonly Routine[];
};

/** `steps`: true of every access that is done, whatever else the step that it belongs to consists of. */
export type StepClaim = {
  readonly name: string;
  readonly kind: 'steps';
  readonly sentence: string;
  /** The procedures that it tells apart; of all others it sees nothing. */
  readonly procedures: readonly Routine[];
  readonly holds: (doing: Doing) => true | string;
};

/**
 * `unhindered`: no CPU that is in the operation waits, except for a lock that others hold who are all in the operation as well. A CPU
 * that has nothing to do (`idle_until`) does not wait, and locks that are left aside are not asked about. That somebody waits for a
 * condition is hindrance by whoever it may be.
 * `bounded`: every CPU comes to the end of the operation, or never goes on with it, after a number of its own steps that does not
 * depend on how long the others go on. It needs the whole graph, and the bound is told with the verdict.
 * `ends`: no run goes on for ever in which no CPU is kept waiting for ever (weak fairness). It is about no operation, and needs the whole
 * graph. Then whatever is true of every end of a run comes to be true in every such run.
 */
export type OperationClaim = {
  readonly name: string;
  readonly kind: 'unhindered' | 'bounded' | 'ends';
  readonly sentence: string;
  /** A CPU is in the operation as long as one of these is running. */
  readonly procedures: readonly Routine[];
  /** `unhindered`: fields of locks that may be waited for, whoever holds them. */
  readonly aside?: readonly string[];
};

export type Conduct = StepClaim | OperationClaim;

/** Whatever can be claimed of the runs of a world. */
export type Claim = Property | Conduct;

const kinds: ReadonlySet<string> = new Set(['steps', 'unhindered', 'bounded', 'ends'] satisfies Conduct['kind'][]);

export const isConduct = (claim: Claim): claim is Conduct => kinds.has(claim.kind);
export const isOfStates = (claim: Claim): claim is Property => !isConduct(claim);
