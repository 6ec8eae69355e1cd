import type { Property } from '../../src/machine/property.ts';
import { ng } from '../globals.ts';
import { IfNet } from '../ifnet.ts';
import { DataItem, Item } from '../item.ts';
import { SocketPrivate } from '../socket.ts';
import { firstOf, isLive } from './reading.ts';

/** What those who use netgraph may expect of an operation. A scenario asks for these claims (asked.ts). */

/** L2, hop by hop: that the whole path was open at one instant is promised by nobody. */
export const pathOpen: Property = {
  name: 'path-open',
  kind: 'always',
  sentence: 'a hop of ng_path2noderef comes to a node only if at one of its loads the hook led there from the old node',
  holds: () => !ng.strayed || 'a hop has come to a node that its hook did not lead to at any moment of the hop',
};

/**
 * L3. False in upstream as well: the third part of the making of a link (1388) waits until its node is free, and meanwhile the other
 * end can be destroyed. The third part sees that its own hook is still attached (1401), makes it valid, and gives no error. Counted, so
 * exact for one NGM_CONNECT in a scenario.
 */
export const connectKept: Property = {
  name: 'connect-kept',
  kind: 'always',
  sentence: 'NGM_CONNECT gives no error only if for a moment both hooks were valid and each the peer of the other',
  holds: () =>
    ng.promised <= ng.linked || 'NGM_CONNECT has given no error, but its hooks were never valid and linked at one time',
};

/** L5. False in upstream as well, and harmless there: whoever is asked is a reader, and the divorce comes from the other node. */
export const listingConsistent: Property = {
  name: 'listing-consistent',
  kind: 'always',
  sentence: 'an entry of NGM_LISTHOOKS tells of one peer, though hk_peer is loaded again for each of its fields',
  holds: () => !ng.mixed || 'an entry of NGM_LISTHOOKS has the name of one peer and the node of another',
};

/**
 * L6. Kept by upstream, which names any node. A node that is being reset is named all the same: it stays. Meant for scenarios in which one interface is renamed, once, and
 * nobody else has the name.
 */
export const interfaceNamed: Property = {
  name: 'interface-named',
  kind: 'finally',
  sentence: 'an interface that has got another name has given it to its node, if it still has one',
  holds: (view) =>
    firstOf(
      view.records(IfNet).map((ifp) => {
        const node = isLive(view, ifp) ? ifp.if_l2com : null;
        return node === null || ifp.renamed === '' || node.nd_name === ifp.renamed
          ? null
          : `${view.title(ifp)} is called "${ifp.renamed}", but its node "${node.nd_name}"`;
      }),
    ),
};

/**
 * T8. Promised for writers only. False in upstream as well: a reader that was queued is applied by an ngthread, and when it has been
 * taken off the queue OP_PENDING is down, so the next one enters directly. Meant for scenarios in which one CPU sends.
 */
export const inOrder: Property = {
  name: 'in-order',
  kind: 'always',
  sentence:
    'packets that one CPU sends through an interface come to a hook of a hole in the order in which they were sent',
  holds: () => !ng.overtaken || 'a packet comes after one that was sent later',
};

/** T2. That nobody waits for ever at the end of a run is `deadlock`; here the run need not end. */
export const requestsAnswered: Property = {
  name: 'requests-answered',
  kind: 'eventually',
  sentence: 'no request of a control socket is under way',
  holds: (view) =>
    firstOf(
      view
        .records(SocketPrivate)
        .map((priv) => (priv.error === -1 ? `the request of ${view.title(priv)} is under way` : null)),
    ),
};

/** T1. That none is left at the end of a run is `no-leak`; here the run need not end. */
export const itemsApplied: Property = {
  name: 'items-applied',
  kind: 'eventually',
  sentence: 'every item has been applied or freed',
  holds: (view) =>
    firstOf(
      [...view.records(Item), ...view.records(DataItem)].map((item) =>
        isLive(view, item) ? `${view.title(item)} is under way` : null,
      ),
    ),
};
