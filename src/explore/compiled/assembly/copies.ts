import { get, put } from './step';

/** Where to copy a field of the state to, and as which number: ../../symmetry/copies.ts. `numbers`: by number, which one it becomes; 0: itself. */
@unmanaged
class Copy {
  word: usize;
  shift: i32;
  mask: i32;
  toWord: usize;
  toShift: i32;
  toMask: i32;
  numbers: usize;
}
const COPY: i32 = 28;

/** Fills the fields of a state out of what it was. */
export function copyAll(copies: usize, count: i32, before: usize, state: usize): void {
  for (let at = copies, end = at + count * COPY; at < end; at += COPY) {
    const copy = changetype<Copy>(at);
    let number = get(before, copy.word, copy.shift, copy.mask);
    if (copy.numbers != 0) number = load<i32>(copy.numbers + (number << 2));
    put(state, copy.toWord, copy.toShift, copy.toMask, number);
  }
}
