import type { Verdict } from '../explore/search/verdict.ts';
import type { Titled } from './title.ts';

/**
 * What a command has to say of one check to a program that keeps the score (a CI, a test runner): the verdict, and whether it is
 * good news. A gate has accepted what it expects, so a violation can be good news there; a check has not.
 */
export type Judgement = {
  readonly job: Titled & {
    /** The file of the scenario, as the user would type it. */
    readonly file: string;
  };
  readonly verdict: Verdict;
  /** Whether it was found before, and kept. */
  readonly cached: boolean;
  readonly standing: Standing;
  /** In what it differs from what was accepted, a sentence each. */
  readonly differences: readonly string[];
};

/**
 * - `good`: it holds where nothing else was accepted, or it is as it was accepted;
 * - `bad`: it is violated, or it is not as it was accepted;
 * - `open`: nobody knows. Never counted among the good ones.
 */
export type Standing = 'good' | 'bad' | 'open';

/** The same of a saved run that was walked again. */
export type Rewalk = { readonly file: string; readonly standing: Standing; readonly sentence: string };

/** All that a command has done, and how it ended. */
export type Score = {
  /** `gate` or `check`. */
  readonly command: string;
  readonly judgements: readonly Judgement[];
  readonly rewalks: readonly Rewalk[];
  /** What was not looked at, a sentence each. */
  readonly leftOut: readonly string[];
  /** Whether it was told to stop before its end. */
  readonly interrupted: boolean;
};
