import { refcount_acquire } from './count.ts';
import { ng_destroy_hook } from './destroy.ts';
import { Fault } from './fault.ts';
import { FN_RMNODE, NGF_CLOSING, NGF_INVALID } from './flags.ts';
import { unhash } from './hash.ts';
import { at, ng_deadnode, node_, type Pointer } from './layout.ts';
import { ng_flush_input_queue } from './queue.ts';
import { ng_unref_node } from './reference.ts';
import { ng_send_fn } from './send.ts';
import type { Td } from './td.ts';
import { types } from './ngtype.ts';

/**
 * Shuts a node down (ng_base.c:721-794). The caller is its writer, so of two the second finds NGF_CLOSING. No type here resets itself and stays.
 */
export function ng_rmnode(td: Td, node: Pointer): void {
  const { arena } = td;
  if (Atomics.load(arena, at(node, node_.nd_flags)) & NGF_CLOSING || node === ng_deadnode) return;
  refcount_acquire(td, at(node, node_.nd_refs));
  Atomics.or(arena, at(node, node_.nd_flags), NGF_INVALID | NGF_CLOSING);
  types[Atomics.load(arena, at(node, node_.nd_type))]!.close?.(td, node);
  for (;;) {
    const hook = Atomics.load(arena, at(node, node_.nd_hooks));
    if (hook === 0) break;
    ng_destroy_hook(td, hook);
  }
  ng_flush_input_queue(td, node);
  types[Atomics.load(arena, at(node, node_.nd_type))]!.shutdown?.(td, node);
  ng_unref_node(td, node);
  unhash(td, node);
  ng_unref_node(td, node);
}

/** Asks a node to shut itself down, unless that is going on (1652-1664). */
export function ng_rmnode_self(td: Td, node: Pointer): void {
  const { arena } = td;
  if (node === ng_deadnode) return;
  Atomics.or(arena, at(node, node_.nd_flags), NGF_INVALID);
  if (Atomics.load(arena, at(node, node_.nd_flags)) & NGF_CLOSING) return;
  if (ng_send_fn(td, node, 0, FN_RMNODE) !== 0) throw new Fault('no item is left to shut a node down with');
}
