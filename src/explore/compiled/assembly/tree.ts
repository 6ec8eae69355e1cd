import { arrive, enter, leave } from './alone';
import { allocate, fits, fitsBelow } from './memory';
import { append, joinOrder, mayOrder, numberOf, ORDER, plantOrder, rootOf } from './order';
import {
  add as addPair,
  addHashed,
  begin,
  glance,
  glanceBehind,
  hashOf,
  isNew,
  leftOf,
  mayTake,
  Pairs,
  pairAt,
  PAIRS,
  rightOf,
  scratch,
  takes,
} from './pairs';
import { beginRoot, count, findPair, hasRoomBeyond, isOpen, mayTakeHere, offerState, pairOf } from './root';

/**
 * Packed states, each once, numbered in the order of their coming, kept as trees: see ../../states/tree.ts, which says why, and does the same. The file is long because
 * whatever knows how a record stands, one by itself or many at a time, stands together.
 */

/** A tree, as it stands in memory for all threads that have it. */
@unmanaged
class Tree {
  /**
   * A state stands in a record: its words, then what stands at each inner node below the root. What is below an inner node, as offsets within
   * a record; so nothing need be moved.
   */
  left: usize;
  right: usize;
  /** The inner nodes without the root. */
  last: i32;
  pairs: usize;
  /** By word: the inner nodes above it, as bits; those from the 63rd on have one together. */
  above: usize;
  /** Records that are looked up at once. */
  most: i32;
  /** See order.ts. */
  order: usize;
  /** Bytes that the memory may have. */
  limit: u64;
}
const TREE: i32 = 40;

/** The parts of the tree that do not change. */
let left: usize = 0;
let right: usize = 0;
/** Offset within a record of the first inner node. */
let inner: i32 = 0;
let last: i32 = 0;
let pairs: usize = 0;
let above: usize = 0;
let limit: u64 = 0;
/** Of each inner node the pairs that were looked up last. */
let recent: usize = 0;
/** The record that was read last by itself, and one to look up. */
let base: usize = 0;

const RECENT: i32 = 10;
const ENTRY: i32 = 16;

/** Bytes of a record. */
export let RECORD: i32 = 0;

/** Those of many records that are to be looked up at an inner node: each its address, its hash and the entry that was found. */
let wanted: usize = 0;
const WANTED: i32 = 12;
/** Keeps what is loaded ahead from being left out. */
export let loaded: u32 = 0;

/**
 * Returns where a new tree stands. `shape`: the words in the order of the leaves, then the two nodes below each inner node, all as numbers. `most`: records
 * that are looked up at once. `pages`: as many as the memory may have.
 */
export function plant(shape: usize, words: i32, most: i32, pages: i32): usize {
  // A word alone stands beside one that is always zero.
  const leaves = max(2, words);
  const planted = changetype<Tree>(allocate(TREE));
  planted.most = most;
  planted.limit = (pages as u64) << 16;
  planted.last = leaves - 2;
  planted.order = allocate(ORDER);
  plantOrder(planted.order);
  planted.left = allocate((planted.last + 1) << 2);
  planted.right = allocate((planted.last + 1) << 2);
  planted.above = allocate(words << 3);
  planted.pairs = allocate((planted.last + 1) * PAIRS);
  const below = shape + (words << 2);
  for (let i = 0; i <= planted.last; i++) {
    store<i32>(planted.left + (i << 2), offsetOf(shape, words, leaves, load<i32>(below + (i << 3))));
    store<i32>(planted.right + (i << 2), offsetOf(shape, words, leaves, load<i32>(below + (i << 3) + 4)));
    begin(changetype<Pairs>(planted.pairs + i * PAIRS));
  }
  join(changetype<usize>(planted));
  for (let word = 0; word < words; word++) store<u64>(above + (word << 3), nodesAbove(word << 2));
  enter();
  for (let i = 0; i < last; i++) addPair(changetype<Pairs>(pairs + i * PAIRS), 0, 0); // number 0, as everything in `recent` says
  leave();
  return changetype<usize>(planted);
}

/** Has a tree that stands in memory. */
export function join(at: usize): void {
  const tree = changetype<Tree>(at);
  arrive();
  joinOrder(tree.order);
  left = tree.left;
  right = tree.right;
  last = tree.last;
  pairs = tree.pairs;
  above = tree.above;
  limit = tree.limit;
  inner = (last + 2) << 2;
  RECORD = inner + (last << 2);
  beginRoot(pairs + last * PAIRS);
  scratch();
  base = allocate(RECORD);
  memory.fill(base, 0, RECORD);
  wanted = allocate(tree.most * WANTED);
  recent = allocate((last * ENTRY) << RECENT);
  memory.fill(recent, 0, (last * ENTRY) << RECENT);
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
  const leftMost = load<i32>(left + (last << 2));
  const rightMost = load<i32>(right + (last << 2));
  let number = from;
  for (let record = into; record < end; record += length) {
    const pair = pairOf(rootOf(number++));
    store<i32>(record + leftMost, pair as i32);
    store<i32>(record + rightMost, (pair >> 32) as i32);
  }
  for (let i = last - 1; i >= 0; i--) {
    const p = changetype<Pairs>(pairs + i * PAIRS);
    const l = load<i32>(left + (i << 2));
    const r = load<i32>(right + (i << 2));
    for (let record = into; record < end; record += length) {
      const pair = pairAt(p, load<i32>(record + inner + (i << 2)));
      store<i32>(record + l, leftOf(p, pair));
      store<i32>(record + r, rightOf(p, pair));
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
  enter();
  readAll(index, 1, record);
  leave();
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

/** The number of a state, which is added if it is new: then it is what `count` was. By one thread, while no other adds. */
export function add(record: usize): i32 {
  enter();
  const index = offer(record);
  if (isNew) append(index);
  leave();
  return isNew ? index : numberOf(index);
}

/** The root of a state, which is added if it is new. */
export function offer(record: usize): i32 {
  climb(record);
  return offerState(leftTop(record), rightTop(record), hashOf(leftTop(record), rightTop(record)));
}

/** The number of a state that was added before; -1 if it was not. By one thread, while no other adds. */
export function find(record: usize): i32 {
  enter();
  climb(record);
  leave();
  const index = findPair(leftTop(record), rightTop(record), hashOf(leftTop(record), rightTop(record)));
  return index < 0 ? -1 : numberOf(index);
}

/**
 * Whether so many more states can be added for sure. As long as it is open, a memory keeps room for the inner nodes to become FOLD times what they are: the states that
 * come when it is closed need them too.
 */
export function hasRoom(more: i32): bool {
  let bytes: u64 = 0;
  let kept: u64 = 0;
  for (let i = 0; i < last; i++) {
    const p = changetype<Pairs>(pairs + i * PAIRS);
    bytes += mayTake(p, more);
    kept += (FOLD - 1) * takes(p);
  }
  bytes += mayTakeHere(more) + mayOrder(count() + more);
  if (!hasRoomBeyond(more)) return false;
  return fits(bytes) && (!isOpen() || fitsBelow(bytes + kept, limit));
}

const FOLD: u64 = 4;
