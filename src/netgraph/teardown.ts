import { refcount_acquire } from './count.ts';
import { Fault } from './fault.ts';
import { NGF_REALLY_DIE } from './flags.ts';
import { idHash, nameHash, type Hash } from './hash.ts';
import { at, globals, node_, type Pointer } from './layout.ts';
import { rw_rlock, rw_runlock, rw_wlock, rw_wunlock } from './lock.ts';
import { ng_unref_node } from './reference.ts';
import { ng_rmnode_self } from './rmnode.ts';
import type { Td } from './td.ts';

/** The first node of the ID hash, or 0: it is enough to look at the buckets. */
function firstNode({ arena }: Td): Pointer {
  const table = Atomics.load(arena, idHash.table);
  for (let i = 0; i <= Atomics.load(arena, idHash.hmask); i++) {
    const node = Atomics.load(arena, table + i);
    if (node !== 0) return node;
  }
  return 0;
}

/** The first node that is left, with a reference, or 0. */
function takeFirst(td: Td): Pointer {
  rw_rlock(td, idHash.lock);
  const node = firstNode(td);
  if (node !== 0) refcount_acquire(td, at(node, node_.nd_refs));
  rw_runlock(td, idHash.lock);
  return node;
}

/**
 * The network stack goes, and all nodes with it (ng_base.c:3202-3239): one after the other is told that this time it must go, is shut down in its gate by
 * whoever comes to that, and is waited for. Somebody else has to serve the queues meanwhile. Interfaces must have been detached, and sockets closed,
 * by who wants to use them no more. To be called outside sections.
 */
export function vnet_netgraph_uninit(td: Td): void {
  for (let node = takeFirst(td); node !== 0; node = takeFirst(td)) {
    Atomics.or(td.arena, at(node, node_.nd_flags), NGF_REALLY_DIE);
    ng_rmnode_self(td, node);
    awaitEnd(td, node);
    ng_unref_node(td, node);
  }
  destroyTable(td, nameHash);
  destroyTable(td, idHash);
}

/** Sleeps as long as the node is the first; who takes one out of the hash wakes it. What it has seen then it looks at again under the lock. */
function awaitEnd(td: Td, node: Pointer): void {
  const { arena } = td;
  for (let isLeft = true; isLeft;) {
    for (;;) {
      const seq = Atomics.load(arena, globals.ng_idhash_seq);
      if (firstNode(td) !== node) break;
      Atomics.wait(arena, globals.ng_idhash_seq, seq);
    }
    rw_rlock(td, idHash.lock);
    isLeft = firstNode(td) === node;
    rw_runlock(td, idHash.lock);
  }
}

/** hashdestroy(9): what is left is a table of one bucket, in which nobody finds anything. */
function destroyTable(td: Td, { table, hmask, lock }: Hash): void {
  const { arena } = td;
  rw_wlock(td, lock);
  const last = Atomics.load(arena, hmask);
  Atomics.store(arena, hmask, 0);
  for (let i = 0; i <= last; i++)
    if (Atomics.load(arena, Atomics.load(arena, table) + i) !== 0)
      throw new Fault('hashdestroy: the table is not empty');
  rw_wunlock(td, lock);
}
