import { refcount_release } from './count.ts';
import { NET_EPOCH_CALL } from './epoch.ts';
import { at, hook_, ng_deadhook, ng_deadnode, node_, type_, type Pointer } from './layout.ts';
import { free } from './pool.ts';
import type { Td } from './td.ts';
import { types } from './ngtype.ts';

/** Giving references back, and what the last one does (ng_base.c:800-840, 1070-1092). */

/** Callback: frees a node, and what its type has hung on it, once nobody can be looking at it any more. Its type has a node less. */
export function ng_kill_node(td: Td, node: Pointer): void {
  const type = Atomics.load(td.arena, at(node, node_.nd_type));
  types[type]!.nodefree?.(td, node);
  Atomics.sub(td.arena, at(type, type_.refs), 1);
  free(td, 'node', node);
}

/** Drops a reference on a node; the last one hands it over. It touches no lock, so a packet can drop it. */
export function ng_unref_node(td: Td, node: Pointer): void {
  if (node === ng_deadnode) return;
  if (!refcount_release(td, at(node, node_.nd_refs))) return;
  NET_EPOCH_CALL(td, 'node', node);
}

/**
 * Callback: frees a hook likewise. The hook has kept its node until here, so whoever found the hook in a section could go to the node and
 * from there to the private data without asking.
 */
export function ng_kill_hook(td: Td, hook: Pointer): void {
  const node = Atomics.load(td.arena, at(hook, hook_.hk_node));
  if (node !== ng_deadnode) types[Atomics.load(td.arena, at(node, node_.nd_type))]!.hookfree?.(td, hook);
  free(td, 'hook', hook);
  ng_unref_node(td, node);
}

/** Drops a reference on a hook; the last one hands it over. */
export function ng_unref_hook(td: Td, hook: Pointer): void {
  if (hook === ng_deadhook) return;
  if (refcount_release(td, at(hook, hook_.hk_refs))) NET_EPOCH_CALL(td, 'hook', hook);
}
