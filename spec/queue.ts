import {
  atomic_clear,
  atomic_cmpset,
  atomic_set,
  given,
  handOver,
  mtx_lock,
  mtx_unlock,
  refcount_acquire,
  refcount_acquire_if_not_zero,
  takeOver,
} from '../src/machine/access.ts';
import { forever, procedure } from '../src/machine/procedure.ts';
import { finishApply } from './applyinfo.ts';
import { undoPart } from './connect.ts';
import { ENOENT } from './errno.ts';
import { NGQRW_W } from './gate.ts';
import { DataItem, NGQF_DATA, NGQF_HELD, NGQF_QREADER, NGQF_TYPE, NGQF_WAITED, type Item } from './item.ts';
import { m_rcvif_serialize } from './mbuf.ts';
import { OP_PENDING, READER_INCREMENT, WRITER_ACTIVE, type Node } from './node.ts';
import { ng_free_item } from './package.ts';
import { ng_worklist_add } from './worklist.ts';

/**
 * The queue of a node. The list is touched under q_mtx only, so touching it makes no step; the word q_flags, which tells
 * those who come directly that something is queued, is also changed without the mutex, so each access to it does.
 */

/** NEXT_QUEUED_ITEM_CAN_PROCEED: whether the gate would let the head of the queue in. */
export const nextCanProceed = procedure('ng_base.c:1980-1982', function nextCanProceed(node: Node): boolean {
  const head = node.queue_first!; // 1981
  return head.el_flags & NGQF_QREADER // 1981
    ? (node.q_flags & WRITER_ACTIVE) === 0 // 1981
    : (node.q_flags & ~OP_PENDING) === 0; // 1982
});

/**
 * A packet that is to be queued takes the references that it has done without. Its hook has a node as long as it has memory, so the
 * node has references. Returns whether there was still one on the hook.
 */
const hold = procedure('ng_base.c:3670-3671', function hold(node: Node, item: Item): boolean {
  const hook = item.el_hook!;
  if (given('queue-tries-reference')) {
    if (!refcount_acquire_if_not_zero(hook.hk_refs)) return false; // 3670
  } else refcount_acquire(hook.hk_refs); // 3670
  refcount_acquire(node.nd_refs); // 3671
  item.el_flags |= NGQF_HELD;
  return true;
});

/** What waits in a queue is in no section. Whoever takes the packet from there is, and looks for its interface again. */
const forgetInterface = procedure('ng_base.c:2066', function forgetInterface(item: DataItem): void {
  m_rcvif_serialize(item.m!);
  item.el_flags |= NGQF_WAITED;
});

/** Puts an item on the queue, and the node on the worklist if the head of the queue could be applied now. */
export const ng_queue_rw = procedure(
  'ng_base.c:2066-2090',
  function ng_queue_rw(node: Node, item: Item, rw: number): void {
    const bare = given('items-without-references') && (item.el_flags & NGQF_TYPE) === NGQF_DATA;
    if (bare && !hold(node, item)) return ng_free_item(item);
    if (given('queue-forgets-interface') && item instanceof DataItem) forgetInterface(item);
    if (rw === NGQRW_W)
      item.el_flags &= ~NGQF_QREADER; // 2070
    else item.el_flags |= NGQF_QREADER; // 2072
    if (item.apply !== null) item.depth = 1; // 2073
    mtx_lock(node.q_mtx); // 2075
    atomic_set(node, 'q_flags', OP_PENDING); // 2077
    insertTail(node, item); // 2078
    if (nextCanProceed(node)) ng_worklist_add(node); // 2087
    mtx_unlock(node.q_mtx); // 2089
  },
);

/** STAILQ_INSERT_TAIL. From here on the item belongs to nobody. */
const insertTail = procedure('queue.h:392-396', function insertTail(node: Node, item: Item): void {
  item.el_next = null; // 393
  const last = node.queue_last; // 394
  if (last === null)
    node.queue_first = item; // 394
  else last.el_next = item; // 394
  node.queue_last = item; // 395
  handOver(item);
});

/** STAILQ_REMOVE_HEAD. From here on the item belongs to whoever has taken it. Returns whether the queue is empty now. */
const removeHead = procedure('queue.h:425-429', function removeHead(node: Node, item: Item): boolean {
  const next = item.el_next; // 427
  node.queue_first = next; // 426
  if (next === null) node.queue_last = null; // 428
  takeOver(item);
  return next === null;
});

/**
 * Takes the head of the queue, if the gate lets it in, and enters for it: as a reader or writer, whichever it was queued
 * as. Returns NULL when nothing can be taken. Called with q_mtx held.
 */
export const ng_dequeue = procedure('ng_base.c:1997-2059', function ng_dequeue(node: Node): Item | null {
  if ((node.q_flags & OP_PENDING) === 0) return null; // 2006
  const item = node.queue_first!; // 2018
  const asReader = item.el_flags & NGQF_QREADER; // 2018
  if (asReader) {
    const entered = forever(() => {
      const t = node.q_flags; // 2020
      if (t & WRITER_ACTIVE) return false;
      if (atomic_cmpset(node, 'q_flags', t, t + READER_INCREMENT, 'acquire')) return true; // 2028
    });
    if (!entered) return null;
  } else {
    const entered = atomic_cmpset(node, 'q_flags', OP_PENDING, OP_PENDING + WRITER_ACTIVE, 'acquire'); // 2035
    if (!entered) return null;
  }
  if (removeHead(node, item)) atomic_clear(node, 'q_flags', OP_PENDING); // 2054
  return item;
});

/** Tells whoever waits for an item that it will never be applied. */
const refuseQueued = procedure('ng_base.c:2238-2245', function refuseQueued(item: Item): void {
  if (given('parts-undone')) undoPart(item.fn2, item.el_hook);
  const { apply } = item; // 2238
  if (apply !== null) finishApply(apply, item.depth, ENOENT);
});

/** Frees all that is queued. The mutex is let go for each item, for freeing it can call into other nodes. */
export const ng_flush_input_queue = procedure('ng_base.c:2225-2250', function ng_flush_input_queue(node: Node): void {
  mtx_lock(node.q_mtx); // 2230
  forever(() => {
    const item = node.queue_first; // 2231
    if (item === null) return true;
    if (removeHead(node, item)) atomic_clear(node, 'q_flags', OP_PENDING); // 2234
    mtx_unlock(node.q_mtx); // 2235
    refuseQueued(item);
    ng_free_item(item); // 2246
    mtx_lock(node.q_mtx); // 2247
  });
  mtx_unlock(node.q_mtx); // 2249
});
