import { outOfMemory } from './imported';

/**
 * Memory is taken from the beginning to the end of the one linear memory and never given back: what grows does so in blocks, by one more
 * of them, and is never copied. A directory has the addresses of the blocks of one array. Several threads may take memory at a time.
 */

/** A block has so many bytes, as a power of two. */
export const BLOCK: i32 = 13;
export const BLOCK_BYTES: i32 = 1 << BLOCK;

/** Where the address stands of the first byte that nobody has taken. */
const TOP: usize = 16;

/** Begins with a memory in which nobody has taken anything but what is below an address. */
export function reset(base: usize): void {
  store<usize>(TOP, base);
}

/** The first byte that nobody has taken. */
export function taken(): usize {
  return atomic.load<usize>(TOP);
}

/** Makes sure that so many more bytes can be taken; false: there is no more memory. */
export function fits(bytes: u64): bool {
  const pages = ((taken() as u64) + bytes + 0xffff) >> 16;
  if (pages <= (memory.size() as u64)) return true;
  // Where another thread has made it grow, only this says so for sure.
  const now = memory.grow(0) as u64;
  if (pages <= now) return true;
  // A little ahead, so that it is seldom asked for.
  const ahead = pages + (now >> 5);
  if (ahead < 65536 && memory.grow((ahead - now) as i32) >= 0) return true;
  return pages < 65536 && memory.grow((pages - now) as i32) >= 0;
}

/** Whether so many more bytes can be taken, and less than `limit` is then. */
export function fitsBelow(bytes: u64, limit: u64): bool {
  return (taken() as u64) + bytes < limit;
}

/** Takes memory, at an address that 16 divides. */
export function allocate(bytes: i32): usize {
  const size = ((bytes as usize) + 15) & ~15;
  while (true) {
    const at = taken();
    if (!fits(size as u64)) outOfMemory();
    if (atomic.cmpxchg<usize>(TOP, at, at + size) == at) return at;
  }
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
