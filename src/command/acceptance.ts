import { titleOf } from '../report/title.ts';
import {
  changeText, differences, expectationOf, silentOf, type Baseline, type Cells, type Expectation, type Undecided,
} from './baseline.ts'; // prettier-ignore
import type { Trial } from './trial.ts';

/** The present verdicts as the ones to be expected from now on, and what that changes. */
export type Acceptance = {
  readonly baseline: Baseline;
  /** `both-ends on gsoc23: states: 12,345 → 12,346`. */
  readonly changes: readonly string[];
};

/**
 * Null when a verdict that was accepted is unknown now: that is no verdict to accept, and to forget the old one would hide it.
 * What has never been decided is kept as undecided, with the bound that it met.
 */
export const acceptance = (before: Baseline, trials: readonly Trial[]): Acceptance | null => {
  const results: Record<string, Record<string, Expectation>> = {};
  const undecided: Record<string, Record<string, Undecided>> = {};
  const changes: string[] = [];
  for (const { job, verdict } of trials) {
    const expectation = expectationOf(verdict);
    const old = before.results[job.name]?.[job.design];
    if (expectation === null) {
      if (old !== undefined) return null;
      const { message: reason, states, depth } = verdict;
      (undecided[job.name] ??= {})[job.design] = { reason, states, depth };
      if (before.undecided[job.name]?.[job.design] === undefined)
        changes.push(`${titleOf(job)}: new, unknown: ${reason}`);
      continue;
    }
    (results[job.name] ??= {})[job.design] = expectation;
    if (old === undefined) changes.push(`${titleOf(job)}: new, ${verdict.verdict}`);
    else for (const each of differences(old, verdict)) changes.push(`${titleOf(job)}: ${changeText(each)}`);
  }
  const silent = silentOf(trials.map(({ verdict }) => verdict));
  return {
    baseline: { results, undecided, silent },
    changes: [...changes, ...goneFrom(before.results, { ...results }), ...silenceLines(before.silent, silent)],
  };
};

const goneFrom = (before: Cells<Expectation>, after: Cells<Expectation>): readonly string[] =>
  Object.entries(before).flatMap(([scenario, byDesign]) =>
    Object.keys(byDesign)
      .filter((design) => after[scenario]?.[design] === undefined)
      .map((design) => `${scenario} on ${design}: gone`),
  );

/** One line for the steps that have gone silent, one for those that are silent no more. */
export const silenceLines = (before: readonly string[], now: readonly string[]): readonly string[] => {
  const lost = now.filter((step) => !before.includes(step));
  const won = before.filter((step) => !now.includes(step));
  return [
    ...(lost.length === 0 ? [] : [`steps that never happen now: ${lost.join(', ')}`]),
    ...(won.length === 0 ? [] : [`steps that are no longer silent: ${won.join(', ')}`]),
  ];
};
