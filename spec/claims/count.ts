import type { Property, View } from '../../src/machine/property.ts';
import { EtherPrivate } from '../ether.ts';
import { HK_INVALID, Hook, ng_deadhook } from '../hook.ts';
import { IfIndex, IfNet } from '../ifnet.ts';
import { DataItem, Item } from '../item.ts';
import { ng_deadtype, NgType } from '../ngtype.ts';
import { ng_deadnode, NGF_INVALID, Node } from '../node.ts';
import { Ngpcb, SocketPrivate } from '../socket.ts';
import { countOf, firstOf, isLive, worklist } from './reading.ts';

/** Claims about counts, at rest: who holds a reference then can be counted. */

const itemsIn = (view: View): readonly Item[] =>
  [...view.records(Item), ...view.records(DataItem)].filter((item) => isLive(view, item));

/** S22. A valid node is held by its own existence, its hooks, the items for it, the worklist and a socket; a hook by list, peer and items. */
export const refsMatch: Property = {
  name: 'refs-match',
  kind: 'finally',
  sentence: 'the reference count of a valid node or hook is the number of those that hold one',
  holds: (view) => {
    const items = itemsIn(view);
    const hooks = view.records(Hook).filter((hook) => hook !== ng_deadhook && isLive(view, hook));
    const waiting = worklist(view);
    const sockets = view.records(SocketPrivate).filter((priv) => isLive(view, priv));
    const nodes = firstOf(
      view.records(Node).map((node) => {
        if (node === ng_deadnode || !isLive(view, node) || node.nd_flags & NGF_INVALID) return null;
        const attached = hooks.filter((hook) => hook.hk_node === node).length;
        const sent = items.filter((item) => item.el_dest === node).length;
        const behind = sockets.filter((priv) => priv.node === node).length;
        const holders = 1 + attached + sent + behind + (waiting.includes(node) ? 1 : 0);
        return wrong(view, node, holders, countOf(node.nd_refs));
      }),
    );
    if (nodes !== true) return nodes;
    return firstOf(
      hooks.map((hook) => {
        if (hook.hk_flags & HK_INVALID) return null;
        const sent = items.filter((item) => item.el_hook === hook).length;
        return wrong(view, hook, 1 + (hook.hk_peer === ng_deadhook ? 0 : 1) + sent, countOf(hook.hk_refs));
      }),
    );
  },
};

const wrong = (view: View, what: Node | Hook, holders: number, refs: number): string | null =>
  holders === refs ? null : `${view.title(what)} has ${refs} references, but ${holders} holders`;

/** S39. */
export const typeRefsMatch: Property = {
  name: 'type-refs-match',
  kind: 'finally',
  sentence: 'refs of a type is one more than the number of its nodes',
  holds: (view) =>
    firstOf(
      view.records(NgType).map((type) => {
        if (type === ng_deadtype) return null;
        const nodes = view.records(Node).filter((node) => isLive(view, node) && node.nd_type === type).length;
        return type.refs === 1 + nodes
          ? null
          : `refs of ${view.title(type)} is ${type.refs}, where its registration and ${nodes} nodes make ${1 + nodes}`;
      }),
    ),
};

/** S41. */
export const promiscCounted: Property = {
  name: 'promisc-counted',
  kind: 'finally',
  sentence:
    'if_pcount of an interface is the number of the nodes that have put it into promiscuous mode, and the references on it are held by its index and by these',
  holds: (view) => {
    const privs = view.records(Node).flatMap((node) => (isLive(view, node) ? etherPrivate(node) : []));
    const found = view.records(IfIndex).map(({ ifp }) => ifp);
    return firstOf(
      view.records(IfNet).map((ifp) => {
        const held = privs.filter(({ promiscuous }) => promiscuous === ifp).length;
        const wanted = held + privs.filter((priv) => priv.promisc && priv.ifp === ifp).length;
        if (!isLive(view, ifp)) return held === 0 ? null : `${view.title(ifp)} has been freed, but is held`;
        const holders = held + (found.includes(ifp) ? 1 : 0);
        if (countOf(ifp.if_refcount) !== holders)
          return `${view.title(ifp)} has ${countOf(ifp.if_refcount)} references, but ${holders} holders`;
        if (ifp.if_pcount === wanted) return null;
        return `if_pcount of ${view.title(ifp)} is ${ifp.if_pcount}, but ${wanted} of its nodes want promiscuous mode`;
      }),
    );
  },
};

const etherPrivate = ({ nd_private: priv }: Node): readonly EtherPrivate[] =>
  priv instanceof EtherPrivate ? [priv] : [];

/** S40. A data socket that is connected in the place of another one takes no reference from it, so it is also asked whom the private data knows. */
export const socketsMatch: Property = {
  name: 'sockets-match',
  kind: 'finally',
  sentence:
    'the private data of a socket knows each socket that is connected to it and no other, and refs is their number and its node',
  holds: (view) => {
    const connected = view.records(Ngpcb).filter((pcbp) => isLive(view, pcbp));
    return firstOf(
      view.records(SocketPrivate).map((priv) => {
        if (!isLive(view, priv)) return null;
        const users = connected.filter((pcbp) => pcbp.sockdata === priv);
        const stranger = users.find((pcbp) => pcbp !== priv.ctlsock && pcbp !== priv.datasock);
        if (stranger !== undefined) return `${view.title(priv)} does not know ${view.title(stranger)}`;
        const gone = [priv.ctlsock, priv.datasock].find((pcbp) => pcbp !== null && !users.includes(pcbp));
        if (gone !== undefined) return `${view.title(priv)} still knows ${view.title(gone!)}`;
        const holders = users.length + (priv.node === null ? 0 : 1);
        return priv.refs === holders ? null : `${view.title(priv)} has ${priv.refs} references, but ${holders} holders`;
      }),
    );
  },
};
