import { copyAll } from './copies';
import { mention, prepare, renumber } from './imported';
import { allocate, BLOCK, BLOCK_BYTES, oneMore } from './memory';
import { bitsOf, copyWords, get, localAt, localBits, localIn, put } from './step';

/** Brings states into the form in which interchangeable records are numbered as they are come upon: ../../symmetry/recordForm.ts, which says how, and does the same. */

/** A field that holds references: its bits, and by its number the place that it refers to, or -1. */
@unmanaged
class Pointer {
  word: usize;
  shift: i32;
  mask: i32;
  places: usize;
}
const POINTER: i32 = 16;

/** A renumbering, ready to be done. */
@unmanaged
class Renumbering {
  key: u64;
  /** The next one that falls on the same entry. */
  next: usize;
  /** What is to be copied where (copies.ts). */
  copies: usize;
  copyCount: i32;
  which: i32;
  /** By local state: which one it becomes; -1: not known yet. */
  locals: usize;
  localBlocks: i32;
}

const LOCALS: i32 = BLOCK - 2;
const ENTRIES: i32 = 1 << 10;

export let isFormed: bool = false;
let words: i32 = 0;
let cpus: i32 = 0;
let count: i32 = 0;
/** By place: the first place of its group, and which group that is. */
let firsts: usize = 0;
let groups: usize = 0;
let groupCount: i32 = 0;
let named: usize = 0;
let namedCount: i32 = 0;
/** By place: the references in it, and how many. */
let within: usize = 0;
/** By place: the bits of its life. */
let lives: usize = 0;
let order: usize = 0;
let met: usize = 0;
let queue: usize = 0;
let queued: i32 = 0;
let seen: u32 = 0;
let before: usize = 0;
let known: usize = 0;

/** No forms are made unless this is called. */
export function beginForms(
  wordCount: i32,
  cpuCount: i32,
  placeCount: i32,
  firstsAt: usize,
  groupsAt: usize,
  groupsIn: i32,
  namedAt: usize,
  namedIn: i32,
  withinAt: usize,
  livesAt: usize,
): void {
  isFormed = true;
  words = wordCount;
  cpus = cpuCount;
  count = placeCount;
  firsts = firstsAt;
  groups = groupsAt;
  groupCount = groupsIn;
  named = namedAt;
  namedCount = namedIn;
  within = withinAt;
  lives = livesAt;
  order = allocate(count << 2);
  met = allocate(groupCount << 2);
  queue = allocate(count << 2);
  before = allocate(words << 2);
  known = allocate(ENTRIES << 2);
  memory.fill(known, 0, ENTRIES << 2);
}

export function normalize(state: usize): void {
  if (isInOrder(state)) return;
  let key: u64 = 0;
  for (let i = 0; i < count; i++) key = (key << 4) | (load<i32>(order + (i << 2)) as u64);
  const entry = known + (((((key ^ (key >> 32)) as i32) * 0x9e3779b1) >>> 22) << 2);
  let done = changetype<Renumbering>(load<usize>(entry));
  while (changetype<usize>(done) != 0 && done.key != key) done = changetype<Renumbering>(done.next);
  if (changetype<usize>(done) == 0) {
    done = changetype<Renumbering>(prepare(order));
    done.key = key;
    done.next = load<usize>(entry);
    store<usize>(entry, changetype<usize>(done));
  }
  copyWords(state, before, words);
  copyAll(done.copies, done.copyCount, before, state);
  for (let cpu = 0; cpu < cpus; cpu++) {
    const local = localIn(before, cpu);
    const after = localAfter(done, local);
    if (after == local) continue;
    const bits = bitsOf(localBits, cpu);
    put(state, bits.word, bits.shift, bits.mask, after);
  }
}

function localAfter(done: Renumbering, local: i32): i32 {
  const block = local >>> LOCALS;
  while (done.localBlocks <= block) {
    done.locals = oneMore(done.locals, done.localBlocks++);
    memory.fill(load<usize>(done.locals + ((done.localBlocks - 1) << 2)), 0xff, BLOCK_BYTES);
  }
  const at = load<usize>(done.locals + (block << 2)) + ((local & ((1 << LOCALS) - 1)) << 2);
  let after = load<i32>(at);
  if (after < 0) {
    after = renumber(done.which, local);
    store<i32>(at, after);
  }
  return after;
}

/** Finds the place that each place is to have, as `order`; true when that is its own everywhere. */
function isInOrder(state: usize): bool {
  seen = 0;
  queued = 0;
  for (let i = 0; i < groupCount; i++) store<i32>(met + (i << 2), 0);
  for (let cpu = 0; cpu < cpus; cpu++) {
    const number = localIn(state, cpu);
    const local = localAt(number);
    if (local.mentions == 0) local.mentions = mention(number);
    const length = load<i32>(local.mentions);
    for (let i = 1; i <= length; i++) meet(load<i32>(local.mentions + (i << 2)));
  }
  follow(named, namedCount, state);
  for (let i = 0; i < queued; i++) {
    const place = load<i32>(queue + (i << 2));
    follow(load<usize>(within + (place << 3)), load<i32>(within + (place << 3) + 4), state);
  }
  // What nobody refers to: first what is in use, then what has been freed, then what never was.
  for (let rank = 0; rank < 3 && queued < count; rank++)
    for (let place = 0; place < count; place++)
      if ((seen & (1 << place)) == 0 && rankOf(state, place) == rank) meet(place);
  for (let place = 0; place < count; place++) if (load<i32>(order + (place << 2)) != place) return false;
  return true;
}

// @inline
function follow(pointers: usize, length: i32, state: usize): void {
  for (let at = pointers, end = at + length * POINTER; at < end; at += POINTER) {
    const pointer = changetype<Pointer>(at);
    const number = get(state, pointer.word, pointer.shift, pointer.mask);
    const place = load<i32>(pointer.places + (number << 2));
    if (place >= 0) meet(place);
  }
}

function meet(place: i32): void {
  if ((seen & (1 << place)) != 0) return;
  seen |= 1 << place;
  const group = met + (load<i32>(groups + (place << 2)) << 2);
  const now = load<i32>(group);
  store<i32>(group, now + 1);
  store<i32>(order + (place << 2), load<i32>(firsts + (place << 2)) + now);
  store<i32>(queue + (queued++ << 2), place);
}

function rankOf(state: usize, place: i32): i32 {
  const bits = bitsOf(lives, place);
  const life = get(state, bits.word, bits.shift, bits.mask);
  return life == 0 ? 2 : life == 2 ? 1 : 0;
}
