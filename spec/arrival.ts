import {
  alloc, atomic_cmpset, atomic_set, given, KASSERT, NET_EPOCH_ENTER, NET_EPOCH_EXIT, refcount_acquire, refcount_acquire_if_not_zero,
} from '../src/machine/access.ts'; // prettier-ignore
import { procedure } from '../src/machine/procedure.ts';
import { asks } from './asked.ts';
import { EtherPrivate, ng_ether } from './ether.ts';
import { if_free, if_rele, ifunit_ref, taskqueue_drain, type IfIndex, type IfNet } from './ifnet.ts';
import { own } from './linked.ts';
import { ng_make_node_common, publish } from './make.ts';
import { ng_name2noderef, ng_name_node } from './name.ts';
import { NGF_INVALID, NGF_REALLY_DIE, type Node } from './node.ts';
import { ng_unref_node } from './reference.ts';
import { ng_rmnode_self } from './rmnode.ts';

/** What becomes of the node of an interface when something is done to the interface. */

/** A driver takes its interface away, as it does once: ether_ifdetach, by which the node goes, and if_free. */
export const detach = procedure('if_ethersubr.c:976-991', function detach(ifp: IfNet, index: IfIndex): void {
  const known = given('ether-detach-holds-node') || ifp.if_l2com !== null; // 983
  if (known) ng_ether_detach(ifp); // 986
  if_free(ifp, index);
});

/** The node of the interface goes, and the interface, if it stays, has none any more. In no gate: whoever is at work on the node goes on. */
export const ng_ether_detach = procedure('ng_ether.c:354-369', function ng_ether_detach(ifp: IfNet): void {
  if (given('ether-detach-holds-node')) return detachHeld(ifp);
  letGo(ifp, ifp.if_l2com!); // 356
});

/** The same with a reference, taken in a section: a network stack that goes, and NGM_ETHER_DETACH, can take the node away meanwhile. */
const detachHeld = procedure('ng_ether.c:354-369', function detachHeld(ifp: IfNet): void {
  NET_EPOCH_ENTER();
  const node = ifp.if_l2com; // 356
  const held = node !== null && refcount_acquire_if_not_zero(node.nd_refs);
  NET_EPOCH_EXIT();
  if (!held) return;
  letGo(ifp, node);
  ng_unref_node(node);
});

/** The interface has the node no more, and the node goes. */
export const letGo = procedure('ng_ether.c:357-368', function letGo(ifp: IfNet, node: Node): void {
  const priv = own(EtherPrivate, node.nd_private); // 357
  taskqueue_drain(ifp); // 359
  if (given('node-flags-atomic'))
    atomic_set(node, 'nd_flags', NGF_REALLY_DIE | NGF_INVALID); // 360
  else node.nd_flags |= NGF_REALLY_DIE | NGF_INVALID; // 360
  if (given('ether-clears-own'))
    atomic_cmpset(ifp, 'if_l2com', node, null); // 366
  else ifp.if_l2com = null; // 366
  priv.ifp = null; // 367
  ng_rmnode_self(node); // 368
});

/** SIOCSIFNAME: somebody gives the interface another name. */
export const rename = procedure('if.c:2738-2795, 3128-3168', function rename(index: IfIndex, name: string): void {
  const ifp = ifunit_ref(index); // 3128
  if (ifp === null) return;
  ifp.if_xname = 0; // 2773
  if (asks('interface-named')) ifp.renamed = name;
  ng_ether_ifnet_arrival_event(ifp, name); // 2795
  if_rele(ifp); // 3168
});

/** The node gets the name of its interface. In no gate, and without a reference. */
const ng_ether_ifnet_arrival_event = procedure(
  'ng_ether.c:411-432',
  function ng_ether_ifnet_arrival_event(ifp: IfNet, name: string): void {
    if (given('ether-rename-holds-node')) return renameHeld(ifp, name);
    const node = ifp.if_l2com; // 424
    if (node === null) return;
    ng_name_node(node, name); // 430
  },
);

/** The same with a reference, taken in a section. */
const renameHeld = procedure('ng_ether.c:424-430', function renameHeld(ifp: IfNet, name: string): void {
  NET_EPOCH_ENTER();
  const node = ifp.if_l2com; // 424
  const held = node !== null && refcount_acquire_if_not_zero(node.nd_refs);
  NET_EPOCH_EXIT();
  if (!held) return;
  ng_name_node(node, name); // 430
  ng_unref_node(node);
});

/** SIOCSIFVNET: somebody moves the interface to another network stack. The thread that does that is the only one that moves it or takes it away (spec/README.md). */
export const move = procedure(
  'if.c:1119, 1283, 2803-2807, 3128-3168',
  function move(index: IfIndex, name: string): void {
    const ifp = ifunit_ref(index); // 3128
    if (ifp === null) return;
    taskqueue_drain(ifp); // 1119
    ether_reassign(ifp, name); // 1283
    if_rele(ifp); // 3168
  },
);

/**
 * The interface gets another node. What there is of the other stack is this one: the new node is in the same hashes, so `name`, which it
 * gets, is one that the old node does not have.
 */
const ether_reassign = procedure('if_ethersubr.c:995-1009', function ether_reassign(ifp: IfNet, name: string): void {
  const known = given('ether-detach-holds-node') || ifp.if_l2com !== null; // 998
  if (known) ng_ether_detach(ifp); // 1001
  ng_ether_attach(ifp, name); // 1006
});

/** The interface gets a node, if none is called so. */
const ng_ether_attach = procedure('ng_ether.c:304-346', function ng_ether_attach(ifp: IfNet, name: string): void {
  const other = ng_name2noderef(null, name); // 318
  if (other !== null) return ng_unref_node(other); // 319
  KASSERT(ifp.if_l2com === null, 'ng_ether_attach: node already exists?'); // 324
  const node = ng_make_node_common(ng_ether); // 325
  if (given('ether-attach-holds-node')) refcount_acquire(node.nd_refs);
  const priv = alloc(EtherPrivate); // 332
  node.nd_private = priv; // 339
  priv.ifp = ifp; // 340
  ifp.if_l2com = node; // 341
  priv.hwassist = ifp.if_hwassist; // 342
  if (given('publish-last')) publish(node);
  ng_name_node(node, name); // 345
  if (given('ether-attach-holds-node')) ng_unref_node(node);
});
