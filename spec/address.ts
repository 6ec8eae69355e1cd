import {
  given, NET_EPOCH_ENTER, NET_EPOCH_EXIT, refcount_acquire, refcount_acquire_if_not_zero, rw_rlock, rw_runlock,
} from '../src/machine/access.ts'; // prettier-ignore
import { procedure } from '../src/machine/procedure.ts';
import { ng } from './globals.ts';
import { HK_INVALID, type Hook } from './hook.ts';
import { DataItem, type Item } from './item.ts';
import { ng_ID2noderef } from './name.ts';
import { NGF_INVALID, type Node } from './node.ts';
import { ng_free_item } from './package.ts';
import { setRetaddr } from './path.ts';
import { ng_unref_hook } from './reference.ts';

/** Where an item goes: the references on its target are taken here. */

/**
 * Addresses an item to the other end of a hook. Returns whether it did; else the item has been freed.
 *
 * Upstream holds the topology lock, which the divorce takes for writing before it gives the references of the link back: so
 * peer and peernode are a pair, and both counts are above zero. With a section in the lock's place `hk_peer` can change
 * between its two loads, and what a loaded pointer leads to may be on its way out: its memory is kept, its count is not.
 *
 * Where a packet has no references (items-without-references) the caller must be in a section, and must send it within that section. A message has them always: it is addressed in a
 * section of its own there (message-tries-reference), for who sends one as the writer of a node is in none.
 */
export const ng_address_hook = procedure(
  'ng_base.c:3643-3680',
  function ng_address_hook(item: Item, hook: Hook | null, here: Node | null = null): boolean {
    if (isInEpoch(item)) NET_EPOCH_ENTER(); // 3655
    if (given('address-under-topology-lock')) rw_rlock(ng.ng_topo_lock); // 3656
    if (hook === null) return refuseItem(item);
    if (hook.hk_flags & HK_INVALID) return refuseItem(item); // 3657
    const peer = hook.hk_peer; // 3658
    if (peer.hk_flags & HK_INVALID) return refuseItem(item); // 3658
    const again = given('peer-once') ? peer : hook.hk_peer; // 3659
    const peernode = again.hk_node; // 3659
    if (peernode.nd_flags & NGF_INVALID) return refuseItem(item); // 3659
    if (!given('items-without-references') || !(item instanceof DataItem)) {
      if (given('message-tries-reference') && !(item instanceof DataItem)) {
        const held = refcount_acquire_if_not_zero(peer.hk_refs); // 3670
        if (!held) return refuseItem(item);
      } else refcount_acquire(peer.hk_refs); // 3670
      refcount_acquire(peernode.nd_refs); // 3671
    }
    item.el_hook = peer; // 3672
    item.el_dest = peernode; // 3673
    if (!(item instanceof DataItem)) setRetaddr(item, here); // 3674
    if (isInEpoch(item)) NET_EPOCH_EXIT(); // 3676
    if (given('address-under-topology-lock')) rw_runlock(ng.ng_topo_lock); // 3677
    return true;
  },
);

const isInEpoch = (item: Item): boolean =>
  given('address-in-epoch') || (given('message-tries-reference') && !(item instanceof DataItem));

/** The way out of ng_address_hook when an end is gone. The item is freed under the same protection. */
const refuseItem = procedure('ng_base.c:3660-3664', function refuseItem(item: Item): boolean {
  const inEpoch = isInEpoch(item);
  ng_free_item(item); // 3660
  if (inEpoch) NET_EPOCH_EXIT(); // 3662
  if (given('address-under-topology-lock')) rw_runlock(ng.ng_topo_lock); // 3663
  return false;
});

/** Addresses an item to the node with an ID. Returns whether there is one; else the item has been freed. */
export const ng_address_ID = procedure(
  'ng_base.c:3708-3727',
  function ng_address_ID(item: Item, ID: number, here: Node | null): boolean {
    if (given('path-in-one-epoch')) NET_EPOCH_ENTER();
    const found = addressNode(item, ID, here);
    if (given('path-in-one-epoch')) NET_EPOCH_EXIT();
    return found;
  },
);

const addressNode = procedure(
  'ng_base.c:3716-3725',
  function addressNode(item: Item, ID: number, here: Node | null): boolean {
    const dest = ng_ID2noderef(ID); // 3716
    if (dest === null) {
      ng_free_item(item); // 3718
      return false;
    }
    item.el_dest = dest; // 3723
    const stale = item.el_hook; // 3724
    item.el_hook = null; // 3724
    if (stale !== null) ng_unref_hook(stale); // 3724
    setRetaddr(item, here); // 3725
    return true;
  },
);
