import { changeText, differences, expectationOf, type Expectation, type Expectations } from './baseline.ts';
import type { Trial } from './trial.ts';

/** The present verdicts as the ones to be expected from now on, and what that changes. */
export type Acceptance = {
  readonly results: Expectations;
  /** `both-ends on gsoc23: states: 12,345 → 12,346`. */
  readonly changes: readonly string[];
};

/** Null when a verdict is unknown: there is nothing to accept in it, and half a baseline would hide that. */
export const acceptance = (before: Expectations, trials: readonly Trial[]): Acceptance | null => {
  const results: Record<string, Record<string, Expectation>> = {};
  const changes: string[] = [];
  for (const { job, verdict } of trials) {
    const expectation = expectationOf(verdict);
    if (expectation === null) return null;
    (results[job.name] ??= {})[job.design] = expectation;
    const old = before[job.name]?.[job.design];
    if (old === undefined) changes.push(`${job.name} on ${job.design}: new, ${verdict.verdict}`);
    else
      for (const each of differences(old, verdict)) changes.push(`${job.name} on ${job.design}: ${changeText(each)}`);
  }
  return { results, changes: [...changes, ...goneFrom(before, results)] };
};

const goneFrom = (before: Expectations, after: Expectations): readonly string[] =>
  Object.entries(before).flatMap(([scenario, byDesign]) =>
    Object.keys(byDesign)
      .filter((design) => after[scenario]?.[design] === undefined)
      .map((design) => `${scenario} on ${design}: gone`),
  );
