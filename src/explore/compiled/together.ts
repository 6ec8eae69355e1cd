/**
 * How several threads go through the levels of a breadth-first search. They have one set of states (assembly/pairs.ts, assembly/level.ts), take chunks of a level
 * until there are none, and when the level is over one of them numbers what is new as one thread would have.
 */

/** Words of the memory by which they tell each other what to do. */
export const NEXT_CHUNK = 0;
export const STOP = 1;
export const GO = 2;
export const READY = 3;
export const OVER = 4;
/** The states of the level, and how many of them a thread takes at a time. */
export const FROM = 5;
export const TO = 6;
export const CHUNK = 7;
export const CONTROL = 16;

export const sharedWords = (length: number): Int32Array<SharedArrayBuffer> =>
  new Int32Array(new SharedArrayBuffer(4 * length));
