import { HK_INVALID, NGF_INVALID } from './flags.ts';
import { refcount_acquire, refcount_acquire_if_not_zero } from './count.ts';
import { NET_EPOCH_ENTER, NET_EPOCH_EXIT } from './epoch.ts';
import { at, globals, hook_, item_, node_, td_, type Pointer } from './layout.ts';
import { rw_rlock, rw_runlock } from './lock.ts';
import { live } from './pool.ts';
import { tally } from './item.ts';
import { sendTo } from './send.ts';
import { EIO, type Td } from './td.ts';

/**
 * Sends a packet out by a hook: ng_address_hook and ng_snd_item in one (ng_base.c:3643-3680, 2276-2404). The caller is in a section, and
 * what the packet leads to is there until that ends.
 *
 * `lockfree`: five loads; hk_peer is loaded once, so that hook and node are a pair. No reference, no lock.
 * `rwlock`: the same under the topology lock, as a reader, and a reference on each of the two.
 *
 * @param counter the address of a word that counts what could be sent, or 0
 * @returns 0, or EIO when an end is gone; the packet is dropped then.
 */
export function forward(td: Td, hook: Pointer, m: number, way: number, counter = 0): number {
  const { arena } = td;
  if (!td.lockfree) rw_rlock(td, globals.ng_topo_lock);
  const peer = peerOf(td, hook);
  const node = peer === 0 ? 0 : live(td, 'node', Atomics.load(arena, at(peer, hook_.hk_node)));
  if (node === 0 || Atomics.load(arena, at(node, node_.nd_flags)) & NGF_INVALID) {
    if (!td.lockfree) rw_runlock(td, globals.ng_topo_lock);
    return drop(td);
  }
  if (!td.lockfree) {
    refcount_acquire(td, at(peer, hook_.hk_refs));
    refcount_acquire(td, at(node, node_.nd_refs));
    rw_runlock(td, globals.ng_topo_lock);
  }
  const error = sendTo(td, node, peer, m, way);
  if (counter !== 0) Atomics.store(arena, counter, (Atomics.load(arena, counter) + 1) | 0);
  return error;
}

/**
 * Addresses a message to the other end of a hook. It takes references, on the hook only if there is one left: then the node, which the hook keeps, has one too. That is done in a section; the
 * hook that it is sent by must be the caller's, as the writer of its node, or be kept by a section of his. @returns whether it did.
 */
export function addressMessage(td: Td, hook: Pointer, item: Pointer): boolean {
  NET_EPOCH_ENTER(td);
  if (!td.lockfree) rw_rlock(td, globals.ng_topo_lock);
  const isAddressed = address(td, hook, item);
  if (!td.lockfree) rw_runlock(td, globals.ng_topo_lock);
  NET_EPOCH_EXIT(td);
  return isAddressed;
}

function address(td: Td, hook: Pointer, item: Pointer): boolean {
  const { arena } = td;
  const peer = peerOf(td, hook);
  const node = peer === 0 ? 0 : live(td, 'node', Atomics.load(arena, at(peer, hook_.hk_node)));
  if (node === 0 || Atomics.load(arena, at(node, node_.nd_flags)) & NGF_INVALID) return false;
  if (!refcount_acquire_if_not_zero(td, at(peer, hook_.hk_refs))) return false;
  refcount_acquire(td, at(node, node_.nd_refs));
  Atomics.store(arena, at(item, item_.el_hook), peer);
  Atomics.store(arena, at(item, item_.el_dest), node);
  return true;
}

/** The other end of a link, if both ends are valid; else 0. */
function peerOf(td: Td, hook: Pointer): Pointer {
  const { arena } = td;
  if (hook === 0 || Atomics.load(arena, at(live(td, 'hook', hook), hook_.hk_flags)) & HK_INVALID) return 0;
  const peer = live(td, 'hook', Atomics.load(arena, at(hook, hook_.hk_peer)));
  return Atomics.load(arena, at(peer, hook_.hk_flags)) & HK_INVALID ? 0 : peer;
}

/** The packet goes nowhere. */
export function drop(td: Td): number {
  tally(td, td_.dropped);
  return EIO;
}
