/**
 * The necessity matrix has a row for each protection of a design: the scenarios that catch its absence. A protection that nobody
 * misses is not needed, or not tested. On a scenario that stands in none of its three lists it was not tried.
 */
export type Row = {
  /** What is off in it: a protection, or the two of a pair. */
  readonly protection: string;
  /** The scenarios that fail without it, those with the shortest runs first and those that no one run shows last. */
  readonly caughtBy: readonly Catch[];
  /** The scenarios that hold without it too. */
  readonly held: readonly string[];
  /** The scenarios that were not explored to their end. */
  readonly unknown: readonly Undecided[];
};
export type Catch = {
  readonly scenario: string;
  readonly property: string;
  /** Steps of the run; where no one run shows it, how deep the search went. */
  readonly depth: number;
  /** Path of the saved run, which only the first of a row may have. */
  readonly counterexample: string | null;
};
/** A scenario with no verdict to count, and why. */
export type Undecided = { readonly scenario: string; readonly reason: string };

const and = ' + ';

/** What a row is called, and what is off in it. */
export const nameOf = (off: readonly string[]): string => off.join(and);
export const partsOf = (name: string): readonly string[] => name.split(and);

/**
 * Whether anybody misses what is off in a row. *Covered*: not while another protection is there, but a scenario that holds
 * without that other one fails without both. That the scenario holds without the other matters: where the other alone is missed,
 * without both somebody fails in any case.
 */
export type Fate = 'missed' | 'covered' | 'unknown' | 'unmissed';

export const fateOf = (row: Row, rows: readonly Row[]): Fate => {
  if (row.caughtBy.length > 0) return 'missed';
  if (coverOf(row, rows) !== null) return 'covered';
  return [row, ...pairsWith(row, rows)].some(({ unknown }) => unknown.length > 0) ? 'unknown' : 'unmissed';
};

/** The row of a pair that shows what a protection is good for, or null. */
export const coverOf = (row: Row, rows: readonly Row[]): Row | null =>
  pairsWith(row, rows).find((pair) => {
    const other = partsOf(pair.protection).find((part) => part !== row.protection);
    const held = rows.find(({ protection }) => protection === other)?.held ?? [];
    return pair.caughtBy.some(({ scenario }) => held.includes(scenario));
  }) ?? null;

const pairsWith = ({ protection }: Row, rows: readonly Row[]): readonly Row[] =>
  rows.filter((other) => other.protection !== protection && partsOf(other.protection).includes(protection));
