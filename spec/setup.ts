import { alloc, maySleep, rw_wlock, rw_wunlock } from '../src/machine/access.ts';
import { procedure } from '../src/machine/procedure.ts';
import {
  ng_hub_rcvmsg, ng_iface_rcvmsg, ng_nat_rcvmsg, ng_one2many_rcvmsg, ng_patch_rcvmsg, ng_source_rcvmsg, ng_tee_rcvmsg, ngh_rcvmsg,
} from './config.ts'; // prettier-ignore
import { ng_ether_rcvmsg } from './etherconfig.ts';
import { EINVAL, EISCONN, ENOMEM } from './errno.ts';
import { HK_HI_STACK, HK_TO_INBOUND, type Hook } from './hook.ts';
import { HoleHookInfo } from './hole.ts';
import { HubPrivate } from './hub.ts';
import { IfacePrivate } from './iface.ts';
import {
  ng_ether_newhook, ng_ipfw_connect, ng_ipfw_newhook, ng_nat_constructor, ng_nat_newhook, ng_one2many_constructor,
  ng_one2many_newhook, ng_tee_newhook, refusing,
} from './newhook.ts'; // prettier-ignore
import type { NgType } from './ngtype.ts';
import type { Node } from './node.ts';
import { PatchPrivate } from './patch.ts';
import { ngs_connect, ngs_constructor, ngs_newhook, ngs_rcvmsg } from './socket.ts';
import { own } from './linked.ts';

/** What the types of nodes do when a node of theirs is made, or a hook. */

const ngh_cons = procedure('ng_hole.c:119-122', function ngh_cons(_node: Node): number {
  return 0;
});

const ngh_newhook = procedure(
  'ng_hole.c:127-138',
  function ngh_newhook(_node: Node, hook: Hook, _name: string): number {
    const hip = alloc(HoleHookInfo); // 133
    hook.hk_private = hip; // 136
    return 0;
  },
);

const ng_patch_constructor = procedure('ng_patch.c:176-187', function ng_patch_constructor(node: Node): number {
  maySleep(); // 181
  const privdata = alloc(PatchPrivate); // 181
  node.nd_private = privdata; // 184
  return 0;
});

/** Looks at the beginning of the name only. That another hook was there before is not asked. */
const ng_patch_newhook = procedure(
  'ng_patch.c:189-203',
  function ng_patch_newhook(node: Node, hook: Hook, name: string): number {
    const privp = own(PatchPrivate, node.nd_private); // 192
    if (name.startsWith('in'))
      privp.in = hook; // 195
    else if (name.startsWith('out'))
      privp.out = hook; // 198
    else return EINVAL;
    return 0;
  },
);

const ng_hub_constructor = procedure('ng_hub.c:82-92', function ng_hub_constructor(node: Node): number {
  maySleep(); // 88
  const priv = alloc(HubPrivate); // 88
  node.nd_private = priv; // 90
  return 0;
});

const ng_iface_newhook = procedure(
  'ng_iface.c:576-596',
  function ng_iface_newhook(node: Node, hook: Hook, _name: string): number {
    const priv = own(IfacePrivate, node.nd_private); // 580
    rw_wlock(priv.lock); // 585
    const taken = priv.hook !== null; // 587
    if (taken) {
      rw_wunlock(priv.lock); // 588
      return EISCONN;
    }
    priv.hook = hook; // 591
    hook.hk_flags |= HK_HI_STACK; // 592
    hook.hk_flags |= HK_TO_INBOUND; // 593
    rw_wunlock(priv.lock); // 594
    return 0;
  },
);

/** A constructor that fails, as others do when there is no memory: for scenarios that show what becomes of the node. */
export const noMemory = procedure('', function noMemory(_node: Node): number {
  return ENOMEM;
});

type Setup = Partial<Pick<NgType, 'constructor_' | 'newhook' | 'connect' | 'rcvmsg'>>;

export const setups: Readonly<Record<string, Setup>> = {
  hole: { constructor_: ngh_cons, newhook: ngh_newhook, rcvmsg: ngh_rcvmsg },
  patch: { constructor_: ng_patch_constructor, newhook: ng_patch_newhook, rcvmsg: ng_patch_rcvmsg },
  hub: { constructor_: ng_hub_constructor, rcvmsg: ng_hub_rcvmsg },
  iface: { newhook: ng_iface_newhook, rcvmsg: ng_iface_rcvmsg },
  tee: { newhook: ng_tee_newhook, rcvmsg: ng_tee_rcvmsg },
  one2many: { constructor_: ng_one2many_constructor, newhook: ng_one2many_newhook, rcvmsg: ng_one2many_rcvmsg },
  nat: { constructor_: ng_nat_constructor, newhook: ng_nat_newhook, rcvmsg: ng_nat_rcvmsg },
  source: { rcvmsg: ng_source_rcvmsg },
  ether: { constructor_: refusing, newhook: ng_ether_newhook, rcvmsg: ng_ether_rcvmsg },
  ipfw: { constructor_: refusing, newhook: ng_ipfw_newhook, connect: ng_ipfw_connect },
  socket: { constructor_: ngs_constructor, newhook: ngs_newhook, connect: ngs_connect, rcvmsg: ngs_rcvmsg },
};
