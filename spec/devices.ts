import { slot } from '../src/machine/record.ts';
import { detach, move, rename } from './arrival.ts';
import {
  EtherPrivate, frameIn, frameOut, ng_ether, ng_ether_disconnect, ng_ether_nodefree, ng_ether_rcv_lower, ng_ether_rcv_upper, ng_ether_shutdown,
} from './ether.ts'; // prettier-ignore
import { fresh } from './fresh.ts';
import { HK_HI_STACK, HK_QUEUE, HK_TO_INBOUND } from './hook.ts';
import { IfIndex, IfNet } from './ifnet.ts';
import {
  firewall, IpfwHookPrivate, ng_ipfw, ng_ipfw_disconnect, ng_ipfw_findhook, ng_ipfw_hookfree, ng_ipfw_input, ng_ipfw_rcvdata, ng_ipfw_shutdown,
} from './ipfw.ts'; // prettier-ignore
import type { Kind } from './kinds.ts';
import type { Private } from './linked.ts';

/** Kinds of nodes through which the rest of the network stack comes in, without asking the gate. */

/** The interface of an ether node: the two are made together, so they have the same number. */
const ifnetOf = (priv: Private): IfNet => slot(IfNet, priv.slot);
export const indexOf = (priv: Private): IfIndex => slot(IfIndex, priv.slot);

export const ether: Kind = {
  type: ng_ether,
  methods: { disconnect: ng_ether_disconnect, shutdown: ng_ether_shutdown, nodefree: ng_ether_nodefree },
  hooks: ['upper', 'lower'],
  shutdown: true,
  construct: (world, title) => {
    const priv = world.make(EtherPrivate, title);
    const ifp = world.make(IfNet, title.replace('private', 'ifnet'), { if_refcount: fresh(1) });
    world.set(ifp, { if_index: world.make(IfIndex, title.replace('private', 'index'), { ifp }) });
    world.set(priv, { ifp });
    return priv;
  },
  hookFlags: HK_HI_STACK,
  newhook: (world, _title, priv, hook, name) => {
    if (name === 'upper') {
      world.set(priv as EtherPrivate, { upper: hook });
      world.set(hook, { hk_rcvdata: ng_ether_rcv_upper, hk_flags: HK_HI_STACK | HK_TO_INBOUND });
    } else {
      world.set(priv as EtherPrivate, { lower: hook });
      world.set(hook, { hk_rcvdata: ng_ether_rcv_lower });
    }
    return null;
  },
  attach: (world, node, priv) => {
    world.set(ifnetOf(priv!), { if_l2com: node });
    return 0;
  },
  calls: {
    input: (priv) => () => frameIn(indexOf(priv!)),
    output: (priv) => () => frameOut(indexOf(priv!)),
    detach: (priv) => () => detach(ifnetOf(priv!), indexOf(priv!)),
    move: (priv, name) => () => move(indexOf(priv!), name),
    rename: (priv, name) => () => rename(indexOf(priv!), name),
  },
};

export const ipfw: Kind = {
  type: ng_ipfw,
  methods: {
    rcvdata: ng_ipfw_rcvdata,
    disconnect: ng_ipfw_disconnect,
    shutdown: ng_ipfw_shutdown,
    findhook: ng_ipfw_findhook,
    hookfree: ng_ipfw_hookfree,
  },
  hooks: ['0', '1', '2', '3'],
  shutdown: true,
  construct: () => null,
  hookFlags: HK_QUEUE,
  newhook: (world, title, _priv, _hook, name) => world.make(IpfwHookPrivate, title, { cookie: Number(name) }),
  attach: (world, node) => {
    world.set(firewall, { fw_node: node, ng_ipfw_input_p: ng_ipfw_input });
    return 0;
  },
};
