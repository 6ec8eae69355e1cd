import { at, hook_, node_, type Pointer } from './layout.ts';
import type { Td } from './td.ts';

/**
 * The list of a node's hooks, store by store as CK_LIST does it (ck_queue.h:404-417). Only the writer of the node changes it. Who walks
 * along it in a section needs nothing else: a hook that is taken off keeps its `cle_next`.
 * `cle_prev` holds the address of the word that points to the hook, as in the C.
 */
export function CK_LIST_INSERT_HEAD({ arena }: Td, node: Pointer, hook: Pointer): void {
  const head = at(node, node_.nd_hooks);
  const first = Atomics.load(arena, head);
  Atomics.store(arena, at(hook, hook_.cle_next), first);
  if (first !== 0) Atomics.store(arena, at(first, hook_.cle_prev), at(hook, hook_.cle_next));
  Atomics.store(arena, head, hook);
  Atomics.store(arena, at(hook, hook_.cle_prev), head);
}

export function CK_LIST_REMOVE({ arena }: Td, hook: Pointer): void {
  const next = Atomics.load(arena, at(hook, hook_.cle_next));
  const prev = Atomics.load(arena, at(hook, hook_.cle_prev));
  Atomics.store(arena, prev, next);
  if (next !== 0) Atomics.store(arena, at(next, hook_.cle_prev), prev);
}
