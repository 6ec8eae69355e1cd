import { HK_DEAD, HK_INVALID, NGF_INVALID, STACK } from './flags.ts';
import {
  ARENA_WORDS,
  at,
  counts,
  FIRST_DATA_ITEM,
  globals,
  hook_,
  ng_deadhook,
  ng_deadnode,
  node_,
  td_,
  THREADS,
} from './layout.ts';
import { layHashes } from './hash.ts';
import { fill } from './pool.ts';
import { EBUSY, EINVAL, type Design, type Td } from './td.ts';

/** The arena itself, and how threads come to it. */

const MAGIC = 0x6e67_6d63;
const LOCKFREE = 1;
const RWLOCK = 2;

/** Bytes that the buffer of an arena must have at least. */
export const ARENA_BYTES = ARENA_WORDS * 4;

/**
 * Makes an empty network stack in a buffer, or in one of its own. It is handed to other workers as it is; each comes in by `attach`.
 * @param buffer at least ARENA_BYTES long; what it holds is lost. It must not be growable: that makes each access slower.
 * @throws {RangeError} when it is too small.
 */
export function create(design: Design, buffer = new SharedArrayBuffer(ARENA_BYTES)): Int32Array {
  if (buffer.byteLength < ARENA_BYTES)
    throw new RangeError(`an arena needs ${ARENA_BYTES} bytes, but the buffer has ${buffer.byteLength}`);
  const arena = new Int32Array(buffer, 0, ARENA_WORDS);
  for (let word = 0; word < ARENA_WORDS; word++) Atomics.store(arena, word, 0);
  fill(arena, 'node', 2, counts.node);
  fill(arena, 'hook', 2, counts.hook);
  fill(arena, 'item', 1, FIRST_DATA_ITEM);
  fill(arena, 'dataitem', FIRST_DATA_ITEM, counts.item);
  fill(arena, 'private', 1, counts.private);
  fill(arena, 'ifnet', 1, counts.ifnet);
  fill(arena, 'ngpcb', 1, counts.ngpcb);
  fill(arena, 'ngsock', 1, counts.ngsock);
  fill(arena, 'ngshash', 1, counts.ngshash);
  fill(arena, 'socket', 1, counts.socket);
  fill(arena, 'mesg', 1, counts.mesg);
  fill(arena, 'apply', 1, counts.apply);
  Atomics.store(arena, at(ng_deadnode, node_.generation), 1);
  Atomics.store(arena, at(ng_deadnode, node_.nd_flags), NGF_INVALID);
  Atomics.store(arena, at(ng_deadnode, node_.nd_refs), 1);
  Atomics.store(arena, at(ng_deadhook, hook_.generation), 1);
  Atomics.store(arena, at(ng_deadhook, hook_.hk_flags), HK_INVALID | HK_DEAD);
  Atomics.store(arena, at(ng_deadhook, hook_.hk_peer), ng_deadhook);
  Atomics.store(arena, at(ng_deadhook, hook_.hk_node), ng_deadnode);
  Atomics.store(arena, at(ng_deadhook, hook_.hk_refs), 1);
  layHashes(arena);
  Atomics.store(arena, globals.V_nextID, 1);
  Atomics.store(arena, globals.design, design === 'lockfree' ? LOCKFREE : RWLOCK);
  Atomics.store(arena, globals.magic, MAGIC);
  return arena;
}

/** A thread of an arena, without a look at it: for whoever knows both. Touches nothing. @param stack how many items it can apply within each other. */
export const threadOf = (arena: Int32Array, thread: number, design: Design, stack = STACK): Td => ({
  arena,
  thread,
  lockfree: design === 'lockfree',
  stack,
  used: 0,
});

/**
 * Comes to an arena as a thread. What is returned is for this worker alone.
 * @param thread a number that no other worker has now, from 0 to 31.
 * @returns the thread; EINVAL when the number is none or the array is no arena; EBUSY when somebody has the number.
 */
export function attach(arena: Int32Array, thread: number): Td | number {
  if (!Number.isInteger(thread) || thread < 0 || thread >= THREADS) return EINVAL;
  if (arena.length !== ARENA_WORDS || Atomics.load(arena, globals.magic) !== MAGIC) return EINVAL;
  if (Atomics.compareExchange(arena, at(thread, td_.td_alive), 0, 1) !== 0) return EBUSY;
  return threadOf(arena, thread, Atomics.load(arena, globals.design) === LOCKFREE ? 'lockfree' : 'rwlock');
}
