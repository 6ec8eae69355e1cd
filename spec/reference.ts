import {
  atomic_fetchadd, atomic_subtract, atomically, free, given, mtx_destroy, mtx_lock, mtx_unlock, NET_EPOCH_CALL, refcount_release,
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
  if (given('private-with-owner')) freePrivate(node);
  if (given('queue-mutex-in-callback')) mtx_destroy(node.q_mtx);
  free(node); // 803
});

/** Has the type free what it has hung on the node. */
const freePrivate = procedure('', function freePrivate(node: Node): void {
  const nodefree = node.nd_type.nodefree;
  if (nodefree !== null) nodefree(node);
});

/**
 * Drops a reference on a node. Between the release of the last one and IDHASH W, other threads can still find the node
 * by its ID, if they take it for valid.
 */
export const ng_unref_node = procedure('ng_base.c:811-840', function ng_unref_node(node: Node): void {
  if (node === ng_deadnode) return;
  if (!refcount_release(node.nd_refs)) return; // 819
  if (given('type-mutex')) mtx_lock(node.nd_type.mtx);
  if (given('type-refs-atomic')) atomic_fetchadd(node.nd_type, 'refs', -1);
  else node.nd_type.refs -= 1; // 821
  if (given('type-mutex')) mtx_unlock(node.nd_type.mtx);
  if (!given('unhash-at-shutdown')) unhash(node);
  if (!given('queue-mutex-in-callback')) mtx_destroy(node.q_mtx); // 834
  if (given('node-mutex')) mtx_destroy(node.node_mtx); // 835
  if (given('deferred-free'))
    NET_EPOCH_CALL(ng_kill_node, node); // 837
  else free(node); // 836
});

/** The node leaves both hashes. A node that never came into the ID hash has no ID. */
export const unhash = procedure('ng_base.c:822-832', function unhash(node: Node): void {
  if (given('publish-last') && node.nd_ID === 0) return;
  // Atomic: what is touched here is touched, or in the case of nd_name changed, under this lock only. So it is all the same that
  // the counter is counted down in one access.
  atomically(() => {
    rw_wlock(ng.ng_namehash_lock); // 822
    const name = node.nd_name; // 823
    if (name !== '') {
      atomic_subtract(ng, 'V_ng_named_nodes', 1); // 824
      leaveHash(node, hash32_str(name), true); // 825
    }
    rw_wunlock(ng.ng_namehash_lock); // 827
  });
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
  const node = given('hook-keeps-node') ? hook.hk_node : null;
  if (given('private-with-owner')) freeHookPrivate(hook);
  free(hook); // 1091
  if (node !== null) ng_unref_node(node);
});

/** Has the type free what it has hung on the hook. */
const freeHookPrivate = procedure('', function freeHookPrivate(hook: Hook): void {
  const hookfree = hook.hk_node.nd_type.hookfree;
  if (hookfree !== null) hookfree(hook);
});

/**
 * Drops a reference on a hook. A hook that keeps its node gives that reference back when its memory goes, another that dies while it
 * is still attached gives it back here.
 */
export const ng_unref_hook = procedure('ng_base.c:1070-1082', function ng_unref_hook(hook: Hook): void {
  if (hook === ng_deadhook) return;
  if (!refcount_release(hook.hk_refs)) return; // 1076
  if (!given('hook-keeps-node')) {
    const attached = hook.hk_node; // 1077
    if (attached !== null) ng_unref_node(hook.hk_node); // 1078
  }
  if (given('deferred-free'))
    NET_EPOCH_CALL(ng_kill_hook, hook); // 1079
  else free(hook); // 1080
});
