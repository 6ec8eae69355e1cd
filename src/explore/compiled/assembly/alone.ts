import { lost } from './imported';
import { enterAgain, Pairs } from './pairs';

/**
 * Threads look for states and add them at the same time; but who makes room, for a table or for wider numbers, is alone meanwhile. Each is counted while it is at
 * work, and stops where nothing is half done: between two batches, or where it would make room itself.
 */

/** Where it stands how many threads have joined, how many are at work, and whether one is to be alone: zero, or one of what follows. */
const JOINED: usize = 20;
const WORKING: usize = 24;
const ALONE: usize = 28;
/** One waits until the others have stopped; they have, and it changes what they share; one goes on for good without the others. */
const ASKED: i32 = 1;
const CHANGING: i32 = 2;
const FORSAKEN: i32 = 3;
/** What those who wait can help with: pairs that are to be entered in their table, the first of which nobody has taken, and how many help. */
const JOB: usize = 32;
const NEXT: usize = 36;
const HELPING: usize = 40;
/** Pairs that one takes at a time. */
const SOME: i32 = 1 << 14;

/** A wait has an end, as the thread that is waited for may have died: so many times a second. For a batch, as many as stand at PATIENCE. */
const SECOND: i64 = 1_000_000_000;
const PATIENCE: usize = 44;
const FOR_ROOM: i32 = 1200;

let isAlone: bool = false;
/** Whether this one has forsaken the others, and waits for nobody. */
let isLast: bool = false;

/** Begins to work; waits while another thread is alone. */
export function enter(): void {
  if (isLast) return;
  while (true) {
    let left = FOR_ROOM;
    for (let alone = atomic.load<i32>(ALONE); alone != 0; alone = atomic.load<i32>(ALONE)) {
      if (left-- == 0) lost();
      if (!help()) atomic.wait<i32>(ALONE, alone, SECOND);
    }
    atomic.add<i32>(WORKING, 1);
    if (atomic.load<i32>(ALONE) == 0) return;
    leave();
  }
}

/** Ends to work; also after something was thrown, wherever that was. */
export function leave(): void {
  if (isLast) return;
  if (isAlone) goOn();
  atomic.sub<i32>(WORKING, 1);
  if (atomic.load<i32>(ALONE) != 0) atomic.notify(WORKING);
}

/** Lets another thread be alone that waits for it. */
export function pause(): void {
  if (atomic.load<i32>(ALONE) == 0) return;
  leave();
  enter();
}

/** Waits until all others have stopped; they stay so until `goOn`. False: one of them has been alone meanwhile. */
export function beAlone(): bool {
  if (atomic.cmpxchg<i32>(ALONE, 0, ASKED) != 0) {
    pause();
    return false;
  }
  isAlone = true;
  let left = load<i32>(PATIENCE);
  for (let working = atomic.load<i32>(WORKING); working != 1; working = atomic.load<i32>(WORKING)) {
    if (left-- == 0) lost();
    atomic.wait<i32>(WORKING, working, SECOND);
  }
  if (atomic.cmpxchg<i32>(ALONE, ASKED, CHANGING) != ASKED) lost();
  return true;
}

export function goOn(): void {
  isAlone = false;
  if (atomic.cmpxchg<i32>(ALONE, CHANGING, 0) != CHANGING) atomic.cmpxchg<i32>(ALONE, ASKED, 0);
  atomic.notify(ALONE);
}

/**
 * Goes on for good without the others, one of whom may have died at work, or may be stopped wherever it is: what is there stays as it is from now on, though they
 * may add to it. Waits while one of them changes it.
 */
export function forsake(): void {
  let left = FOR_ROOM;
  for (let alone = atomic.load<i32>(ALONE); alone != FORSAKEN; alone = atomic.load<i32>(ALONE)) {
    if (alone != CHANGING) {
      atomic.cmpxchg<i32>(ALONE, alone, FORSAKEN);
      continue;
    }
    if (left-- == 0) lost();
    if (!help()) atomic.wait<i32>(ALONE, CHANGING, SECOND);
  }
  isLast = true;
}

/** Waits while another thread is alone, and helps. */
export function attend(): void {
  enter();
  leave();
}

/** How many seconds a thread is waited for that is at work. */
export function bePatient(seconds: i32): void {
  atomic.store<i32>(PATIENCE, seconds);
}

/** One thread more. */
export function arrive(): void {
  atomic.add<i32>(JOINED, 1);
}

/** Enters so many pairs in their table, together with all who wait. By who is alone. */
export function together(pairs: usize, count: i32): void {
  // Whoever comes meanwhile is not told of it: it is done without a thought of others.
  if (atomic.load<i32>(JOINED) == 1) {
    enterAgain(changetype<Pairs>(pairs), 0, count, true);
    return;
  }
  atomic.store<i32>(NEXT, 0);
  atomic.store<usize>(JOB, pairs);
  if (count > SOME) atomic.notify(ALONE);
  takeSome(changetype<Pairs>(pairs), count);
  atomic.store<usize>(JOB, 0);
  let left = FOR_ROOM;
  for (let helping = atomic.load<i32>(HELPING); helping != 0; helping = atomic.load<i32>(HELPING)) {
    if (left-- == 0) lost();
    atomic.wait<i32>(HELPING, helping, SECOND);
  }
}

/** False: there was nothing to help with. */
function help(): bool {
  atomic.add<i32>(HELPING, 1);
  const job = atomic.load<usize>(JOB);
  const hasHelped = job != 0 && takeSome(changetype<Pairs>(job), changetype<Pairs>(job).count);
  atomic.sub<i32>(HELPING, 1);
  atomic.notify(HELPING);
  return hasHelped;
}

/** False: all had been taken. */
function takeSome(pairs: Pairs, count: i32): bool {
  let hasTaken = false;
  for (let begin = atomic.add<i32>(NEXT, SOME); begin < count; begin = atomic.add<i32>(NEXT, SOME)) {
    enterAgain(pairs, begin, min(count, begin + SOME), false);
    hasTaken = true;
  }
  return hasTaken;
}
