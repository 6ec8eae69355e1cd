import {
  given, mtx_lock, mtx_unlock, NET_EPOCH_ENTER, NET_EPOCH_EXIT, rw_wlock, rw_wunlock,
} from '../src/machine/access.ts'; // prettier-ignore
import { procedure } from '../src/machine/procedure.ts';
import { ng } from './globals.ts';
import { HK_DESTROYED, HK_INVALID, ng_deadhook, type Hook } from './hook.ts';
import { changes, CK_LIST_REMOVE } from './list.ts';
import { ng_deadnode, type Node } from './node.ts';
import { ng_unref_hook, ng_unref_node } from './reference.ts';
import { ng_send_fn } from './send.ts';

/**
 * Destroys a link, each end on its own node: this end here, the other by a function sent to its node.
 *
 * It can be called twice for one hook, and the second call is meant to find that the hook belongs to ng_deadnode already. It
 * does if the two calls come one after the other, which the writer gate of the node sees to. Without a gate both
 * can have loaded `hk_node` (1221) before either has stored it (1274):
 *
 *     CPU0: 1221 node = A      CPU1: 1221 node = A
 *     CPU0: 1256 takes the hook off the list, 1267 disconnect, 1275, 1276 gives its references back
 *     CPU1: 1256 takes the hook off the list again, 1267 disconnect again, 1275, 1276 again
 *
 * Where a hook keeps its node, `hk_node` says nothing of that, and a flag does (destroyed-once).
 */
export const ng_destroy_hook = procedure('ng_base.c:1202-1277', function ng_destroy_hook(hook: Hook): void {
  if (hook === ng_deadhook) return;
  if (given('make-in-epoch')) NET_EPOCH_ENTER();
  rw_wlock(ng.ng_topo_lock); // 1216
  if (given('destroyed-once') && hook.hk_flags & HK_DESTROYED) return rw_wunlock(ng.ng_topo_lock);
  hook.hk_flags |= given('destroyed-once') ? HK_INVALID | HK_DESTROYED : HK_INVALID; // 1218
  const peer = hook.hk_peer; // 1220
  const node = hook.hk_node; // 1221
  if (peer !== ng_deadhook) {
    peer.hk_peer = ng_deadhook; // 1229
    hook.hk_peer = ng_deadhook; // 1230
    if (peer.hk_node === ng_deadnode) {
      // 1231
      rw_wunlock(ng.ng_topo_lock); // 1236
    } else {
      rw_wunlock(ng.ng_topo_lock); // 1238
      ng_rmhook_self(peer); // 1239
    }
    ng_unref_hook(peer); // 1241
    ng_unref_hook(hook); // 1242
  } else {
    rw_wunlock(ng.ng_topo_lock); // 1244
  }
  if (node !== ng_deadnode) leaveNode(hook, node); // 1252
  if (given('make-in-epoch')) NET_EPOCH_EXIT();
});

/** The second half of ng_destroy_hook: the hook leaves its node. */
const leaveNode = procedure('ng_base.c:1255-1276', function leaveNode(hook: Hook, node: Node): void {
  if (given('node-mutex')) mtx_lock(node.node_mtx); // 1255
  changes(node, 1);
  CK_LIST_REMOVE(hook); // 1256
  if (!given('count-after-mutex')) node.nd_numhooks -= 1; // 1257
  if (!given('count-after-mutex')) changes(node, -1);
  if (given('node-mutex')) mtx_unlock(node.node_mtx); // 1258
  if (given('count-after-mutex')) node.nd_numhooks -= 1; // 1257
  if (given('count-after-mutex')) changes(node, -1);
  const disconnect = node.nd_type.disconnect; // 1260
  if (disconnect !== null) {
    hook.disconnects += 1;
    disconnect(hook); // 1267
  }
  if (!given('hook-keeps-node')) {
    hook.hk_node = ng_deadnode; // 1274
    ng_unref_node(node); // 1275
  }
  ng_unref_hook(hook); // 1276
});

/** What ng_rmhook_self has done on the hook's node. */
export const ng_rmhook_part2 = procedure(
  'ng_base.c:1667-1671',
  function ng_rmhook_part2(_node: Node, hook: Hook | null): void {
    ng_destroy_hook(hook!); // 1669
  },
);

/** Asks the hook's node to destroy the hook. */
export const ng_rmhook_self = procedure('ng_base.c:1674-1684', function ng_rmhook_self(hook: Hook): void {
  const node = hook.hk_node; // 1677
  if (node === ng_deadnode) return;
  if (given('make-in-epoch')) NET_EPOCH_ENTER();
  ng_send_fn(node, hook, ng_rmhook_part2); // 1682
  if (given('make-in-epoch')) NET_EPOCH_EXIT();
});
