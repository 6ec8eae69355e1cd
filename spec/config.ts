import { given, mtx_lock, mtx_unlock } from '../src/machine/access.ts';
import { procedure } from '../src/machine/procedure.ts';
import { ng_ether_detach } from './arrival.ts';
import { EINVAL, ENXIO } from './errno.ts';
import { EtherPrivate, holdInterface } from './ether.ts';
import type { Hook } from './hook.ts';
import { HubPrivate } from './hub.ts';
import { if_rele, ifpromisc, type IfNet } from './ifnet.ts';
import type { Item } from './item.ts';
import {
  NGM_ETHER_DETACH, NGM_ETHER_GET_IFNAME, NGM_ETHER_SET_PROMISC, NGM_HUB_SET_PERSISTENT, NGM_NAT_SET_IPADDR, NGM_ONE2MANY_SET_CONFIG,
  NGM_TEE_GET_STATS, type Mesg,
} from './mesg.ts'; // prettier-ignore
import { NGNAT_ADDR_DEFINED, NatPrivate } from './nat.ts';
import type { Node } from './node.ts';
import { enabledLinks, ng_one2many_update_many, XMIT_ALL, XMIT_ROUNDROBIN, One2ManyPrivate } from './one2many.ts';
import { ng_free_item } from './package.ts';
import { respond } from './respond.ts';
import { TeePrivate } from './tee.ts';
import { own } from './linked.ts';

/** Messages of a type's own: one or more of each type whose private data other CPUs meet in. All of them are writers. */

/** NGI_GET_MSG: the message is the caller's now. */
const taken = (item: Item): Mesg => {
  const msg = item.msg!;
  item.msg = null;
  return msg;
};

/** In the C the item is neither freed nor sent back: it is lost. */
export const ng_hub_rcvmsg = procedure(
  'ng_hub.c:98-114',
  function ng_hub_rcvmsg(node: Node, item: Item, _lasthook: Hook | null): number {
    const priv = own(HubPrivate, node.nd_private); // 100
    const msg = taken(item); // 104
    if (given('hub-frees-message')) ng_free_item(item);
    if (msg.cmd !== NGM_HUB_SET_PERSISTENT) return EINVAL; // 109
    priv.persistent = true; // 107
    return 0;
  },
);

/** The configuration is stored word by word, and then the table of active links is made anew. */
export const ng_one2many_rcvmsg = procedure(
  'ng_one2many.c:254-406',
  function ng_one2many_rcvmsg(node: Node, item: Item, _lasthook: Hook | null): number {
    const priv = own(One2ManyPrivate, node.nd_private); // 256
    const msg = taken(item); // 261
    const known = msg.cmd === NGM_ONE2MANY_SET_CONFIG;
    if (known) setConfig(priv, msg.all ? XMIT_ALL : XMIT_ROUNDROBIN);
    ng_free_item(item); // 403
    return known ? 0 : EINVAL;
  },
);

const setConfig = procedure('ng_one2many.c:297-302', function setConfig(priv: One2ManyPrivate, alg: number): void {
  priv.xmitAlg = alg; // 301
  priv[enabledLinks[0]] = true; // 301
  priv[enabledLinks[1]] = true; // 301
  priv[enabledLinks[2]] = true; // 301
  ng_one2many_update_many(priv); // 302
});

export const ng_nat_rcvmsg = procedure(
  'ng_nat.c:340-710',
  function ng_nat_rcvmsg(node: Node, item: Item, _lasthook: Hook | null): number {
    const priv = own(NatPrivate, node.nd_private); // 342
    const msg = taken(item); // 347
    const known = msg.cmd === NGM_NAT_SET_IPADDR;
    if (known) setAddress(priv);
    ng_free_item(item); // 707
    return known ? 0 : EINVAL;
  },
);

const setAddress = procedure('ng_nat.c:361-363', function setAddress(priv: NatPrivate): void {
  const lib = priv.lib; // 361
  mtx_lock(lib.mutex); // 361
  lib.links += 0; // 361
  mtx_unlock(lib.mutex); // 361
  priv.flags |= NGNAT_ADDR_DEFINED; // 363
});

/** The counters are copied while readers of the node, if the gate lets them in, count. */
export const ng_tee_rcvmsg = procedure(
  'ng_tee.c:208-277',
  function ng_tee_rcvmsg(node: Node, item: Item, _lasthook: Hook | null): number {
    const sc = own(TeePrivate, node.nd_private); // 210
    const msg = taken(item); // 215
    if (msg.cmd !== NGM_TEE_GET_STATS) {
      ng_free_item(item); // 274
      return EINVAL;
    }
    void sc.right.stats; // 233
    void sc.left.stats; // 235
    void sc.right2left.stats; // 237
    void sc.left2right.stats; // 239
    return respond(node, item); // 274
  },
);

/**
 * What is asked of an interface, and told. It can go meanwhile, for ng_ether_detach is in no gate, and the driver that is told can sleep: a section does not keep it.
 * NGM_ETHER_GET_IFNAME stands for all that only read what the interface is; NGM_ETHER_SET_PROMISC, to turn it on, for all that have its driver do something.
 */
export const ng_ether_rcvmsg = procedure(
  'ng_ether.c:492-645',
  function ng_ether_rcvmsg(node: Node, item: Item, _lasthook: Hook | null): number {
    const priv = own(EtherPrivate, node.nd_private); // 495
    const msg = taken(item); // 500
    const error = given('ether-holds-interface') ? tellHeld(priv, msg) : tellInterface(priv, msg, null);
    if (error === 0 && msg.cmd === NGM_ETHER_GET_IFNAME) return respond(node, item); // 642
    ng_free_item(item); // 642
    return error;
  },
);

const tellHeld = procedure('ng_ether.c:501-641', function tellHeld(priv: EtherPrivate, msg: Mesg): number {
  const ifp = holdInterface(priv);
  if (ifp === null) return ENXIO;
  const error = tellInterface(priv, msg, ifp);
  if_rele(ifp);
  return error;
});

/** By the interface that is held, or the one that `priv` has, which may be none. */
const tellInterface = procedure(
  'ng_ether.c:501-641',
  function tellInterface(priv: EtherPrivate, msg: Mesg, held: IfNet | null): number {
    switch (msg.cmd) {
      case NGM_ETHER_GET_IFNAME:
        void (held ?? priv.ifp!).if_xname; // 510
        return 0;
      case NGM_ETHER_SET_PROMISC: {
        const promisc = priv.promisc; // 556
        if (promisc) return 0;
        ifpromisc(held ?? priv.ifp!, true); // 557
        priv.promisc = true; // 559
        return 0;
      }
      case NGM_ETHER_DETACH:
        ng_ether_detach(held ?? priv.ifp!); // 631
        return 0;
      default:
        return EINVAL; // 634
    }
  },
);
