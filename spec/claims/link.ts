import type { Property, View } from '../../src/machine/property.ts';
import { ng } from '../globals.ts';
import { HK_INVALID, Hook, ng_deadhook } from '../hook.ts';
import { ng_deadnode, Node } from '../node.ts';
import { firstOf, gone, hooksOf, isLive, isWriteLocked } from './reading.ts';

/** Claims about links: peers, and the list of hooks that a node has. */

/**
 * S26. The only window is the divorce (1229-1230), in which the topology lock is held for writing. Making a link has another,
 * but no links are made here.
 */
export const peerSymmetry: Property = {
  name: 'peer-symmetry',
  kind: 'always',
  sentence: 'the peer of a hook has that hook as its peer, unless a divorce is under way; ng_deadhook is its own',
  holds: (view) => {
    if (isWriteLocked(ng.ng_topo_lock)) return true;
    return firstOf(
      view.records(Hook).map((hook) => {
        const peer = hook.hk_peer;
        if (hook === ng_deadhook) return peer === hook ? null : `the peer of ng_deadhook is ${peer}`;
        if (peer === ng_deadhook) return null;
        const life = gone(view, peer);
        if (life !== null) return `${peer}, the peer of ${hook}, ${life}`;
        return peer.hk_peer === hook
          ? null
          : `the peer of ${hook} is ${peer}, but the peer of ${peer} is ${peer.hk_peer}`;
      }),
    );
  },
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
    if (deadList !== null) return `${deadList} is on the list of ng_deadnode`;
    return firstOf(
      view.records(Hook).map((hook) => {
        const node = hook.hk_node;
        if (node === ng_deadnode || !isLive(view, hook)) return null;
        const listed = isLive(view, node) && hooksOf(view, node).includes(hook);
        return listed ? null : `${hook} belongs to ${node}, but is not on its list`;
      }),
    );
  },
};

const brokenList = (view: View, node: Node): string | null => {
  const hooks = hooksOf(view, node);
  for (const [i, hook] of hooks.entries()) {
    const life = gone(view, hook);
    if (life !== null) return `${hook} is on the list of ${node} and ${life}`;
    if (hooks.indexOf(hook) < i) return `the list of ${node} comes back to ${hook}`;
    if (hook.hk_node !== node) return `${hook} is on the list of ${node}, but belongs to ${hook.hk_node}`;
    const before = hooks[i - 1] ?? node;
    if (hook.cle_prev !== before) return `${hook} comes after ${before}, but points back to ${hook.cle_prev}`;
  }
  const numhooks = node.nd_numhooks;
  return numhooks === hooks.length
    ? null
    : `nd_numhooks of ${node} is ${numhooks}, but ${hooks.length} hooks are listed`;
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
        return hook.hk_peer === ng_deadhook ? `${hook} is valid, but has lost its peer` : null;
      }),
    ),
};
