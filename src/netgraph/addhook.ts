import { refcount_acquire } from './count.ts';
import { isReserved } from './findhook.ts';
import { HK_INVALID } from './flags.ts';
import { at, hook_, ng_deadhook, node_, type Pointer } from './layout.ts';
import { CK_LIST_INSERT_HEAD } from './list.ts';
import { alloc } from './pool.ts';
import { ng_unref_hook } from './reference.ts';
import { EEXIST, ENOMEM, type Td } from './td.ts';
import { types } from './ngtype.ts';

/** What is made: a pointer above zero in every life would be taken for an error number, so the two go apart. */
export type Made = { readonly error: number; readonly made: Pointer };
export const failed = (error: number): Made => ({ error, made: 0 });

/** A new hook with one reference, that nobody can find yet. */
export function allocHook(td: Td, node: Pointer, peer: Pointer, name: number): Pointer {
  const hook = alloc(td, 'hook');
  if (hook === 0) return 0;
  const { arena } = td;
  Atomics.store(arena, at(hook, hook_.hk_refs), 1);
  Atomics.store(arena, at(hook, hook_.hk_flags), HK_INVALID);
  Atomics.store(arena, at(hook, hook_.hk_peer), peer);
  Atomics.store(arena, at(hook, hook_.hk_node), node);
  Atomics.store(arena, at(hook, hook_.hk_name), name);
  return hook;
}

/** Adds a hook without a link to a node (ng_base.c:1099-1150), with a reference for the caller, who is the node's writer. */
export function ng_add_hook(td: Td, node: Pointer, name: number): Made {
  if (isReserved(td, node, name)) return failed(EEXIST);
  const hook = allocHook(td, node, ng_deadhook, name);
  if (hook === 0) return failed(ENOMEM);
  refcount_acquire(td, at(node, node_.nd_refs));
  const error = types[Atomics.load(td.arena, at(node, node_.nd_type))]!.newhook(td, node, hook, name);
  if (error !== 0) {
    ng_unref_hook(td, hook);
    return failed(error);
  }
  linkHook(td, node, hook);
  return { error: 0, made: hook };
}

/** The hook comes on the list of its node, which holds a reference on it. */
export function linkHook(td: Td, node: Pointer, hook: Pointer): void {
  CK_LIST_INSERT_HEAD(td, node, hook);
  const numhooks = at(node, node_.nd_numhooks);
  Atomics.store(td.arena, numhooks, Atomics.load(td.arena, numhooks) + 1);
  refcount_acquire(td, at(hook, hook_.hk_refs));
}
