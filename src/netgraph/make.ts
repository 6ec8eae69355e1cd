import { failed, ng_add_hook, type Made } from './addhook.ts';
import { ng_destroy_hook } from './destroy.ts';
import { HK_INVALID } from './flags.ts';
import { refcount_acquire } from './count.ts';
import { publish } from './hash.ts';
import { at, hook_, node_, type_, type Pointer } from './layout.ts';
import { alloc } from './pool.ts';
import { ng_unref_hook, ng_unref_node } from './reference.ts';
import { ng_rmnode_self } from './rmnode.ts';
import { ENOMEM, type Td } from './td.ts';
import { types } from './ngtype.ts';

/** How nodes come into being (ng_base.c:600-700, 1588-1643). A node can be found when it is set up and linked, and not before. */

/** A node of a type, with one reference for its existence, that nobody can find yet and nobody has set up; 0 when there is no memory. */
export function ng_make_node_common(td: Td, type: number): Pointer {
  const node = alloc(td, 'node');
  if (node === 0) return 0;
  Atomics.store(td.arena, at(node, node_.nd_type), type);
  Atomics.store(td.arena, at(node, node_.nd_refs), 1);
  Atomics.add(td.arena, at(type, type_.refs), 1);
  return node;
}

/** The same, set up by its type. */
export function ng_make_node(td: Td, type: number): Made {
  const node = ng_make_node_common(td, type);
  if (node === 0) return failed(ENOMEM);
  const error = types[type]!.constructor_(td, node);
  if (error === 0) return { error: 0, made: node };
  ng_unref_node(td, node);
  return failed(error);
}

/** NGM_MKPEER: makes a node and a link to it. The caller is the writer of `node`. Returns an error number. */
export function ng_mkpeer(td: Td, node: Pointer, name: number, name2: number, type: number): number {
  const { error, made: node2 } = ng_make_node(td, type);
  if (error !== 0) return error;
  const hook1 = ng_add_hook(td, node, name);
  if (hook1.error !== 0) {
    ng_rmnode_self(td, node2);
    return hook1.error;
  }
  const hook2 = ng_add_hook(td, node2, name2);
  if (hook2.error === 0) return marry(td, hook1.made, hook2.made, node2);
  ng_rmnode_self(td, node2);
  ng_destroy_hook(td, hook1.made);
  ng_unref_hook(td, hook1.made);
  return hook2.error;
}

/** Until the first hook is valid nobody but this thread can come to the second. */
function marry(td: Td, hook1: Pointer, hook2: Pointer, node2: Pointer): number {
  const { arena } = td;
  Atomics.store(arena, at(hook1, hook_.hk_peer), hook2);
  Atomics.store(arena, at(hook2, hook_.hk_peer), hook1);
  refcount_acquire(td, at(hook1, hook_.hk_refs));
  refcount_acquire(td, at(hook2, hook_.hk_refs));
  const error = connectBoth(td, hook1, hook2);
  if (error !== 0) {
    ng_destroy_hook(td, hook2);
    ng_rmnode_self(td, node2);
  } else {
    makeValid(td, hook2);
    publish(td, node2);
    makeValid(td, hook1);
  }
  ng_unref_hook(td, hook1);
  ng_unref_hook(td, hook2);
  return error;
}

/** Each type can refuse the link. */
function connectBoth(td: Td, hook1: Pointer, hook2: Pointer): number {
  const error = typeOf(td, hook1).connect?.(td, hook1) ?? 0;
  return error !== 0 ? error : (typeOf(td, hook2).connect?.(td, hook2) ?? 0);
}

/** The type of the node that a hook is of. */
export function typeOf({ arena }: Td, hook: Pointer): (typeof types)[number] {
  return types[Atomics.load(arena, at(Atomics.load(arena, at(hook, hook_.hk_node)), node_.nd_type))]!;
}

export function makeValid({ arena }: Td, hook: Pointer): void {
  Atomics.store(arena, at(hook, hook_.hk_flags), Atomics.load(arena, at(hook, hook_.hk_flags)) & ~HK_INVALID);
}
