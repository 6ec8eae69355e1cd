import { given, NET_EPOCH_ENTER, NET_EPOCH_EXIT, rw_wlock, rw_wunlock, sameAddress } from '../src/machine/access.ts';
import { procedure } from '../src/machine/procedure.ts';
import { ng_destroy_hook } from './destroy.ts';
import { ng } from './globals.ts';
import { HK_INVALID, ng_deadhook, type Hook } from './hook.ts';
import { ng_unref_hook } from './reference.ts';

/**
 * Takes a node out of the way: the peers of two of its hooks become each other's peers, and the two hooks are destroyed.
 *
 * What hk_peer leads to is not looked at: when the other end has been divorced it is ng_deadhook, and the store that was meant
 * for the peer changes the sentinel, which all divorced hooks share. Returns whether it was done.
 */
export const ng_bypass = procedure('ng_base.c:1283-1309', function ng_bypass(hook1: Hook, hook2: Hook): boolean {
  if (!areOfOneNode(hook1, hook2)) return false; // 1286
  if (given('make-in-epoch')) NET_EPOCH_ENTER();
  rw_wlock(ng.ng_topo_lock); // 1290
  // 1291
  if (isInvalid(hook1) || isInvalid(hook2) || (given('bypass-needs-peers') && (hasLost(hook1) || hasLost(hook2)))) {
    rw_wunlock(ng.ng_topo_lock); // 1292
    if (given('make-in-epoch')) NET_EPOCH_EXIT();
    return false;
  }
  linkFirst(hook1, hook2); // 1295
  linkSecond(hook1, hook2); // 1296
  hook1.hk_peer = ng_deadhook; // 1298
  hook2.hk_peer = ng_deadhook; // 1299
  rw_wunlock(ng.ng_topo_lock); // 1300
  ng_unref_hook(hook1); // 1302
  ng_unref_hook(hook2); // 1303
  ng_destroy_hook(hook1); // 1306
  ng_destroy_hook(hook2); // 1307
  if (given('make-in-epoch')) NET_EPOCH_EXIT();
  return true;
});

const areOfOneNode = procedure('ng_base.c:1286', function areOfOneNode(hook1: Hook, hook2: Hook): boolean {
  const node1 = hook1.hk_node; // 1286
  return sameAddress(node1, hook2.hk_node); // 1286
});

const isInvalid = procedure('ng_base.c:1291', function isInvalid(hook: Hook): boolean {
  return (hook.hk_flags & HK_INVALID) !== 0; // 1291
});

/** Whether it has no peer any more. Called under the lock under which it would lose it. */
const hasLost = procedure('ng_base.c:1291', function hasLost(hook: Hook): boolean {
  return hook.hk_peer === ng_deadhook;
});

/** The peer of each gets the peer of the other. */
const linkFirst = procedure('ng_base.c:1295', function linkFirst(hook1: Hook, hook2: Hook): void {
  const peer2 = hook2.hk_peer; // 1295
  hook1.hk_peer.hk_peer = peer2; // 1295
});

const linkSecond = procedure('ng_base.c:1296', function linkSecond(hook1: Hook, hook2: Hook): void {
  const peer1 = hook1.hk_peer; // 1296
  hook2.hk_peer.hk_peer = peer1; // 1296
});
