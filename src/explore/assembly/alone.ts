import { lost } from './imported';

/**
 * Threads look for states and add them at the same time; but who makes room, for a table or for wider numbers, is alone meanwhile. Each is counted while it is at
 * work, and stops where nothing is half done: between two batches, or where it would make room itself.
 */

/** Where it stands how many threads are at work, and whether one is to be alone. */
const WORKING: usize = 20;
const ALONE: usize = 24;

/** A wait has an end, as the thread that is waited for may have died: so many times a second. */
const SECOND: i64 = 1_000_000_000;
const FOR_A_BATCH: i32 = 120;
const FOR_ROOM: i32 = 1200;

let isAlone: bool = false;

/** Begins to work; waits while another thread is alone. */
export function enter(): void {
  while (true) {
    for (let left = FOR_ROOM; atomic.load<i32>(ALONE) != 0; left--) {
      if (left == 0) lost();
      atomic.wait<i32>(ALONE, 1, SECOND);
    }
    atomic.add<i32>(WORKING, 1);
    if (atomic.load<i32>(ALONE) == 0) return;
    leave();
  }
}

/** Ends to work; also after something was thrown, wherever that was. */
export function leave(): void {
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
  if (atomic.cmpxchg<i32>(ALONE, 0, 1) != 0) {
    pause();
    return false;
  }
  isAlone = true;
  let left = FOR_A_BATCH;
  for (let working = atomic.load<i32>(WORKING); working != 1; working = atomic.load<i32>(WORKING)) {
    if (left-- == 0) lost();
    atomic.wait<i32>(WORKING, working, SECOND);
  }
  return true;
}

export function goOn(): void {
  isAlone = false;
  atomic.store<i32>(ALONE, 0);
  atomic.notify(ALONE);
}
