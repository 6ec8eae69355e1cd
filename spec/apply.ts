import { given, KASSERT, NET_EPOCH_ENTER, NET_EPOCH_EXIT } from '../src/machine/access.ts';
import { procedure } from '../src/machine/procedure.ts';
import { finishApply } from './applyinfo.ts';
import { ng_con_part2, ng_con_part3, undoPart } from './connect.ts';
import { ng_rmhook_part2 } from './destroy.ts';
import { EINVAL, EIO } from './errno.ts';
import { ng_leave_read, ng_leave_write, NGQRW_R, NGQRW_W } from './gate.ts';
import { HK_INVALID, type Hook } from './hook.ts';
import { NGQF_DATA, NGQF_FN2, NGQF_HELD, NGQF_MESG, NGQF_TYPE, NGQF_WAITED, type DataItem, type Item } from './item.ts';
import { m_rcvif_restore } from './mbuf.ts';
import { ng_generic_msg } from './message.ts';
import { NGF_INVALID, type Node } from './node.ts';
import { ng_free_item } from './package.ts';
import { ng_unref_hook } from './reference.ts';
import { ng_rmnode } from './rmnode.ts';
import { ascend, descend } from './stack.ts';

/**
 * Applies an item on its node. The caller holds the reference on the node that was in the item, or is in the section in which a packet
 * was addressed without one.
 */
export const ng_apply_item = procedure(
  'ng_base.c:2413-2555',
  function ng_apply_item(node: Node, item: Item, rw: number, td_ng_outbound: number): number {
    if (given('apply-in-epoch')) NET_EPOCH_ENTER();
    descend();
    comes(node, rw);
    let hook = item.el_hook; // 2425
    item.el_hook = null; // 2425
    const apply = item.apply; // 2430
    const depth = apply === null ? 0 : item.depth; // 2431
    const { el_flags } = item; // 2433
    const type = el_flags & NGQF_TYPE; // 2433
    const bare = given('items-without-references') && type === NGQF_DATA && !(el_flags & NGQF_HELD);
    const waited = (el_flags & NGQF_WAITED) !== 0;
    if (el_flags & (NGQF_HELD | NGQF_WAITED)) item.el_flags = el_flags & ~(NGQF_HELD | NGQF_WAITED);
    let error = 0;
    if (type === NGQF_DATA) error = applyData(node, item as DataItem, hook, td_ng_outbound, waited);
    else if (type === NGQF_MESG) {
      if (hook !== null && hook.hk_flags & HK_INVALID) {
        ng_unref_hook(hook); // 2464
        hook = null;
      }
      error = applyMessage(node, item, hook);
      // Who sends a message and does not wait for its end ignores what comes of it.
      if (apply === null) error = 0;
    } else error = applyFunction(node, item, hook);
    if (hook !== null && !bare) ng_unref_hook(hook); // 2539
    goes(node, rw);
    if (given('gate')) {
      if (rw === NGQRW_R)
        ng_leave_read(node); // 2542
      else if (rw === NGQRW_W) ng_leave_write(node); // 2544
    }
    if (apply !== null) finishApply(apply, depth, error);
    ascend();
    if (given('apply-in-epoch')) NET_EPOCH_EXIT();
    return error;
  },
);

/* Ghosts: who applies an item on which node, in which mode. Procedures, so that the counts stay out of the caller's log. */
const comes = procedure('', function comes(node: Node, rw: number): void {
  if (rw === NGQRW_R) node.readers += 1;
  else if (rw === NGQRW_W) node.writers += 1;
});
const goes = procedure('', function goes(node: Node, rw: number): void {
  if (rw === NGQRW_R) node.readers -= 1;
  else if (rw === NGQRW_W) node.writers -= 1;
});

/** Hands a packet to the receive routine, if hook and node are still what they were when it was addressed. `waited`: it comes from the queue. */
export const applyData = procedure(
  'ng_base.c:2434-2456',
  function applyData(node: Node, item: DataItem, hook: Hook | null, td_ng_outbound: number, waited: boolean): number {
    KASSERT(hook !== null, 'ng_apply_item: hook for data is NULL');
    if (hook!.hk_flags & HK_INVALID) return refuse(item, EIO); // 2439
    if (node.nd_flags & NGF_INVALID) return refuse(item, EIO); // 2440
    if (waited && !m_rcvif_restore(item.m!)) return refuse(item, EIO);
    let rcvdata = hook!.hk_rcvdata; // 2449
    if (rcvdata === null) rcvdata = hook!.hk_node.nd_type.rcvdata; // 2450
    if (rcvdata === null) return refuse(item, 0); // 2452
    node.receiving += 1;
    rcvdata(hook!, item, td_ng_outbound); // 2455
    node.receiving -= 1;
    return 0;
  },
);

/** Hands a control message to its handler. */
const applyMessage = procedure(
  'ng_base.c:2471-2500',
  function applyMessage(node: Node, item: Item, hook: Hook | null): number {
    if (node.nd_flags & NGF_INVALID) return refuse(item, EINVAL); // 2471
    const msg = item.msg!; // 2487
    if (!msg.own && !msg.response) return ng_generic_msg(node, item, hook); // 2487, 2489
    const rcvmsg = node.nd_type.rcvmsg; // 2493
    if (rcvmsg === null) return refuse(item, 0); // 2496
    return rcvmsg(node, item, hook); // 2499
  },
);

/**
 * Calls a function. What comes of an NGQF_FN interests none of those who send it, so it is 0 here. On an invalid node only ng_rmnode may run, for an invalid hook only the two parts of the making of a link and
 * ng_rmhook_part2.
 */
const applyFunction = procedure(
  'ng_base.c:2501-2531',
  function applyFunction(node: Node, item: Item, hook: Hook | null): number {
    const { fn, fn2 } = item; // 2508
    if (node.nd_flags & NGF_INVALID && fn !== ng_rmnode) return refuseFunction(item, hook); // 2507
    const internal = fn2 === ng_con_part2 || fn2 === ng_con_part3 || fn === ng_rmhook_part2;
    if (hook !== null && hook.hk_flags & HK_INVALID && !internal) return refuse(item, fn2 === null ? 0 : EINVAL); // 2515
    if ((item.el_flags & NGQF_TYPE) === NGQF_FN2) return fn2!(node, item, hook); // 2530
    fn!(node, hook, item.fn_arg1); // 2526
    ng_free_item(item); // 2528
    return 0;
  },
);

/** The node is shut down: the second part of a link leaves the first behind, which nobody else would destroy. */
const refuseFunction = procedure('ng_base.c:2507-2513', function refuseFunction(item: Item, hook: Hook | null): number {
  const { fn2 } = item;
  if (given('parts-undone')) undoPart(fn2, hook);
  return refuse(item, fn2 === null ? 0 : EINVAL); // 2511
});

const refuse = procedure(
  'ng_base.c:2442, 2452, 2474, 2496, 2511, 2521',
  function refuse(item: Item, error: number): number {
    ng_free_item(item); // 2442, 2452, 2474, 2496, 2511, 2521
    return error;
  },
);
