import { NGF_INVALID } from './flags.ts';
import { refcount_acquire } from './count.ts';
import { bucketOf, idHash, lockNames, nameHash, rename } from './hash.ts';
import { at, globals, node_, type Pointer } from './layout.ts';
import { rw_rlock, rw_runlock, rw_wunlock } from './lock.ts';
import { EADDRINUSE, type Td } from './td.ts';

/** How nodes are found and named (ng_base.c:846-963). Under the lock of a hash every node in it has a reference, so none is tested. */

/** The valid node with an ID, with a reference, or 0. */
export function ng_ID2noderef(td: Td, ID: number): Pointer {
  const { arena } = td;
  rw_rlock(td, globals.ng_idhash_lock);
  let node = Atomics.load(arena, bucketOf(td, idHash, ID));
  while (node !== 0 && Atomics.load(arena, at(node, node_.nd_ID)) !== ID)
    node = Atomics.load(arena, at(node, node_.nd_idnodes_next));
  if (node !== 0 && Atomics.load(arena, at(node, node_.nd_flags)) & NGF_INVALID) node = 0;
  if (node !== 0) refcount_acquire(td, at(node, node_.nd_refs));
  rw_runlock(td, globals.ng_idhash_lock);
  return node;
}

/** The valid node with a name, with a reference, or 0. */
export function ng_name2noderef(td: Td, name: number): Pointer {
  rw_rlock(td, globals.ng_namehash_lock);
  const node = named(td, name);
  if (node !== 0) refcount_acquire(td, at(node, node_.nd_refs));
  rw_runlock(td, globals.ng_namehash_lock);
  return node;
}

/** Under the lock. A node that is on its way out has its name no more. */
function named(td: Td, name: number): Pointer {
  const { arena } = td;
  let node = Atomics.load(arena, bucketOf(td, nameHash, name));
  while (node !== 0) {
    const invalid = Atomics.load(arena, at(node, node_.nd_flags)) & NGF_INVALID;
    if (!invalid && Atomics.load(arena, at(node, node_.nd_name)) === name) return node;
    node = Atomics.load(arena, at(node, node_.nd_nodes_next));
  }
  return 0;
}

/** Gives a node a name (872-920). @returns 0; EADDRINUSE when another valid node has it; EINVAL when the node has left the hash at its shutdown. */
export function ng_name_node(td: Td, node: Pointer, name: number): number {
  if (Atomics.load(td.arena, at(node, node_.nd_name)) === name) return 0;
  lockNames(td);
  const error = named(td, name) !== 0 ? EADDRINUSE : rename(td, node, name);
  rw_wunlock(td, globals.ng_namehash_lock);
  return error;
}
