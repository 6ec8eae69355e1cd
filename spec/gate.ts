import { atomic_clear, atomic_cmpset, atomic_subtract, KASSERT } from '../src/machine/access.ts';
import { forever, procedure } from '../src/machine/procedure.ts';
import type { Item } from './item.ts';
import { ng_deadnode, NGQ_RMASK, READER_INCREMENT, WRITER_ACTIVE, type Node } from './node.ts';
import { ng_queue_rw } from './queue.ts';

/**
 * The gate of a node: many readers or one writer, all in one word. Nobody waits at it: who cannot enter leaves the item
 * in the queue and goes on.
 */
export const NGQRW_R = 0;
export const NGQRW_W = 1;
/** Not in the C: a packet that is applied without entering the gate. */
export const NGQRW_NONE = 2;

/** Enters as a reader, unless there is a writer or something is queued. Returns the item, or NULL when it was queued. */
export const ng_acquire_read = procedure(
  'ng_base.c:2094-2118',
  function ng_acquire_read(node: Node, item: Item): Item | null {
    KASSERT(node !== ng_deadnode, 'ng_acquire_read: working on deadnode');
    const entered = forever(() => {
      const t = node.q_flags; // 2101
      if (t & NGQ_RMASK) return false;
      if (atomic_cmpset(node, 'q_flags', t, t + READER_INCREMENT, 'acquire')) return true; // 2104
    });
    if (entered) return item;
    ng_queue_rw(node, item, NGQRW_R); // 2115
    return null;
  },
);

/** Enters as a writer, if the node is idle. Returns the item, or NULL when it was queued. */
export const ng_acquire_write = procedure(
  'ng_base.c:2122-2140',
  function ng_acquire_write(node: Node, item: Item): Item | null {
    KASSERT(node !== ng_deadnode, 'ng_acquire_write: working on deadnode');
    if (atomic_cmpset(node, 'q_flags', 0, WRITER_ACTIVE, 'acquire')) return item; // 2128
    ng_queue_rw(node, item, NGQRW_W); // 2137
    return null;
  },
);

export const ng_leave_read = procedure('ng_base.c:2211-2214', function ng_leave_read(node: Node): void {
  atomic_subtract(node, 'q_flags', READER_INCREMENT, 'release'); // 2213
});

export const ng_leave_write = procedure('ng_base.c:2218-2221', function ng_leave_write(node: Node): void {
  atomic_clear(node, 'q_flags', WRITER_ACTIVE, 'release'); // 2220
});
