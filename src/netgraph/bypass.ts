import { ng_destroy_hook } from './destroy.ts';
import { HK_INVALID } from './flags.ts';
import { at, globals, hook_, ng_deadhook, type Pointer } from './layout.ts';
import { rw_wlock, rw_wunlock } from './lock.ts';
import { live } from './pool.ts';
import { ng_unref_hook } from './reference.ts';
import type { Td } from './td.ts';

/**
 * Takes a node out of the way: the peers of two of its hooks become each other's peers, and the two hooks are destroyed (ng_base.c:1283-1309). The
 * caller is the writer of their node. Refused where one of them has no peer any more: what would be stored for the peer went to ng_deadhook, which
 * all hooks without a peer share.
 */
export function ng_bypass(td: Td, hook1: Pointer, hook2: Pointer): void {
  rw_wlock(td, globals.ng_topo_lock);
  const [peer1, peer2] = [peerOf(td, hook1), peerOf(td, hook2)];
  if (peer1 !== 0 && peer2 !== 0) marryPeers(td, hook1, hook2, peer1, peer2);
  rw_wunlock(td, globals.ng_topo_lock);
  if (peer1 === 0 || peer2 === 0) return;
  ng_unref_hook(td, hook1);
  ng_unref_hook(td, hook2);
  ng_destroy_hook(td, hook1);
  ng_destroy_hook(td, hook2);
}

/** The peer of a valid hook, or 0. */
function peerOf({ arena }: Td, hook: Pointer): Pointer {
  if (Atomics.load(arena, at(hook, hook_.hk_flags)) & HK_INVALID) return 0;
  const peer = Atomics.load(arena, at(hook, hook_.hk_peer));
  return peer === ng_deadhook ? 0 : peer;
}

/** Each keeps the reference that it had from its old peer, for its new one. */
function marryPeers(td: Td, hook1: Pointer, hook2: Pointer, peer1: Pointer, peer2: Pointer): void {
  const { arena } = td;
  Atomics.store(arena, at(live(td, 'hook', peer1), hook_.hk_peer), peer2);
  Atomics.store(arena, at(live(td, 'hook', peer2), hook_.hk_peer), peer1);
  Atomics.store(arena, at(hook1, hook_.hk_peer), ng_deadhook);
  Atomics.store(arena, at(hook2, hook_.hk_peer), ng_deadhook);
}
