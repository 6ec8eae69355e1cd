import { ng_apply_item } from './apply.ts';
import { NET_EPOCH_ENTER, NET_EPOCH_EXIT, runCallbacks } from './epoch.ts';
import { NGQ2_WORKQ, NGQF_DATA, NGQF_QREADER, NGQF_TYPE, NGQRW_R, NGQRW_W } from './flags.ts';
import { at, globals, item_, node_, type Pointer } from './layout.ts';
import { mtx_lock, mtx_unlock } from './lock.ts';
import { ng_dequeue } from './queue.ts';
import { refcount_acquire } from './count.ts';
import { ng_unref_node } from './reference.ts';
import type { Td } from './td.ts';

/** The worklist: nodes whose queues want a thread (ng_base.c:3453-3541). */

/** Puts a node on the worklist, unless it is there or a thread drains it. Called with q_mtx held. */
export function ng_worklist_add(td: Td, node: Pointer): void {
  const { arena } = td;
  const q_flags2 = Atomics.load(arena, at(node, node_.q_flags2));
  if (q_flags2 & NGQ2_WORKQ) return;
  Atomics.store(arena, at(node, node_.q_flags2), q_flags2 | NGQ2_WORKQ);
  refcount_acquire(td, at(node, node_.nd_refs));
  mtx_lock(td, globals.ng_worklist_mtx);
  Atomics.store(arena, at(node, node_.q_work), 0);
  const last = Atomics.load(arena, globals.ng_worklist_last);
  Atomics.store(arena, last === 0 ? globals.ng_worklist_first : at(last, node_.q_work), node);
  Atomics.store(arena, globals.ng_worklist_last, node);
  Atomics.add(arena, globals.ng_worklist_seq, 1);
  mtx_unlock(td, globals.ng_worklist_mtx);
  Atomics.notify(arena, globals.ng_worklist_seq, 1);
}

function takeNode(td: Td): Pointer {
  const { arena } = td;
  if (Atomics.load(arena, globals.ng_worklist_first) === 0) return 0;
  mtx_lock(td, globals.ng_worklist_mtx);
  const node = Atomics.load(arena, globals.ng_worklist_first);
  if (node !== 0) {
    const next = Atomics.load(arena, at(node, node_.q_work));
    Atomics.store(arena, globals.ng_worklist_first, next);
    if (next === 0) Atomics.store(arena, globals.ng_worklist_last, 0);
  }
  mtx_unlock(td, globals.ng_worklist_mtx);
  return node;
}

/**
 * What an ngthread does between two sleeps: takes one node off the worklist, applies what its gate lets in, and runs the callbacks that
 * are due. To be called outside sections.
 * @returns how many items it has applied; -1 when no node wanted a thread.
 */
export function serviceQueue(td: Td): number {
  const node = takeNode(td);
  if (node === 0) {
    runCallbacks(td);
    return -1;
  }
  let applied = 0;
  NET_EPOCH_ENTER(td);
  while (applyNext(td, node)) applied++;
  NET_EPOCH_EXIT(td);
  ng_unref_node(td, node);
  runCallbacks(td);
  return applied;
}

/** Sleeps until a node wants a thread, `timeout` milliseconds at most. Returns whether one may. */
export function awaitWork({ arena }: Td, timeout: number): boolean {
  const seq = Atomics.load(arena, globals.ng_worklist_seq);
  if (Atomics.load(arena, globals.ng_worklist_first) !== 0) return true;
  return Atomics.wait(arena, globals.ng_worklist_seq, seq, timeout) !== 'timed-out';
}

/** One turn. A packet is applied in the section, messages and functions outside: they may sleep. */
function applyNext(td: Td, node: Pointer): boolean {
  const { arena } = td;
  mtx_lock(td, at(node, node_.q_mtx));
  const item = ng_dequeue(td, node);
  if (item === 0) {
    Atomics.and(arena, at(node, node_.q_flags2), ~NGQ2_WORKQ);
    mtx_unlock(td, at(node, node_.q_mtx));
    return false;
  }
  mtx_unlock(td, at(node, node_.q_mtx));
  const dest = Atomics.load(arena, at(item, item_.el_dest));
  Atomics.store(arena, at(item, item_.el_dest), 0);
  const el_flags = Atomics.load(arena, at(item, item_.el_flags));
  const outside = (el_flags & NGQF_TYPE) !== NGQF_DATA;
  if (outside) NET_EPOCH_EXIT(td);
  ng_apply_item(td, dest, item, el_flags & NGQF_QREADER ? NGQRW_R : NGQRW_W);
  if (outside) NET_EPOCH_ENTER(td);
  ng_unref_node(td, dest);
  return true;
}
