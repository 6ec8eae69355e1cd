import {
  free, NET_EPOCH_CALL, NET_EPOCH_ENTER, NET_EPOCH_EXIT, refcount_acquire_if_not_zero, refcount_release,
} from '../src/machine/access.ts'; // prettier-ignore
import { procedure } from '../src/machine/procedure.ts';
import { count, ghost, name, pointer, Shared, word, type RefCount } from '../src/machine/record.ts';
import { Node } from './node.ts';

/** Network interfaces, as far as netgraph meets them: how they are found, and how long their memory stays. */

/** struct ifnet. It has one node at most in its life (spec/README.md says what is left out). */
export class IfNet extends Shared {
  if_l2com: Node | null = pointer(() => Node, 'IFP2NG: the node of the interface, without a reference');
  if_flags = word(0, 0, 'whether it is up; it is. What matters is that it is read');
  if_hwassist = word(0, 0, 'checksums in hardware; likewise');
  if_refcount: RefCount = count(7, 'one for its index, one for whoever uses it in no section');
  renamed = ghost(name('the name that it has got'));
}

/** An entry of V_ifindex_table, by which an interface is found for as long as there is one. */
export class IfIndex extends Shared {
  ifp: IfNet | null = pointer(() => IfNet, 'the interface, or NULL when it has gone');
}

/** The interface, or NULL. To be called in a section: it keeps the memory. */
export const ifnet_byindex = procedure('if.c:333-351', function ifnet_byindex(index: IfIndex): IfNet | null {
  return index.ifp; // 341
});

/** The interface with a reference, or NULL. */
export const ifunit_ref = procedure('if.c:2463-2477', function ifunit_ref(index: IfIndex): IfNet | null {
  NET_EPOCH_ENTER(); // 2467
  const ifp = ifnet_byindex(index); // 2468
  const held = ifp !== null && refcount_acquire_if_not_zero(ifp.if_refcount); // 2474
  NET_EPOCH_EXIT(); // 2475
  return held ? ifp : null;
});

/** Gives a reference back; with the last one the memory goes, after a grace period. */
export const if_rele = procedure('if.c:640-641, 659-665', function if_rele(ifp: IfNet): void {
  if (!refcount_release(ifp.if_refcount)) return; // 640, 662
  NET_EPOCH_CALL(if_destroy, ifp); // 641, 664
});

/** The interface is no more to be found, and the reference of its index goes. */
export const if_free = procedure('if.c:399-408, 627-643', function if_free(ifp: IfNet, index: IfIndex): void {
  index.ifp = null; // 404
  if_rele(ifp); // 640
});

const if_destroy = procedure('if.c:590-621', function if_destroy(ifp: IfNet): void {
  free(ifp); // 612
});
