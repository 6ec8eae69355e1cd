import { at, globals, ID_TABLES, MOST_BUCKETS, NAME_TABLES, node_, type Field, type Pointer } from './layout.ts';
import { rw_wlock, rw_wunlock } from './lock.ts';
import { EINVAL, type Td } from './td.ts';

/**
 * The two hash tables of nodes, touched under their locks only. A table grows to twice its size when it has more than half as many nodes as buckets: that is
 * another table, and the old one is free at once. Of each there are two places of the largest size, and one of them is in use.
 */
export type Hash = {
  /** Words that say where the table is, and how many buckets it has but one. */
  readonly table: number;
  readonly hmask: number;
  readonly lock: number;
  /** How many nodes are in it. */
  readonly count: number;
  /** Its two places. */
  readonly places: number;
  /** What a node is found by, and its linkage. */
  readonly key: Field;
  readonly next: Field;
  readonly prev: Field;
};

export const idHash: Hash = {
  table: globals.V_ng_ID_hash,
  hmask: globals.V_ng_ID_hmask,
  lock: globals.ng_idhash_lock,
  count: globals.V_ng_nodes,
  places: ID_TABLES,
  key: node_.nd_ID,
  next: node_.nd_idnodes_next,
  prev: node_.nd_idnodes_prev,
};

export const nameHash: Hash = {
  table: globals.V_ng_name_hash,
  hmask: globals.V_ng_name_hmask,
  lock: globals.ng_namehash_lock,
  count: globals.V_ng_named_nodes,
  places: NAME_TABLES,
  key: node_.nd_name,
  next: node_.nd_nodes_next,
  prev: node_.nd_nodes_prev,
};

/** Buckets at the beginning (NG_ID_HASH_SIZE, NG_NAME_HASH_SIZE). */
const FIRST_BUCKETS = 128;

/** Both tables as they are in an empty arena. */
export function layHashes(arena: Int32Array): void {
  for (const hash of [idHash, nameHash]) {
    Atomics.store(arena, hash.table, hash.places);
    Atomics.store(arena, hash.hmask, FIRST_BUCKETS - 1);
  }
}

/** The address of the bucket of an ID, or of a name. Called under the lock. */
export const bucketOf = ({ arena }: Td, { table, hmask }: Hash, key: number): number =>
  Atomics.load(arena, table) + (key & Atomics.load(arena, hmask));

function insert({ arena }: Td, bucket: number, node: Pointer, { next, prev }: Hash): void {
  const first = Atomics.load(arena, bucket);
  Atomics.store(arena, at(node, next), first);
  if (first !== 0) Atomics.store(arena, at(first, prev), at(node, next));
  Atomics.store(arena, bucket, node);
  Atomics.store(arena, at(node, prev), bucket);
}

function remove({ arena }: Td, node: Pointer, { next, prev }: Hash): void {
  const following = Atomics.load(arena, at(node, next));
  const before = Atomics.load(arena, at(node, prev));
  Atomics.store(arena, before, following);
  if (following !== 0) Atomics.store(arena, at(following, prev), before);
}

/**
 * Moves all nodes into a table of another size (ng_base.c:1001-1057), bucket by bucket, from each the first that is left. Called under W. The table is stored
 * before the mask.
 * @param hmask the number of its buckets but one: one less than a power of two, of MOST_BUCKETS at most.
 */
export function rehash(td: Td, hash: Hash, hmask: number): void {
  const { arena } = td;
  const old = Atomics.load(arena, hash.table);
  const last = Atomics.load(arena, hash.hmask);
  const table = old === hash.places ? hash.places + MOST_BUCKETS : hash.places;
  for (let i = 0; i <= last; i++) {
    for (let node = Atomics.load(arena, old + i); node !== 0; node = Atomics.load(arena, old + i)) {
      const key = Atomics.load(arena, at(node, hash.key));
      remove(td, node, hash);
      insert(td, table + (key & hmask), node, hash);
    }
  }
  Atomics.store(arena, hash.table, table);
  Atomics.store(arena, hash.hmask, hmask);
}

/** Makes the table grow if there are that many nodes for it. Called under W. */
function growFor(td: Td, hash: Hash, nodes: number): void {
  const hmask = Atomics.load(td.arena, hash.hmask);
  if (nodes * 2 > hmask && hmask < MOST_BUCKETS - 1) rehash(td, hash, hmask * 2 + 1);
}

/** The node gets its ID and comes into the hash: from here on it can be found (ng_base.c:679-695). */
export function publish(td: Td, node: Pointer): void {
  const { arena } = td;
  rw_wlock(td, idHash.lock);
  const ID = Atomics.add(arena, globals.V_nextID, 1);
  Atomics.store(arena, at(node, node_.nd_ID), ID);
  const nodes = Atomics.add(arena, idHash.count, 1) + 1;
  growFor(td, idHash, nodes);
  insert(td, bucketOf(td, idHash, ID), node, idHash);
  rw_wunlock(td, idHash.lock);
}

/** Takes the lock of the names; the table grows if it is full (ng_base.c:896-898). */
export function lockNames(td: Td): void {
  rw_wlock(td, nameHash.lock);
  growFor(td, nameHash, Atomics.load(td.arena, nameHash.count));
}

/** The node gets a name, or another. Called under NAMEHASH W. @returns 0; EINVAL when it has left the hash for good. */
export function rename(td: Td, node: Pointer, name: number): number {
  const { arena } = td;
  const old = Atomics.load(arena, at(node, node_.nd_name));
  if (Atomics.load(arena, at(node, node_.nd_unhashed)) !== 0) return EINVAL;
  if (old !== 0) remove(td, node, nameHash);
  else Atomics.add(arena, nameHash.count, 1);
  Atomics.store(arena, at(node, node_.nd_name), name);
  insert(td, bucketOf(td, nameHash, name), node, nameHash);
  return 0;
}

/** The node leaves both hashes, and who waits for that is woken. One that never came into the ID hash has no ID, but its constructor can have named it. */
export function unhash(td: Td, node: Pointer): void {
  const { arena } = td;
  rw_wlock(td, nameHash.lock);
  if (Atomics.load(arena, at(node, node_.nd_name)) !== 0) {
    Atomics.sub(arena, nameHash.count, 1);
    remove(td, node, nameHash);
  }
  Atomics.store(arena, at(node, node_.nd_unhashed), 1);
  rw_wunlock(td, nameHash.lock);
  if (Atomics.load(arena, at(node, node_.nd_ID)) === 0) return;
  rw_wlock(td, idHash.lock);
  Atomics.sub(arena, idHash.count, 1);
  remove(td, node, idHash);
  Atomics.add(arena, globals.ng_idhash_seq, 1);
  rw_wunlock(td, idHash.lock);
  Atomics.notify(arena, globals.ng_idhash_seq);
}
