import type { Property } from '../../src/machine/property.ts';
import { ng } from '../globals.ts';
import { ng_deadnode, NGF_INVALID, Node } from '../node.ts';
import { chained, firstOf, gone, isLive, isWriteLocked } from './reading.ts';

/** Claims about how nodes are found: names, IDs, and what a message may rely on. */

/** S5: what the listings assert, for whoever comes next with an R lock. */
export const hashCounts: Property = {
  name: 'hash-counts',
  kind: 'always',
  sentence: 'V_ng_nodes and V_ng_named_nodes are the numbers of nodes in the chains, whenever nobody holds the W lock',
  holds: (view) => {
    const counts = [
      {
        what: 'V_ng_nodes',
        lock: ng.ng_idhash_lock,
        table: ng.V_ng_ID_hash,
        hmask: ng.V_ng_ID_hmask,
        link: 'nd_idnodes_next',
        count: ng.V_ng_nodes,
      },
      {
        what: 'V_ng_named_nodes',
        lock: ng.ng_namehash_lock,
        table: ng.V_ng_name_hash,
        hmask: ng.V_ng_name_hmask,
        link: 'nd_nodes_next',
        count: ng.V_ng_named_nodes,
      },
    ] as const;
    return firstOf(
      counts.map(({ what, lock, table, hmask, link, count }) => {
        if (isWriteLocked(lock)) return null;
        const found = chained(view, table, hmask, link).length;
        return found === count ? null : `${what} is ${count}, but ${found} nodes are in the chains`;
      }),
    );
  },
};

/** S29. */
export const nameUnique: Property = {
  name: 'name-unique',
  kind: 'always',
  sentence: 'no two valid nodes have one name',
  holds: (view) => {
    const named = view
      .records(Node)
      .filter(
        (node) => node !== ng_deadnode && isLive(view, node) && node.nd_name !== '' && !(node.nd_flags & NGF_INVALID),
      );
    return firstOf(
      named.map((node, i) => {
        const twin = named.find((other, j) => j < i && other.nd_name === node.nd_name);
        return twin === undefined
          ? null
          : `${view.title(twin)} and ${view.title(node)} are both called "${node.nd_name}"`;
      }),
    );
  },
};

/** L1, of names, and in the direction that the mask loaded before the lock can break. */
export const nameFound: Property = {
  name: 'name-found',
  kind: 'always',
  sentence: 'ng_name2noderef finds a valid node that has had the name for as long as the call took',
  holds: () => !ng.missed || 'ng_name2noderef has found nothing, but a valid node had the name all the time',
};

/** L4. A persistent node is shut down as well, though it stays. */
export const shutdownObeyed: Property = {
  name: 'shutdown-obeyed',
  kind: 'finally',
  sentence: 'a node that was told to shut down has been shut down',
  holds: (view) =>
    firstOf(
      view
        .records(Node)
        .map((node) =>
          node !== ng_deadnode && isLive(view, node) && node.told && node.shutdowns === 0
            ? `${view.title(node)} was told to shut down, and has not been`
            : null,
        ),
    ),
};

/** S29. */
export const idUnique: Property = {
  name: 'id-unique',
  kind: 'always',
  sentence: 'no two nodes of the ID hash have one ID, and none has 0',
  holds: (view) => {
    if (isWriteLocked(ng.ng_idhash_lock)) return true;
    const nodes = chained(view, ng.V_ng_ID_hash, ng.V_ng_ID_hmask, 'nd_idnodes_next');
    return firstOf(
      nodes.map((node, i) => {
        if (gone(view, node) !== null) return null;
        if (node.nd_ID === 0) return `${view.title(node)} is in the ID hash and has the ID 0`;
        const twin = nodes.find((other, j) => j < i && other.nd_ID === node.nd_ID);
        return twin === undefined ? null : `${view.title(twin)} and ${view.title(node)} have the ID ${node.nd_ID}`;
      }),
    );
  },
};
