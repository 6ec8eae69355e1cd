import { alloc, free } from '../src/machine/access.ts';
import { foreach } from '../src/machine/procedure.ts';
import { pointer, word } from '../src/machine/record.ts';
import { MOST_BUCKETS } from './bounds.ts';
import { ng } from './globals.ts';
import { Linked } from './linked.ts';
import { Node } from './node.ts';

/**
 * The two hash tables of nodes, and the chains through them.
 *
 * Whatever is here is touched with the lock of the table held: a chain is walked under the R lock and changed under the W
 * lock, and no design has a reader without it. So these functions are called inside `atomically` only: each of their
 * accesses belongs to the step that takes the lock. They are functions and not procedures, as in C they are macros.
 */

const chain = (): Node | null => pointer(() => Node, 'first node of a chain');

/** An array of hash chains, as hashinit(9) makes it. It is memory: a rehash allocates one and frees the old one. */
export class NodeHash extends Linked {
  hmask = word(0, MOST_BUCKETS - 1, 'number of buckets less one; the C finds it in V_ng_ID_hmask or V_ng_name_hmask');
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

/** The field of bucket number `i`. */
export const bucket = (i: number) =>
  `bucket${i as 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15}` as const;

/** Not the function of the C, but one that lets a scenario choose its collisions: the sum of the characters. */
export const hash32_str = (name: string): number => [...name].reduce((sum, c) => sum + c.charCodeAt(0), 0);

/** One of the two linkages of a node: the fields of the LIST_ENTRY, and what the node is hashed by. */
type Linkage = {
  readonly next: 'nd_idnodes_next' | 'nd_nodes_next';
  readonly prev: 'nd_idnodes_prev' | 'nd_nodes_prev';
  readonly hash: (node: Node) => number;
};
export const nd_idnodes: Linkage = {
  next: 'nd_idnodes_next',
  prev: 'nd_idnodes_prev',
  hash: (node) => node.nd_ID,
};
export const nd_nodes: Linkage = {
  next: 'nd_nodes_next',
  prev: 'nd_nodes_prev',
  hash: (node) => hash32_str(node.nd_name),
};

/** CK_LIST_INSERT_HEAD on the chain of a hash value. */
export const insertNode = (table: NodeHash, hash: number, elm: Node, { next, prev }: Linkage): void => {
  const first = table[bucket(hash)]; // ck_queue.h:405
  elm[next] = first; // ck_queue.h:405
  if (first !== null) first[prev] = elm; // ck_queue.h:408
  table[bucket(hash)] = elm; // ck_queue.h:409
  elm[prev] = table; // ck_queue.h:410
};

/** CK_LIST_REMOVE. Where the pointer in front of the first node lies is said by the table and the hash value. */
export const removeNode = (elm: Node, linkage: Linkage): void => {
  const { next, prev } = linkage;
  const following = elm[next]; // ck_queue.h:414
  const before = elm[prev]; // ck_queue.h:414
  if (before instanceof NodeHash) {
    before[bucket(linkage.hash(elm) & before.hmask)] = following; // ck_queue.h:414
  } else {
    (before as Node)[next] = following; // ck_queue.h:414
  }
  if (following !== null) following[prev] = before; // ck_queue.h:416
};

/**
 * A table twice as large takes the place of a table, and the old one is freed at once. A node is reachable from neither for
 * a moment (INVARIANTS takes it out of the old chain first), and the table is stored before the mask.
 *
 * That the ID table is destroyed with the mask of the name table (1054) does nothing more than to leave some buckets of the old table
 * unchecked for being empty, for the name table is never the larger one.
 */
const moveNodes = (old: NodeHash, hmask: number, linkage: Linkage): NodeHash => {
  const table = alloc(NodeHash); // 1009, 1040
  table.hmask = hmask * 2 + 1;
  foreach<number, null>(0, (i) => (i < hmask ? i + 1 : null), (i) => moveChain(old, i, table, linkage)); // prettier-ignore
  free(old); // 1023, 1054
  return table;
};

/** CK_LIST_FOREACH_SAFE over one chain. What is left of it is always reached from its bucket, for each turn takes the first. */
const moveChain = (old: NodeHash, i: number, table: NodeHash, linkage: Linkage): void => {
  foreach(old[bucket(i)], () => old[bucket(i)], (node) => {
    removeNode(node, linkage); // 1017, 1048
    insertNode(table, linkage.hash(node) & table.hmask, node, linkage); // 1020, 1051
  }); // prettier-ignore
};

export const ng_name_rehash = (): void => {
  const hmask = ng.V_ng_name_hmask; // 1009
  const table = moveNodes(ng.V_ng_name_hash, hmask, nd_nodes);
  ng.V_ng_name_hash = table; // 1024
  ng.V_ng_name_hmask = hmask * 2 + 1; // 1025
};

export const ng_ID_rehash = (): void => {
  const hmask = ng.V_ng_ID_hmask; // 1040
  const table = moveNodes(ng.V_ng_ID_hash, hmask, nd_idnodes);
  ng.V_ng_ID_hash = table; // 1055
  ng.V_ng_ID_hmask = hmask * 2 + 1; // 1056
};
