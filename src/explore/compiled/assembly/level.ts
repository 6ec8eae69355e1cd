import { beAlone, bePatient, enter, goOn, leave } from './alone';
import { allocate, BLOCK, BLOCK_BYTES, oneMore } from './memory';
import { beginNotes, forget as forgetPairs, lower, noteAt } from './notes';
import { append, beginOrder } from './order';
import { root } from './root';
import { offer } from './tree';

/**
 * A level of a breadth-first search that several threads go through. Which of them adds a state first is chance. So for each state that comes anew the lowest
 * state is noted that it was reached from; and when the level is over, the states are numbered in the order of these and of the steps from them: that is
 * the order in which one thread would have found them.
 */

/** What this thread has come upon: roots that were new or reached from a lower state than before, each with that state, in the order of the steps. */
let candidates: usize = 0;
let blocks: i32 = 0;
let count: i32 = 0;

/** Candidates of a block, as a power of two. */
const CANDIDATES: i32 = BLOCK - 3;
const IN_CANDIDATES: i32 = (1 << CANDIDATES) - 1;

/** Before the threads begin with a level. By one of them. `patience`: seconds after which one that is at work is given up for lost. */
export function beginLevel(patience: i32): void {
  bePatient(patience);
  enter();
  while (!beAlone()) {}
  beginOrder(root.count);
  beginNotes(root);
  goOn();
  leave();
}

/** As if the level had not been begun. Its states can be found, to no good, unless the table is `remade`. By one of the threads, while none is at work. */
export function forgetLevel(isRemade: bool): void {
  enter();
  while (!beAlone()) {}
  forgetPairs(root, isRemade);
  goOn();
  leave();
}

/** Before this thread begins with a level. */
export function beginShare(): void {
  count = 0;
}

export function candidatesAt(): usize {
  return candidates;
}
export function candidateCount(): i32 {
  return count;
}

// @inline
function candidateAt(directory: usize, at: i32): usize {
  return load<usize>(directory + ((at >>> CANDIDATES) << 2)) + ((at & IN_CANDIDATES) << 3);
}

/** A state was reached from another; true: it was new, or has not been reached from so low a one. */
export function reached(state: i32, from: i32): bool {
  if (!lower(root, state, from)) return false;
  if (count == blocks << CANDIDATES) candidates = oneMore(candidates, blocks++);
  const at = candidateAt(candidates, count++);
  store<i32>(at, state);
  store<i32>(at + 4, from);
  return true;
}

/** Looks for a state, adds it if need be, and says whether it is a candidate. */
export function offerFrom(record: usize, from: i32): bool {
  enter();
  const isCandidate = reached(offer(record), from);
  leave();
  return isCandidate;
}

/** The parents of those that were numbered last, and for how many there is room. */
let parents: usize = 0;
export const NUMBERED: i32 = BLOCK_BYTES >>> 2;

export function numberedAt(): usize {
  return parents;
}

/** Numbers those candidates of a thread that count, `begin` up to `end`, which are at most NUMBERED; notes their parents, and returns how many. */
export function number(directory: usize, begin: i32, end: i32): i32 {
  if (parents == 0) parents = allocate(BLOCK_BYTES);
  let numbered = 0;
  for (let i = begin; i < end; i++) {
    const at = candidateAt(directory, i);
    const from = load<i32>(at + 4);
    const note = noteAt(root, load<i32>(at));
    if (load<i32>(note) != from) continue;
    store<i32>(note, -1);
    append(load<i32>(at));
    store<i32>(parents + (numbered++ << 2), from);
  }
  return numbered;
}
