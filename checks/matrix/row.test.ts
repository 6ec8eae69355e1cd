import { describe, expect, it } from 'vitest';
import { coverOf, fateOf, type Row } from '../../src/matrix/row.ts';

/** A row whose mutant fails in these scenarios, holds those, and is unknown in the others. */
const row = (protection: string, caught: string, held = '', unknown = ''): Row => ({
  protection,
  caughtBy: words(caught).map((scenario) => ({ scenario, property: 'no-leak', depth: 1, counterexample: null })),
  held: words(held),
  unknown: words(unknown).map((scenario) => ({ scenario, reason: 'it is large' })),
});
const words = (text: string): readonly string[] => text.split(' ').filter((word) => word !== '');
const fates = (...rows: readonly Row[]): readonly string[] => rows.map((each) => fateOf(each, rows));

describe('a protection', () => {
  it('is missed when some scenario fails without it, whatever the others do', () => {
    expect(fates(row('a', 's', 't', 'u'))).toEqual(['missed']);
  });

  it('is missed by nobody only when every scenario was explored to its end', () => {
    expect(fates(row('a', '', 's t'))).toEqual(['unmissed']);
    expect(fates(row('a', '', 's', 't'))).toEqual(['unknown']);
  });

  it('is covered when a scenario fails without both of a pair that holds without the other', () => {
    const rows = [row('a', '', 's t'), row('b', '', 's t'), row('a + b', 's', 't')] as const;
    expect(fates(...rows)).toEqual(['covered', 'covered', 'missed']);
    expect(coverOf(rows[0], rows)).toBe(rows[2]);
  });

  it('is not covered when the other one alone is what the pair misses', () => {
    expect(fates(row('a', '', 's t'), row('b', 's', 't'), row('a + b', 's', 't'))).toEqual([
      'unmissed',
      'missed',
      'missed',
    ]);
  });

  it('is not covered on the word of a scenario that was not explored to its end', () => {
    const rows = [row('a', '', 's'), row('b', '', '', 's'), row('a + b', 's')];
    expect(fates(...rows)[0]).toBe('unmissed');
  });

  it('may still be covered while its pair is unknown', () => {
    expect(fates(row('a', '', 's'), row('b', '', 's'), row('a + b', '', '', 's'))).toEqual([
      'unknown',
      'unknown',
      'unknown',
    ]);
  });
});
