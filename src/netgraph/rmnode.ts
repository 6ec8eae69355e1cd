import { refcount_acquire } from './count.ts';
import { ng_destroy_hook } from './destroy.ts';
import { Fault } from './fault.ts';
import { FN_RMNODE, NGF_CLOSING, NGF_INVALID, NGF_REALLY_DIE, NGF_REVIVED } from './flags.ts';
import { unhash } from './hash.ts';
import { at, ng_deadnode, node_, type Pointer } from './layout.ts';
import { ng_flush_input_queue } from './queue.ts';
import { ng_unref_node } from './reference.ts';
import { ng_send_fn } from './send.ts';
import type { Td } from './td.ts';
import { types } from './ngtype.ts';

/**
 * Shuts a node down (ng_base.c:721-794). The caller is its writer, so of two the second finds NGF_CLOSING. A node that its type resets stays;
 * if it has been asked meanwhile to go this time (NGF_REALLY_DIE), who asked has found NGF_CLOSING and gone, so it is looked for at the end.
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
  const { shutdown } = types[Atomics.load(arena, at(node, node_.nd_type))]!;
  if (shutdown === undefined) ng_unref_node(td, node);
  else {
    shutdown(td, node);
    if (Atomics.load(arena, at(node, node_.nd_flags)) & NGF_REVIVED) return reopen(td, node);
  }
  unhash(td, node);
  ng_unref_node(td, node);
}

/** The node stays, unless it has been doomed meanwhile. */
function reopen(td: Td, node: Pointer): void {
  const { arena } = td;
  Atomics.and(arena, at(node, node_.nd_flags), ~(NGF_INVALID | NGF_CLOSING | NGF_REVIVED));
  const dies = Atomics.load(arena, at(node, node_.nd_flags)) & NGF_REALLY_DIE;
  ng_unref_node(td, node);
  if (dies) ng_rmnode(td, node);
}

/** Asks a node to shut itself down, unless that is going on (1652-1664). */
export function ng_rmnode_self(td: Td, node: Pointer): void {
  const { arena } = td;
  if (node === ng_deadnode) return;
  Atomics.or(arena, at(node, node_.nd_flags), NGF_INVALID);
  if (Atomics.load(arena, at(node, node_.nd_flags)) & NGF_CLOSING) return;
  if (ng_send_fn(td, node, 0, FN_RMNODE) !== 0) throw new Fault('no item is left to shut a node down with');
}
