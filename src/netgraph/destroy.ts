import { FN_RMHOOK_PART2, HK_DESTROYED, HK_INVALID } from './flags.ts';
import { at, globals, hook_, ng_deadhook, ng_deadnode, node_, type Pointer } from './layout.ts';
import { CK_LIST_REMOVE } from './list.ts';
import { rw_wlock, rw_wunlock } from './lock.ts';
import { Fault } from './fault.ts';
import { live } from './pool.ts';
import { ng_unref_hook } from './reference.ts';
import { ng_send_fn } from './send.ts';
import type { Td } from './td.ts';
import { types } from './ngtype.ts';

/**
 * Destroys a link, each end on its own node: this end here, the other by a function sent to its node (ng_base.c:1202-1277). The caller
 * is the writer of the hook's node. Who comes second finds HK_DESTROYED, which is set under the topology lock.
 */
export function ng_destroy_hook(td: Td, hook: Pointer): void {
  const { arena } = td;
  if (hook === ng_deadhook) return;
  rw_wlock(td, globals.ng_topo_lock);
  const hk_flags = Atomics.load(arena, at(live(td, 'hook', hook), hook_.hk_flags));
  if (hk_flags & HK_DESTROYED) return rw_wunlock(td, globals.ng_topo_lock);
  Atomics.store(arena, at(hook, hook_.hk_flags), hk_flags | HK_INVALID | HK_DESTROYED);
  const peer = Atomics.load(arena, at(hook, hook_.hk_peer));
  const node = Atomics.load(arena, at(hook, hook_.hk_node));
  if (peer !== ng_deadhook) divorce(td, hook, peer);
  else rw_wunlock(td, globals.ng_topo_lock);
  if (node !== ng_deadnode) leaveNode(td, hook, node);
}

/** Under the topology lock, which is given back. Each of the two ends had a reference from the other. */
function divorce(td: Td, hook: Pointer, peer: Pointer): void {
  const { arena } = td;
  Atomics.store(arena, at(live(td, 'hook', peer), hook_.hk_peer), ng_deadhook);
  Atomics.store(arena, at(hook, hook_.hk_peer), ng_deadhook);
  const attached = Atomics.load(arena, at(peer, hook_.hk_node)) !== ng_deadnode;
  rw_wunlock(td, globals.ng_topo_lock);
  if (attached) ng_rmhook_self(td, peer);
  ng_unref_hook(td, peer);
  ng_unref_hook(td, hook);
}

function leaveNode(td: Td, hook: Pointer, node: Pointer): void {
  const { arena } = td;
  CK_LIST_REMOVE(td, hook);
  const numhooks = at(node, node_.nd_numhooks);
  Atomics.store(arena, numhooks, Atomics.load(arena, numhooks) - 1);
  types[Atomics.load(arena, at(node, node_.nd_type))]!.disconnect(td, hook);
  ng_unref_hook(td, hook);
}

/** Asks the hook's node to destroy the hook (1674-1684). */
export function ng_rmhook_self(td: Td, hook: Pointer): void {
  const node = Atomics.load(td.arena, at(hook, hook_.hk_node));
  if (node === ng_deadnode) return;
  if (ng_send_fn(td, node, hook, FN_RMHOOK_PART2) !== 0) throw new Fault('no item is left to take a link apart with');
}
