import { given, refcount_acquire } from '../src/machine/access.ts';
import { procedure } from '../src/machine/procedure.ts';
import { letGo, ng_ether_detach } from './arrival.ts';
import { taken } from './config.ts';
import { EINVAL, ENXIO } from './errno.ts';
import { EtherPrivate, holdInterface } from './ether.ts';
import type { Hook } from './hook.ts';
import { if_rele, ifpromisc, type IfNet } from './ifnet.ts';
import type { Item } from './item.ts';
import { own } from './linked.ts';
import { NGM_ETHER_DETACH, NGM_ETHER_GET_IFNAME, NGM_ETHER_SET_PROMISC, type Mesg } from './mesg.ts';
import type { Node } from './node.ts';
import { ng_free_item } from './package.ts';
import { respond } from './respond.ts';

/**
 * What is asked of an interface, and told. It can go meanwhile, for ng_ether_detach is in no gate, and the driver that is told can sleep: a section does not keep it.
 * NGM_ETHER_GET_IFNAME stands for all that only read what the interface is; NGM_ETHER_SET_PROMISC, to turn it on, for all that have its driver do something.
 */
export const ng_ether_rcvmsg = procedure(
  'ng_ether.c:492-645',
  function ng_ether_rcvmsg(node: Node, item: Item, _lasthook: Hook | null): number {
    const priv = own(EtherPrivate, node.nd_private); // 495
    const msg = taken(item); // 500
    const error = isAboutInterface(msg) ? tell(node, priv, msg) : EINVAL; // 502, 634, 638
    if (error === 0 && msg.cmd === NGM_ETHER_GET_IFNAME) return respond(node, item); // 642
    ng_free_item(item); // 642
    return error;
  },
);

const isAboutInterface = ({ cmd }: Mesg): boolean =>
  [NGM_ETHER_GET_IFNAME, NGM_ETHER_SET_PROMISC, NGM_ETHER_DETACH].includes(cmd);

const tell = procedure('ng_ether.c:501-641', function tell(node: Node, priv: EtherPrivate, msg: Mesg): number {
  if (given('ether-holds-interface')) return tellHeld(node, priv, msg);
  tellInterface(node, priv, msg, null);
  return 0;
});

const tellHeld = procedure('ng_ether.c:501-641', function tellHeld(node: Node, priv: EtherPrivate, msg: Mesg): number {
  const ifp = holdInterface(priv);
  if (ifp === null) return ENXIO;
  tellInterface(node, priv, msg, ifp);
  if_rele(ifp);
  return 0;
});

/** By the interface that is held, or the one that `priv` has, which may be none. */
const tellInterface = procedure(
  'ng_ether.c:501-641',
  function tellInterface(node: Node, priv: EtherPrivate, msg: Mesg, held: IfNet | null): void {
    switch (msg.cmd) {
      case NGM_ETHER_GET_IFNAME:
        void (held ?? priv.ifp!).if_xname; // 510
        return;
      case NGM_ETHER_SET_PROMISC: {
        if (given('ether-ends-promisc')) return beginPromiscuous(priv, held ?? priv.ifp!);
        const promisc = priv.promisc; // 556
        if (promisc) return;
        ifpromisc(held ?? priv.ifp!, true); // 557
        priv.promisc = true; // 559
        return;
      }
      default: // NGM_ETHER_DETACH
        detachTold(node, held ?? priv.ifp!); // 631
    }
  },
);

/** The mode has a reference on the interface until it ends. */
const beginPromiscuous = procedure(
  'ng_ether.c:556-560',
  function beginPromiscuous(priv: EtherPrivate, ifp: IfNet): void {
    const promisc = priv.promiscuous !== null; // 556
    if (promisc) return;
    refcount_acquire(ifp.if_refcount);
    ifpromisc(ifp, true); // 557
    priv.promiscuous = ifp; // 559
  },
);

/** The interface can have got another node by now, which is not the one that is told to go. */
const detachTold = procedure('ng_ether.c:631', function detachTold(node: Node, ifp: IfNet): void {
  if (given('ether-clears-own')) letGo(ifp, node);
  else ng_ether_detach(ifp); // 631
});
