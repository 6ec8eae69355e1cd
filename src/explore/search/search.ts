import type { Bound } from './bound.ts';
import type { Together } from '../levels/crew.ts';
import type { Failing } from './failures.ts';
import type { Finding } from '../model/failure.ts';
import type { Move } from './liveness.ts';
import type { Keeping } from './snapshot.ts';
import type { Source } from '../states/words.ts';
import type { Disk } from '../states/spilled.ts';
import type { Compiling } from '../states/states.ts';
import type { Symmetry } from '../symmetry/symmetry.ts';
import type { Budget, Progress } from './verdict.ts';
import type { Reached } from '../states/visited.ts';

/** What a search is asked and what it says, whatever the order in which it goes on from its states. */

/** How a search ended. `at`: the state in which, or on a step from which, it was decided; -1 when that is no one state. */
export type Ending =
  | { readonly kind: 'exhausted' }
  | {
      readonly kind: 'found';
      readonly finding: Finding;
      readonly at: number;
      readonly by: FailedStep | null;
      /** For a run that goes on for ever: the steps from `at` back to `at`. */
      readonly circle?: readonly Move[];
      /** Whether it is `at` as an end, from which no step is possible, that is wrong. */
      readonly over?: boolean;
    }
  | { readonly kind: 'bound'; readonly message: string };

/** The step that failed: it leads to no state. `upTo`: at which of its accesses, if that is not the last that was tried. */
export type FailedStep = { readonly cpu: number; readonly picks: readonly number[]; readonly upTo?: number };

export type Found = Extract<Ending, { readonly kind: 'found' }>;

export type Search = {
  readonly ending: Ending;
  /** What a search for all failures found, in the order of their distance; it ends in `exhausted` or at a bound. */
  readonly failures: readonly Failing[];
  readonly visited: Reached;
  readonly transitions: number;
  readonly depth: number;
  /** What the states are forms of each other by; null: they are as they were reached. */
  readonly symmetry: Symmetry | null;
  /** Of an exhausted search for which it was claimed that there are any. */
  readonly bounds: readonly Bound[];
};

export type Watcher = {
  /** The state to search from; none: the one that the world begins in. */
  readonly beginning?: Int32Array;
  /** Take states for one that differ only in the numbers of interchangeable records (symmetry/symmetry.ts). */
  readonly symmetry?: boolean;
  /** Leave out orders of steps that make no difference (ample.ts). */
  readonly reduce?: boolean;
  /**
   * Keep 64 bits of each state and not the state (states/fingerprints.ts). What is claimed of infinite runs is not judged then. Not with `reduce`,
   * `allFailures`, `together`, `keeping` and `resumed`.
   */
  readonly fingerprints?: boolean;
  /**
   * Keep on a disk what memory has no room for (states/spilled.ts). What is claimed of infinite runs is not judged then. Not with `reduce`, `allFailures`,
   * `together` and `fingerprints`.
   */
  readonly disk?: Disk | undefined;
  /**
   * Go on after a failure, as if the run ended there, and find each distinct one (failures.ts). The other orders of the same
   * steps are needed then, so nothing is left out.
   */
  readonly allFailures?: boolean;
  /** Whether and when the compiled tree is used, and with it the compiled loop. */
  readonly compiling?: Compiling;
  readonly budget: Budget;
  /** Seconds of the budget that were used up before the search began. */
  readonly spent?: number;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly interrupted?: (() => boolean) | undefined;
  /** Who keeps the search now and then, and when a bound ends it. Not of a search for all failures. */
  readonly keeping?: Keeping | undefined;
  /** Goes through large levels with several threads. Where orders are left out, or all failures are searched for, one does it. */
  readonly together?: Together | undefined;
  /** Goes on with a search that was kept of the same question. */
  readonly resumed?: (() => Source) | undefined;
};

/** Why to stop after so many milliseconds, or null. */
export const pastTime = ({ budget, interrupted }: Watcher, elapsed: number): string | null => {
  if (budget.seconds !== undefined && elapsed > budget.seconds * 1000)
    return `the budget of ${budget.seconds} s is used up`;
  return interrupted?.() === true ? 'the run was interrupted' : null;
};

/** States, or pairs of them, between two looks at the clock. */
export const LOOK = 4096;
/** Milliseconds between two reports of progress. */
export const PROGRESS = 250;
