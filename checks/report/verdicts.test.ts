import { describe, expect, it } from 'vitest';
import { nothingSeen } from '../../src/explore/search/verdict.ts';
import { unpainted } from '../../src/report/terminal.ts';
import { verdictTable } from '../../src/report/verdicts.ts';

describe('the table of verdicts', () => {
  const job = { name: 'large', design: 'lockfree', off: [] };
  const verdict = {
    ...nothingSeen,
    message: '',
    states: 574_919_668,
    transitions: 2_414_662_606,
    depth: 300,
    seconds: 4620,
  };

  it('has room for the counts of the largest searches', () => {
    const row = verdictTable([job], { paint: unpainted, columns: 80 }).row(job, verdict);
    expect(row).toMatch(/^large {5}lockfree {2}unknown +574,919,668 +2,414,662,606 +300 +4,620$/);
  });

  it('does without those that say least where the screen is too narrow', () => {
    const row = verdictTable([job], { paint: unpainted, columns: 40 }).row(job, verdict);
    expect(row).toMatch(/^large {5}lockfree {2}unknown +4,620$/);
  });
});
