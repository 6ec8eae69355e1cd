import {
  atomic_set,
  atomically,
  free,
  given,
  KASSERT,
  maySleep,
  panic,
  refcount_acquire,
  rw_rlock,
  rw_runlock,
  rw_wlock,
  rw_wunlock,
  sameAddress,
  wait_until,
} from '../src/machine/access.ts';
import { again, foreach, procedure, type Again } from '../src/machine/procedure.ts';
import { ng } from './globals.ts';
import { bucket, ng_nohash } from './hash.ts';
import { NGF_REALLY_DIE, type Node } from './node.ts';
import { ng_unref_node } from './reference.ts';
import { ng_rmnode, ng_rmnode_self } from './rmnode.ts';

/** The first node of the ID hash. That it is valid is not asked. */
const firstNode = (): Node | null => {
  const table = ng.V_ng_ID_hash; // 3211
  const hmask = ng.V_ng_ID_hmask; // 3210
  return foreach<number, Node>(
    0,
    (i) => (i < hmask ? i + 1 : null), // 3210
    (i) => table[bucket(i)] ?? undefined, // 3211
  );
};

/**
 * A network stack goes (the jail that it belongs to is destroyed): every node of it is shut down. In no gate, in no design, and
 * without a look at nd_refs or nd_flags: a node that is on its way out already, by another thread, is still in the hash, and then
 *
 *     1. ng_rmnode finds NGF_CLOSING and returns
 *     2. it is found again, the same node: it has persisted itself, as it seems, and gets NGF_REALLY_DIE
 *     3. it is found a third time, and the kernel panics, if the other thread has not finished until then
 *
 * The look-up is one step up to the reference, for the chains change under the W lock only; see `name.ts`.
 */
export const vnet_netgraph_uninit = procedure('ng_base.c:3202-3239', function vnet_netgraph_uninit(): void {
  if (given('teardown-through-gate')) killInGate();
  else killNext(null);
  if (given('teardown-awaits-nodes')) awaitMemory();
  destroyTable(true); // 3237
  destroyTable(false); // 3238
  if (ng.vnetGoes) ng.vnetGone = true;
});

/**
 * A node that is in no hash can still have references, and its memory waits for the end of a section: who gives one back goes to the
 * network stack by `nd_vnet`. The callback that frees a node counts it and wakes whoever waits, so that no wakeup is lost.
 */
const awaitMemory = procedure('ng_base.c:3236', function awaitMemory(): void {
  wait_until(() => {
    if (ng.V_ng_kept === 0) return true;
    maySleep();
    return false;
  });
});

/** The first node that is left, with a reference, or NULL. */
const takeFirst = procedure('ng_base.c:3209-3220', function takeFirst(): Node | null {
  const node = atomically(() => {
    rw_rlock(ng.ng_idhash_lock); // 3209
    return firstNode();
  });
  atomically(() => {
    if (node !== null) refcount_acquire(node.nd_refs); // 3213
    rw_runlock(ng.ng_idhash_lock); // 3220
  });
  return node;
});

/** This time it must go. */
const mustDie = procedure('ng_base.c:3229', function mustDie(node: Node): void {
  if (given('node-flags-atomic'))
    atomic_set(node, 'nd_flags', NGF_REALLY_DIE); // 3229
  else node.nd_flags |= NGF_REALLY_DIE; // 3229
});

const killNext = procedure('ng_base.c:3207-3232', function killNext(last_killed: Node | null): void | Again {
  const node = takeFirst();
  if (node === null) return;
  if (last_killed !== null && sameAddress(node, last_killed)) {
    const really = node.nd_flags & NGF_REALLY_DIE; // 3225
    if (really) panic("ng node won't die"); // 3226
    mustDie(node);
  }
  ng_rmnode(node, null); // 3231
  ng_unref_node(node); // 3232
  return again(node);
});

/**
 * The first node that is left is told that it must die, is shut down in its gate by whoever comes to that, and is waited for: under the
 * lock, for a wakeup by who takes a node out of the hash, so none is lost. Node after node, as each goes of its own accord too.
 */
const killInGate = procedure('ng_base.c:3207-3232', function killInGate(): void | Again {
  const node = takeFirst();
  if (node === null) return;
  mustDie(node);
  ng_rmnode_self(node); // 3231
  wait_until(() => {
    rw_rlock(ng.ng_idhash_lock);
    const first = firstNode();
    if (first !== null && sameAddress(first, node)) {
      maySleep();
      return false;
    }
    rw_runlock(ng.ng_idhash_lock);
    return true;
  });
  ng_unref_node(node); // 3232
  return again();
});

/**
 * hashdestroy(9). Atomic: no node of the stack is left to be looked for. Who looks all the same finds that the table is gone; or that
 * an empty one is in its place, where that is changed under the lock (tables-go-under-lock).
 */
const destroyTable = procedure('ng_base.c:3237-3238', function destroyTable(byName: boolean): void {
  atomically(() => {
    if (given('tables-go-under-lock')) rw_wlock(byName ? ng.ng_namehash_lock : ng.ng_idhash_lock);
    const table = byName ? ng.V_ng_name_hash : ng.V_ng_ID_hash;
    const hmask = byName ? ng.V_ng_name_hmask : ng.V_ng_ID_hmask;
    if (given('tables-go-under-lock')) putEmptyTable(byName);
    const left = foreach<number, boolean>(
      0,
      (i) => (i < hmask ? i + 1 : null),
      (i) => (table[bucket(i)] === null ? undefined : true), // subr_hash.c:99
    );
    KASSERT(left === null, 'hashdestroy: the table is not empty');
    free(table); // subr_hash.c:101
    if (given('tables-go-under-lock')) rw_wunlock(byName ? ng.ng_namehash_lock : ng.ng_idhash_lock);
  });
});

const putEmptyTable = (byName: boolean): void => {
  if (byName) {
    ng.V_ng_name_hash = ng_nohash;
    ng.V_ng_name_hmask = 0;
  } else {
    ng.V_ng_ID_hash = ng_nohash;
    ng.V_ng_ID_hmask = 0;
  }
};
