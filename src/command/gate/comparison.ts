import { titleOf } from '../../report/title.ts';
import type { Paint } from '../../report/terminal.ts';
import { wrap } from '../../report/wrap.ts';
import { differences, differenceText, type Difference, type Cells, type Expectation } from './baseline.ts';
import type { Trial } from '../jobs/trial.ts';

/**
 * A verdict beside the one that was accepted; `expected` is null where none was accepted yet. A check that was interrupted differs in
 * nothing: it says nothing.
 */
export type Comparison = Trial & { readonly expected: Expectation | null; readonly differences: readonly Difference[] };

export const compare = (trial: Trial, accepted: Cells<Expectation>, isInterrupted: boolean): Comparison => {
  const expected = accepted[trial.job.name]?.[trial.job.design] ?? null;
  const saysNothing = expected === null || (isInterrupted && trial.verdict.verdict === 'unknown');
  return { ...trial, expected, differences: saysNothing ? [] : differences(expected, trial.verdict) };
};

/** Whether the verdict is the one that was accepted. */
export const isAsExpected = ({ verdict, expected, differences }: Comparison): boolean =>
  expected !== null && verdict.verdict !== 'unknown' && differences.length === 0;

/** What stands below the row of the table: what was found, or in what it differs from what was expected. */
export const noteOf = ({ verdict, expected, differences }: Comparison, width: number, paint: Paint): string[] => {
  const found = verdict.message === '' ? [] : wrap(`${verdict.property ?? 'unknown'}: ${verdict.message}`, width);
  if (expected === null) return [paint('doubt', 'no verdict has been accepted yet'), ...found];
  if (differences.length > 0)
    return [
      ...differences.map((difference) => paint('bad', `not as expected: ${differenceText(difference)}`)),
      ...found,
    ];
  if (verdict.verdict === 'holds') return [];
  if (verdict.verdict === 'unknown') return found.map((line) => paint('doubt', line));
  return wrap(`${verdict.verdict}, as expected: ${verdict.property}: ${verdict.message}`, width).map((line, i) =>
    i === 0 ? paint('good', line) : line,
  );
};

/** One sentence for each thing that is not as it was accepted, with the way to see it. */
export const differenceLines = (comparison: Comparison): readonly string[] =>
  comparison.differences.map(
    (difference) =>
      `${titleOf(comparison.job)}: ${differenceText(difference)}` +
      (difference.what === 'verdict' && difference.found === 'violated'
        ? ` (npx netgraph-mc check ${comparison.job.name} --design ${comparison.job.design} shows the run)`
        : ''),
  );
