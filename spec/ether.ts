import {
  allocOwned, atomic_clear, atomic_cmpset, atomic_set, free, given, NET_EPOCH_ENTER, NET_EPOCH_EXIT, panic, sameAddress,
} from '../src/machine/access.ts'; // prettier-ignore
import { procedure } from '../src/machine/procedure.ts';
import { pointer, staticRecord, truth, word } from '../src/machine/record.ts';
import { ng_address_hook } from './address.ts';
import { ng } from './globals.ts';
import { Hook } from './hook.ts';
import { if_rele, if_try_ref, ifnet_byindex, ifpromisc, type IfIndex, IfNet } from './ifnet.ts';
import type { DataItem } from './item.ts';
import { own, Private } from './linked.ts';
import { Mbuf } from './mbuf.ts';
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
  hwassist = word(0, 0, 'what the interface can do by itself; only that it is stored');
  promisc = truth('promiscuous mode is on, by NGM_ETHER_SET_PROMISC');
  promiscuous: IfNet | null = pointer(
    () => IfNet,
    'in its place: the interface that is in it, with a reference (ether-ends-promisc)',
  );
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
export const once = (node: Node): Node | null => (given('ether-loads-once') ? node : null);

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
    leaveInterface(priv, node);
    if (given('ether-ends-promisc')) endPromiscuous(priv);
    if (!given('private-with-owner')) free(priv); // 762
    ng_unref_node(node); // 763
    return;
  }
  if (given('ether-ends-promisc')) endPromiscuous(priv);
  else if (priv.promisc) {
    leavePromiscuous(priv); // 767
    priv.promisc = false; // 768
  }
  revive(node); // 770
});

/**
 * The interface has no node any more: a network stack that goes takes the node, and the interface stays for a while. FreeBSD 14 has this, and
 * 12.1 not yet. ng_ether_detach, in no gate, can be at the same place, and then the interface itself goes, or has got another node.
 */
const leaveInterface = procedure('ng_ether.c:761', function leaveInterface(priv: EtherPrivate, node: Node): void {
  if (given('ether-in-epoch')) NET_EPOCH_ENTER();
  const ifp = priv.ifp; // 761
  if (ifp !== null) {
    if (given('ether-clears-own'))
      atomic_cmpset(ifp, 'if_l2com', node, null); // 761
    else if (given('ether-loads-once'))
      ifp.if_l2com = null; // 761
    else priv.ifp!.if_l2com = null; // 761
  }
  if (given('ether-in-epoch')) NET_EPOCH_EXIT();
});

const leavePromiscuous = procedure('ng_ether.c:767', function leavePromiscuous(priv: EtherPrivate): void {
  if (!given('ether-holds-interface')) return ifpromisc(priv.ifp!, false); // 767
  const ifp = holdInterface(priv); // 767
  if (ifp === null) return;
  ifpromisc(ifp, false); // 767
  if_rele(ifp);
});

/** By the interface that was put into that mode, which may have left the node since: the mode has a reference on it. */
const endPromiscuous = procedure('ng_ether.c:766-769', function endPromiscuous(priv: EtherPrivate): void {
  const ifp = priv.promiscuous; // 766
  if (ifp === null) return;
  ifpromisc(ifp, false); // 767
  priv.promiscuous = null; // 768
  if_rele(ifp);
});

/** The interface of a node with a reference, or NULL when it is being detached or has gone: whoever sleeps can be in no section. */
export const holdInterface = procedure(
  'ng_ether.c:510-631, 767',
  function holdInterface(priv: EtherPrivate): IfNet | null {
    NET_EPOCH_ENTER();
    const { ifp } = priv;
    const held = ifp !== null && if_try_ref(ifp);
    NET_EPOCH_EXIT();
    return held ? ifp : null;
  },
);

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
