import {
  alloc, atomically, given, NET_EPOCH_ENTER, NET_EPOCH_EXIT, refcount_acquire, rw_rlock, rw_runlock, rw_wlock, rw_wunlock,
} from '../src/machine/access.ts'; // prettier-ignore
import { procedure } from '../src/machine/procedure.ts';
import { isReserved, linkHook, ng_add_hook } from './addhook.ts';
import { asks } from './asked.ts';
import { ng_destroy_hook } from './destroy.ts';
import { EEXIST, ENOENT } from './errno.ts';
import { ng_findhook } from './findhook.ts';
import { fresh } from './fresh.ts';
import { ng } from './globals.ts';
import { HK_INVALID, Hook, ng_deadhook } from './hook.ts';
import type { Item, ItemFn2 } from './item.ts';
import { ng_deadnode, type Node } from './node.ts';
import { ng_free_item } from './package.ts';
import { ng_unref_hook } from './reference.ts';
import { ng_send_fn2 } from './send.ts';

/** NGM_CONNECT: a link is made in three parts, on this node, on the other, and on this one again. */

/**
 * The first part. The other hook belongs to ng_deadnode until the second part runs on the other node. The two are married
 * without the topology lock: a divorce can come between the two stores. Returns an error number.
 *
 * Without its braces (unbraced-exits) it returns as soon as the first hook has been added.
 */
export const ng_con_nodes = procedure(
  'ng_base.c:1525-1568',
  function ng_con_nodes(item: Item, node: Node, name: string, node2: Node, name2: string): number {
    if (given('make-in-epoch')) NET_EPOCH_ENTER();
    const error = ng_findhook(node2, name2) !== null ? EEXIST : firstPart(item, node, name, node2, name2); // 1532
    const stays = given('unbraced-exits') && error === 0;
    if (given('make-in-epoch') && !stays) NET_EPOCH_EXIT();
    return error;
  },
);

/** The other hook, without a node or a name yet. Atomic: nobody else has a pointer to it yet. */
const otherHook = (hook: Hook): Hook =>
  atomically(() => {
    const hook2 = alloc(Hook); // 1538
    hook2.hk_refs = fresh(1); // 1545
    hook2.hk_flags = HK_INVALID; // 1546
    hook2.hk_peer = hook; // 1547
    return hook2;
  });

/** Whoever follows hk_peer (1548) meets the other hook before it has a node (1551): for that long its hk_node is NULL. */
const firstPart = procedure(
  'ng_base.c:1535-1566',
  function firstPart(item: Item, node: Node, name: string, node2: Node, name2: string): number {
    const hook = ng_add_hook(node, name); // 1535
    if (typeof hook === 'number') return hook;
    if (given('unbraced-exits')) return 0;
    const hook2 = otherHook(hook); // 1538
    hook2.marrying = true;
    hook.hk_peer = hook2; // 1548
    hook2.marrying = false;
    refcount_acquire(hook.hk_refs); // 1549
    refcount_acquire(hook2.hk_refs); // 1550
    hook2.hk_node = ng_deadnode; // 1551
    hook2.hk_name = name2; // 1552
    const error = ng_send_fn2(node2, hook2, item, ng_con_part2, false); // 1559
    if (error !== 0) ng_destroy_hook(hook); // 1562
    ng_unref_hook(hook); // 1565
    ng_unref_hook(hook2); // 1566
    return error;
  },
);

/** The second part, on the other node. The item is used again for the third. */
export const ng_con_part2 = procedure(
  'ng_base.c:1431-1518',
  function ng_con_part2(node: Node, item: Item, hook: Hook | null): number {
    if (given('make-in-epoch')) NET_EPOCH_ENTER();
    let error = attach(node, hook!);
    if (error === 0) {
      const peer = given('link-validated') ? validated(hook!, given('part2-holds-peer')) : peerOf(hook!);
      if (peer !== null) return lastPart(item, hook!, peer);
      ng_destroy_hook(hook!); // 1502
      error = ENOENT;
    } else if (given('make-in-epoch')) NET_EPOCH_EXIT();
    ng_free_item(item); // 1516
    if (given('make-in-epoch')) NET_EPOCH_EXIT();
    return error;
  },
);

/** The hook becomes one of the node's. A node whose type refuses destroys it, and so its peer. */
const attach = procedure('ng_base.c:1446-1492', function attach(node: Node, hook: Hook): number {
  if (isReserved(node, hook.hk_name)) return undo(hook, EEXIST); // 1446
  const newhook = node.nd_type.newhook; // 1458
  if (newhook !== null) {
    const error = newhook(node, hook, hook.hk_name); // 1459
    if (error !== 0) return undo(hook, error);
  }
  hook.hk_node = node; // 1471
  refcount_acquire(node.nd_refs); // 1472
  linkHook(node, hook); // 1473
  const connect = hook.hk_node.nd_type.connect; // 1486
  if (connect === null) return 0;
  const error = connect(hook); // 1487
  return error === 0 ? 0 : undo(hook, error);
});

const undo = procedure('ng_base.c:1448-1489', function undo(hook: Hook, error: number): number {
  ng_destroy_hook(hook); // 1448, 1461, 1488
  return error;
});

/**
 * The peer, or NULL after a divorce. What is returned is used when the lock has been given back, in the C without a reference. Under the
 * lock there is one: the divorce gives that of the link back when it has given the lock back.
 */
const peerOf = procedure('ng_base.c:1497-1505', function peerOf(hook: Hook): Hook | null {
  rw_rlock(ng.ng_topo_lock); // 1497
  const peer = hook.hk_peer; // 1498
  if (given('part2-holds-peer') && peer !== ng_deadhook) refcount_acquire(peer.hk_refs);
  rw_runlock(ng.ng_topo_lock); // 1505
  return peer === ng_deadhook ? null : peer;
});

/** As peerOf; makes the hook valid if it has a peer, under the lock under which a divorce would take it away. */
const validated = procedure('ng_base.c:1497-1513', function validated(hook: Hook, holds: boolean): Hook | null {
  rw_wlock(ng.ng_topo_lock); // 1497
  const peer = hook.hk_peer; // 1498
  if (peer !== ng_deadhook) {
    if (holds) refcount_acquire(peer.hk_refs);
    makeValid(hook);
  }
  rw_wunlock(ng.ng_topo_lock); // 1505
  return peer === ng_deadhook ? null : peer;
});

const makeValid = procedure('ng_base.c:1424, 1513', function makeValid(hook: Hook): void {
  const flags = hook.hk_flags; // 1424, 1513
  atomically(() => {
    hook.hk_flags = flags & ~HK_INVALID; // 1424, 1513
    witness(hook);
  });
});

const lastPart = procedure('ng_base.c:1507-1514', function lastPart(item: Item, hook: Hook, peer: Hook): number {
  const error = ng_send_fn2(peer.hk_node, peer, item, ng_con_part3, true); // 1507
  if (given('part2-holds-peer')) ng_unref_hook(peer);
  if (error !== 0) {
    ng_destroy_hook(hook); // 1510
    return error;
  }
  if (!given('link-validated')) makeValid(hook);
  if (given('make-in-epoch')) NET_EPOCH_EXIT();
  return 0;
});

/** The second part will never run: what the first part has made is destroyed. The hook has no node yet. */
export const undoPart = procedure('', function undoPart(fn2: ItemFn2 | null, hook: Hook | null): void {
  if (fn2 === ng_con_part2) ng_destroy_hook(hook!);
});

/** A ghost: a link is made when its second hook becomes valid, if the two are still each other's peers. */
const witness = (hook: Hook): void => {
  if (!asks('connect-kept')) return;
  const peer = hook.hk_peer;
  if (peer !== ng_deadhook && peer.hk_peer === hook && !(peer.hk_flags & HK_INVALID)) ng.linked += 1;
};

/** The third part, on the first node. A hook that was destroyed after 1401 has looked becomes valid all the same. */
export const ng_con_part3 = procedure(
  'ng_base.c:1388-1428',
  function ng_con_part3(_node: Node, item: Item, hook: Hook | null): number {
    if (given('make-in-epoch')) NET_EPOCH_ENTER();
    const error = enable(hook!);
    if (error !== 0 && given('make-in-epoch')) NET_EPOCH_EXIT();
    ng_free_item(item); // 1426
    if (given('make-in-epoch')) NET_EPOCH_EXIT();
    return error;
  },
);

const enable = procedure('ng_base.c:1401-1424', function enable(hook: Hook): number {
  const detached = hook.hk_node === ng_deadnode; // 1401
  if (detached) return ENOENT;
  const connect = hook.hk_node.nd_type.connect; // 1412
  if (connect !== null) {
    const error = connect(hook); // 1413
    if (error !== 0) return undo(hook, error);
  }
  if (given('link-validated')) return validated(hook, false) === null ? ENOENT : 0;
  makeValid(hook);
  return 0;
});
