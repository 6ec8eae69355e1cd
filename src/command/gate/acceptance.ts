import { titleOf } from '../../report/title.ts';
import {
  changeText, differences, expectationOf, silentOf, type Baseline, type Cells, type Expectation,
} from './baseline.ts'; // prettier-ignore
import type { Scope } from './scope.ts';
import { designNames } from '../selection.ts';
import type { Trial } from '../jobs/trial.ts';

/** The present verdicts as the ones to be expected from now on, and what that changes. */
export type Acceptance = {
  readonly baseline: Baseline;
  /** `both-ends on gsoc23: states: 12,345 → 12,346`. */
  readonly changes: readonly string[];
};

/**
 * What was accepted of pairs that are not asked for stays as it is. Null when a verdict that was accepted is unknown now: that is no verdict to accept, and to forget the old one would hide it.
 * What has never been decided is kept as undecided, with the bound that it met.
 */
export const acceptance = (
  before: Baseline,
  trials: readonly Trial[],
  scope: Pick<Scope, 'asked' | 'whole'>,
): Acceptance | null => {
  const results = without(before.results, scope.asked);
  const undecided = without(before.undecided, scope.asked);
  const changes: string[] = [];
  for (const { job, verdict } of trials) {
    const expectation = expectationOf(verdict, job.symmetry);
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
  const silent = silentNow(before, trials, scope.whole);
  return {
    baseline: { results: inOrder(results), undecided: inOrder(undecided), silent },
    changes: [...changes, ...goneFrom(before.results, { ...results }), ...silenceLines(before.silent, silent)],
  };
};

/** Cells that are about to be filled. */
type Filling<Cell> = Record<string, Record<string, Cell>>;

const without = <Cell>(cells: Cells<Cell>, asked: Scope['asked']): Filling<Cell> =>
  Object.fromEntries(
    Object.entries(cells).map(([scenario, byDesign]) => [
      scenario,
      Object.fromEntries(Object.entries(byDesign).filter(([design]) => !asked({ scenario, design }))),
    ]),
  );

/** By scenario and design as they are listed, whatever was explored last; a scenario without cells is left out. */
const inOrder = <Cell>(cells: Filling<Cell>): Filling<Cell> => {
  const sorted = (byDesign: Record<string, Cell>): Record<string, Cell> =>
    Object.fromEntries(designNames().flatMap((design) => (design in byDesign ? [[design, byDesign[design]!]] : [])));
  return Object.fromEntries(
    Object.keys(cells)
      .toSorted()
      .flatMap((scenario) => {
        const byDesign = sorted(cells[scenario]!);
        return Object.keys(byDesign).length === 0 ? [] : [[scenario, byDesign]];
      }),
  );
};

/**
 * Which steps no search does is known when all was searched. After a part of them one knows only that what they did is silent
 * no more; the next whole gate finds what has gone silent.
 */
const silentNow = ({ silent }: Baseline, trials: readonly Trial[], isWhole: boolean): readonly string[] => {
  const verdicts = trials.map(({ verdict }) => verdict);
  if (isWhole) return silentOf(verdicts);
  const fired = new Set(verdicts.flatMap((verdict) => (verdict.verdict === 'unknown' ? [] : verdict.fired)));
  return silent.filter((step) => !fired.has(step));
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
