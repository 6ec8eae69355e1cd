import type { Bits } from '../model/layout.ts';

/** Where to copy a field of the state to, and as which number: by the number that it has. */
export type Copy = { readonly from: Bits; readonly to: Bits; readonly numbers: Int32Array | null };

/** Fills the fields of a state out of what it was. */
export const copyAll = (copies: readonly Copy[], before: Int32Array, state: Int32Array): void => {
  for (let i = 0; i < copies.length; i++) {
    const { from, to, numbers } = copies[i]!;
    const number = (before[from.word]! >>> from.shift) & from.mask;
    const now = numbers === null ? number : numbers[number]!;
    state[to.word] = (state[to.word]! & ~(to.mask << to.shift)) | (now << to.shift);
  }
};

/** What a hash of numbers begins with, and one step of it; of the same numbers it is the same everywhere. */
export const SEED = 0x239b961b;
export const mixed = (hash: number, number: number): number => {
  const h = Math.imul(hash ^ number, 0x9e3779b1);
  return h ^ (h >>> 15);
};
