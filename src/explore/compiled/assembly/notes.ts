import { BLOCK, BLOCK_BYTES, oneMore } from './memory';
import { Pairs, resize } from './pairs';

/** Words that are noted for the latest pairs, by who is first: a word is only ever lowered, and NOBODY to begin with. */
export const NOBODY: i32 = 0x7f7f7f7f;

/** Words of a block, as a power of two. */
const WORDS: i32 = BLOCK - 2;
const IN_WORDS: i32 = (1 << WORDS) - 1;

/** Notes a word for each pair that comes from now on. Only who is alone may, as with what follows. */
export function beginNotes(p: Pairs): void {
  if (p.noteFirst >= 0) clear(p);
  p.noteFirst = p.count;
  noteRoom(p);
}

/** Forgets the pairs that have come since notes began. They can still be found, to no good, unless the table is `remade`. */
export function forget(p: Pairs, isRemade: bool): void {
  clear(p);
  store<i32>(p.counter, p.noteFirst);
  if (isRemade) resize(p, p.slots);
}

/** Room for as many words as there may be pairs. */
export function noteRoom(p: Pairs): void {
  if (p.noteFirst < 0) return;
  while (p.noteBlocks << WORDS < (p.wordBlocks << WORDS) - p.noteFirst) {
    p.notes = oneMore(p.notes, p.noteBlocks);
    fill(p, p.noteBlocks++);
  }
}

/** The most bytes that it may take more while `more` pairs are added. */
export function mayNote(p: Pairs, more: i32): u64 {
  return p.noteFirst < 0 ? 0 : ((more >>> WORDS) + 2) << BLOCK;
}

// @inline
export function noteAt(p: Pairs, index: i32): usize {
  const at = index - p.noteFirst;
  return load<usize>(p.notes + ((at >>> WORDS) << 2)) + ((at & IN_WORDS) << 2);
}

/** Notes a word for a pair, unless it is an earlier one or as low a word is noted; true: it did. */
export function lower(p: Pairs, index: i32, word: i32): bool {
  if (index < p.noteFirst) return false;
  const at = noteAt(p, index);
  for (let known = atomic.load<i32>(at); word < known;) {
    const was = atomic.cmpxchg<i32>(at, known, word);
    if (was == known) return true;
    known = was;
  }
  return false;
}

function clear(p: Pairs): void {
  const used = min(p.noteBlocks, (p.count - p.noteFirst + IN_WORDS) >>> WORDS);
  for (let i = 0; i < used; i++) fill(p, i);
}

function fill(p: Pairs, block: i32): void {
  memory.fill(load<usize>(p.notes + (block << 2)), 0x7f, BLOCK_BYTES);
}
