import type { Made } from './addhook.ts';
import { drop } from './address.ts';
import { nge_rcvdata } from './echo.ts';
import { ngh_disconnect, ngh_newhook, ngh_rcvdata } from './hole.ts';
import {
  ng_ether_configure, ng_ether_disconnect, ng_ether_ifname, ng_ether_newhook, ng_ether_rcvdata, ng_ether_shutdown, 
} from './ether.ts'; // prettier-ignore
import { ng_hub_configure, ng_hub_disconnect, ng_hub_rcvdata } from './hub.ts';
import { ng_iface_constructor, ng_iface_disconnect, ng_iface_newhook, ng_iface_rcvdata } from './iface.ts';
import { ng_ipfw_connect, ng_ipfw_findhook, ng_ipfw_newhook, ng_ipfw_rcvdata, ng_ipfw_shutdown } from './ipfw.ts';
import type { Pointer } from './layout.ts';
import {
  ng_nat_configure,
  ng_nat_constructor,
  ng_nat_disconnect,
  ng_nat_newhook,
  ng_nat_nodefree,
  ng_nat_rcvdata,
} from './nat.ts';
import {
  ng_one2many_configure,
  ng_one2many_constructor,
  ng_one2many_disconnect,
  ng_one2many_newhook,
  ng_one2many_rcvdata,
} from './one2many.ts';
import { ng_patch_disconnect, ng_patch_newhook, ng_patch_rcvdata, ng_queue_newhook } from './patch.ts';
import {
  ng_source_configure, ng_source_constructor, ng_source_disconnect, ng_source_newhook, ng_source_rcvdata, ng_source_shutdown,
} from './source.ts'; // prettier-ignore
import { freeWithHook, freeWithNode, goIfAlone, hangOnNode } from './private.ts';
import {
  ngs_configure, ngs_connect, ngs_disconnect, ngs_findhook, ngs_newhook, ngs_rcvdata, ngs_rcvmsg, ngs_shutdown,
} from './socket.ts'; // prettier-ignore
import { EINVAL, type Td } from './td.ts';
import { ng_tee_close, ng_tee_disconnect, ng_tee_newhook, ng_tee_passOn, ng_tee_rcvdata, ng_tee_stats } from './tee.ts';

/**
 * struct ng_type: the methods of a kind of node. They follow the rules of a data path without a gate: a receive routine loads
 * what it needs from private data once, then looks whether it is 0; `disconnect` frees nothing that a packet can come to,
 * `hookfree` and `nodefree` do, after the grace period.
 */
type NgType = {
  /** Sets up a new node. Returns an error number. */
  readonly constructor_: (td: Td, node: Pointer) => number;
  /** A hook is about to be added; an error number refuses it. */
  readonly newhook: (td: Td, node: Pointer, hook: Pointer, name: number) => number;
  /** A link of the hook is about to be used; an error number refuses it. */
  readonly connect?: (td: Td, hook: Pointer) => number;
  /** The hook with a name, for types that look by themselves. */
  readonly findhook?: (td: Td, node: Pointer, name: number) => Pointer;
  /** A packet comes by the hook. Returns an error number, which is of no interest to who sends it on. */
  readonly rcvdata: (td: Td, hook: Pointer, m: number, way: number) => number;
  /** An answer comes, or NGM_TEXT_STATUS or NGM_TEXT_CONFIG; the item is the type's. Returns an error number. */
  readonly rcvmsg?: (td: Td, node: Pointer, item: Pointer) => number;
  /** What becomes of a link comes by a hook, and goes on from here; the item is the type's. Returns an error number. */
  readonly passOn?: (td: Td, node: Pointer, item: Pointer, hook: Pointer) => number;
  /** The node is shut down, and its hooks are still there. */
  readonly close?: (td: Td, node: Pointer) => void;
  /** The node is shut down, and its hooks have gone: gives back the reference of its existence, or resets the node, which stays (NGF_REVIVED). */
  readonly shutdown?: (td: Td, node: Pointer) => void;
  /** A hook has gone from its node. */
  readonly disconnect: (td: Td, hook: Pointer) => void;
  /** What the type lets be set, by a message as the node's writer: for a hub 1: it stays without hooks; for a one2many 1: in turn, 2: to all links; for a nat anything: it has an address; for a source: so many packets; for a socket anything: it goes with its last hook; for an ether ETHER_PROMISC or ETHER_DETACH. */
  readonly configure?: (td: Td, node: Pointer, value: number) => number;
  /** What the type counts, as an answer. */
  readonly stats?: (td: Td, node: Pointer) => Made;
  /** What its interface is called, as an answer. */
  readonly ifname?: (td: Td, node: Pointer) => Made;
  readonly nodefree?: (td: Td, node: Pointer) => void;
  readonly hookfree?: (td: Td, hook: Pointer) => void;
};

const accept = (): number => 0;
/** Nodes of the type are not made by messages. */
const refuse = (): number => EINVAL;
const relay = {
  constructor_: hangOnNode,
  newhook: ng_patch_newhook,
  rcvdata: ng_patch_rcvdata,
  disconnect: ng_patch_disconnect,
  nodefree: freeWithNode,
};

const byName = {
  /** Of ng_deadnode: whatever comes to it is dropped. */
  dead: { constructor_: accept, newhook: accept, rcvdata: drop, disconnect: () => {} },
  hole: {
    constructor_: accept,
    newhook: ngh_newhook,
    rcvdata: ngh_rcvdata,
    disconnect: ngh_disconnect,
    hookfree: freeWithHook,
  },
  iface: {
    constructor_: ng_iface_constructor,
    newhook: ng_iface_newhook,
    rcvdata: ng_iface_rcvdata,
    disconnect: ng_iface_disconnect,
    nodefree: freeWithNode,
  },
  patch: relay,
  queue: { ...relay, newhook: ng_queue_newhook },
  hub: {
    constructor_: hangOnNode,
    newhook: accept,
    rcvdata: ng_hub_rcvdata,
    disconnect: ng_hub_disconnect,
    configure: ng_hub_configure,
    nodefree: freeWithNode,
  },
  tee: {
    constructor_: hangOnNode,
    newhook: ng_tee_newhook,
    rcvdata: ng_tee_rcvdata,
    close: ng_tee_close,
    passOn: ng_tee_passOn,
    stats: ng_tee_stats,
    disconnect: ng_tee_disconnect,
    nodefree: freeWithNode,
  },
  one2many: {
    constructor_: ng_one2many_constructor,
    newhook: ng_one2many_newhook,
    rcvdata: ng_one2many_rcvdata,
    disconnect: ng_one2many_disconnect,
    configure: ng_one2many_configure,
    nodefree: freeWithNode,
  },
  echo: { constructor_: accept, newhook: accept, rcvdata: nge_rcvdata, disconnect: goIfAlone },
  nat: {
    constructor_: ng_nat_constructor,
    newhook: ng_nat_newhook,
    rcvdata: ng_nat_rcvdata,
    disconnect: ng_nat_disconnect,
    configure: ng_nat_configure,
    nodefree: ng_nat_nodefree,
  },
  source: {
    constructor_: ng_source_constructor,
    newhook: ng_source_newhook,
    rcvdata: ng_source_rcvdata,
    shutdown: ng_source_shutdown,
    disconnect: ng_source_disconnect,
    configure: ng_source_configure,
    nodefree: freeWithNode,
  },
  ether: {
    constructor_: refuse,
    newhook: ng_ether_newhook,
    rcvdata: drop,
    shutdown: ng_ether_shutdown,
    disconnect: ng_ether_disconnect,
    configure: ng_ether_configure,
    ifname: ng_ether_ifname,
    nodefree: freeWithNode,
  },
  socket: {
    constructor_: refuse,
    newhook: ngs_newhook,
    connect: ngs_connect,
    findhook: ngs_findhook,
    rcvdata: ngs_rcvdata,
    rcvmsg: ngs_rcvmsg,
    shutdown: ngs_shutdown,
    disconnect: ngs_disconnect,
    configure: ngs_configure,
    hookfree: freeWithHook,
  },
  ipfw: {
    constructor_: refuse,
    newhook: ng_ipfw_newhook,
    connect: ng_ipfw_connect,
    findhook: ng_ipfw_findhook,
    rcvdata: ng_ipfw_rcvdata,
    shutdown: ng_ipfw_shutdown,
    disconnect: () => {},
    hookfree: freeWithHook,
  },
} as const satisfies Record<string, NgType>;

export type TypeName = Exclude<keyof typeof byName, 'dead'>;
/** The place of a name is the number of the type in `nd_type`. */
export const typeNames = Object.keys(byName) as readonly (TypeName | 'dead')[];
/** The methods by that number. */
export const types: readonly NgType[] = Object.values(byName);

/** Receive routines that override that of the type, in `hk_rcvdata` of a hook; 0: none does. Those of an ether differ in where the frame leaves. */
export const RCV_LOWER = 1;
export const RCV_UPPER = 2;
/** By that number. */
export const routines: readonly (NgType['rcvdata'] | null)[] = [null, ng_ether_rcvdata, ng_ether_rcvdata];
