import {
  atomic_subtract, atomically, free, given, mtx_destroy, mtx_lock, mtx_unlock, NET_EPOCH_CALL, refcount_release, rw_wlock, rw_wunlock,
} from '../src/machine/access.ts'; // prettier-ignore
import { procedure } from '../src/machine/procedure.ts';
import { ng } from './globals.ts';
import { hash32_str, leaveHash } from './hash.ts';
import { ng_deadhook, type Hook } from './hook.ts';
import { ng_deadnode, type Node } from './node.ts';

/** Giving references back, and what the last one does. */

/** Callback that frees a node once nobody can be looking at it any more. */
export const ng_kill_node = procedure('ng_base.c:800-804', function ng_kill_node(node: Node): void {
  if (given('queue-mutex-in-callback')) mtx_destroy(node.q_mtx);
  free(node); // 803
});

/**
 * Drops a reference on a node. Between the release of the last one and IDHASH W, other threads can still find the node
 * by its ID, if they take it for valid.
 */
export const ng_unref_node = procedure('ng_base.c:811-840', function ng_unref_node(node: Node): void {
  if (node === ng_deadnode) return;
  if (!refcount_release(node.nd_refs)) return; // 819
  if (given('type-mutex')) mtx_lock(node.nd_type.mtx);
  node.nd_type.refs -= 1; // 821
  if (given('type-mutex')) mtx_unlock(node.nd_type.mtx);
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
  if (!given('queue-mutex-in-callback')) mtx_destroy(node.q_mtx); // 834
  if (given('node-mutex')) mtx_destroy(node.node_mtx); // 835
  if (given('deferred-free'))
    NET_EPOCH_CALL(ng_kill_node, node); // 837
  else free(node); // 836
});

/** Callback that frees a hook once nobody can be looking at it any more. */
export const ng_kill_hook = procedure('ng_base.c:1088-1092', function ng_kill_hook(hook: Hook): void {
  free(hook); // 1091
});

/** Drops a reference on a hook. A hook that dies while it is still attached gives its reference on the node back. */
export const ng_unref_hook = procedure('ng_base.c:1070-1082', function ng_unref_hook(hook: Hook): void {
  if (hook === ng_deadhook) return;
  if (!refcount_release(hook.hk_refs)) return; // 1076
  const attached = hook.hk_node; // 1077
  if (attached !== null) {
    ng_unref_node(hook.hk_node); // 1078
  }
  if (given('deferred-free'))
    NET_EPOCH_CALL(ng_kill_hook, hook); // 1079
  else free(hook); // 1080
});
