import { given, refcount_acquire } from '../src/machine/access.ts';
import { procedure } from '../src/machine/procedure.ts';
import { ng_add_hook } from './addhook.ts';
import { ng_destroy_hook } from './destroy.ts';
import { HK_INVALID, type Hook } from './hook.ts';
import { ng_make_node, publish } from './make.ts';
import type { NgType } from './ngtype.ts';
import type { Node } from './node.ts';
import { ng_unref_hook } from './reference.ts';
import { ng_rmnode, ng_rmnode_self } from './rmnode.ts';

/**
 * NGM_MKPEER: makes a node and a link to it. The caller is a writer of `node`, but nobody is one of the new node, which
 * can be found by its ID and on which no reference is held. The marriage is without the topology lock. Returns an error number.
 */
export const ng_mkpeer = procedure(
  'ng_base.c:1588-1643',
  function ng_mkpeer(node: Node, name: string, name2: string, type: NgType): number {
    const node2 = ng_make_node(type); // 1594
    if (typeof node2 === 'number') return node2;
    const hook1 = ng_add_hook(node, name); // 1598
    if (typeof hook1 === 'number') {
      giveUp(node2); // 1599
      return hook1;
    }
    const hook2 = ng_add_hook(node2, name2); // 1603
    if (typeof hook2 === 'number') {
      giveUp(node2); // 1604
      ng_destroy_hook(hook1); // 1605
      ng_unref_hook(hook1); // 1606
      return hook2;
    }
    return marry(hook1, hook2, node2);
  },
);

const marry = procedure('ng_base.c:1613-1642', function marry(hook1: Hook, hook2: Hook, node2: Node): number {
  hook1.marrying = true;
  hook1.hk_peer = hook2; // 1613
  hook2.hk_peer = hook1; // 1614
  hook1.marrying = false;
  refcount_acquire(hook1.hk_refs); // 1617
  refcount_acquire(hook2.hk_refs); // 1618
  const error = connectBoth(hook1, hook2);
  if (error !== 0) {
    ng_destroy_hook(hook2); // 1633
    giveUp(node2); // 1634
  } else if (given('publish-last')) {
    // Until hook1 is valid nobody but this thread can come to hook2, and so nobody else changes its flags.
    hook2.hk_flags &= ~HK_INVALID; // 1638
    publish(node2);
    hook1.hk_flags &= ~HK_INVALID; // 1637
  } else {
    hook1.hk_flags &= ~HK_INVALID; // 1637
    hook2.hk_flags &= ~HK_INVALID; // 1638
  }
  ng_unref_hook(hook1); // 1640
  ng_unref_hook(hook2); // 1641
  return error;
});

/** The new node goes. */
const giveUp = procedure('ng_base.c:1599, 1604, 1634', function giveUp(node2: Node): void {
  if (given('mkpeer-through-gate')) ng_rmnode_self(node2);
  else ng_rmnode(node2, null); // 1599, 1604, 1634
});

/** Each type can refuse the link. */
const connectBoth = procedure('ng_base.c:1621-1627', function connectBoth(hook1: Hook, hook2: Hook): number {
  const connect1 = hook1.hk_node.nd_type.connect; // 1621
  const error = connect1 === null ? 0 : connect1(hook1); // 1622
  if (error !== 0) return error;
  const connect2 = hook2.hk_node.nd_type.connect; // 1625
  return connect2 === null ? 0 : connect2(hook2); // 1626
});
