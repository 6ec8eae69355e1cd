import {
  allocOwned, atomic_clear, atomic_set, free, given, NET_EPOCH_ENTER, NET_EPOCH_EXIT, panic,
  refcount_acquire_if_not_zero, sameAddress,
} from '../src/machine/access.ts'; // prettier-ignore
import { procedure } from '../src/machine/procedure.ts';
import { pointer, staticRecord, truth } from '../src/machine/record.ts';
import { ng_address_hook } from './address.ts';
import { asks } from './asked.ts';
import { ng } from './globals.ts';
import { Hook } from './hook.ts';
import { if_free, if_rele, ifnet_byindex, ifunit_ref, type IfIndex, IfNet } from './ifnet.ts';
import type { DataItem } from './item.ts';
import { own, Private } from './linked.ts';
import { Mbuf } from './mbuf.ts';
import { ng_name_node } from './name.ts';
import { NgType } from './ngtype.ts';
import { NGF_INVALID, NGF_REALLY_DIE, NGF_REVIVED, Node } from './node.ts';
import { ng_free_item, ng_package_data } from './package.ts';
import { ng_unref_node } from './reference.ts';
import { ng_rmnode_self } from './rmnode.ts';
import { ng_snd_item } from './send.ts';

/**
 * ng_ether: an Ethernet interface. Its node is there as long as the interface: a shutdown takes its hooks away and leaves the
 * node, until ng_ether_detach says that this time it must go.
 */
export const ng_ether = staticRecord(NgType, 'ng_ether');

/** struct private. The pointers to hooks come without references, and are read by the stack, which is in no gate. */
export class EtherPrivate extends Private {
  ifp: IfNet | null = pointer(() => IfNet, 'the interface, or NULL once it is being detached');
  upper: Hook | null = pointer(() => Hook, 'towards the protocols: what they send leaves by it');
  lower: Hook | null = pointer(() => Hook, 'towards the wire: what came from there leaves by it');
  promisc = truth('promiscuous mode is on; no message here sets it');
}

/** ether_input_internal: a frame has come from the wire. What no hook claims goes to the protocols, which free it. */
export const frameIn = procedure('if_ethersubr.c:611-622', function frameIn(index: IfIndex): void {
  NET_EPOCH_ENTER();
  const ifp = ifnet_byindex(index);
  if (ifp !== null) {
    const m = allocOwned(Mbuf);
    const known = ifp.if_l2com; // 612
    const claimed = known !== null && ng_ether_input(ifp, m, once(known)); // 616
    if (!claimed) free(m);
  }
  NET_EPOCH_EXIT();
});

/** What the caller has loaded, or NULL where the C loads it again. */
const once = (node: Node): Node | null => (given('ether-loads-once') ? node : null);

/** Returns whether a hook has taken the frame. */
const ng_ether_input = procedure(
  'ng_ether.c:246-256',
  function ng_ether_input(ifp: IfNet, m: Mbuf, known: Node | null): boolean {
    const node = known ?? ifp.if_l2com!; // 248
    const priv = own(EtherPrivate, node.nd_private); // 249
    const connected = priv.lower !== null; // 253
    if (!connected) return false;
    const item = ng_package_data(m); // 255
    if (ng_address_hook(item, priv.lower)) ng_snd_item(item, 0); // 255
    return true;
  },
);

/** ether_output: the protocols send a frame. What no hook claims goes out, which here means that it is freed. */
export const frameOut = procedure('if_ethersubr.c:426-443', function frameOut(index: IfIndex): void {
  NET_EPOCH_ENTER();
  const ifp = ifnet_byindex(index);
  if (ifp !== null) {
    const m = allocOwned(Mbuf);
    const known = ifp.if_l2com; // 427
    const claimed = known !== null && ng_ether_output(ifp, m, once(known)); // 430
    if (!claimed) free(m);
  }
  NET_EPOCH_EXIT();
});

const ng_ether_output = procedure(
  'ng_ether.c:282-297',
  function ng_ether_output(ifp: IfNet, m: Mbuf, known: Node | null): boolean {
    const node = known ?? ifp.if_l2com!; // 284
    const priv = own(EtherPrivate, node.nd_private); // 285
    const connected = priv.upper !== null; // 289
    if (!connected) return false;
    const item = ng_package_data(m); // 294
    if (ng_address_hook(item, priv.upper)) ng_snd_item(item, 1); // 294
    return true;
  },
);

/** The receive routine of "lower": the frame goes out. */
export const ng_ether_rcv_lower = procedure(
  'ng_ether.c:663-706',
  function ng_ether_rcv_lower(hook: Hook, item: DataItem, _td_ng_outbound: number): void {
    const priv = own(EtherPrivate, hook.hk_node.nd_private); // 667
    const ifp = priv.ifp; // 668
    const m = item.m!; // 670
    item.m = null; // 670
    ng_free_item(item); // 671
    if (given('ether-loads-once') && ifp === null) return free(m);
    void ifp!.if_flags; // 675
    leaves(m);
  },
);

/** The receive routine of "upper": the frame goes to the protocols. */
export const ng_ether_rcv_upper = procedure(
  'ng_ether.c:712-743',
  function ng_ether_rcv_upper(hook: Hook, item: DataItem, _td_ng_outbound: number): void {
    const priv = own(EtherPrivate, hook.hk_node.nd_private); // 716
    const ifp = priv.ifp; // 717
    const m = item.m!; // 719
    item.m = null; // 719
    ng_free_item(item); // 720
    if (given('ether-loads-once') && ifp === null) return free(m);
    void ifp!.if_flags; // 734
    leaves(m);
  },
);

/** ether_output_frame or ether_demux: the frame is out of netgraph. */
const leaves = procedure('', function leaves(m: Mbuf): void {
  ng.delivered = true;
  free(m);
  ng.delivered = false;
});

/** Resets the node, or takes it apart if NGF_REALLY_DIE is set when this is asked. */
export const ng_ether_shutdown = procedure('ng_ether.c:750-773', function ng_ether_shutdown(node: Node): void {
  const priv = own(EtherPrivate, node.nd_private); // 752
  const dies = node.nd_flags & NGF_REALLY_DIE; // 754
  if (dies) {
    if (!given('private-with-owner')) node.nd_private = null; // 761
    leaveInterface(priv);
    if (!given('private-with-owner')) free(priv); // 762
    ng_unref_node(node); // 763
    return;
  }
  if (priv.promisc) priv.promisc = false; // 766
  revive(node); // 770
});

/**
 * The interface has no node any more: a network stack that goes takes the node, and the interface stays for a while. FreeBSD 14 has this, and
 * 12.1 not yet. ng_ether_detach, in no gate, can be at the same place, and then the interface itself goes.
 */
const leaveInterface = procedure('ng_ether.c:761', function leaveInterface(priv: EtherPrivate): void {
  if (given('ether-in-epoch')) NET_EPOCH_ENTER();
  const ifp = priv.ifp; // 761
  if (ifp !== null) {
    if (given('ether-loads-once'))
      ifp.if_l2com = null; // 761
    else priv.ifp!.if_l2com = null; // 761
  }
  if (given('ether-in-epoch')) NET_EPOCH_EXIT();
});

/** NG_NODE_REVIVE. */
const revive = procedure('ng_ether.c:770', function revive(node: Node): void {
  if (given('death-remembered')) {
    if (given('node-flags-atomic'))
      atomic_set(node, 'nd_flags', NGF_REVIVED); // 770
    else node.nd_flags |= NGF_REVIVED; // 770
  } else if (given('node-flags-atomic'))
    atomic_clear(node, 'nd_flags', NGF_INVALID); // 770
  else node.nd_flags &= ~NGF_INVALID; // 770
});

export const ng_ether_nodefree = procedure('', function ng_ether_nodefree(node: Node): void {
  free(node.nd_private);
});

export const ng_ether_disconnect = procedure('ng_ether.c:779-797', function ng_ether_disconnect(hook: Hook): void {
  const priv = own(EtherPrivate, hook.hk_node.nd_private); // 781
  const isUpper = sameAddress(hook, priv.upper); // 783
  if (isUpper) {
    priv.upper = null; // 784
    restoreChecksums(priv);
  } else {
    const isLower = sameAddress(hook, priv.lower); // 787
    if (!isLower) panic('ng_ether_disconnect: weird hook'); // 792
    priv.lower = null; // 788
  }
  const numhooks = hook.hk_node.nd_numhooks; // 793
  if (numhooks !== 0) return;
  const invalid = hook.hk_node.nd_flags & NGF_INVALID; // 794
  if (!invalid) ng_rmnode_self(hook.hk_node); // 795
});

const restoreChecksums = procedure('ng_ether.c:785-786', function restoreChecksums(priv: EtherPrivate): void {
  if (given('ether-in-epoch')) NET_EPOCH_ENTER();
  const ifp = priv.ifp; // 785
  if (ifp !== null) {
    if (given('ether-loads-once'))
      ifp.if_hwassist = 0; // 786
    else priv.ifp!.if_hwassist = 0; // 786
  }
  if (given('ether-in-epoch')) NET_EPOCH_EXIT();
});

/** A driver takes its interface away, as it does once: ether_ifdetach, by which the node goes, and if_free. */
export const detach = procedure('if_ethersubr.c:976-991', function detach(ifp: IfNet, index: IfIndex): void {
  ng_ether_detach(ifp); // 986
  if_free(ifp, index);
});

/** The interface goes, and its node with it. In no gate: whoever is at work on the node goes on. */
const ng_ether_detach = procedure('ng_ether.c:354-369', function ng_ether_detach(ifp: IfNet): void {
  if (given('ether-detach-holds-node')) return detachHeld(ifp);
  const node = ifp.if_l2com; // if_ethersubr.c:983
  if (node === null) return;
  letGo(ifp, ifp.if_l2com!); // 356
});

/** The same with a reference, taken in a section: a network stack that goes can take the node away meanwhile. */
const detachHeld = procedure('ng_ether.c:354-369', function detachHeld(ifp: IfNet): void {
  NET_EPOCH_ENTER();
  const node = ifp.if_l2com; // 356
  const held = node !== null && refcount_acquire_if_not_zero(node.nd_refs);
  NET_EPOCH_EXIT();
  if (!held) return;
  letGo(ifp, node);
  ng_unref_node(node);
});

const letGo = procedure('ng_ether.c:357-368', function letGo(ifp: IfNet, node: Node): void {
  const priv = own(EtherPrivate, node.nd_private); // 357
  if (given('node-flags-atomic'))
    atomic_set(node, 'nd_flags', NGF_REALLY_DIE | NGF_INVALID); // 360
  else node.nd_flags |= NGF_REALLY_DIE | NGF_INVALID; // 360
  ifp.if_l2com = null; // 366
  priv.ifp = null; // 367
  ng_rmnode_self(node); // 368
});

/** SIOCSIFNAME: somebody gives the interface another name. */
export const rename = procedure('if.c:2795, 3128-3168', function rename(index: IfIndex, name: string): void {
  const ifp = ifunit_ref(index); // 3128
  if (ifp === null) return;
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
