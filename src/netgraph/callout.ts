import { refcount_acquire } from './count.ts';
import { NET_EPOCH_ENTER, NET_EPOCH_EXIT } from './epoch.ts';
import { NGQF_FN } from './flags.ts';
import { ng_free_item } from './item.ts';
import { at, globals, item_, node_, type Pointer } from './layout.ts';
import { mtx_lock, mtx_unlock } from './lock.ts';
import { alloc, live } from './pool.ts';
import { read, write } from './private.ts';
import { ng_snd_item } from './send.ts';
import { ENOMEM, type Td } from './td.ts';

/**
 * Callouts: a function item that is sent to its node when its time has come (ng_base.c:3843-3936). Here a time has come when a program calls `softclock`, which takes the
 * callout that was set off first. While a callout is pending its item belongs to nobody; who takes it off the wheel, to run it or to stop it, takes the item over.
 *
 * struct callout is the beginning of the private data that it lies in, and dies with it. The wheel, and what a callout says of itself, is
 * touched under `cc_mtx` only; `c_arg` also by the writer of the node.
 */
const c_flags = 0;
const c_next = 1;
const c_arg = 2;
/** Words of a struct callout. */
export const CALLOUT_WORDS = 3;

const CALLOUT_PENDING = 1;

/** Sets the callout off anew, with that item. Returns whether it was pending. */
function callout_reset(td: Td, c: Pointer, item: Pointer): boolean {
  mtx_lock(td, globals.cc_mtx);
  const cancelled = read(td, c, c_flags) === CALLOUT_PENDING;
  write(td, c, c_arg, item);
  if (!cancelled) append(td, c);
  write(td, c, c_flags, CALLOUT_PENDING);
  mtx_unlock(td, globals.cc_mtx);
  return cancelled;
}

/** Takes the callout off the wheel. Returns 1 if it was there; but 0 if its function is running at the same time, whether it was there or not; -1 if neither. */
function callout_stop(td: Td, c: Pointer): number {
  mtx_lock(td, globals.cc_mtx);
  const running = Atomics.load(td.arena, globals.cc_exec_curr) === c;
  const pending = takeOff(td, c);
  mtx_unlock(td, globals.cc_mtx);
  if (running) return 0;
  return pending ? 1 : -1;
}

/** Waits until the function does not run, and takes the callout off the wheel under the same lock. Returns whether it was there. */
function callout_drain(td: Td, c: Pointer): boolean {
  const { arena } = td;
  for (;;) {
    mtx_lock(td, globals.cc_mtx);
    if (Atomics.load(arena, globals.cc_exec_curr) !== c) {
      const pending = takeOff(td, c);
      mtx_unlock(td, globals.cc_mtx);
      return pending;
    }
    mtx_unlock(td, globals.cc_mtx);
    Atomics.wait(arena, globals.cc_exec_curr, c);
  }
}

function append(td: Td, c: Pointer): void {
  const last = Atomics.load(td.arena, globals.cc_last);
  write(td, c, c_next, 0);
  if (last === 0) Atomics.store(td.arena, globals.cc_first, c);
  else write(td, last, c_next, c);
  Atomics.store(td.arena, globals.cc_last, c);
}

/** Whether it was on the wheel; it is not any more. */
function takeOff(td: Td, c: Pointer): boolean {
  const pending = read(td, c, c_flags) === CALLOUT_PENDING;
  if (pending) unlink(td, c);
  write(td, c, c_flags, 0);
  return pending;
}

function unlink(td: Td, c: Pointer): void {
  const { arena } = td;
  let before = 0;
  for (let one = Atomics.load(arena, globals.cc_first); one !== c; one = read(td, one, c_next)) before = one;
  const next = read(td, c, c_next);
  if (before === 0) Atomics.store(arena, globals.cc_first, next);
  else write(td, before, c_next, next);
  if (next === 0) Atomics.store(arena, globals.cc_last, before);
}

/** Runs the callout that was set off first, unless one is running. To be called outside sections. @returns whether one was run. */
export function softclock(td: Td): boolean {
  const { arena } = td;
  mtx_lock(td, globals.cc_mtx);
  const c = Atomics.load(arena, globals.cc_exec_curr) === 0 ? Atomics.load(arena, globals.cc_first) : 0;
  if (c === 0) {
    mtx_unlock(td, globals.cc_mtx);
    return false;
  }
  const item = read(td, live(td, 'private', c), c_arg);
  Atomics.store(arena, globals.cc_exec_curr, c);
  takeOff(td, c);
  mtx_unlock(td, globals.cc_mtx);
  ng_callout_trampoline(td, item);
  mtx_lock(td, globals.cc_mtx);
  Atomics.store(arena, globals.cc_exec_curr, 0);
  mtx_unlock(td, globals.cc_mtx);
  Atomics.notify(arena, globals.cc_exec_curr);
  return true;
}

function ng_callout_trampoline(td: Td, item: Pointer): void {
  NET_EPOCH_ENTER(td);
  ng_snd_item(td, item, false);
  NET_EPOCH_EXIT(td);
}

/** Has a function applied on a node later, as a writer. @returns 0, or ENOMEM. */
export function ng_callout(td: Td, c: Pointer, node: Pointer, fn: number, arg1: Pointer): number {
  const { arena } = td;
  const item = alloc(td, 'item');
  if (item === 0) return ENOMEM;
  Atomics.store(arena, at(item, item_.el_flags), NGQF_FN);
  refcount_acquire(td, at(node, node_.nd_refs));
  Atomics.store(arena, at(item, item_.el_dest), node);
  Atomics.store(arena, at(item, item_.fn), fn);
  Atomics.store(arena, at(item, item_.fn_arg1), arg1);
  const oitem = read(td, c, c_arg);
  if (callout_reset(td, c, item) && oitem !== 0) ng_free_item(td, oitem);
  return 0;
}

/** Frees the item of a callout that has been taken off the wheel. */
function ng_uncallout_internal(td: Td, c: Pointer, node: Pointer): void {
  const item = read(td, c, c_arg);
  if (item !== 0 && Atomics.load(td.arena, at(item, item_.el_dest)) === node) ng_free_item(td, item);
  write(td, c, c_arg, 0);
}

/** Stops a callout. If its function runs it may set it off again. */
export function ng_uncallout(td: Td, c: Pointer, node: Pointer): void {
  if (callout_stop(td, c) > 0) ng_uncallout_internal(td, c, node);
}

/** The same for who can sleep: once the function has run nothing sets the callout off again but the node's writer, the caller. */
export function ng_uncallout_drain(td: Td, c: Pointer, node: Pointer): void {
  if (callout_drain(td, c)) ng_uncallout_internal(td, c, node);
}
