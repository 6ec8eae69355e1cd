import { describe, expect, it } from 'vitest';
import { unpainted, type Paint } from '../../src/report/terminal.ts';
import { traceText } from '../../src/report/trace.ts';
import { wrap } from '../../src/report/wrap.ts';
import { lost, manyCpus, useAfterFree } from './runs.ts';

const lines = (width: number, trace = useAfterFree): readonly string[] =>
  traceText(trace, true, width, unpainted).split('\n');

describe('a run in columns', () => {
  it('has a column for each CPU that takes part, C lines, and what each step read or changed', () => {
    expect(lines(90)).toEqual([
      '        CPU0                                      CPU1',
      '        ng_address_hook(a)',
      '   1 ┌  3655 NET_EPOCH_ENTER',
      '   2 │  3658 hk_peer of a = b',
      '     │                                            ng_destroy_hook(a)',
      '   3 │                                          * 1255 mtx_lock node_mtx of A',
      '   4 │                                          * ng_hub.c:117 hk_flags of b: 0 →',
      '     │                                          * HK_INVALID',
      '     │                                          *   item1.el_dest: A → NULL',
      '   5 │                                          * 1258 mtx_unlock node_mtx of A',
      '     │                                            ng_unref_hook(a)',
      '   6 │                                            1079 free b: live → freed',
      '   7 │  3670 refcount_acquire hk_refs of b',
      '   8 └  3676 ✗ NET_EPOCH_EXIT',
      '  numbers are lines of ng_base.c   │ inside an epoch section   * holds a lock   ✗ goes',
      '  wrong',
    ]);
  });

  it.each([80, 100, 140])('fits %i columns', (width) => {
    for (const line of lines(width)) expect(line.length).toBeLessThanOrEqual(width);
  });

  it('says with words and signs whatever it says with colour', () => {
    const marked: Paint = (style, text) => `<${style}>${text}</>`;
    const painted = traceText(useAfterFree, true, 90, marked);
    expect(painted).toContain('<bad>3676 ✗ NET_EPOCH_EXIT');
    expect(
      painted
        .replaceAll(/<\/?\w*>/g, '')
        .split('\n')
        .map((line) => line.trimEnd()),
    ).toEqual(lines(90));
  });
});

describe('a run where columns do not fit', () => {
  it('has one line a step, with CPU, C file and line', () => {
    const shown = lines(80, manyCpus);
    expect(shown).toContain('   6 CPU5    ng_base.c:1079  free b: live → freed');
    expect(shown).toContain('   1 CPU0 ┌  ng_base.c:3655  NET_EPOCH_ENTER');
    expect(shown.at(-2)).toMatch(/^ {3}8 CPU7 +ng_base.c:3676 {2}✗ NET_EPOCH_EXIT$/);
  });

  it.each([60, 80])('stays within %i columns', (width) => {
    for (const line of lines(width)) expect(line.length).toBeLessThanOrEqual(width);
  });
});

describe('a run of which only the end is wrong', () => {
  it.each([60, 90])('marks no step, and says after the last that it is wrong at the end: %i columns', (width) => {
    const shown = lines(width, lost);
    const crosses = shown.filter((line) => line.includes('✗'));
    expect(crosses).toEqual(['   ✗ nobody can go on: it is wrong here, at the end']);
    const last = shown.findIndex((line) => /^ {3}4 /.test(line));
    expect(shown.slice(last).findIndex((line) => line.includes('✗'))).toBeGreaterThan(0);
  });

  it('says nothing of that where nothing is wrong', () =>
    expect(traceText(lost, false, 90, unpainted)).not.toMatch(/✗|nobody/));
});

describe('a run that is special', () => {
  it('says where it begins anew when it goes on for ever', () => {
    expect(traceText({ ...useAfterFree, circle: 2 }, true, 90, unpainted)).toContain('again from step 3 on, for ever');
  });
  it('says so when it needs no step', () => {
    expect(traceText({ ...useAfterFree, steps: [] }, true, 90, unpainted)).toContain('from the beginning');
  });
});

describe('wrapped text', () => {
  it('breaks between words, and within a C name only after a _ where it must', () => {
    expect(wrap('raises hk_refs from 0', 12)).toEqual(['raises', 'hk_refs from', '0']);
    expect(wrap('refcount_acquire_if_not_zero', 20)).toEqual(['refcount_acquire_if_', 'not_zero']);
    expect(wrap('', 20)).toEqual(['']);
  });
});
