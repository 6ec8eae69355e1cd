import { BUCKETS, at, globals, node_, V_ng_ID_hash, V_ng_name_hash, type Pointer } from './layout.ts';
import { rw_wlock, rw_wunlock } from './lock.ts';
import type { Td } from './td.ts';

/** The two hash tables of nodes, touched under their locks only. Unlike the tables of the C they do not grow: there are half as many nodes at most as buckets can bear. */

const isName = { next: node_.nd_nodes_next, prev: node_.nd_nodes_prev };
const isID = { next: node_.nd_idnodes_next, prev: node_.nd_idnodes_prev };

export const idBucket = (ID: number): number => V_ng_ID_hash + (ID & (BUCKETS - 1));
export const nameBucket = (name: number): number => V_ng_name_hash + (name & (BUCKETS - 1));

function insert({ arena }: Td, bucket: number, node: Pointer, { next, prev }: typeof isID): void {
  const first = Atomics.load(arena, bucket);
  Atomics.store(arena, at(node, next), first);
  if (first !== 0) Atomics.store(arena, at(first, prev), at(node, next));
  Atomics.store(arena, bucket, node);
  Atomics.store(arena, at(node, prev), bucket);
}

function remove({ arena }: Td, node: Pointer, { next, prev }: typeof isID): void {
  const following = Atomics.load(arena, at(node, next));
  const before = Atomics.load(arena, at(node, prev));
  Atomics.store(arena, before, following);
  if (following !== 0) Atomics.store(arena, at(following, prev), before);
}

/** The node gets its ID and comes into the hash: from here on it can be found (ng_base.c:679-695). */
export function publish(td: Td, node: Pointer): void {
  const { arena } = td;
  rw_wlock(td, globals.ng_idhash_lock);
  const ID = Atomics.add(arena, globals.V_nextID, 1);
  Atomics.store(arena, at(node, node_.nd_ID), ID);
  Atomics.add(arena, globals.V_ng_nodes, 1);
  insert(td, idBucket(ID), node, isID);
  rw_wunlock(td, globals.ng_idhash_lock);
}

/** The node gets a name, or another. Called under NAMEHASH W. */
export function rename(td: Td, node: Pointer, name: number): void {
  const { arena } = td;
  if (Atomics.load(arena, at(node, node_.nd_name)) !== 0) remove(td, node, isName);
  else Atomics.add(arena, globals.V_ng_named_nodes, 1);
  Atomics.store(arena, at(node, node_.nd_name), name);
  insert(td, nameBucket(name), node, isName);
}

/** The node leaves both hashes. One that never came into the ID hash has no ID, and nobody to have named it. */
export function unhash(td: Td, node: Pointer): void {
  const { arena } = td;
  if (Atomics.load(arena, at(node, node_.nd_ID)) === 0) return;
  rw_wlock(td, globals.ng_namehash_lock);
  if (Atomics.load(arena, at(node, node_.nd_name)) !== 0) {
    Atomics.sub(arena, globals.V_ng_named_nodes, 1);
    remove(td, node, isName);
  }
  rw_wunlock(td, globals.ng_namehash_lock);
  rw_wlock(td, globals.ng_idhash_lock);
  Atomics.sub(arena, globals.V_ng_nodes, 1);
  remove(td, node, isID);
  rw_wunlock(td, globals.ng_idhash_lock);
}
