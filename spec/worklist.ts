import {
  atomically, given, idle_until, mtx_lock, mtx_unlock, NET_EPOCH_ENTER, NET_EPOCH_EXIT, refcount_acquire,
} from '../src/machine/access.ts'; // prettier-ignore
import { forever, procedure } from '../src/machine/procedure.ts';
import { ng_apply_item } from './apply.ts';
import { NGQRW_R, NGQRW_W } from './gate.ts';
import { ng } from './globals.ts';
import { NGQF_DATA, NGQF_MESG, NGQF_QREADER, NGQF_TYPE } from './item.ts';
import { NGQ2_WORKQ, type Node } from './node.ts';
import { ng_dequeue } from './queue.ts';
import { ng_unref_node } from './reference.ts';

/**
 * The worklist: nodes whose queues want an ngthread. Its two critical sections touch ng_worklist and q_work, which nothing
 * touches outside them, and take no other lock; so each of them is one step, which can be done when the mutex is free.
 */

/** Puts a node on the worklist, unless it is there or a thread drains it. Called with q_mtx held. */
export const ng_worklist_add = procedure('ng_base.c:3519-3541', function ng_worklist_add(node: Node): void {
  if (node.q_flags2 & NGQ2_WORKQ) return; // 3524
  node.q_flags2 |= NGQ2_WORKQ; // 3529
  refcount_acquire(node.nd_refs); // 3530
  atomically(() => {
    mtx_lock(ng.ng_worklist_mtx); // 3531
    node.q_work = null; // 3532
    const last = ng.ng_worklist_last; // 3532
    if (last === null)
      ng.ng_worklist_first = node; // 3532
    else last.q_work = node; // 3532
    ng.ng_worklist_last = node; // 3532
    mtx_unlock(ng.ng_worklist_mtx); // 3533
  });
});

/**
 * Takes the first node off the worklist, sleeping as long as there is none.
 *
 * mtx_sleep gives the mutex back, waits for a wakeup, takes it again, and the loop looks once more. A thread that looked
 * in vain has changed nothing, and no wakeup is lost: it looks under the mutex under which nodes are added, and each addition
 * wakes one sleeper. So all of 3460-3464 is one step that can be done when the list is not empty. That a thread here may go on
 * between the addition and its wakeup (3533, 3536) makes no state that the C has not: the wakeup is seen by nobody else.
 */
const takeNode = procedure('ng_base.c:3460-3464', function takeNode(): Node {
  let node: Node | null = null;
  idle_until(() => {
    mtx_lock(ng.ng_worklist_mtx); // 3460
    node = ng.ng_worklist_first; // 3461
    if (node === null) return false;
    const next = node.q_work; // 3463
    ng.ng_worklist_first = next; // 3463
    if (next === null) ng.ng_worklist_last = null; // 3463
    mtx_unlock(ng.ng_worklist_mtx); // 3464
    return true;
  });
  return node!;
});

/** Takes nodes from the worklist and applies what is queued at them, for ever. */
export const ngthread = procedure('ng_base.c:3453-3511', function ngthread(): void {
  forever(() => {
    const node = takeNode();
    NET_EPOCH_ENTER(); // 3477
    forever(() => applyNext(node));
    NET_EPOCH_EXIT(); // 3507
    ng_unref_node(node); // 3508
  });
});

/** One turn of the inner loop. Returns true when the queue gives nothing more, else nothing. */
const applyNext = procedure('ng_base.c:3478-3506', function applyNext(node: Node): true | undefined {
  mtx_lock(node.q_mtx); // 3482
  const item = ng_dequeue(node);
  if (item === null) {
    node.q_flags2 &= ~NGQ2_WORKQ; // 3485
    mtx_unlock(node.q_mtx); // 3486
    return true;
  }
  mtx_unlock(node.q_mtx); // 3489
  const dest = item.el_dest!; // 3490
  item.el_dest = null; // 3490
  const el_flags = item.el_flags; // 3492
  // The mode that ng_dequeue entered in is the one that the item was queued in.
  const rw = el_flags & NGQF_QREADER ? NGQRW_R : NGQRW_W;
  const type = el_flags & NGQF_TYPE;
  // A packet is always applied in the section: only what may sleep is not.
  const outside = type === NGQF_MESG || (type !== NGQF_DATA && !given('functions-in-epoch'));
  if (outside) NET_EPOCH_EXIT(); // 3497
  ng_apply_item(dest, item, rw, 0);
  if (outside) NET_EPOCH_ENTER(); // 3499
  ng_unref_node(dest); // 3504
});
