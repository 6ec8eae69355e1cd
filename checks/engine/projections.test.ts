import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Projections } from '../../src/explore/states/projections.ts';

const WORDS = 3;
const word = fc.integer({ min: 0, max: 7 });
const state = fc.array(word, { minLength: WORDS, maxLength: WORDS });
/** Bits that count from now on, and a state that is added then. */
const step = fc.record({ more: state, state });

it('only what agrees with something added, in all bits that counted then, is known', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.array(state, { maxLength: 30 }), (steps, asked) => {
      const bits = new Int32Array(WORDS);
      const projections = new Projections(bits);
      const added: { readonly state: readonly number[]; readonly bits: readonly number[] }[] = [];
      for (const { more, state } of steps) {
        more.forEach((mask, i) => (bits[i]! |= mask));
        projections.add(Int32Array.from(state));
        added.push({ state, bits: [...bits] });
        const counts = [...bits].some((mask) => mask !== 0);
        expect(projections.has(Int32Array.from(state))).toBe(counts);
      }
      for (const state of asked) {
        const known = projections.has(Int32Array.from(state));
        const agrees = ({ state: other, bits: masks }: (typeof added)[number]): boolean =>
          masks.every((mask, i) => ((other[i]! ^ state[i]!) & mask) === 0);
        if (known) expect(added.some(agrees)).toBe(true);
      }
    }),
  );
});

it('has room for many at a time', () => {
  const projections = new Projections(Int32Array.of(-1));
  for (let i = 0; i < 500; i++) projections.add(Int32Array.of(i));
  const kept = Array.from({ length: 500 }, (_, i) => projections.has(Int32Array.of(i))).filter((known) => known);
  expect(kept.length).toBeGreaterThan(400);
});
