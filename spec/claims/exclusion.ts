import type { Property } from '../../src/machine/property.ts';
import { ng_deadnode, NGF_CLOSING, Node } from '../node.ts';
import { brokenList } from './link.ts';
import { firstOf, isLive } from './reading.ts';

/**
 * Who must not be at work on a node at the same time. Breaking such a rule does its harm some steps later, so a scenario asks for
 * these claims when it wants to see the breach itself (asked.ts).
 */

/** S37. What CK_LIST asks of whoever changes a list, and what the comment at 1095-1096 assumes: "(XXX not yet true)". */
export const listSerialised: Property = {
  name: 'list-serialised',
  kind: 'always',
  sentence: 'no two threads at a time change the list of hooks of a node, or nd_numhooks',
  holds: (view) =>
    firstOf(
      view
        .records(Node)
        .map((node) =>
          node.changing > 1
            ? `${node.changing} threads at a time change the list of hooks of ${view.title(node)}`
            : null,
        ),
    ),
};

/** S28, in every state. */
export const listIntact: Property = {
  name: 'list-intact',
  kind: 'always',
  sentence:
    'the list of a node has its own hooks, linked both ways and counted by nd_numhooks, while nobody changes it',
  holds: (view) =>
    firstOf(
      view
        .records(Node)
        .map((node) =>
          node === ng_deadnode || !isLive(view, node) || node.changing > 0 ? null : brokenList(view, node),
        ),
    ),
};

/** S13. What ng_package_data relies on, which is why a packet needs no reference to the hook that it leaves by. */
export const hooksStay: Property = {
  name: 'hooks-stay',
  kind: 'always',
  sentence: 'no hook comes to a node or leaves it while a reader applies an item there',
  holds: (view) =>
    firstOf(
      view
        .records(Node)
        .map((node) =>
          node.readers > 0 && node.changing > 0
            ? `the list of hooks of ${view.title(node)} is changed while a reader applies an item there`
            : null,
        ),
    ),
};

/**
 * S12. From the store of NGF_CLOSING (745) to the call of shutdown (766). False in upstream as well where ng_mkpeer has failed:
 * it calls ng_rmnode (1599, 1604, 1634) for a node that it has not entered, and which others can find by its ID.
 */
export const closingAsWriter: Property = {
  name: 'closing-as-writer',
  kind: 'always',
  sentence: 'ng_rmnode runs as a writer of its node, and nobody else applies an item there meanwhile',
  holds: (view) =>
    firstOf(
      view.records(Node).map((node) => {
        if (node === ng_deadnode || !isLive(view, node)) return null;
        if (!(node.nd_flags & NGF_CLOSING) || node.shutdowns > 0) return null;
        const { readers, writers } = node;
        return readers === 0 && writers === 1
          ? null
          : `ng_rmnode is at work on ${view.title(node)}, but has not its gate to itself (writers: ${writers}, readers: ${readers})`;
      }),
    ),
};

/**
 * S34, of rcvdata: the private data that it uses is freed by shutdown at once. Where it outlives the node's shutdown (private-with-owner)
 * a packet may be there, and that it touches nothing that has been freed is use-after-free.
 */
export const noDataInShutdown: Property = {
  name: 'no-data-in-shutdown',
  kind: 'always',
  sentence: 'no packet is in rcvdata of a node whose shutdown has begun, unless the private data outlives it',
  holds: (view) =>
    view.given('private-with-owner') ||
    firstOf(
      view
        .records(Node)
        .map((node) =>
          node !== ng_deadnode && isLive(view, node) && node.shutdowns > 0 && node.receiving > 0
            ? `a packet is in rcvdata of ${view.title(node)}, whose shutdown has begun`
            : null,
        ),
    ),
};
