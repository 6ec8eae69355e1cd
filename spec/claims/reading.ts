import { perform } from '../../src/machine/performer.ts';
import type { Life, View } from '../../src/machine/property.ts';
import { cellOf, type RefCount, type RwLock, type Shared } from '../../src/machine/record.ts';
import type { Hook } from '../hook.ts';
import { MOST_IDS } from '../bounds.ts';
import { ng } from '../globals.ts';
import { bucket, type NodeHash } from '../hash.ts';
import type { Node } from '../node.ts';

/** What predicates need beside fields. */

/** The number behind a reference count, which a procedure never sees. */
export const countOf = (handle: RefCount): number => {
  const { record, field } = cellOf(handle);
  return perform().read(record, field) as number;
};

/** Whether some thread has the rwlock for writing. */
export const isWriteLocked = (handle: RwLock): boolean => {
  const { record, field } = cellOf(handle);
  return typeof perform().read(record, field) === 'string';
};

/** Whether the record is in use: not given back, not even to an epoch callback. */
export const isLive = (view: View, record: Shared): boolean => view.life(record) === 'live';

/** What became of memory that something still points to, or null when it is in use. */
export const gone = (view: View, record: Shared): string | null => {
  const life: Life = view.life(record);
  return life === 'freed' ? 'has been freed' : life === 'handed over' ? 'is about to be freed' : null;
};

/** The worklist from its head on; stops where it comes to a node a second time, or to memory that is gone. */
export const worklist = (view: View): readonly Node[] => {
  const nodes: Node[] = [];
  for (let node = ng.ng_worklist_first; node !== null; node = node.q_work) {
    nodes.push(node);
    if (nodes.indexOf(node) < nodes.length - 1 || gone(view, node) !== null) break;
  }
  return nodes;
};

/** The hooks on the list of a node; stops likewise. */
export const hooksOf = (view: View, node: Node): readonly Hook[] => {
  const hooks: Hook[] = [];
  for (let hook = node.nd_hooks; hook !== null; hook = hook.cle_next) {
    hooks.push(hook);
    if (hooks.indexOf(hook) < hooks.length - 1 || gone(view, hook) !== null) break;
  }
  return hooks;
};

/** The nodes in the chains of a table; each chain stops likewise, and when more nodes have been met than there can be. */
export const chained = (
  view: View,
  table: NodeHash,
  hmask: number,
  next: 'nd_idnodes_next' | 'nd_nodes_next',
): readonly Node[] => {
  const nodes: Node[] = [];
  for (let i = 0; i <= hmask; i++)
    for (let node = table[bucket(i)]; node !== null; node = node[next]) {
      nodes.push(node);
      if (nodes.length > MOST_IDS || gone(view, node) !== null) break;
    }
  return nodes;
};

/** The first complaint of many, or true. */
export const firstOf = (complaints: Iterable<string | null>): true | string => {
  for (const complaint of complaints) if (complaint !== null) return complaint;
  return true;
};
