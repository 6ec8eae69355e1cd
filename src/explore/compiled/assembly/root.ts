import { arrive, enter } from './alone';
import { allocate, fits } from './memory';
import {
  addHashed,
  begin,
  findHashed,
  glance,
  glanceBehind,
  isNew,
  leftOf,
  mayTake,
  pairAt,
  Pairs,
  PAIRS,
  rightOf,
  sayNew,
  scratch,
} from './pairs';

/**
 * The pairs at the root of a tree are the states, and most of what it takes. Where a memory has no room for more of them it is closed, and those that are new go into
 * another one, beyond it: there they are all that there is, in an instance of this module of its own; when that is full there is one more. A pair is looked for in one memory after
 * the other, and the numbers go on from one to the next. Once there is a memory beyond, only one thread may add.
 */

/** Where the functions of the instance beyond are in the table: ../memories.ts puts them there. */
const OFFER: i32 = 1;
const FIND: i32 = 2;
const PAIR: i32 = 3;
const GLANCE: i32 = 4;
const HAS_ROOM: i32 = 5;

/** The pairs in this memory. */
export let root: Pairs = changetype<Pairs>(0);
/** How many there are here, once it is closed; negative: it is open. */
let closed: i32 = -1;
/** Of a closed memory, how many there are here and beyond. */
let total: i32 = 0;

export function beginRoot(at: usize): void {
  root = changetype<Pairs>(at);
}

/** Makes this memory one beyond another. */
export function plantBeyond(): void {
  scratch();
  const at = allocate(PAIRS);
  begin(changetype<Pairs>(at));
  beginRoot(at);
  // For good: there is but one thread.
  arrive();
  enter();
}

/** No more pairs are added in this memory. */
export function close(): void {
  closed = root.count;
  total = closed;
}

/** Whether there is no memory beyond. */
// @inline
export function isOpen(): bool {
  return closed < 0;
}

/** The states, here and beyond. */
export function count(): i32 {
  return closed < 0 ? root.count : total;
}

/** The number of a state, which is added if it is new: `isNew` of pairs.ts. */
// @inline
export function offerState(left: i32, right: i32, hash: i32): i32 {
  return closed < 0 ? addHashed(root, left, right, hash) : offerOnward(left, right, hash);
}

function offerOnward(left: i32, right: i32, hash: i32): i32 {
  const index = offerPair(left, right, hash);
  sayNew(index == total);
  if (isNew) total++;
  return index;
}

/** The number of a pair, which is added if it is in none of the memories from here on. */
export function offerPair(left: i32, right: i32, hash: i32): i32 {
  if (closed < 0) return addHashed(root, left, right, hash);
  const index = findHashed(root, left, right, hash);
  return index >= 0 ? index : closed + call_indirect<i32>(OFFER, left, right, hash);
}

/** The number of a pair; -1 if it was never added. */
export function findPair(left: i32, right: i32, hash: i32): i32 {
  const index = findHashed(root, left, right, hash);
  if (index >= 0 || closed < 0) return index;
  const beyond = call_indirect<i32>(FIND, left, right, hash);
  return beyond < 0 ? -1 : closed + beyond;
}

/** A pair of a number: the left one in the lower half. */
export function pairOf(index: i32): u64 {
  if (closed >= 0 && index >= closed) return call_indirect<u64>(PAIR, index - closed);
  const pair = pairAt(root, index);
  return ((leftOf(root, pair) as u64) & 0xffffffff) | ((rightOf(root, pair) as u64) << 32);
}

/** Loads what one looks at for a pair beyond, before it is needed. */
export function glanceBeyond(hash: i32): u32 {
  return call_indirect<u32>(GLANCE, hash);
}

export function glancePair(hash: i32): u32 {
  const here = glanceBehind(root, hash, glance(root, hash));
  return closed < 0 ? here : here ^ glanceBeyond(hash);
}

/** The most bytes that so many more pairs may take in this memory. */
export function mayTakeHere(more: i32): u64 {
  return closed < 0 ? mayTake(root, more) : 0;
}

/** Whether there is room for so many more pairs where they would be added: in memories beyond this one. */
export function hasRoomBeyond(more: i32): bool {
  return closed < 0 || call_indirect<bool>(HAS_ROOM, more);
}

/** The same of a memory that has nothing but pairs. */
export function hasRoomFrom(more: i32): bool {
  return closed < 0 ? fits(mayTake(root, more)) : hasRoomBeyond(more);
}
