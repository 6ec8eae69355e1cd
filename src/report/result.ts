import type { Varieties } from '../explore/search/variety.ts';
import type { Failure, Outcome, Verdict } from '../explore/search/verdict.ts';
import { accountOf } from './account.ts';
import type { Titled } from './title.ts';

/** One verdict as programs read it. */
export type Result = {
  readonly scenario: string;
  readonly design: string;
  readonly off: readonly string[];
  readonly verdict: Outcome;
  readonly property: string | null;
  readonly message: string;
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  readonly localStates: number;
  readonly quotientStates: number;
  readonly neverFired: readonly string[];
  readonly seconds: number;
  /** Path of the saved run, or null. */
  readonly counterexample: string | null;
  /** What was found in one sentence, with the CPUs and C lines; null: it holds. */
  readonly account: string | null;
  /** Each distinct failure, when all were asked for. */
  readonly failures?: readonly FailureResult[];
  /** The bound that was hit although some were found, when all were asked for; else null. */
  readonly cutShort?: string | null;
  /** How probable it is, at most, that a state was left out, when only fingerprints were kept. */
  readonly omission?: number;
  /** How many runs at random were made, and how many of them did not come to their end. */
  readonly runs?: Verdict['runs'];
  /** How many pre-emptions a run had at most, when only such runs were looked at, and why not all of these were, each to its end; null: all were. */
  readonly within?: Verdict['within'];
  /** What the states differ in, when a bound ended the search. */
  readonly varieties?: Varieties;
};

export type FailureResult = {
  readonly key: string;
  readonly property: string;
  readonly message: string;
  readonly step: string | null;
  readonly c: string;
  /** Length of a shortest run that shows it; null where that is no one run. */
  readonly steps: number | null;
};

export const resultOf = ({ name, design, off }: Titled, verdict: Verdict, counterexample: string | null): Result => ({
  scenario: name,
  design,
  off,
  verdict: verdict.verdict,
  property: verdict.property,
  message: verdict.message,
  states: verdict.states,
  transitions: verdict.transitions,
  depth: verdict.depth,
  localStates: verdict.localStates,
  quotientStates: verdict.quotientStates,
  neverFired: verdict.neverFired,
  seconds: verdict.seconds,
  counterexample,
  account: verdict.verdict === 'holds' ? null : accountOf(verdict).text,
  ...(verdict.omission === undefined ? {} : { omission: verdict.omission }),
  ...(verdict.runs === undefined ? {} : { runs: verdict.runs }),
  ...(verdict.within === undefined ? {} : { within: verdict.within }),
  ...(verdict.varieties === undefined ? {} : { varieties: verdict.varieties }),
  ...(verdict.failures === undefined
    ? {}
    : { failures: verdict.failures.map(failureResultOf), cutShort: verdict.cutShort ?? null }),
});

const failureResultOf = ({ trace, ...failure }: Failure): FailureResult => ({
  ...failure,
  steps: trace?.steps.length ?? null,
});
