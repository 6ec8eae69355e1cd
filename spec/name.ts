import {
  atomic_add, atomically, given, refcount_acquire, rw_rlock, rw_runlock, rw_wlock, rw_wunlock,
} from '../src/machine/access.ts'; // prettier-ignore
import { foreach, procedure } from '../src/machine/procedure.ts';
import { EADDRINUSE, EINVAL } from './errno.ts';
import { ng } from './globals.ts';
import { bucket, enterHash, hash32_str, leaveHash, ng_name_rehash } from './hash.ts';
import { NGF_INVALID, type Node } from './node.ts';

/**
 * How nodes are found and named.
 *
 * A step here is what a lock covers together with at most one access that others can get between: who takes a lock can take it
 * as late, and who gives it back can give it back as early, as that one access (Lipton 1975). So the R lock, the walk along the
 * chain and the load of `nd_flags` are one step; taking the reference and giving the lock back are one.
 */

/** NG_IDHASH_FIND: the node of the chain that has the ID. One has it at most; the others' nd_flags decide nothing. */
const chained = procedure('ng_base.c:851', function chained(ID: number): Node | null {
  return foreach(
    ng.V_ng_ID_hash[bucket(ID & ng.V_ng_ID_hmask)], // 851
    (node) => node.nd_idnodes_next, // 851
    (node) => (node.nd_ID === ID ? node : undefined), // 851
  );
});

/** The node with an ID, with a reference, or NULL. A node whose last reference has just gone can still be found here. */
export const ng_ID2noderef = procedure('ng_base.c:846-856', function ng_ID2noderef(ID: number): Node | null {
  const node = atomically(() => {
    rw_rlock(ng.ng_idhash_lock); // 850
    const found = chained(ID); // 851
    return found === null || found.nd_flags & NGF_INVALID ? null : found; // 851
  });
  if (node === null) {
    rw_runlock(ng.ng_idhash_lock); // 854
    return null;
  }
  atomically(() => {
    refcount_acquire(node.nd_refs); // 853
    rw_runlock(ng.ng_idhash_lock); // 854
  });
  return node;
});

/** The number in a name like "[1f]", or 0. */
export const ng_decodeidname = (name: string): number =>
  Number.parseInt(/^\[([0-9a-f]+)\]$/.exec(name)?.[1] ?? '0', 16);

/**
 * An observer, not in the C: the valid node that has the name at this moment. It looks at all the chains within one step, in which
 * they cannot change, so it needs no lock. A node that bears the name before and after a look-up bore it all the time.
 */
const bearer = procedure('', function bearer(name: string): Node | null {
  const table = ng.V_ng_name_hash;
  const hmask = ng.V_ng_name_hmask;
  return foreach<number, Node>(
    0,
    (i) => (i < hmask ? i + 1 : null),
    (i) =>
      foreach<Node, Node>(
        table[bucket(i)],
        (node) => node.nd_nodes_next,
        (node) => (node.nd_name === name && !(node.nd_flags & NGF_INVALID) ? node : undefined),
      ) ?? undefined,
  );
});

/**
 * The node with a name, with a reference, or NULL. The mask is loaded before the lock is taken: if the table grows
 * in between, the bucket is one of the old table's numbers, looked for in the new table.
 */
export const ng_name2noderef = procedure(
  'ng_base.c:933-963',
  function ng_name2noderef(here: Node | null, name: string): Node | null {
    if (name === '.') {
      refcount_acquire(here!.nd_refs); // 941
      return here;
    }
    const temp = ng_decodeidname(name);
    if (temp !== 0) return ng_ID2noderef(temp); // 947
    if (given('name-mask-under-lock')) return lookUp(name);
    const { hash, before } = atomically(() => ({
      hash: hash32_str(name) & ng.V_ng_name_hmask, // 951
      before: bearer(name),
    }));
    const first = atomically(() => {
      rw_rlock(ng.ng_namehash_lock); // 952
      return ng.V_ng_name_hash[bucket(hash)]; // 953
    });
    const node = named(first, name);
    if (node !== null) {
      atomically(() => {
        refcount_acquire(node.nd_refs); // 956
        rw_runlock(ng.ng_namehash_lock); // 959
      });
      return node;
    }
    atomically(() => {
      rw_runlock(ng.ng_namehash_lock); // 959
      const moved = (hash32_str(name) & ng.V_ng_name_hmask) !== hash;
      if (moved && before !== null && bearer(name) === before) ng.missed = true;
    });
    return null;
  },
);

/** The look-up with the mask loaded under the lock. Then no node can be missed: table and mask change under the W lock. */
const lookUp = procedure('ng_base.c:951-961', function lookUp(name: string): Node | null {
  const { first, before } = atomically(() => {
    rw_rlock(ng.ng_namehash_lock); // 952
    return {
      first: ng.V_ng_name_hash[bucket(hash32_str(name) & ng.V_ng_name_hmask)], // 951, 953
      before: bearer(name),
    };
  });
  const node = named(first, name);
  atomically(() => {
    if (node !== null) refcount_acquire(node.nd_refs); // 956
    rw_runlock(ng.ng_namehash_lock); // 959
    if (node === null && before !== null && bearer(name) === before) ng.missed = true;
  });
  return node;
});

/** Whether a node can have the name: no dot or colon in it, and not like an ID. */
const isGood = (name: string): boolean => !/^$|[.:]/.test(name) && ng_decodeidname(name) === 0;

/**
 * Gives a node a name. A name is free if no valid node has it; whether the node itself will ever be found is not asked, and that matters where a
 * node leaves the name hash at its shutdown (names-while-hashed).
 */
export const ng_name_node = procedure('ng_base.c:872-920', function ng_name_node(node: Node, name: string): number {
  const same = node.nd_name === name; // 879
  if (same) return 0;
  if (!isGood(name)) return EINVAL;
  if (isCrowded()) ng_name_rehash(); // 898
  if (isTaken(name)) {
    rw_wunlock(ng.ng_namehash_lock); // 905
    return EADDRINUSE;
  }
  return atomically(() => {
    const old = node.nd_name; // 909
    const refused = given('names-while-hashed') && node.nd_unhashed;
    if (!refused) {
      if (old !== '')
        leaveHash(node, hash32_str(old), true); // 910
      else atomic_add(ng, 'V_ng_named_nodes', 1); // 912
      node.nd_name = name; // 914
      enterHash(node, hash32_str(name), true); // 916
    }
    rw_wunlock(ng.ng_namehash_lock); // 917
    return refused ? EINVAL : 0;
  });
});

const isCrowded = procedure('ng_base.c:896-897', function isCrowded(): boolean {
  return atomically(() => {
    rw_wlock(ng.ng_namehash_lock); // 896
    return ng.V_ng_named_nodes * 2 > ng.V_ng_name_hmask; // 897
  });
});

/** The valid node of a chain that has the name. */
const named = procedure('ng_base.c:902-904, 953-955', function named(first: Node | null, name: string): Node | null {
  return foreach(
    first,
    (node) => node.nd_nodes_next, // 902, 953
    (node) =>
      atomically(() => {
        const valid = !(node.nd_flags & NGF_INVALID); // 903, 954
        return valid && node.nd_name === name ? node : undefined; // 904, 955
      }),
  );
});

const isTaken = procedure('ng_base.c:902-904', function isTaken(name: string): boolean {
  const first = atomically(() => ng.V_ng_name_hash[bucket(hash32_str(name) & ng.V_ng_name_hmask)]); // 902
  return named(first, name) !== null;
});
