import { applyData, holdApply, ng_apply_item } from './apply.ts';
import { refcount_acquire, refcount_acquire_if_not_zero } from './count.ts';
import { drop } from './address.ts';
import {
  DEEPER, HK_FORCE_WRITER, HK_HI_STACK, HK_QUEUE, HK_TO_INBOUND, NGF_FORCE_WRITER, NGF_HI_STACK, NGQF_FN, NGQF_FN2, NGQF_READER, NGQRW_NONE,
  NGQRW_R, NGQRW_W, OP_PENDING, OUTBOUND,
} from './flags.ts'; // prettier-ignore
import { ng_package_data, tally } from './item.ts';
import { at, hook_, item_, node_, td_, type Pointer } from './layout.ts';
import { mtx_lock, mtx_unlock } from './lock.ts';
import { alloc } from './pool.ts';
import {
  ng_acquire_read,
  ng_acquire_write,
  ng_leave_read,
  ng_leave_write,
  ng_queue_rw,
  nextCanProceed,
} from './queue.ts';
import { ng_unref_hook, ng_unref_node } from './reference.ts';
import { ENOMEM, type Td } from './td.ts';
import { ng_worklist_add } from './worklist.ts';

/** ng_snd_item (ng_base.c:2276-2404): applies here and now what has been addressed, or queues it. */

/**
 * A packet. In `lockfree` a reader does not enter the gate, and neither hook nor node has a reference: all is there until the section
 * of the caller ends; what outlives that is queued, and takes its references there. In `rwlock` both have one.
 */
export function sendTo(td: Td, node: Pointer, hook: Pointer, m: number, way: number): number {
  const asReader = !wantsWriter(td, node, hook);
  if (mustQueue(td, hook, way) || stackIsLow(td, node, hook, Math.floor(way / DEEPER)))
    return queuePacket(td, node, hook, m, asReader);
  const rw = !asReader ? NGQRW_W : td.lockfree ? NGQRW_NONE : NGQRW_R;
  if (rw === NGQRW_R && !ng_acquire_read(td, node)) return queuePacket(td, node, hook, m, true);
  if (rw === NGQRW_W && !ng_acquire_write(td, node)) return queuePacket(td, node, hook, m, false);
  const error = applyData(td, node, hook, m, way + DEEPER);
  if (!td.lockfree) ng_unref_hook(td, hook);
  if (rw !== NGQRW_NONE) leave(td, node, rw);
  if (rw !== NGQRW_NONE) rouseNode(td, node);
  if (!td.lockfree) ng_unref_node(td, node);
  return error;
}

/** Whether a packet is applied as a writer (2313-2319). */
const wantsWriter = ({ arena }: Td, node: Pointer, hook: Pointer): boolean =>
  (Atomics.load(arena, at(node, node_.nd_flags)) & NGF_FORCE_WRITER) !== 0 ||
  (Atomics.load(arena, at(hook, hook_.hk_flags)) & HK_FORCE_WRITER) !== 0;

/** Whether it goes through the queue whatever the gate says (2326-2337). */
const mustQueue = ({ arena }: Td, hook: Pointer, way: number): boolean =>
  (Atomics.load(arena, at(hook, hook_.hk_flags)) & HK_QUEUE) !== 0 ||
  ((Atomics.load(arena, at(hook, hook_.hk_flags)) & HK_TO_INBOUND) !== 0 && (way & OUTBOUND) !== 0);

/** Whether less than a quarter of the stack is left, or less than a half where node or hook need much of it (2341-2347). */
function stackIsLow({ arena, stack }: Td, node: Pointer, hook: Pointer, used: number): boolean {
  const left = stack - used;
  if (left * 4 < stack) return true;
  if (left * 2 >= stack) return false;
  if (Atomics.load(arena, at(node, node_.nd_flags)) & NGF_HI_STACK) return true;
  return hook !== 0 && (Atomics.load(arena, at(hook, hook_.hk_flags)) & HK_HI_STACK) !== 0;
}

/**
 * What is queued outlives the section, so it takes its references here: on the hook only if there is one left, and then on the node,
 * which the hook keeps. In `rwlock` it has them already.
 */
function queuePacket(td: Td, node: Pointer, hook: Pointer, m: number, asReader: boolean): number {
  if (td.lockfree) {
    if (!refcount_acquire_if_not_zero(td, at(hook, hook_.hk_refs))) return drop(td);
    refcount_acquire(td, at(node, node_.nd_refs));
  }
  const item = ng_package_data(td, node, hook, m);
  if (item === 0) {
    ng_unref_hook(td, hook);
    ng_unref_node(td, node);
    drop(td);
    return ENOMEM;
  }
  tally(td, td_.queued);
  ng_queue_rw(td, node, item, asReader);
  return 0;
}

/** Leaves the gate. */
export function leave(td: Td, node: Pointer, rw: number): void {
  if (rw === NGQRW_R) ng_leave_read(td, node);
  else if (rw === NGQRW_W) ng_leave_write(td, node);
}

/** What was queued while an item was applied: sees to it that somebody takes it (2376-2380). */
function rouseNode(td: Td, node: Pointer): void {
  const { arena } = td;
  if ((Atomics.load(arena, at(node, node_.q_flags)) & OP_PENDING) === 0) return;
  mtx_lock(td, at(node, node_.q_mtx));
  if (Atomics.load(arena, at(node, node_.q_flags)) & OP_PENDING && nextCanProceed(td, node)) ng_worklist_add(td, node);
  mtx_unlock(td, at(node, node_.q_mtx));
}

/** A message or a function, which holds references on its node and its hook. Returns an error number; 0 when it was queued. */
export function ng_snd_item(td: Td, item: Pointer, queue: boolean): number {
  const { arena } = td;
  const apply = Atomics.load(arena, at(item, item_.apply));
  holdApply(td, apply);
  const node = Atomics.load(arena, at(item, item_.el_dest));
  const hook = Atomics.load(arena, at(item, item_.el_hook));
  const rw = modeOf(td, node, hook, item);
  const queued = queue || (hook !== 0 && (Atomics.load(arena, at(hook, hook_.hk_flags)) & HK_QUEUE) !== 0);
  if (
    queued ||
    stackIsLow(td, node, hook, td.used) ||
    !(rw === NGQRW_R ? ng_acquire_read(td, node) : ng_acquire_write(td, node))
  ) {
    ng_queue_rw(td, node, item, rw === NGQRW_R);
    return 0;
  }
  Atomics.store(arena, at(item, item_.el_dest), 0);
  if (apply !== 0)
    Atomics.store(arena, at(item, item_.depth), Math.min(Atomics.load(arena, at(item, item_.depth)) + 1, 2));
  const error = ng_apply_item(td, node, item, rw);
  rouseNode(td, node);
  ng_unref_node(td, node);
  return error;
}

function modeOf(td: Td, node: Pointer, hook: Pointer, item: Pointer): number {
  const { arena } = td;
  if ((Atomics.load(arena, at(item, item_.el_flags)) & NGQF_READER) === 0) return NGQRW_W;
  if (Atomics.load(arena, at(node, node_.nd_flags)) & NGF_FORCE_WRITER) return NGQRW_W;
  return hook !== 0 && Atomics.load(arena, at(hook, hook_.hk_flags)) & HK_FORCE_WRITER ? NGQRW_W : NGQRW_R;
}

/**
 * Sends a function to a node (3767-3793). The caller has a reference on node and hook, or is the writer who keeps them.
 * @returns an error number; ENOMEM when there is no item.
 */
export function ng_send_fn(td: Td, node: Pointer, hook: Pointer, fn: number): number {
  const item = alloc(td, 'item');
  if (item === 0) return ENOMEM;
  address(td, item, node, hook, fn, NGQF_FN);
  return ng_snd_item(td, item, false);
}

/** The same for functions that own their item (3803-3837). The new item carries on the `apply` of pitem; with reuse it is pitem itself. */
export function ng_send_fn2(td: Td, node: Pointer, hook: Pointer, pitem: Pointer, fn: number, reuse: boolean): number {
  const item = reuse ? pitem : alloc(td, 'item');
  if (item === 0) return ENOMEM;
  if (!reuse) Atomics.store(td.arena, at(item, item_.apply), Atomics.load(td.arena, at(pitem, item_.apply)));
  address(td, item, node, hook, fn, NGQF_FN2);
  return ng_snd_item(td, item, false);
}

function address(td: Td, item: Pointer, node: Pointer, hook: Pointer, fn: number, type: number): void {
  const { arena } = td;
  Atomics.store(arena, at(item, item_.el_flags), type);
  refcount_acquire(td, at(node, node_.nd_refs));
  Atomics.store(arena, at(item, item_.el_dest), node);
  if (hook !== 0) {
    refcount_acquire(td, at(hook, hook_.hk_refs));
    Atomics.store(arena, at(item, item_.el_hook), hook);
  }
  Atomics.store(arena, at(item, item_.fn), fn);
}
