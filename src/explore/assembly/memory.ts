import { outOfMemory } from './imported';

/**
 * Memory is taken from the beginning to the end of the one linear memory and never given back: what grows does so in blocks, by one more
 * of them, and is never copied. A directory has the addresses of the blocks of one array.
 */

/** A block has so many bytes, as a power of two. */
export const BLOCK: i32 = 13;
export const BLOCK_BYTES: i32 = 1 << BLOCK;

let top: usize = 0;

/** Forgets everything at and above an address. */
export function reset(base: usize): void {
  top = base;
}

/** The first byte that nobody has taken. */
export function taken(): usize {
  return top;
}

/** Makes sure that so many more bytes can be taken; false: there is no more memory. */
export function fits(bytes: u64): bool {
  const pages = ((top as u64) + bytes + 0xffff) >> 16;
  const now = memory.size() as u64;
  if (pages <= now) return true;
  // A little ahead, so that it is seldom asked for.
  const ahead = pages + (now >> 5);
  if (ahead < 65536 && memory.grow((ahead - now) as i32) >= 0) return true;
  return pages < 65536 && memory.grow((pages - now) as i32) >= 0;
}

export function allocate(bytes: i32): usize {
  const at = (top + 15) & ~15;
  if (!fits((at - top + bytes) as u64)) outOfMemory();
  top = at + bytes;
  return at;
}

/** The directory of an array with one block more; `used`: how many it had. A directory doubles when its size is used up. */
export function oneMore(directory: usize, used: i32): usize {
  if (used == 0) directory = allocate(16 << 2);
  else if (used >= 16 && (used & (used - 1)) == 0) {
    const larger = allocate(used << 3);
    memory.copy(larger, directory, used << 2);
    directory = larger;
  }
  store<usize>(directory + (used << 2), allocate(BLOCK_BYTES));
  return directory;
}
