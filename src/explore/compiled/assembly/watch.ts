import { allocate } from './memory';

/**
 * Which new states need not be shown to the properties (../../model/watch.ts): those in which nothing that one of them reads has changed, or has to what it was before when the
 * property had nothing to say. That is kept in a table in which one entry takes the place of another, so it forgets, and is never wrong.
 */

/** The bits that properties have read: all together, then of each how many words, and of each of these its offset and the bits. */
let watched: usize = 0;
let stride: i32 = 0;
let count: i32 = 0;
let words: i32 = 0;

/** Entries, as a power of two: each the number of a property and one more, and what stood in the bits that it reads. */
const SEEN: i32 = 12;
let seen: usize = 0;
let entryBytes: i32 = 0;

/** Returns where the bits are to be written, for at most so many properties. */
export function beginWatch(stateWords: i32, properties: i32): usize {
  words = stateWords;
  stride = (1 + 2 * words) << 2;
  entryBytes = (1 + words) << 2;
  watched = allocate((words << 2) + properties * stride);
  seen = allocate(entryBytes << SEEN);
  watchAnew(0);
  return watched;
}

/** Bits have been written, of so many properties: what was seen says nothing of other bits. */
export function watchAnew(properties: i32): void {
  count = properties;
  memory.fill(seen, 0, entryBytes << SEEN);
}

/** Whether a state that was reached from another need not be shown to any property. */
export function isSeen(state: usize, from: usize): bool {
  if (!isVisible(state, from)) return true;
  for (let i = 0, at = watched + (words << 2); i < count; i++, at += stride)
    if (hasChanged(at, state, from) && !isNoted(i, at, state)) return false;
  return true;
}

/** No property has anything to say of a state that was reached from another. */
export function see(state: usize, from: usize): void {
  for (let i = 0, at = watched + (words << 2); i < count; i++, at += stride)
    if (hasChanged(at, state, from)) note(i, at, state);
}

function isVisible(state: usize, from: usize): bool {
  for (let i = 0, end = words << 2; i < end; i += 4)
    if (((load<i32>(state + i) ^ load<i32>(from + i)) & load<i32>(watched + i)) != 0) return true;
  return false;
}

// @inline
function hasChanged(property: usize, state: usize, from: usize): bool {
  const end = property + 4 + (load<i32>(property) << 3);
  for (let at = property + 4; at < end; at += 8) {
    const word = load<usize>(at);
    if (((load<i32>(state + word) ^ load<i32>(from + word)) & load<i32>(at + 4)) != 0) return true;
  }
  return false;
}

function isNoted(which: i32, property: usize, state: usize): bool {
  const end = property + 4 + (load<i32>(property) << 3);
  let entry = entryOf(which, property, state);
  if (load<i32>(entry) != which + 1) return false;
  for (let at = property + 4; at < end; at += 8) {
    entry += 4;
    if (load<i32>(entry) != (load<i32>(state + load<usize>(at)) & load<i32>(at + 4))) return false;
  }
  return true;
}

function note(which: i32, property: usize, state: usize): void {
  const end = property + 4 + (load<i32>(property) << 3);
  let entry = entryOf(which, property, state);
  store<i32>(entry, which + 1);
  for (let at = property + 4; at < end; at += 8) {
    entry += 4;
    store<i32>(entry, load<i32>(state + load<usize>(at)) & load<i32>(at + 4));
  }
}

function entryOf(which: i32, property: usize, state: usize): usize {
  const end = property + 4 + (load<i32>(property) << 3);
  let hash = which * 0x85ebca6b;
  for (let at = property + 4; at < end; at += 8) {
    hash = (hash ^ (load<i32>(state + load<usize>(at)) & load<i32>(at + 4))) * 0x9e3779b1;
    hash ^= hash >>> 15;
  }
  return seen + (((hash * 0x85ebca6b) >>> (32 - SEEN)) as usize) * entryBytes;
}
