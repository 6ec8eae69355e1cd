import {
  allocOwned, given, KASSERT, mtx_lock, mtx_unlock, NET_EPOCH_ENTER, NET_EPOCH_EXIT, refcount_acquire,
} from '../src/machine/access.ts'; // prettier-ignore
import { procedure } from '../src/machine/procedure.ts';
import { ng_apply_item } from './apply.ts';
import { holdApply } from './applyinfo.ts';
import { EINVAL, ENOMEM } from './errno.ts';
import { ng_acquire_read, ng_acquire_write, NGQRW_NONE, NGQRW_R, NGQRW_W } from './gate.ts';
import { HK_FORCE_WRITER, HK_QUEUE, HK_TO_INBOUND, type Hook } from './hook.ts';
import {
  Item, NGQF_DATA, NGQF_FN, NGQF_FN2, NGQF_RW, NGQF_TYPE, NGQF_WRITER, type DataItem, type ItemFn, type ItemFn2,
} from './item.ts'; // prettier-ignore
import { NGF_FORCE_WRITER, OP_PENDING, type Node } from './node.ts';
import { ng_free_item } from './package.ts';
import { nextCanProceed, ng_queue_rw } from './queue.ts';
import { ng_unref_node } from './reference.ts';
import { stackIsLow } from './stack.ts';
import { ng_worklist_add } from './worklist.ts';

/* Flags of ng_snd_item (netgraph.h). */
const NG_NOFLAGS = 0;
/** The item goes through the queue. */
export const NG_QUEUE = 0x01;

/** Sends a function to a node (ng_send_fn and ng_send_fn1). `node` and `hook` come without references of the caller's own. */
export const ng_send_fn = procedure(
  'ng_base.c:3767-3793',
  function ng_send_fn(node: Node, hook: Hook | null, fn: ItemFn): void {
    if (given('send-in-epoch')) NET_EPOCH_ENTER();
    const item = allocOwned(Item); // 3779
    item.el_flags = NGQF_FN | NGQF_WRITER; // 3782
    refcount_acquire(node.nd_refs); // 3783
    item.el_dest = node; // 3784
    if (hook !== null) {
      refcount_acquire(hook.hk_refs); // 3786
      item.el_hook = hook; // 3787
    }
    item.fn = fn; // 3789
    ng_snd_item(item, 0); // 3792
    if (given('send-in-epoch')) NET_EPOCH_EXIT();
  },
);

/**
 * As ng_send_fn, for functions that own their item. The new item carries on the `apply` of pitem; with reuse it is pitem itself.
 * Without its braces (unbraced-exits) the allocation always looks as if it had failed, and the item is lost.
 */
export const ng_send_fn2 = procedure(
  'ng_base.c:3803-3837',
  function ng_send_fn2(node: Node, hook: Hook | null, pitem: Item, fn: ItemFn2, reuse: boolean): number {
    if (given('send-in-epoch')) NET_EPOCH_ENTER();
    const item = reuse ? pitem : allocOwned(Item); // 3817, 3822
    if (given('unbraced-exits')) return ENOMEM;
    if (!reuse) item.apply = pitem.apply; // 3820
    item.el_flags = NGQF_FN2 | NGQF_WRITER; // 3826
    refcount_acquire(node.nd_refs); // 3827
    item.el_dest = node; // 3828
    if (hook !== null) {
      refcount_acquire(hook.hk_refs); // 3830
      item.el_hook = hook; // 3831
    }
    item.fn2 = fn; // 3833
    const error = ng_snd_item(item, 0); // 3836
    if (given('send-in-epoch')) NET_EPOCH_EXIT();
    return error;
  },
);

/**
 * Sends an addressed item: applies it here and now, or queues it.
 *
 * `td_ng_outbound` is that word of the thread, passed along the calls in which it can be above zero: from the output routine of
 * an interface through the nodes that forward the packet directly. An ngthread, and a thread that removes hooks or nodes, has zero.
 *
 * A packet that comes here has no references where they are left to the section (items-without-references): all that it leads to is
 * there until the section ends, and so until this function returns. What outlives it is queued, and ng_queue_rw sees to that.
 */
export const ng_snd_item = procedure(
  'ng_base.c:2276-2404',
  function ng_snd_item(item: Item, td_ng_outbound: number, flags: number = NG_NOFLAGS): number {
    const { apply } = item; // 2292
    if (apply !== null) holdApply(apply); // 2293
    const node = item.el_dest!; // 2295
    const hook = item.el_hook; // 2299
    const el_flags = item.el_flags; // 2301
    if ((el_flags & NGQF_TYPE) === NGQF_DATA) {
      KASSERT(hook !== null, 'ng_snd_item: hook for data is NULL');
      const { m } = item as DataItem; // 2303
      if (m === null) return notSent(item);
    }
    const isData = (el_flags & NGQF_TYPE) === NGQF_DATA;
    const wanted = wantedMode(node, hook, el_flags & NGQF_RW); // 2313
    const rw = given('data-outside-gate') && isData && wanted === NGQRW_R ? NGQRW_NONE : wanted;
    if (flags & NG_QUEUE || mustQueue(hook, td_ng_outbound) || stackIsLow(node, hook)) {
      ng_queue_rw(node, item, wanted); // 2351
      return 0;
    }
    if (given('gate') && rw !== NGQRW_NONE) {
      const entered = rw === NGQRW_R ? ng_acquire_read(node, item) : ng_acquire_write(node, item); // 2361
      if (entered === null) return 0;
    }
    item.el_dest = null; // 2369
    if (apply !== null) item.depth = Math.min(item.depth + 1, 2); // 2371
    const error = ng_apply_item(node, item, rw, td_ng_outbound); // 2372
    if (rw !== NGQRW_NONE && node.q_flags & OP_PENDING) rouseNode(node); // 2376
    if (!given('items-without-references') || !isData) ng_unref_node(node); // 2387
    return error;
  },
);

/** The way out for data without a packet. What is sent on behalf of somebody is never data, so there is no apply to finish. */
const notSent = (item: Item): number => {
  ng_free_item(item); // 2402
  return EINVAL;
};

/** Whether the item is applied as a reader or as a writer. */
const wantedMode = procedure(
  'ng_base.c:2313-2319',
  function wantedMode(node: Node, hook: Hook | null, el_rw: number): number {
    if (el_rw === NGQF_WRITER) return NGQRW_W;
    if (node.nd_flags & NGF_FORCE_WRITER) return NGQRW_W; // 2314
    if (hook !== null && hook.hk_flags & HK_FORCE_WRITER) return NGQRW_W; // 2315
    return NGQRW_R;
  },
);

/** Whether the item goes through the queue whatever the gate says. */
const mustQueue = procedure(
  'ng_base.c:2326-2330',
  function mustQueue(hook: Hook | null, td_ng_outbound: number): boolean {
    if (hook === null) return false;
    if (hook.hk_flags & HK_QUEUE) return true; // 2326
    return (hook.hk_flags & HK_TO_INBOUND) !== 0 && td_ng_outbound > 0; // 2328
  },
);

/** Something was queued while the item was applied: see to it that somebody takes it. */
const rouseNode = procedure('ng_base.c:2377-2380', function rouseNode(node: Node): void {
  mtx_lock(node.q_mtx); // 2377
  const active = node.q_flags & OP_PENDING; // 2378
  if (active && nextCanProceed(node)) ng_worklist_add(node); // 2378
  mtx_unlock(node.q_mtx); // 2380
});
