import { beAlone, goOn, together } from './alone';
import { allocate, BLOCK, BLOCK_BYTES, oneMore } from './memory';
import { mayNote, noteRoom } from './notes';

/**
 * Pairs of 32-bit integers, each once, numbered in the order of their coming: ../../states/pairs.ts and ../../states/rows.ts in one.
 *
 * The table is the same. A pair is one number, the left one in its lowest bits and the right one above; its lowest 32 bits are in an array of words,
 * what is above in as many arrays of bytes as it takes. A number with more bits than any before has all pairs written
 * anew, each where it stands.
 *
 * Several threads may add pairs at a time (Laarman, van de Pol, Weber, FMCAD 2010): an empty slot is taken by one compare-and-exchange, and is BUSY until
 * the pair is written. What an entry says then never changes. Whoever finds no room, or numbers that are too wide, is alone (alone.ts) while it makes room.
 *
 * The file is long because all that knows how a pair is written stands together.
 */
@unmanaged
export class Pairs {
  /** Where it stands how many there are: far from everything else, which other threads read all the time. */
  counter: usize;
  /** As many as may be added before room is made; `room` in the table, less what threads may add that do not know it yet. */
  limit: i32;
  room: i32;
  slots: i32;
  low: i32;
  leftBits: i32;
  rightBits: i32;
  /** Arrays of bytes in use, and blocks of each. */
  planes: i32;
  planeBlocks: i32;
  table: usize;
  tableBlocks: i32;
  words: usize;
  wordBlocks: i32;
  plane0: usize;
  plane1: usize;
  plane2: usize;
  plane3: usize;
  /** Where a word is noted for each pair from number `noteFirst` on, and blocks of them (notes.ts); none if `noteFirst` is negative. */
  notes: usize;
  noteBlocks: i32;
  noteFirst: i32;

  get count(): i32 {
    return atomic.load<i32>(this.counter);
  }
}

/** Bytes of one. */
export const PAIRS: i32 = 80;

/** Entries of an empty slot, and of one in which somebody is about to note a pair. */
const EMPTY: i32 = -1;
const BUSY: i32 = -2;

/** Bytes that a processor fetches at once. */
const LINE: i32 = 64;

/** As many threads as there may be: each adds one pair at a time. */
export const THREADS: i32 = 256;

/** Slots of a block of the table, words of a block of words, bytes of a block of bytes; each as a power of two. */
const SLOTS: i32 = BLOCK - 2;
const IN_SLOTS: i32 = (1 << SLOTS) - 1;
const IN_BYTES: i32 = BLOCK_BYTES - 1;

export function begin(p: Pairs): void {
  memory.fill(changetype<usize>(p), 0, PAIRS);
  p.leftBits = 1;
  p.rightBits = 1;
  p.noteFirst = -1;
  p.counter = (allocate(2 * LINE) + LINE) & ~(LINE - 1);
  store<i32>(p.counter, 0);
  resize(p, 1 << SLOTS);
}

/** A number of 32 bits without its sign. */
// @inline
function unsigned(number: i32): u64 {
  return (number as u64) & 0xffffffff;
}

// @inline
export function hashOf(left: i32, right: i32): i32 {
  let h = left * 0xcc9e2d51;
  h = rotl(h, 15) * 0x1b873593;
  let k = right * 0x85ebca6b;
  k = rotl(k, 13) * 0xc2b2ae35;
  h = (h ^ k ^ (h >>> 16)) * 0x85ebca6b;
  h = (h ^ (h >>> 13)) * 0xc2b2ae35;
  return h ^ (h >>> 16);
}

// @inline
function tagOf(hash: i32): i32 {
  return (hash ^ (hash >>> 15)) * 0x2c1b3c6d;
}

// @inline
function placeOf(hash: i32, slots: i32): i32 {
  return ((unsigned(hash) * (slots as u64)) >> 32) as i32;
}

// @inline
function slotAt(table: usize, at: i32): usize {
  return load<usize>(table + ((at >>> SLOTS) << 2)) + ((at & IN_SLOTS) << 2);
}

/** Where the block, or the table, ends in which slot `at` stands at `slot`. */
// @inline
function endOf(p: Pairs, at: i32, slot: usize): usize {
  return slot + (min(p.slots - at, IN_SLOTS + 1 - (at & IN_SLOTS)) << 2);
}

/** The slot after the last one of a block. */
// @inline
function after(p: Pairs, at: i32): i32 {
  const next = (at | IN_SLOTS) + 1;
  return next >= p.slots ? 0 : next;
}

// @inline
function wordAt(p: Pairs, index: i32): usize {
  return load<usize>(p.words + ((index >>> SLOTS) << 2)) + ((index & IN_SLOTS) << 2);
}

// @inline
function byteAt(plane: usize, index: i32): usize {
  return load<usize>(plane + ((index >>> BLOCK) << 2)) + (index & IN_BYTES);
}

/** What of a pair is above the lowest 32 bits. */
// @inline
function highOf(p: Pairs, index: i32): u32 {
  const planes = p.planes;
  if (planes == 0) return 0;
  let high: u32 = load<u8>(byteAt(p.plane0, index));
  if (planes > 1) {
    high |= (load<u8>(byteAt(p.plane1, index)) as u32) << 8;
    if (planes > 2) {
      high |= (load<u8>(byteAt(p.plane2, index)) as u32) << 16;
      if (planes > 3) high |= (load<u8>(byteAt(p.plane3, index)) as u32) << 24;
    }
  }
  return high;
}

function setHigh(p: Pairs, index: i32, high: u32): void {
  const planes = p.planes;
  if (planes > 0) store<u8>(byteAt(p.plane0, index), high);
  if (planes > 1) store<u8>(byteAt(p.plane1, index), high >> 8);
  if (planes > 2) store<u8>(byteAt(p.plane2, index), high >> 16);
  if (planes > 3) store<u8>(byteAt(p.plane3, index), high >> 24);
}

// @inline
function packed(p: Pairs, left: i32, right: i32): u64 {
  return unsigned(left) | (unsigned(right) << (p.leftBits as u64));
}

// @inline
export function pairAt(p: Pairs, index: i32): u64 {
  return (load<u32>(wordAt(p, index)) as u64) | ((highOf(p, index) as u64) << 32);
}

// @inline
export function leftOf(p: Pairs, pair: u64): i32 {
  return (pair & (((1 as u64) << (p.leftBits as u64)) - 1)) as i32;
}

// @inline
export function rightOf(p: Pairs, pair: u64): i32 {
  return (pair >> (p.leftBits as u64)) as i32;
}

// @inline
function isWider(p: Pairs, left: i32, right: i32): bool {
  return ((unsigned(left) >> (p.leftBits as u64)) | (unsigned(right) >> (p.rightBits as u64))) != 0;
}

/** The number of a pair with its hash; -1 if it was never added. */
export function findHashed(p: Pairs, left: i32, right: i32, hash: i32): i32 {
  if (isWider(p, left, right)) return -1;
  const pair = packed(p, left, right);
  const word = pair as u32;
  const high = (pair >> 32) as u32;
  const table = p.table;
  const low = p.low;
  const tag = tagOf(hash) & ~low;
  let at = placeOf(hash, p.slots);
  while (true) {
    const entry = load<i32>(slotAt(table, at));
    if (entry == EMPTY) return -1;
    if ((entry & ~low) == tag) {
      const index = entry & low;
      if (load<u32>(wordAt(p, index)) == word && highOf(p, index) == high) return index;
    }
    if (++at == p.slots) at = 0;
  }
}

/** The number of a pair, which is added if it is new: then it is what `count` was, unless others add too. */
export function add(p: Pairs, left: i32, right: i32): i32 {
  return addHashed(p, left, right, hashOf(left, right));
}

/** Whether the pair that was added last was new. */
export let isNew: bool = false;

/** Of a pair in another memory. */
export function sayNew(isIt: bool): void {
  isNew = isIt;
}

export function addHashed(p: Pairs, left: i32, right: i32, hash: i32): i32 {
  while (true) {
    const index = offer(p, left, right, hash);
    if (index >= 0) return index;
    if (beAlone()) {
      makeRoom(p, left, right);
      goOn();
    }
  }
}

/** The number of a pair; -1: it is new, and room must be made for it. */
function offer(p: Pairs, left: i32, right: i32, hash: i32): i32 {
  if (isWider(p, left, right)) return -1;
  const pair = packed(p, left, right);
  const word = pair as u32;
  const high = (pair >> 32) as u32;
  const table = p.table;
  const low = p.low;
  const tag = tagOf(hash) & ~low;
  let at = placeOf(hash, p.slots);
  let slot = slotAt(table, at);
  let end = endOf(p, at, slot);
  while (true) {
    const entry = load<i32>(slot);
    if (entry == EMPTY) {
      if (p.count >= p.limit) return -1;
      if (atomic.cmpxchg<i32>(slot, EMPTY, BUSY) != EMPTY) continue;
      const index = atomic.add<i32>(p.counter, 1);
      store<u32>(wordAt(p, index), word);
      setHigh(p, index, high);
      atomic.store<i32>(slot, tag | index);
      isNew = true;
      return index;
    }
    if (entry == BUSY) continue;
    if ((entry & ~low) == tag) {
      // Once more, for what stands behind it: on some processors only this makes sure that it is seen.
      const index = atomic.load<i32>(slot) & low;
      if (load<u32>(wordAt(p, index)) == word && highOf(p, index) == high) {
        isNew = false;
        return index;
      }
    }
    slot += 4;
    if (slot == end) {
      at = after(p, at);
      slot = slotAt(table, at);
      end = endOf(p, at, slot);
    }
  }
}

/** The first entry that one looks at for a pair, loaded before it is needed. */
// @inline
export function glance(p: Pairs, hash: i32): i32 {
  return load<i32>(slotAt(p.table, placeOf(hash, p.slots)));
}

/** The pair behind an entry, if it may be the wanted one; loaded before it is needed. */
// @inline
export function glanceBehind(p: Pairs, hash: i32, entry: i32): u32 {
  const low = p.low;
  if (entry == EMPTY || entry == BUSY || (entry & ~low) != (tagOf(hash) & ~low)) return 0;
  return load<u32>(wordAt(p, entry & low)) ^ highOf(p, entry & low);
}

/** Room for a pair, and for some more. Only who is alone may. */
function makeRoom(p: Pairs, left: i32, right: i32): void {
  if (isWider(p, left, right)) widen(p, left, right);
  if (p.count < p.limit) return;
  if (p.count + 2 * THREADS > p.room) resize(p, (((p.slots as u64) * 5) / 4) as i32);
  // One block more, or a sixty-fourth of what there is.
  const wanted = min(p.room, p.count + 2 * THREADS + (p.count >> 6));
  while (p.wordBlocks << SLOTS < wanted) p.words = oneMore(p.words, p.wordBlocks++);
  for (; p.planeBlocks << BLOCK < p.wordBlocks << SLOTS; p.planeBlocks++) {
    if (p.planes > 0) p.plane0 = oneMore(p.plane0, p.planeBlocks);
    if (p.planes > 1) p.plane1 = oneMore(p.plane1, p.planeBlocks);
    if (p.planes > 2) p.plane2 = oneMore(p.plane2, p.planeBlocks);
    if (p.planes > 3) p.plane3 = oneMore(p.plane3, p.planeBlocks);
  }
  noteRoom(p);
  p.limit = min(p.room, p.wordBlocks << SLOTS) - THREADS;
}

function bitsOf(number: i32): i32 {
  return max(1, 32 - clz(number));
}

function widen(p: Pairs, left: i32, right: i32): void {
  const before = p.leftBits;
  const mask = ((1 as u64) << (before as u64)) - 1;
  p.rightBits = max(p.rightBits, bitsOf(right));
  const after = max(before, bitsOf(left));
  const planes = max(0, (after + p.rightBits + 7 - 32) >> 3);
  while (p.planes < planes) {
    let plane: usize = 0;
    for (let used = 0; used < p.planeBlocks; used++) {
      plane = oneMore(plane, used);
      memory.fill(load<usize>(plane + (used << 2)), 0, BLOCK_BYTES);
    }
    if (p.planes == 0) p.plane0 = plane;
    else if (p.planes == 1) p.plane1 = plane;
    else if (p.planes == 2) p.plane2 = plane;
    else p.plane3 = plane;
    p.planes++;
  }
  p.leftBits = after;
  if (after == before) return;
  for (let index = 0; index < p.count; index++) {
    const old = pairAt(p, index);
    const now = (old & mask) | ((old >> (before as u64)) << (after as u64));
    store<u32>(wordAt(p, index), now as u32);
    setHigh(p, index, (now >> 32) as u32);
  }
}

/** Hashes of some pairs, and what keeps loads ahead from being left out. */
let ahead: usize = 0;
const AHEAD: i32 = 64;
export let loaded: i32 = 0;

/** Where hashes may be kept for a while. */
export function scratch(): void {
  ahead = allocate(AHEAD << 2);
}

/** All that is in the table follows from the pairs, so it is made anew where it stands. Only who is alone may; the others help. */
export function resize(p: Pairs, slots: i32): void {
  while (p.tableBlocks << SLOTS < slots) p.table = oneMore(p.table, p.tableBlocks++);
  for (let i = 0; i < p.tableBlocks; i++) memory.fill(load<usize>(p.table + (i << 2)), 0xff, BLOCK_BYTES);
  p.slots = slots;
  p.low = (((1 as u64) << ((32 - clz(slots)) as u64)) - 1) as i32;
  p.room = (((slots as u64) * 85) / 100) as i32;
  together(changetype<usize>(p), p.count);
}

/** Enters some pairs in the table. `isOnly`: no other thread does so meanwhile. */
export function enterAgain(p: Pairs, begin: i32, end: i32, isOnly: bool): void {
  const low = p.low;
  const slots = p.slots;
  const table = p.table;
  for (let index = begin; index < end;) {
    // What stands where the next ones are to go is loaded for many at once.
    const first = index;
    const last = min(end, first + AHEAD);
    let sum = 0;
    for (let to = ahead; index < last; index++, to += 4) {
      const pair = pairAt(p, index);
      const hash = hashOf(leftOf(p, pair), rightOf(p, pair));
      store<i32>(to, hash);
      sum ^= load<i32>(slotAt(table, placeOf(hash, slots)));
    }
    loaded = sum;
    for (let i = first, from = ahead; i < last; i++, from += 4) {
      const hash = load<i32>(from);
      const entry = (tagOf(hash) & ~low) | i;
      let at = placeOf(hash, slots);
      let slot = slotAt(table, at);
      let blockEnd = endOf(p, at, slot);
      while (load<i32>(slot) != EMPTY || (!isOnly && atomic.cmpxchg<i32>(slot, EMPTY, entry) != EMPTY)) {
        slot += 4;
        if (slot != blockEnd) continue;
        at = after(p, at);
        slot = slotAt(table, at);
        blockEnd = endOf(p, at, slot);
      }
      if (isOnly) store<i32>(slot, entry);
    }
  }
}

/** Bytes that the pairs and their table take. */
export function takes(p: Pairs): u64 {
  return (((p.tableBlocks + p.wordBlocks) as u64) << BLOCK) + (((p.planes as u64) * (p.planeBlocks as u64)) << BLOCK);
}

/** The most bytes that it may take more while `more` pairs are added. */
export function mayTake(p: Pairs, more: i32): u64 {
  const ahead = more + 2 * THREADS + (p.count >> 6);
  let bytes: u64 = ((ahead >>> SLOTS) + 12) << BLOCK;
  if (p.count + more + 2 * THREADS > p.room) bytes += p.slots as u64;
  if (p.planes < 4) bytes += (p.count + ahead) as u64;
  return bytes + mayNote(p, ahead);
}
