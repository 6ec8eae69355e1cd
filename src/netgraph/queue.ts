import { drop } from './address.ts';
import { finishApply } from './apply.ts';
import { undoPart } from './connect.ts';
import { NGQF_DATA, NGQF_QREADER, NGQF_TYPE, OP_PENDING, READER_INCREMENT, WRITER_ACTIVE } from './flags.ts';
import { ng_free_item } from './item.ts';
import { at, item_, node_, type Pointer } from './layout.ts';
import { mtx_lock, mtx_unlock } from './lock.ts';
import { live } from './pool.ts';
import { ENOENT, type Td } from './td.ts';
import { ng_worklist_add } from './worklist.ts';

/**
 * The queue of a node and its gate (ng_base.c:1953-2250): many readers or one writer, all in the word q_flags. Nobody waits at the
 * gate: who cannot enter leaves the item in the queue and goes on. The list is touched under q_mtx only.
 */

/** Enters as a reader, unless a writer is inside or something is queued. */
export function ng_acquire_read({ arena }: Td, node: Pointer): boolean {
  const q_flags = at(node, node_.q_flags);
  for (;;) {
    const t = Atomics.load(arena, q_flags);
    if (t & (WRITER_ACTIVE | OP_PENDING)) return false;
    if (Atomics.compareExchange(arena, q_flags, t, t + READER_INCREMENT) === t) return true;
  }
}

/** Enters as a writer, if the node is idle. */
export const ng_acquire_write = ({ arena }: Td, node: Pointer): boolean =>
  Atomics.compareExchange(arena, at(node, node_.q_flags), 0, WRITER_ACTIVE) === 0;

export function ng_leave_read({ arena }: Td, node: Pointer): void {
  Atomics.sub(arena, at(node, node_.q_flags), READER_INCREMENT);
}

export function ng_leave_write({ arena }: Td, node: Pointer): void {
  Atomics.and(arena, at(node, node_.q_flags), ~WRITER_ACTIVE);
}

/** NEXT_QUEUED_ITEM_CAN_PROCEED: whether the gate would let the head of the queue in. */
export function nextCanProceed({ arena }: Td, node: Pointer): boolean {
  const head = Atomics.load(arena, at(node, node_.queue_first));
  const asReader = Atomics.load(arena, at(head, item_.el_flags)) & NGQF_QREADER;
  const q_flags = Atomics.load(arena, at(node, node_.q_flags));
  return asReader ? (q_flags & WRITER_ACTIVE) === 0 : (q_flags & ~OP_PENDING) === 0;
}

/** Puts an item on the queue, and the node on the worklist if the head of the queue could be applied now. */
export function ng_queue_rw(td: Td, node: Pointer, item: Pointer, asReader: boolean): void {
  const { arena } = td;
  if (asReader) Atomics.or(arena, at(item, item_.el_flags), NGQF_QREADER);
  else Atomics.and(arena, at(item, item_.el_flags), ~NGQF_QREADER);
  if (Atomics.load(arena, at(item, item_.apply)) !== 0) Atomics.store(arena, at(item, item_.depth), 1);
  mtx_lock(td, at(node, node_.q_mtx));
  Atomics.or(arena, at(node, node_.q_flags), OP_PENDING);
  insertTail(td, node, item);
  if (nextCanProceed(td, node)) ng_worklist_add(td, node);
  mtx_unlock(td, at(node, node_.q_mtx));
}

function insertTail({ arena }: Td, node: Pointer, item: Pointer): void {
  Atomics.store(arena, at(item, item_.el_next), 0);
  const last = Atomics.load(arena, at(node, node_.queue_last));
  Atomics.store(arena, last === 0 ? at(node, node_.queue_first) : at(last, item_.el_next), item);
  Atomics.store(arena, at(node, node_.queue_last), item);
}

/** STAILQ_REMOVE_HEAD; with the last item goes OP_PENDING. */
function removeHead({ arena }: Td, node: Pointer, item: Pointer): void {
  const next = Atomics.load(arena, at(item, item_.el_next));
  Atomics.store(arena, at(node, node_.queue_first), next);
  if (next !== 0) return;
  Atomics.store(arena, at(node, node_.queue_last), 0);
  Atomics.and(arena, at(node, node_.q_flags), ~OP_PENDING);
}

/**
 * Takes the head of the queue, if the gate lets it in, and enters for it, as a reader or writer as it was queued. Returns 0 when
 * nothing can be taken. Called with q_mtx held.
 */
export function ng_dequeue(td: Td, node: Pointer): Pointer {
  const { arena } = td;
  const q_flags = at(node, node_.q_flags);
  if ((Atomics.load(arena, q_flags) & OP_PENDING) === 0) return 0;
  const item = live(td, 'item', Atomics.load(arena, at(node, node_.queue_first)));
  if (Atomics.load(arena, at(item, item_.el_flags)) & NGQF_QREADER) {
    for (;;) {
      const t = Atomics.load(arena, q_flags);
      if (t & WRITER_ACTIVE) return 0;
      if (Atomics.compareExchange(arena, q_flags, t, t + READER_INCREMENT) === t) break;
    }
  } else if (Atomics.compareExchange(arena, q_flags, OP_PENDING, OP_PENDING + WRITER_ACTIVE) !== OP_PENDING) return 0;
  removeHead(td, node, item);
  return item;
}

/** Frees all that is queued. The mutex is let go for each item, for freeing it can call into other nodes. */
export function ng_flush_input_queue(td: Td, node: Pointer): void {
  const { arena } = td;
  for (;;) {
    mtx_lock(td, at(node, node_.q_mtx));
    const item = Atomics.load(arena, at(node, node_.queue_first));
    if (item !== 0) removeHead(td, node, item);
    mtx_unlock(td, at(node, node_.q_mtx));
    if (item === 0) return;
    if ((Atomics.load(arena, at(item, item_.el_flags)) & NGQF_TYPE) === NGQF_DATA) drop(td);
    const hook = Atomics.load(arena, at(item, item_.el_hook));
    undoPart(td, Atomics.load(arena, at(item, item_.fn)), hook);
    finishApply(td, Atomics.load(arena, at(item, item_.apply)), Atomics.load(arena, at(item, item_.depth)), ENOENT);
    ng_free_item(td, item);
  }
}
