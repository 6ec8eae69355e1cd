import { given, KASSERT } from '../src/machine/access.ts';
import { procedure } from '../src/machine/procedure.ts';
import { ng_rmhook_part2 } from './destroy.ts';
import { ng_leave_read, ng_leave_write, NGQRW_R } from './gate.ts';
import { HK_INVALID, type Hook } from './hook.ts';
import { NGQF_DATA, NGQF_MESG, NGQF_TYPE, type DataItem, type Item } from './item.ts';
import { ng_generic_msg } from './message.ts';
import { NGF_INVALID, type Node } from './node.ts';
import { ng_free_item } from './package.ts';
import { ng_unref_hook } from './reference.ts';
import { ng_rmnode } from './rmnode.ts';

/** Applies an item on its node. The caller holds the reference on the node that was in the item. */
export const ng_apply_item = procedure(
  'ng_base.c:2413-2555',
  function ng_apply_item(node: Node, item: Item, rw: number, td_ng_outbound: number): void {
    comes(node, rw);
    const hook = item.el_hook; // 2425
    item.el_hook = null; // 2425
    const type = item.el_flags & NGQF_TYPE; // 2433
    if (type === NGQF_DATA) applyData(node, item as DataItem, hook, td_ng_outbound);
    else if (type === NGQF_MESG) applyMessage(node, item);
    else applyFunction(node, item, hook);
    if (hook !== null) ng_unref_hook(hook); // 2539
    goes(node, rw);
    if (given('gate')) {
      if (rw === NGQRW_R)
        ng_leave_read(node); // 2542
      else ng_leave_write(node); // 2544
    }
  },
);

/* Ghosts: who applies an item on which node, in which mode. Procedures, so that the counts stay out of the caller's log. */
const comes = procedure('', function comes(node: Node, rw: number): void {
  if (rw === NGQRW_R) node.readers += 1;
  else node.writers += 1;
});
const goes = procedure('', function goes(node: Node, rw: number): void {
  if (rw === NGQRW_R) node.readers -= 1;
  else node.writers -= 1;
});

/** Hands a packet to the receive routine, if hook and node are still what they were when it was addressed. */
const applyData = procedure(
  'ng_base.c:2434-2456',
  function applyData(node: Node, item: DataItem, hook: Hook | null, td_ng_outbound: number): void {
    KASSERT(hook !== null, 'ng_apply_item: hook for data is NULL');
    if (hook!.hk_flags & HK_INVALID) return ng_free_item(item); // 2439
    if (node.nd_flags & NGF_INVALID) return ng_free_item(item); // 2440
    let rcvdata = hook!.hk_rcvdata; // 2449
    if (rcvdata === null) rcvdata = hook!.hk_node.nd_type.rcvdata; // 2450
    if (rcvdata === null) return ng_free_item(item); // 2452
    node.receiving += 1;
    rcvdata(hook!, item, td_ng_outbound); // 2455
    node.receiving -= 1;
  },
);

/** Hands a control message to its handler. All messages modelled are generic and come without a hook. */
const applyMessage = procedure('ng_base.c:2457-2500', function applyMessage(node: Node, item: Item): void {
  if (node.nd_flags & NGF_INVALID) return ng_free_item(item); // 2471
  ng_generic_msg(node, item); // 2489
});

/** Calls a function. On an invalid node only ng_rmnode may run, for an invalid hook only ng_rmhook_part2. */
const applyFunction = procedure(
  'ng_base.c:2501-2531',
  function applyFunction(node: Node, item: Item, hook: Hook | null): void {
    const fn = item.fn!; // 2508
    if (node.nd_flags & NGF_INVALID && fn !== ng_rmnode) return ng_free_item(item); // 2507
    if (hook !== null && hook.hk_flags & HK_INVALID && fn !== ng_rmhook_part2) return ng_free_item(item); // 2515
    fn(node, hook, item.fn_arg1); // 2526
    ng_free_item(item); // 2528
  },
);
