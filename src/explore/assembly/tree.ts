import { allocate, fits } from './memory';
import {
  add as addPair,
  addHashed,
  begin,
  find as findPair,
  glance,
  glanceBehind,
  hashOf,
  leftOf,
  mayTake,
  Pairs,
  pairAt,
  PAIRS,
  rightOf,
  scratch,
} from './pairs';

/**
 * Packed states, each once, numbered in the order of their coming, kept as trees: see ../tree.ts, which says why, and does the same.
 */

/**
 * A state stands in a record: its words, then what stands at each inner node below the root. What is below an inner node, as offsets within
 * a record; so nothing need be moved.
 */
let left: usize = 0;
let right: usize = 0;
/** Offset within a record of the first inner node. */
let inner: i32 = 0;
/** The inner nodes without the root. */
let last: i32 = 0;
let pairs: usize = 0;
/** Of each inner node the pairs that were looked up last. */
let recent: usize = 0;
/** The record that was read last by itself, and one to look up. */
let base: usize = 0;

const RECENT: i32 = 10;
const ENTRY: i32 = 16;

/** Bytes of a record. */
export let RECORD: i32 = 0;
export let root: Pairs = changetype<Pairs>(0);

/** By word: the inner nodes above it, as bits; those from the 63rd on have one together. */
let above: usize = 0;

/** Those of many records that are to be looked up at an inner node: each its address, its hash and the entry that was found. */
let wanted: usize = 0;
const WANTED: i32 = 12;
/** Keeps what is loaded ahead from being left out. */
export let loaded: u32 = 0;

/** `shape`: the words in the order of the leaves, then the two nodes below each inner node, all as numbers. `most`: records that are looked up at once. */
export function plant(shape: usize, words: i32, most: i32): void {
  // A word alone stands beside one that is always zero.
  const leaves = max(2, words);
  last = leaves - 2;
  inner = leaves << 2;
  RECORD = (leaves + last) << 2;
  left = allocate((last + 1) << 2);
  right = allocate((last + 1) << 2);
  const below = shape + (words << 2);
  for (let i = 0; i <= last; i++) {
    store<i32>(left + (i << 2), offsetOf(shape, words, leaves, load<i32>(below + (i << 3))));
    store<i32>(right + (i << 2), offsetOf(shape, words, leaves, load<i32>(below + (i << 3) + 4)));
  }
  above = allocate(words << 3);
  memory.fill(above, 0, words << 3);
  for (let word = 0; word < words; word++) store<u64>(above + (word << 3), nodesAbove(word << 2));
  scratch();
  base = allocate(RECORD);
  memory.fill(base, 0, RECORD);
  wanted = allocate(most * WANTED);
  pairs = allocate((last + 1) * PAIRS);
  for (let i = 0; i <= last; i++) begin(changetype<Pairs>(pairs + i * PAIRS));
  root = changetype<Pairs>(pairs + last * PAIRS);
  recent = allocate((last * ENTRY) << RECENT);
  memory.fill(recent, 0, (last * ENTRY) << RECENT);
  for (let i = 0; i < last; i++) addPair(changetype<Pairs>(pairs + i * PAIRS), 0, 0); // number 0, as everything in `recent` says
}

function offsetOf(shape: usize, words: i32, leaves: i32, node: i32): i32 {
  return (node < words ? load<i32>(shape + (node << 2)) : node) << 2;
}

/** The bit of an inner node. */
// @inline
function bitOf(node: i32): u64 {
  return (1 as u64) << (min(node, 63) as u64);
}

/** The inner nodes above an offset. */
function nodesAbove(offset: i32): u64 {
  let nodes: u64 = 0;
  for (let i = 0; i < last; i++)
    if (load<i32>(left + (i << 2)) == offset || load<i32>(right + (i << 2)) == offset)
      nodes |= bitOf(i) | nodesAbove(inner + (i << 2));
  return nodes;
}

/**
 * Which inner nodes of a record may be others than in the one before it, as bits; the others are made the same.
 */
export function affected(record: usize, before: usize, words: i32): u64 {
  let nodes: u64 = 0;
  for (let i = inner; i < RECORD; i += 4) store<i32>(record + i, load<i32>(before + i));
  for (let i = 0, end = words << 2; i < end; i += 4)
    if (load<i32>(record + i) != load<i32>(before + i)) nodes |= load<u64>(above + (i << 1));
  return nodes;
}

/** Reads states `from` on into as many records. */
export function readAll(from: i32, count: i32, into: usize): void {
  const length = RECORD;
  const end = into + count * length;
  for (let i = last; i >= 0; i--) {
    const p = changetype<Pairs>(pairs + i * PAIRS);
    const l = load<i32>(left + (i << 2));
    const r = load<i32>(right + (i << 2));
    let index = from;
    for (let record = into; record < end; record += length) {
      if (i < last) index = load<i32>(record + inner + (i << 2));
      const pair = pairAt(p, index);
      store<i32>(record + l, leftOf(p, pair));
      store<i32>(record + r, rightOf(p, pair));
      if (i == last) index++;
    }
  }
}

/**
 * Numbers the nodes below the root in many records, node by node: so that what must be fetched from far is asked for in all of them at
 * once. Each stands after a head that begins with
 * the nodes that may differ from those that are in it.
 */
export function climbAll(happened: usize, end: usize, stride: i32, head: i32): void {
  for (let i = 0; i < last; i++) {
    const p = changetype<Pairs>(pairs + i * PAIRS);
    const l = load<i32>(left + (i << 2));
    const r = load<i32>(right + (i << 2));
    const here = inner + (i << 2);
    const near = recent + ((i << RECENT) << 4);
    let want = wanted;
    for (let at = happened; at < end; at += stride) {
      if ((load<u64>(at) & bitOf(i)) == 0) continue;
      const record = at + head;
      const a = load<i32>(record + l);
      const b = load<i32>(record + r);
      const hash = hashOf(a, b);
      const known = near + ((hash >>> (32 - RECENT)) << 4);
      if (load<i32>(known) == a && load<i32>(known + 4) == b) {
        store<i32>(record + here, load<i32>(known + 8));
        continue;
      }
      store<usize>(want, record);
      store<i32>(want + 4, hash);
      store<i32>(want + 8, glance(p, hash));
      want += WANTED;
    }
    let sum: u32 = 0;
    for (let at = wanted; at < want; at += WANTED) sum ^= glanceBehind(p, load<i32>(at + 4), load<i32>(at + 8));
    loaded = sum;
    for (let at = wanted; at < want; at += WANTED) {
      const record = load<usize>(at);
      const hash = load<i32>(at + 4);
      const a = load<i32>(record + l);
      const b = load<i32>(record + r);
      const number = addHashed(p, a, b, hash);
      store<i32>(record + here, number);
      const known = near + ((hash >>> (32 - RECENT)) << 4);
      store<i32>(known, a);
      store<i32>(known + 4, b);
      store<i32>(known + 8, number);
    }
  }
}

/** What stands below the root. */
// @inline
export function leftTop(record: usize): i32 {
  return load<i32>(record + load<i32>(left + (last << 2)));
}

// @inline
export function rightTop(record: usize): i32 {
  return load<i32>(record + load<i32>(right + (last << 2)));
}

export function read(index: i32, record: usize): void {
  readAll(index, 1, record);
  memory.copy(base, record, RECORD);
}

function climb(record: usize): void {
  for (let i = 0; i < last; i++) {
    const l = load<i32>(left + (i << 2));
    const r = load<i32>(right + (i << 2));
    const a = load<i32>(record + l);
    const b = load<i32>(record + r);
    const here = inner + (i << 2);
    let number: i32;
    if (a == load<i32>(base + l) && b == load<i32>(base + r)) number = load<i32>(base + here);
    else number = addPair(changetype<Pairs>(pairs + i * PAIRS), a, b);
    store<i32>(record + here, number);
  }
}

/** The number of a state, which is added if it is new: then it is what `count` was. */
export function add(record: usize): i32 {
  climb(record);
  return addPair(root, leftTop(record), rightTop(record));
}

/** The number of a state that was added before; -1 if it was not. */
export function find(record: usize): i32 {
  climb(record);
  return findPair(root, leftTop(record), rightTop(record));
}

export function count(): i32 {
  return root.count;
}

/** Whether so many more states can be added for sure. */
export function hasRoom(more: i32): bool {
  let bytes: u64 = 0;
  for (let i = 0; i <= last; i++) bytes += mayTake(changetype<Pairs>(pairs + i * PAIRS), more);
  return fits(bytes);
}
