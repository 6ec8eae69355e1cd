import { alloc, atomic_add, atomic_fetchadd, atomically, given, rw_wlock, rw_wunlock } from '../src/machine/access.ts';
import { procedure } from '../src/machine/procedure.ts';
import { fresh } from './fresh.ts';
import { ng } from './globals.ts';
import { enterHash, ng_ID_rehash } from './hash.ts';
import type { NgType } from './ngtype.ts';
import { Node } from './node.ts';
import { ng_unref_node } from './reference.ts';

/** How a node comes into being. */

/**
 * Makes a node of a type, with one reference for its existence. From the insertion into the ID hash on it can be found and
 * used: it is valid, and its constructor has not run, unless that is left to who makes it (publish-last).
 *
 * Atomic: until then nobody else has a pointer to it, so setting it up belongs to the step that allocates it. Whatever is
 * touched under IDHASH W is touched under that lock only. The ID is new: within the bounds of a check the numbers do not come round,
 * so that the look-up at 687 finds nothing.
 */
export const ng_make_node_common = procedure('ng_base.c:647-700', function ng_make_node_common(type: NgType): Node {
  const node = atomically(() => {
    const made = alloc(Node); // 658
    made.nd_type = type; // 663
    made.nd_refs = fresh(1); // 667
    if (given('teardown-awaits-nodes')) atomic_add(ng, 'V_ng_kept', 1);
    return made;
  });
  if (given('type-refs-atomic')) atomic_fetchadd(type, 'refs', 1);
  else type.refs += 1; // 668
  if (!given('publish-last')) publish(node);
  return node;
});

/** The node gets its ID and comes into the hash: from here on it can be found. */
export const publish = procedure('ng_base.c:679-695', function publish(node: Node): void {
  if (numberNode(node)) ng_ID_rehash(); // 692
  atomically(() => {
    enterHash(node, node.nd_ID, false); // 693
    rw_wunlock(ng.ng_idhash_lock); // 695
  });
});

/** The node gets its ID under IDHASH W, which stays locked. Returns whether the table must grow. */
const numberNode = procedure('ng_base.c:679-691', function numberNode(node: Node): boolean {
  return atomically(() => {
    rw_wlock(ng.ng_idhash_lock); // 679
    const ID = ng.V_nextID; // 682
    ng.V_nextID = ID + 1; // 682
    node.nd_ID = ID; // 682
    const nodes = ng.V_ng_nodes + 1; // 690
    ng.V_ng_nodes = nodes; // 690
    return nodes * 2 > ng.V_ng_ID_hmask; // 691
  });
});

/**
 * Makes a node and has its type set it up. Returns the node or an error number. A node that its constructor refuses is given
 * back while it is valid and in the hash: whoever has found it there has the last reference in hand, or none.
 */
export const ng_make_node = procedure('ng_base.c:600-640', function ng_make_node(type: NgType): Node | number {
  const constructor = type.constructor_; // 621
  const node = ng_make_node_common(type); // 622
  const error = constructor!(node); // 623
  if (error === 0) return node;
  ng_unref_node(node); // 624
  return error;
});
