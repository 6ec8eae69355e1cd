import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { progressLine, reportProgress } from '../../src/report/progress.ts';
import { unpainted, type Terminal } from '../../src/report/terminal.ts';

const progress = { states: 1_234_567, transitions: 4_000_000, depth: 31, frontier: 20_000, seconds: 2, bytes: 64e6 };

const terminal = (live: boolean): { readonly terminal: Terminal; readonly lines: string[] } => {
  const lines: string[] = [];
  const say = (text: string) => void lines.push(text);
  return {
    lines,
    terminal: { out: say, err: say, live: live ? say : null, columns: 80, paint: unpainted, status: new Set() },
  };
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('progress', () => {
  it('is one plain line every 15 seconds where there is no screen', () => {
    const { terminal: file, lines } = terminal(false);
    const report = reportProgress('hub on gsoc23', file, progressLine);
    for (let quarter = 0; quarter < 4 * 31; quarter++) {
      vi.advanceTimersByTime(250);
      report.show(progress);
    }
    report.end();
    vi.advanceTimersByTime(60_000);
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(/^hub on gsoc23: 1,234,567 states, depth 31, 30\.0 s/);
  });

  it('is there from the first moment on a screen, changes with each report, and is wiped at the end', () => {
    const { terminal: screen, lines } = terminal(true);
    const report = reportProgress('hub on gsoc23', screen, progressLine);
    report.show(progress);
    report.end();
    expect(lines).toEqual([
      expect.stringContaining('building local automata'),
      expect.stringContaining('1,234,567 states'),
      '',
    ]);
  });

  it('says how many states, how deep, how many are left to go on from, how fast and how much memory', () => {
    expect(progressLine('x', progress, 2)).toBe(
      'x: 1,234,567 states, depth 31, 2.00 s, 20,000 to go on from, 4,000,000 transitions, 2,000 k/s, 64 MB',
    );
  });
});
