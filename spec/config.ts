import { given, mtx_lock, mtx_unlock, sameAddress } from '../src/machine/access.ts';
import { procedure } from '../src/machine/procedure.ts';
import { EINVAL } from './errno.ts';
import type { Hook } from './hook.ts';
import { HubPrivate } from './hub.ts';
import { IfacePrivate } from './iface.ts';
import type { Item } from './item.ts';
import {
  NGM_HUB_SET_PERSISTENT, NGM_LINK_IS_DOWN, NGM_LINK_IS_UP, NGM_NAT_SET_IPADDR, NGM_ONE2MANY_SET_CONFIG, NGM_TEE_GET_STATS, type Mesg,
} from './mesg.ts'; // prettier-ignore
import { NGNAT_ADDR_DEFINED, NatPrivate } from './nat.ts';
import type { Node } from './node.ts';
import { enabledLinks, ng_one2many_update_many, XMIT_ALL, XMIT_ROUNDROBIN, One2ManyPrivate } from './one2many.ts';
import { ng_free_item } from './package.ts';
import { PatchPrivate } from './patch.ts';
import { respond } from './respond.ts';
import { SourcePrivate } from './source.ts';
import { HookInfo, TeePrivate } from './tee.ts';
import { ng_address_hook } from './address.ts';
import { ng_snd_item } from './send.ts';
import { own } from './linked.ts';

/**
 * What a type does with control messages. Of its own there is one of each type whose private data other CPUs meet in, and all of them are
 * writers. The generic ones that go down to the type are known to none of these, and are refused; NGM_TEXT_STATUS comes as a reader. Those of ng_ether stand in etherconfig.ts.
 */

/** NGI_GET_MSG: the message is the caller's now. */
export const taken = (item: Item): Mesg => {
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
  function ng_tee_rcvmsg(node: Node, item: Item, lasthook: Hook | null): number {
    const sc = own(TeePrivate, node.nd_private); // 210
    const msg = taken(item); // 215
    if (isOfLink(msg)) return passOn(sc, item, msg, lasthook);
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

/** What becomes of a link goes where packets go that come by the same hook. A message that has come by none, where there is no hook "left" either, is taken for one of that. */
const passOn = procedure(
  'ng_tee.c:259-276',
  function passOn(sc: TeePrivate, item: Item, msg: Mesg, lasthook: Hook | null): number {
    const unheard = given('tee-needs-hook') && lasthook === null;
    const isLeft = !unheard && sameAddress(lasthook, sc.left.hook); // 260
    const isStraight = !unheard && (isLeft || sameAddress(lasthook, sc.right.hook)); // 260
    const hinfo = isStraight ? own(HookInfo, lasthook!.hk_private) : null; // 261
    const leads = hinfo !== null && hinfo.dest !== null; // 262
    if (!leads) {
      ng_free_item(item); // 274
      return 0;
    }
    item.msg = msg; // 263
    const way = hinfo.dest!.hook; // 264
    return ng_address_hook(item, way) ? ng_snd_item(item, 0) : EINVAL; // 264
  },
);

/** NGM_FLOW_COOKIE. */
const isOfLink = ({ cmd }: Mesg): boolean => cmd === NGM_LINK_IS_UP || cmd === NGM_LINK_IS_DOWN;

/* Types none of whose own messages is modelled: what comes here is refused. */

export const ngh_rcvmsg = procedure(
  'ng_hole.c:143-197',
  function ngh_rcvmsg(_node: Node, item: Item, _lasthook: Hook | null): number {
    taken(item); // 152
    ng_free_item(item); // 194
    return EINVAL; // 191
  },
);

export const ng_patch_rcvmsg = procedure(
  'ng_patch.c:205-348',
  function ng_patch_rcvmsg(node: Node, item: Item, _lasthook: Hook | null): number {
    own(PatchPrivate, node.nd_private); // 208
    taken(item); // 214
    ng_free_item(item); // 344
    return EINVAL; // 217
  },
);

/** The interface, which is loaded from the private data (605), is left out. */
export const ng_iface_rcvmsg = procedure(
  'ng_iface.c:601-677',
  function ng_iface_rcvmsg(node: Node, item: Item, _lasthook: Hook | null): number {
    own(IfacePrivate, node.nd_private); // 604
    taken(item); // 610
    ng_free_item(item); // 674
    return EINVAL; // 671
  },
);

export const ng_source_rcvmsg = procedure(
  'ng_source.c:347-544',
  function ng_source_rcvmsg(node: Node, item: Item, _lasthook: Hook | null): number {
    own(SourcePrivate, node.nd_private); // 350
    taken(item); // 354
    ng_free_item(item); // 540
    return EINVAL; // 534
  },
);
