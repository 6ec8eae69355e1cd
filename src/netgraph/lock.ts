import { Fault } from './fault.ts';
import type { Td } from './td.ts';

/**
 * Locks that sleep, each in one word.
 *
 * A mutex is 0, or the number of its owner plus one; below zero, that number says that somebody may sleep on it. Who has slept
 * takes it with the sign, since he cannot know whether he was the only one. The owner stands in it so that a mutex whose
 * owner has died can be told.
 */

/** Cost: one access when it is free. */
export function mtx_lock({ arena, thread }: Td, mutex: number): void {
  const me = thread + 1;
  if (Atomics.compareExchange(arena, mutex, 0, me) === 0) return;
  for (;;) {
    const owner = Atomics.load(arena, mutex);
    if (owner === 0) {
      if (Atomics.compareExchange(arena, mutex, 0, -me) === 0) return;
    } else if (owner < 0 || Atomics.compareExchange(arena, mutex, owner, -owner) === owner) {
      Atomics.wait(arena, mutex, -Math.abs(owner));
    }
  }
}

/** @throws {Fault} when the thread does not own it. */
export function mtx_unlock({ arena, thread }: Td, mutex: number): void {
  const owner = Atomics.exchange(arena, mutex, 0);
  if (Math.abs(owner) !== thread + 1)
    throw new Fault(`thread ${thread} unlocks a mutex of thread ${Math.abs(owner) - 1}`);
  if (owner < 0) Atomics.notify(arena, mutex, 1);
}

/**
 * A reader/writer lock: bit 0 a writer, bit 1 somebody sleeps, readers in fours. Who comes as a reader while somebody sleeps sleeps
 * as well, so writers are not kept out by readers who come one after the other; as in rwlock(9). The last reader to leave
 * lets bit 1 stand: only the writer that it is for can go in then.
 */
const WRITER = 1;
const SLEEPER = 2;
const READER = 4;

export function rw_rlock({ arena }: Td, lock: number): void {
  for (;;) {
    const v = Atomics.load(arena, lock);
    if ((v & (WRITER | SLEEPER)) === 0) {
      if (Atomics.compareExchange(arena, lock, v, v + READER) === v) return;
    } else sleep(arena, lock, v);
  }
}

export function rw_runlock({ arena }: Td, lock: number): void {
  const v = Atomics.sub(arena, lock, READER);
  if (v === READER + SLEEPER) Atomics.notify(arena, lock);
}

export function rw_wlock({ arena }: Td, lock: number): void {
  for (;;) {
    const v = Atomics.load(arena, lock);
    if ((v & ~SLEEPER) === 0) {
      if (Atomics.compareExchange(arena, lock, v, v | WRITER) === v) return;
    } else sleep(arena, lock, v);
  }
}

export function rw_wunlock({ arena }: Td, lock: number): void {
  if (Atomics.exchange(arena, lock, 0) & SLEEPER) Atomics.notify(arena, lock);
}

/** Sleeps until the word is no longer what it was, having said so in it. */
function sleep(arena: Int32Array, lock: number, v: number): void {
  const slept = v | SLEEPER;
  if (v !== slept && Atomics.compareExchange(arena, lock, v, slept) !== v) return;
  Atomics.wait(arena, lock, slept);
}
