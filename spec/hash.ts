import { alloc, atomically, free } from '../src/machine/access.ts';
import { again, procedure, type Again } from '../src/machine/procedure.ts';
import { pointer, staticRecord } from '../src/machine/record.ts';
import { ng } from './globals.ts';
import { Linked } from './linked.ts';
import { Node } from './node.ts';

/**
 * The two hash tables of nodes, and the chains through them.
 *
 * Whatever is here is touched with the lock of the table held: a chain is walked under the R lock and changed under the W
 * lock, and no design has a reader without it. So what is here is called within a step of the caller (`atomically`): each access
 * belongs to the step that takes the lock, or to the one access within the lock that others can get between.
 */

const chain = (): Node | null => pointer(() => Node, 'first node of a chain');

/** An array of hash chains, as hashinit(9) makes it. It is memory: a rehash allocates one and frees the old one. */
export class NodeHash extends Linked {
  bucket0 = chain();
  bucket1 = chain();
  bucket2 = chain();
  bucket3 = chain();
  bucket4 = chain();
  bucket5 = chain();
  bucket6 = chain();
  bucket7 = chain();
  bucket8 = chain();
  bucket9 = chain();
  bucket10 = chain();
  bucket11 = chain();
  bucket12 = chain();
  bucket13 = chain();
  bucket14 = chain();
  bucket15 = chain();
}

/** A table of one empty chain, for a network stack whose own is gone; not in the C. */
export const ng_nohash = staticRecord(NodeHash, 'ng_nohash');

/** The field of bucket number `i`. */
export const bucket = (i: number) =>
  `bucket${i as 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15}` as const;

/** Not the function of the C, but one that lets a scenario choose its collisions: the sum of the characters. */
export const hash32_str = (name: string): number => [...name].reduce((sum, c) => sum + c.charCodeAt(0), 0);

/** The linkage of a node in one of the two hashes: the fields of its LIST_ENTRY. */
const linkageOf = (byName: boolean) =>
  byName
    ? ({ next: 'nd_nodes_next', prev: 'nd_nodes_prev' } as const)
    : ({ next: 'nd_idnodes_next', prev: 'nd_idnodes_prev' } as const);

/** CK_LIST_INSERT_HEAD on a chain of a table. */
const insertNode = procedure(
  'ck_queue.h:404-411',
  function insertNode(table: NodeHash, i: number, elm: Node, byName: boolean): void {
    const { next, prev } = linkageOf(byName);
    const first = table[bucket(i)]; // 405
    elm[next] = first; // 405
    if (first !== null) first[prev] = elm; // 408
    table[bucket(i)] = elm; // 409
    elm[prev] = table; // 410
  },
);

/** CK_LIST_REMOVE. `i`: number of the bucket in which the chain begins; the C has its address in `prev`. */
const removeNode = procedure('ck_queue.h:413-417', function removeNode(elm: Node, i: number, byName: boolean): void {
  const { next, prev } = linkageOf(byName);
  const following = elm[next]; // 414
  const before = elm[prev]; // 414
  if (before instanceof NodeHash) {
    before[bucket(i)] = following; // 414
  } else {
    (before as Node)[next] = following; // 414
  }
  if (following !== null) following[prev] = before; // 416
});

/** A node comes into the chain of a hash value. */
export const enterHash = procedure(
  'ng_base.c:693, 916',
  function enterHash(node: Node, hash: number, byName: boolean): void {
    const table = byName ? ng.V_ng_name_hash : ng.V_ng_ID_hash; // 916, 693
    const hmask = byName ? ng.V_ng_name_hmask : ng.V_ng_ID_hmask; // 916, 693
    insertNode(table, hash & hmask, node, byName);
  },
);

/** A node leaves the chain of a hash value. */
export const leaveHash = procedure(
  'ng_base.c:825, 831, 910',
  function leaveHash(node: Node, hash: number, byName: boolean): void {
    const hmask = byName ? ng.V_ng_name_hmask : ng.V_ng_ID_hmask; // 825, 910, 831
    removeNode(node, hash & hmask, byName);
  },
);

/**
 * A table twice as large takes the place of a table, and the old one is freed at once. A node is reachable from neither for
 * a moment (INVARIANTS takes it out of the old chain first), and the table is stored before the mask. The W lock is held all the
 * time, so how this is cut into steps does not matter; it is cut so that the local automata stay small.
 *
 * That the ID table is destroyed with the mask of the name table (1054) does nothing more than to leave some buckets of the old table
 * unchecked for being empty, for the name table is never the larger one.
 */
const moveNodes = procedure(
  'ng_base.c:1009-1057',
  function moveNodes(old: NodeHash, hmask: number, byName: boolean): void {
    ng.growing = hmask * 2 + 2;
    const table = alloc(NodeHash); // 1009, 1040
    emptyBucket(old, 0, hmask, table, byName);
    atomically(() => {
      free(old); // 1023, 1054
      if (byName) {
        ng.V_ng_name_hash = table; // 1024
        ng.V_ng_name_hmask = hmask * 2 + 1; // 1025
      } else {
        ng.V_ng_ID_hash = table; // 1055
        ng.V_ng_ID_hmask = hmask * 2 + 1; // 1056
      }
      ng.growing = 0;
    });
  },
);

/** The loop over the buckets, and within each over the nodes: each turn takes the first that is left. */
const emptyBucket = procedure(
  'ng_base.c:1014-1021, 1045-1052',
  function emptyBucket(old: NodeHash, i: number, hmask: number, table: NodeHash, byName: boolean): void | Again {
    const node = old[bucket(i)]; // 1015, 1046
    if (node === null) return i < hmask ? again(old, i + 1, hmask, table, byName) : undefined; // 1014, 1045
    moveNode(node, hmask, table, byName);
    return again(old, i, hmask, table, byName);
  },
);

const moveNode = procedure(
  'ng_base.c:1017-1020, 1048-1051',
  function moveNode(node: Node, hmask: number, table: NodeHash, byName: boolean): void {
    atomically(() => {
      const hash = byName ? hash32_str(node.nd_name) : node.nd_ID; // 1019, 1050
      removeNode(node, hash & hmask, byName); // 1017, 1048
      insertNode(table, hash & (hmask * 2 + 1), node, byName); // 1020, 1051
    });
  },
);

export const ng_name_rehash = procedure('ng_base.c:1001-1026', function ng_name_rehash(): void {
  const hmask = ng.V_ng_name_hmask; // 1009
  moveNodes(ng.V_ng_name_hash, hmask, true); // 1015
});

export const ng_ID_rehash = procedure('ng_base.c:1032-1057', function ng_ID_rehash(): void {
  const hmask = ng.V_ng_ID_hmask; // 1040
  moveNodes(ng.V_ng_ID_hash, hmask, false); // 1046
});
