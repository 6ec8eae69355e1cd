import { alloc, atomically, given, maySleep, NET_EPOCH_ENTER, NET_EPOCH_EXIT } from '../src/machine/access.ts';
import { procedure } from '../src/machine/procedure.ts';
import { EINVAL, EISCONN, ENXIO } from './errno.ts';
import { ng_ether_rcv_lower, ng_ether_rcv_upper, EtherPrivate } from './ether.ts';
import { HK_HI_STACK, HK_QUEUE, HK_TO_INBOUND, type Hook } from './hook.ts';
import { IpfwHookPrivate } from './ipfw.ts';
import { LibAlias, NatPrivate, NGNAT_CONNECTED } from './nat.ts';
import { NGF_FORCE_WRITER, type Node } from './node.ts';
import {
  enabledLinks,
  linkNumOf,
  many,
  ng_one2many_update_many,
  One2ManyPrivate,
  XMIT_ROUNDROBIN,
} from './one2many.ts';
import { TeePrivate, type HookInfo } from './tee.ts';
import { own } from './linked.ts';

/** What the types that keep the ways of packets in private data do when a node of theirs is made, or a hook. */

/** A new way is precalculated: what was sent to the copies before is sent to both now. */
export const ng_tee_newhook = procedure(
  'ng_tee.c:166-202',
  function ng_tee_newhook(node: Node, hook: Hook, name: string): number {
    const privdata = own(TeePrivate, node.nd_private); // 168
    const left = privdata.left;
    const right = privdata.right;
    const left2right = privdata.left2right;
    const right2left = privdata.right2left;
    switch (name) {
      case 'right':
        straight(left, right, right2left); // 173-177
        return placed(right, hook);
      case 'left':
        straight(right, left, left2right); // 179-183
        return placed(left, hook);
      case 'right2left':
        aside(right, right2left); // 186-189
        return placed(right2left, hook);
      case 'left2right':
        aside(left, left2right); // 192-195
        return placed(left2right, hook);
      default:
        return EINVAL; // 197
    }
  },
);

const straight = procedure(
  'ng_tee.c:174-183',
  function straight(from: HookInfo, hinfo: HookInfo, back: HookInfo): void {
    const copied = from.dest !== null; // 174, 180
    if (copied) from.dup = from.dest; // 175, 181
    from.dest = hinfo; // 176, 182
    back.dest = hinfo; // 177, 183
  },
);

const aside = procedure('ng_tee.c:186-195', function aside(from: HookInfo, hinfo: HookInfo): void {
  const straightOn = from.dest !== null; // 186, 192
  if (straightOn)
    from.dup = hinfo; // 187, 193
  else from.dest = hinfo; // 189, 195
});

const placed = procedure('ng_tee.c:198-201', function placed(hinfo: HookInfo, hook: Hook): number {
  hinfo.hook = hook; // 198
  hinfo.stats = 0; // 199
  hook.hk_private = hinfo; // 200
  return 0;
});

export const ng_one2many_constructor = procedure(
  'ng_one2many.c:185-200',
  function ng_one2many_constructor(node: Node): number {
    maySleep(); // 190
    // Atomic: nobody else knows of it yet.
    const priv = atomically(() => {
      const made = alloc(One2ManyPrivate); // 190
      made.xmitAlg = XMIT_ROUNDROBIN; // 191
      return made;
    });
    node.nd_private = priv; // 195
    return 0;
  },
);

export const ng_one2many_newhook = procedure(
  'ng_one2many.c:206-248',
  function ng_one2many_newhook(node: Node, hook: Hook, name: string): number {
    const priv = own(One2ManyPrivate, node.nd_private); // 208
    if (name === 'one') {
      const taken = priv.one !== null; // 234
      if (taken) return EISCONN;
      hook.hk_private = linkNumOf(name); // 238
      priv.one = hook; // 239
      return 0;
    }
    const index = Number(/^many([0-2])$/.exec(name)?.[1] ?? -1);
    if (index < 0) return EINVAL; // 231
    const taken = priv[many[index]!] !== null; // 234
    if (taken) return EISCONN;
    hook.hk_private = linkNumOf(name); // 238
    priv[many[index]!] = hook; // 239
    priv[enabledLinks[index]!] = true; // 242
    ng_one2many_update_many(priv); // 243
    return 0;
  },
);

export const ng_nat_constructor = procedure('ng_nat.c:288-318', function ng_nat_constructor(node: Node): number {
  maySleep(); // 293
  const priv = alloc(NatPrivate); // 293
  const lib = alloc(LibAlias); // 296
  priv.lib = lib; // 296
  node.nd_private = priv; // 308
  node.nd_flags |= NGF_FORCE_WRITER; // 315
  return 0;
});

export const ng_nat_newhook = procedure(
  'ng_nat.c:321-337',
  function ng_nat_newhook(node: Node, hook: Hook, name: string): number {
    const priv = own(NatPrivate, node.nd_private); // 323
    if (name === 'in')
      priv.in = hook; // 326
    else if (name === 'out')
      priv.out = hook; // 328
    else return EINVAL;
    const hasOut = priv.out !== null; // 332
    if (!hasOut) return 0;
    const hasIn = priv.in !== null; // 333
    if (hasIn) priv.flags |= NGNAT_CONNECTED; // 334
    return 0;
  },
);

/** Nodes of an interface are made with it, and of the firewall there is just one. */
export const refusing = procedure('ng_ether.c:444-447', function refusing(_node: Node): number {
  return EINVAL;
});

/** What the method is, and where the stack finds the hook, is stored before it is asked whether there is one already. */
export const ng_ether_newhook = procedure(
  'ng_ether.c:453-487',
  function ng_ether_newhook(node: Node, hook: Hook, name: string): number {
    const priv = own(EtherPrivate, node.nd_private); // 455
    if (name === 'upper') {
      hook.hk_rcvdata = ng_ether_rcv_upper; // 465
      hook.hk_flags |= HK_TO_INBOUND; // 466
      const taken = priv.upper !== null; // 477
      if (taken) return EISCONN;
      if (!stopChecksums(priv)) return ENXIO;
      hook.hk_flags |= HK_HI_STACK; // 483
      priv.upper = hook; // 485
      return 0;
    }
    if (name !== 'lower') return EINVAL; // 474
    hook.hk_rcvdata = ng_ether_rcv_lower; // 469
    const taken = priv.lower !== null; // 477
    if (taken) return EISCONN;
    hook.hk_flags |= HK_HI_STACK; // 483
    priv.lower = hook; // 485
    return 0;
  },
);

/** Returns whether there is an interface. */
const stopChecksums = procedure('ng_ether.c:481-482', function stopChecksums(priv: EtherPrivate): boolean {
  if (given('ether-in-epoch')) NET_EPOCH_ENTER();
  const ifp = priv.ifp; // 482
  const there = ifp !== null || !given('ether-loads-once');
  if (there) ifp!.if_hwassist = 0; // 482
  if (given('ether-in-epoch')) NET_EPOCH_EXIT();
  return there;
});

export const ng_ipfw_newhook = procedure(
  'ng_ipfw.c:152-184',
  function ng_ipfw_newhook(_node: Node, hook: Hook, name: string): number {
    if (!/^(0|[1-9]\d*)$/.test(name)) return EINVAL;
    // Atomic: nobody else knows of it yet.
    const hpriv = atomically(() => {
      const made = alloc(IpfwHookPrivate); // 174
      made.cookie = Number(name); // 179
      return made;
    });
    hook.hk_private = hpriv; // 181
    return 0;
  },
);

export const ng_ipfw_connect = procedure('ng_ipfw.c:191-195', function ng_ipfw_connect(hook: Hook): number {
  hook.hk_flags |= HK_QUEUE; // 193
  return 0;
});
