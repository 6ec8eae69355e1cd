import type { Property } from '../../src/machine/property.ts';
import { ng } from '../globals.ts';
import { EtherPrivate } from '../ether.ts';
import { IfNet } from '../ifnet.ts';
import { HK_INVALID, Hook, ng_deadhook } from '../hook.ts';
import { DataItem, Item } from '../item.ts';
import { Mbuf } from '../mbuf.ts';
import { ng_deadnode, NGF_INVALID, NGF_REALLY_DIE, Node } from '../node.ts';
import { chained, countOf, firstOf, gone, isLive } from './reading.ts';
import { SourcePrivate } from '../source.ts';

/** Claims about how nodes, hooks and items end. */

/**
 * S25. What else could point to the node: worklist-once speaks of the worklist, use-after-free of all the rest. Where memory is freed
 * at once there is no moment between the last reference and the end in which a list or a queue could be looked at; there the
 * hooks that still belong to the node and the ID hash are what is claimed.
 */
export const nodeFreedClean: Property = {
  name: 'node-freed-clean',
  kind: 'always',
  sentence: 'a node that is freed, or about to be, has no hook, no queue, and is in neither hash',
  holds: (view) => {
    const nodes = view.records(Node).filter((node) => view.life(node) === 'handed over');
    const left = firstOf(
      nodes.map((node) => {
        const hook = node.nd_hooks;
        if (hook !== null) return `${view.title(node)} is about to be freed with ${view.title(hook)} on its list`;
        const item = node.queue_first;
        return item === null ? null : `${view.title(node)} is about to be freed with ${view.title(item)} in its queue`;
      }),
    );
    if (left !== true) return left;
    const attached = firstOf(
      view.records(Hook).map((hook) => {
        // Between 1548 and 1551 of ng_con_nodes it is NULL.
        if (!isLive(view, hook) || hook.hk_node === null) return null;
        const life = gone(view, hook.hk_node);
        // A hook that dies attached gives its node back first (1078) and itself after that.
        return life === null || countOf(hook.hk_refs) === 0
          ? null
          : `${view.title(hook)} belongs to ${view.title(hook.hk_node)}, which ${life}`;
      }),
    );
    if (attached !== true) return attached;
    return firstOf(
      [
        ...chained(view, ng.V_ng_ID_hash, ng.V_ng_ID_hmask, 'nd_idnodes_next'),
        ...chained(view, ng.V_ng_name_hash, ng.V_ng_name_hmask, 'nd_nodes_next'),
      ].map((node) => {
        const life = gone(view, node);
        return life === null ? null : `${view.title(node)} is in a hash and ${life}`;
      }),
    );
  },
};

/** S36. */
export const shutdownOnce: Property = {
  name: 'shutdown-once',
  kind: 'always',
  sentence: 'a node is shut down at most once in its life; a persistent node begins a new one when it is reset',
  holds: (view) =>
    firstOf(
      view.records(Node).map((node) => (node.shutdowns > 1 ? `${view.title(node)} is shut down a second time` : null)),
    ),
};

/** S36. */
export const disconnectOnce: Property = {
  name: 'disconnect-once',
  kind: 'always',
  sentence: 'disconnect is called at most once for a hook',
  holds: (view) =>
    firstOf(
      view
        .records(Hook)
        .map((hook) => (hook.disconnects > 1 ? `disconnect is called a second time for ${view.title(hook)}` : null)),
    ),
};

/** T1, T9. A source keeps the packet that it copies. */
export const noLeak: Property = {
  name: 'no-leak',
  kind: 'finally',
  sentence: 'every item has been applied or freed, and every packet has been freed',
  holds: (view) => {
    const items = [...view.records(Item), ...view.records(DataItem)].filter((item) => isLive(view, item));
    const [lost] = items;
    if (lost !== undefined) {
      const queued = view.records(Node).find((node) => node !== ng_deadnode && node.queue_first === lost);
      return queued === undefined
        ? `${view.title(lost)} is lost`
        : `${view.title(lost)} stays in the queue of ${view.title(queued)} for ever`;
    }
    const kept = view.records(SourcePrivate).map((sc) => sc.snd_queue);
    const packet = view.records(Mbuf).find((m) => isLive(view, m) && !kept.includes(m));
    return packet === undefined ? true : `${view.title(packet)} is lost`;
  },
};

/** T3. A persistent node is valid again after its shutdown, so an invalid node must go. */
export const noZombie: Property = {
  name: 'no-zombie',
  kind: 'finally',
  sentence: 'an invalid node has been freed, and a node that is not freed has a reference',
  holds: (view) =>
    firstOf(
      view.records(Node).map((node) => {
        if (node === ng_deadnode || !isLive(view, node)) return null;
        const refs = countOf(node.nd_refs);
        if (refs === 0) return `nothing refers to ${view.title(node)}, but it has not been freed`;
        return node.nd_flags & NGF_INVALID
          ? `${view.title(node)} is invalid, but never freed (references: ${refs})`
          : null;
      }),
    ),
};

/** T4. That the request can be overwritten as well as forgotten is why it is also asked of the interface. */
export const reallyDies: Property = {
  name: 'really-dies',
  kind: 'finally',
  sentence: 'a node with NGF_REALLY_DIE, or whose interface has been detached, has been freed',
  holds: (view) => {
    const asked = firstOf(
      view
        .records(Node)
        .map((node) =>
          node !== ng_deadnode && isLive(view, node) && node.nd_flags & NGF_REALLY_DIE
            ? `${view.title(node)} has NGF_REALLY_DIE, but was never freed`
            : null,
        ),
    );
    if (asked !== true) return asked;
    return firstOf(
      view
        .records(EtherPrivate)
        .map((priv) =>
          isLive(view, priv) && priv.ifp === null
            ? `the interface of ${view.title(priv)} has gone, but its node was never freed`
            : null,
        ),
    );
  },
};

/** T3, of hooks. */
export const hooksFreed: Property = {
  name: 'hooks-freed',
  kind: 'finally',
  sentence: 'an invalid hook has been freed',
  holds: (view) =>
    firstOf(
      view.records(Hook).map((hook) => {
        if (hook === ng_deadhook || !isLive(view, hook) || !(hook.hk_flags & HK_INVALID)) return null;
        return `${view.title(hook)} is invalid, but never freed (references: ${countOf(hook.hk_refs)})`;
      }),
    ),
};

/** L7. A node that the interface does not lead to would get no frame, and would not be told when the interface goes. */
export const interfaceHasNode: Property = {
  name: 'interface-has-node',
  kind: 'finally',
  sentence: 'an ether node that has an interface is the node that the interface has, and the other way round',
  holds: (view) => {
    const lost = firstOf(
      view.records(Node).map((node) => {
        const ifp = isLive(view, node) ? interfaceOf(node) : null;
        if (ifp === null || ifp.if_l2com === node) return null;
        return `${view.title(node)} has ${view.title(ifp)}, which leads to ${ifp.if_l2com === null ? 'no node' : view.title(ifp.if_l2com)}`;
      }),
    );
    if (lost !== true) return lost;
    return firstOf(
      view.records(IfNet).map((ifp) => {
        const node = isLive(view, ifp) ? ifp.if_l2com : null;
        if (node === null || (isLive(view, node) && interfaceOf(node) === ifp)) return null;
        return `${view.title(ifp)} leads to ${view.title(node)}, which ${isLive(view, node) ? 'has it no more' : 'has been freed'}`;
      }),
    );
  },
};

const interfaceOf = ({ nd_private }: Node): IfNet | null =>
  nd_private instanceof EtherPrivate ? nd_private.ifp : null;
