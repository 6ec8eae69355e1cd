import {
  atomic_fetchadd, atomic_subtract, atomically, free, given, KASSERT, mtx_destroy, mtx_lock, mtx_unlock, NET_EPOCH_CALL, refcount_release,
  rw_wlock, rw_wunlock,
} from '../src/machine/access.ts'; // prettier-ignore
import { procedure } from '../src/machine/procedure.ts';
import { ng } from './globals.ts';
import { hash32_str, leaveHash } from './hash.ts';
import { ng_deadhook, type Hook } from './hook.ts';
import { ng_deadnode, type Node } from './node.ts';

/** Giving references back, and what the last one does. */

/** Callback that frees a node once nobody can be looking at it any more. */
export const ng_kill_node = procedure('ng_base.c:800-804', function ng_kill_node(node: Node): void {
  if (given('private-with-owner')) return reapNode(node);
  if (given('queue-mutex-in-callback')) mtx_destroy(node.q_mtx);
  if (given('type-refs-in-callback')) atomic_fetchadd(node.nd_type, 'refs', -1);
  if (given('teardown-awaits-nodes')) forget(node);
  else free(node); // 803
});

/**
 * The same with what the type has hung on the node. Atomic, as are nodefree and hookfree: nobody is left who could meet these accesses,
 * and if there is somebody all the same, then what he touches has been freed before or after in either case. The counts are told to those who
 * wait for the last node: kldunload(8) and the end of the network stack.
 */
const reapNode = procedure('ng_base.c:800-804', function reapNode(node: Node): void {
  atomically(() => {
    const type = node.nd_type;
    const nodefree = type.nodefree;
    if (nodefree !== null) {
      KASSERT(type.refs > 1, 'nodefree: the type has no nodes, and can have been unloaded');
      nodefree(node);
    }
    if (given('type-refs-in-callback')) atomic_fetchadd(type, 'refs', -1);
    if (given('teardown-awaits-nodes')) forget(node);
    else free(node); // 803
  });
});

/** Frees it, and says so. Atomic: who waits for the count waits until the memory has gone as well. */
const forget = procedure('ng_base.c:803', function forget(node: Node): void {
  atomically(() => {
    free(node); // 803
    atomic_subtract(ng, 'V_ng_kept', 1);
  });
});

/**
 * Drops a reference on a node. Between the release of the last one and IDHASH W, other threads can still find the node
 * by its ID, if they take it for valid.
 */
export const ng_unref_node = procedure('ng_base.c:811-840', function ng_unref_node(node: Node): void {
  if (node === ng_deadnode) return;
  KASSERT(!ng.vnetGone, 'CURVNET_SET: the network stack has gone'); // 817
  if (handsOverAtOnce()) return dropNode(node);
  if (!refcount_release(node.nd_refs)) return; // 819
  if (!given('type-refs-in-callback')) {
    if (given('type-mutex')) mtx_lock(node.nd_type.mtx);
    if (given('type-refs-atomic')) atomic_fetchadd(node.nd_type, 'refs', -1);
    else node.nd_type.refs -= 1; // 821
    if (given('type-mutex')) mtx_unlock(node.nd_type.mtx);
  }
  if (!given('unhash-at-shutdown')) unhash(node);
  if (!given('queue-mutex-in-callback')) mtx_destroy(node.q_mtx); // 834
  if (given('node-mutex')) mtx_destroy(node.node_mtx); // 835
  if (given('deferred-free'))
    NET_EPOCH_CALL(ng_kill_node, node); // 837
  else if (given('type-refs-in-callback') || given('teardown-awaits-nodes'))
    ng_kill_node(node); // 836
  else free(node); // 836
});

/** Whether the last reference has nothing to do but to hand the node over. */
const handsOverAtOnce = (): boolean =>
  given('unhash-at-shutdown') && given('deferred-free') && given('type-refs-atomic');

/**
 * Drops a reference on a node, and hands the node over with the last one. Atomic: whatever is done between the two can be done after
 * them just as well, since it makes no difference to anybody that the node has been handed over; and the grace period that begins as
 * early as it can is the shortest. Who takes the mutex
 * of the queue after it is destroyed is reported, and destroyed sooner it is met by more.
 */
const dropNode = procedure('ng_base.c:811-840', function dropNode(node: Node): void {
  atomically(() => {
    if (!refcount_release(node.nd_refs)) return; // 819
    if (!given('type-refs-in-callback')) atomic_fetchadd(node.nd_type, 'refs', -1);
    mtx_destroy(node.q_mtx); // 834
    NET_EPOCH_CALL(ng_kill_node, node); // 837
  });
});

/** The node leaves both hashes. A node that never came into the ID hash has no ID, but a constructor can have named it. */
export const unhash = procedure('ng_base.c:822-832', function unhash(node: Node): void {
  // Atomic: what is touched here is touched, or in the case of nd_name changed, under this lock only. So it is all the same that
  // the counter is counted down in one access.
  atomically(() => {
    rw_wlock(ng.ng_namehash_lock); // 822
    const name = node.nd_name; // 823
    if (name !== '') {
      atomic_subtract(ng, 'V_ng_named_nodes', 1); // 824
      leaveHash(node, hash32_str(name), true); // 825
    }
    if (given('names-while-hashed')) node.nd_unhashed = true;
    rw_wunlock(ng.ng_namehash_lock); // 827
  });
  if (given('publish-last') && node.nd_ID === 0) return;
  // Atomic: likewise.
  atomically(() => {
    rw_wlock(ng.ng_idhash_lock); // 829
    atomic_subtract(ng, 'V_ng_nodes', 1); // 830
    leaveHash(node, node.nd_ID, false); // 831
    rw_wunlock(ng.ng_idhash_lock); // 832
  });
});

/** Callback that frees a hook once nobody can be looking at it any more. */
export const ng_kill_hook = procedure('ng_base.c:1088-1092', function ng_kill_hook(hook: Hook): void {
  if (!given('hook-keeps-node') && !given('private-with-owner')) return free(hook); // 1091
  const node = reapHook(hook); // 1091
  if (node !== null) ng_unref_node(node);
});

/** Frees it, with what the type has hung on it. Returns the node on which it has kept a reference. Atomic, as reapNode. */
const reapHook = procedure('ng_base.c:1088-1092', function reapHook(hook: Hook): Node | null {
  return atomically(() => {
    const node = given('hook-keeps-node') ? hook.hk_node : null;
    const hookfree = given('private-with-owner') ? hook.hk_node.nd_type.hookfree : null;
    if (hookfree !== null) hookfree(hook);
    free(hook); // 1091
    return node;
  });
});

/**
 * Drops a reference on a hook. A hook that keeps its node gives that reference back when its memory goes, another that dies while it
 * is still attached gives it back here.
 */
export const ng_unref_hook = procedure('ng_base.c:1070-1082', function ng_unref_hook(hook: Hook): void {
  if (hook === ng_deadhook) return;
  if (given('hook-keeps-node') && given('deferred-free')) return dropHook(hook);
  if (!refcount_release(hook.hk_refs)) return; // 1076
  if (!given('hook-keeps-node')) {
    const attached = hook.hk_node; // 1077
    if (attached !== null) ng_unref_node(hook.hk_node); // 1078
  }
  if (given('deferred-free'))
    NET_EPOCH_CALL(ng_kill_hook, hook); // 1079
  else free(hook); // 1080
});

/** Drops a reference on a hook, and hands it over with the last one. Atomic, as dropNode. */
const dropHook = procedure('ng_base.c:1070-1082', function dropHook(hook: Hook): void {
  atomically(() => {
    if (refcount_release(hook.hk_refs)) NET_EPOCH_CALL(ng_kill_hook, hook); // 1076, 1079
  });
});
