import type { Property, View } from '../../src/machine/property.ts';
import { ng } from '../globals.ts';
import { HK_INVALID, Hook, ng_deadhook } from '../hook.ts';
import { ng_deadnode, NGF_INVALID, Node } from '../node.ts';
import { firstOf, gone, hooksOf, isLive, isWriteLocked } from './reading.ts';

/** Claims about links: peers, and the list of hooks that a node has. */

/**
 * S26. The windows are the divorce (1229-1230), in which the topology lock is held for writing, and the marriage (1547-1548, 1613-1614),
 * in which it is not.
 */
export const peerSymmetry: Property = {
  name: 'peer-symmetry',
  kind: 'always',
  sentence:
    'the peer of a hook has that hook as its peer, unless a divorce or a marriage is under way; ng_deadhook is its own',
  holds: (view) => {
    if (isWriteLocked(ng.ng_topo_lock)) return true;
    return firstOf(
      view.records(Hook).map((hook) => {
        const peer = hook.hk_peer;
        if (hook === ng_deadhook) return peer === hook ? null : `the peer of ng_deadhook is ${view.title(peer)}`;
        if (peer === ng_deadhook || hook.marrying || peer.marrying) return null;
        const life = gone(view, peer);
        if (life !== null) return `${view.title(peer)}, the peer of ${view.title(hook)}, ${life}`;
        return peer.hk_peer === hook
          ? null
          : `the peer of ${view.title(hook)} is ${view.title(peer)}, but the peer of ${view.title(peer)} is ${view.title(peer.hk_peer)}`;
      }),
    );
  },
};

/** S27, S29. */
export const validPair: Property = {
  name: 'valid-pair',
  kind: 'always',
  sentence: 'a valid hook belongs to a node, and no two valid hooks of a node have one name',
  holds: (view) => {
    const valid = view
      .records(Hook)
      .filter((hook) => hook !== ng_deadhook && isLive(view, hook) && !(hook.hk_flags & HK_INVALID));
    return firstOf(
      valid.map((hook, i) => {
        if (hook.hk_node === ng_deadnode) return `${view.title(hook)} is valid, but belongs to ng_deadnode`;
        const twin = valid.find(
          (other, j) => j < i && other.hk_node === hook.hk_node && other.hk_name === hook.hk_name,
        );
        return twin === undefined
          ? null
          : `${view.title(twin)} and ${view.title(hook)} of ${view.title(hook.hk_node)} have one name and are valid`;
      }),
    );
  },
};

/** S30. A node counts as shut down once its hooks have been destroyed. */
export const noHookAfterShutdown: Property = {
  name: 'no-hook-after-shutdown',
  kind: 'always',
  sentence: 'an invalid node whose shutdown has begun gets no new hook',
  holds: (view) =>
    firstOf(
      view.records(Node).map((node) => {
        if (node === ng_deadnode || !isLive(view, node)) return null;
        const over = node.shutdowns > 0 && (node.nd_flags & NGF_INVALID) !== 0;
        return over && node.nd_hooks !== null
          ? `${view.title(node.nd_hooks)} is on the list of ${view.title(node)}, which has been shut down`
          : null;
      }),
    ),
};

/** S28, at rest. While a hook comes or goes the list, its back pointers and the count agree only now and then. */
export const listIntegrity: Property = {
  name: 'list-integrity',
  kind: 'finally',
  sentence: 'the list of a node has its own hooks, each once, linked both ways, and as many as nd_numhooks says',
  holds: (view) => {
    const nodes = view.records(Node).filter((node) => node !== ng_deadnode && isLive(view, node));
    const lists = firstOf(nodes.map((node) => brokenList(view, node)));
    if (lists !== true) return lists;
    const deadList = ng_deadnode.nd_hooks;
    if (deadList !== null) return `${view.title(deadList)} is on the list of ng_deadnode`;
    return firstOf(
      view.records(Hook).map((hook) => {
        const node = hook.hk_node;
        if (node === ng_deadnode || !isLive(view, hook)) return null;
        const listed = isLive(view, node) && hooksOf(view, node).includes(hook);
        return listed ? null : `${view.title(hook)} belongs to ${view.title(node)}, but is not on its list`;
      }),
    );
  },
};

/** What is wrong with the list of a node, or null. */
export const brokenList = (view: View, node: Node): string | null => {
  const hooks = hooksOf(view, node);
  for (const [i, hook] of hooks.entries()) {
    const life = gone(view, hook);
    if (life !== null) return `${view.title(hook)} is on the list of ${view.title(node)} and ${life}`;
    if (hooks.indexOf(hook) < i) return `the list of ${view.title(node)} comes back to ${view.title(hook)}`;
    if (hook.hk_node !== node)
      return `${view.title(hook)} is on the list of ${view.title(node)}, but belongs to ${view.title(hook.hk_node)}`;
    const before = hooks[i - 1] ?? node;
    if (hook.cle_prev !== before)
      return `${view.title(hook)} comes after ${view.title(before)}, but points back to ${view.title(hook.cle_prev)}`;
  }
  const numhooks = node.nd_numhooks;
  return numhooks === hooks.length
    ? null
    : `nd_numhooks of ${view.title(node)} is ${numhooks}, but ${hooks.length} hooks are listed`;
};

/** T5. */
export const otherEndDestroyed: Property = {
  name: 'other-end-destroyed',
  kind: 'finally',
  sentence: 'when one end of a link has been destroyed, so has the other',
  holds: (view) =>
    firstOf(
      view.records(Hook).map((hook) => {
        if (hook === ng_deadhook || !isLive(view, hook) || hook.hk_flags & HK_INVALID) return null;
        return hook.hk_peer === ng_deadhook ? `${view.title(hook)} is valid, but has lost its peer` : null;
      }),
    ),
};
