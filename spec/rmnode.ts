import {
  atomic_clear, atomic_set, given, NET_EPOCH_ENTER, NET_EPOCH_EXIT, refcount_acquire,
} from '../src/machine/access.ts'; // prettier-ignore
import { again, forever, procedure, type Again } from '../src/machine/procedure.ts';
import { ng_destroy_hook } from './destroy.ts';
import type { Hook } from './hook.ts';
import { NGF_CLOSING, NGF_INVALID, NGF_REALLY_DIE, NGF_REVIVED, ng_deadnode, type Node } from './node.ts';
import { ng_flush_input_queue } from './queue.ts';
import { ng_unref_node, unhash } from './reference.ts';
import { ng_send_fn } from './send.ts';

/**
 * Shuts a node down. Two calls are told apart by NGF_CLOSING, which is loaded at 726 and stored at 745. Without its braces
 * (unbraced-exits) it always returns there, and so does ng_rmnode_self: no node goes, and the sections stay open.
 *
 * A node can be asked to die while it resets itself: NGF_REALLY_DIE comes from outside the gate. NGF_INVALID comes with it, so it
 * does not tell any more whether the node has reset itself, and who asks finds NGF_CLOSING and goes; so it must be looked for
 * again at the end (death-remembered).
 */
export const ng_rmnode = procedure(
  'ng_base.c:721-794',
  function ng_rmnode(node: Node, _dummy1: Hook | null): void | Again {
    if (given('make-in-epoch')) NET_EPOCH_ENTER();
    const closing = node.nd_flags & NGF_CLOSING; // 726
    if (given('unbraced-exits')) {
      if (closing) NET_EPOCH_EXIT();
      return;
    }
    if (closing || node === ng_deadnode) {
      if (given('make-in-epoch')) NET_EPOCH_EXIT();
      return;
    }
    refcount_acquire(node.nd_refs); // 737
    shutOff(node);
    const close = node.nd_type.close; // 748
    if (close !== null) close(node); // 749
    forever(() => {
      const hook = node.nd_hooks; // 752
      if (hook === null) return true;
      ng_destroy_hook(hook); // 753
    });
    ng_flush_input_queue(node); // 762
    const shutdown = node.nd_type.shutdown; // 765
    node.shutdowns += 1;
    if (shutdown !== null) {
      shutdown(node); // 766
      if (stays(node)) {
        node.shutdowns = 0;
        node.told = false;
        reopen(node);
        const dies = given('death-remembered') && isDoomed(node);
        ng_unref_node(node); // 777
        if (given('make-in-epoch')) NET_EPOCH_EXIT();
        return dies ? again(node, null) : undefined;
      }
    } else {
      ng_unref_node(node); // 781
    }
    if (given('unhash-at-shutdown')) unhash(node);
    ng_unref_node(node); // 793
    if (given('make-in-epoch')) NET_EPOCH_EXIT();
  },
);

/* Its accesses to nd_flags, apart so that what has been loaded is forgotten at once. */
const shutOff = procedure('ng_base.c:745', function shutOff(node: Node): void {
  if (given('node-flags-atomic'))
    atomic_set(node, 'nd_flags', NGF_INVALID | NGF_CLOSING); // 745
  else node.nd_flags |= NGF_INVALID | NGF_CLOSING; // 745
});
const stays = procedure('ng_base.c:767', function stays(node: Node): boolean {
  return given('death-remembered') ? (node.nd_flags & NGF_REVIVED) !== 0 : !(node.nd_flags & NGF_INVALID); // 767
});
const reopen = procedure('ng_base.c:776', function reopen(node: Node): void {
  if (given('node-flags-atomic'))
    atomic_clear(node, 'nd_flags', NGF_INVALID | NGF_CLOSING | NGF_REVIVED); // 776
  else node.nd_flags &= ~(NGF_INVALID | NGF_CLOSING | NGF_REVIVED); // 776
});
const isDoomed = procedure('', function isDoomed(node: Node): boolean {
  return (node.nd_flags & NGF_REALLY_DIE) !== 0;
});

/** Asks a node to shut itself down, unless that is going on. */
export const ng_rmnode_self = procedure('ng_base.c:1652-1664', function ng_rmnode_self(node: Node): void {
  if (node === ng_deadnode) return;
  if (given('make-in-epoch')) NET_EPOCH_ENTER();
  if (given('node-flags-atomic'))
    atomic_set(node, 'nd_flags', NGF_INVALID); // 1658
  else node.nd_flags |= NGF_INVALID; // 1658
  const closing = node.nd_flags & NGF_CLOSING; // 1659
  if (given('unbraced-exits')) {
    if (closing) NET_EPOCH_EXIT();
    return;
  }
  if (!closing) ng_send_fn(node, null, ng_rmnode); // 1662
  if (given('make-in-epoch')) NET_EPOCH_EXIT();
});
