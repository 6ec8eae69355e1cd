import { describe, expect, it } from 'vitest';
import { epochModel, neverTouched } from './epochModel.ts';
import { judged, stepsOf } from './judgement.ts';

/** The counts without the quotient are those of SPIN, TLC and Rumur on the same atomic steps. */
describe('the epoch model', () => {
  it.each([
    [2, 2, 50_495, 167_088, 30],
    [3, 1, 172_274, 675_988, 26],
    [3, 2, 1_220_153, 5_196_408, 38],
    [4, 1, 2_215_016, 10_644_990, 30],
  ])('%i readers of %i sections: %i states, as many as in SPIN', (readers, sections, states, transitions, depth) => {
    const verdict = judged(epochModel(readers, sections, 2), [neverTouched], { quotient: false });
    expect(verdict).toMatchObject({ verdict: 'holds', states, transitions, depth, quotientStates: 0 });
  });

  it.each([
    [2, 2, 39_671, 132_100, 30],
    [3, 1, 120_775, 468_567, 26],
    [3, 2, 841_359, 3_597_550, 38],
    [4, 1, 1_357_201, 6_408_716, 30],
  ])('%i readers of %i sections: %i states when what is dead is forgotten', (r, p, states, transitions, depth) => {
    const verdict = judged(epochModel(r, p, 2), [neverTouched]);
    expect(verdict).toMatchObject({ verdict: 'holds', states, transitions, depth });
    expect(verdict.quotientStates).toBeLessThan(verdict.localStates);
  });

  it('never does the step that only a broken design does', () => {
    expect(judged(epochModel(2, 2, 2), [neverTouched]).neverFired).toEqual(['touch: store touched']);
  });

  it.each([false, true])('with one advance instead of two a freed object is touched (quotient: %s)', (quotient) => {
    const verdict = judged(epochModel(2, 2, 1), [neverTouched], { quotient });
    expect(verdict).toMatchObject({ verdict: 'violated', property: 'never-touched' });
    expect(stepsOf(verdict)).toEqual([
      'reader0 enter: load g',
      'reader0 pick: choose',
      'writer1 writer: load mtx',
      'writer1 writer: store linked',
      'writer1 defer: load g',
      'writer1 writer: store mtx #2',
      'writer1 advance: load act',
      'writer1 writer: load def',
      'reader0 touch: load ost',
    ]);
  });
});
