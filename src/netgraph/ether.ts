import { drop, forward } from './address.ts';
import { failed, type Made } from './addhook.ts';
import { beginOf, makeAnswer, put } from './answer.ts';
import { letGo } from './arrival.ts';
import { refcount_acquire, refcount_acquire_if_not_zero } from './count.ts';
import { NET_EPOCH_ENTER, NET_EPOCH_EXIT } from './epoch.ts';
import { Fault } from './fault.ts';
import { HK_HI_STACK, HK_TO_INBOUND, NGF_REALLY_DIE, NGF_REVIVED, OUTBOUND } from './flags.ts';
import { if_rele, ifpromisc, present } from './ifnet.ts';
import { tally } from './item.ts';
import { at, hook_, ifnet_, node_, td_, type Field, type Pointer } from './layout.ts';
import { RCV_LOWER, RCV_UPPER } from './ngtype.ts';
import { live } from './pool.ts';
import { goIfAlone, privateOf, raise, read, write } from './private.ts';
import { ng_unref_node } from './reference.ts';
import { EINVAL, EISCONN, ENOMEM, ENXIO, type Td } from './td.ts';
import { known } from './text.ts';

/**
 * ng_ether: an Ethernet interface. The hook "lower" leads to the wire, "upper" to the protocols; the receive routine of each is set in the hook. The node is
 * there as long as the interface: a shutdown takes its hooks away and leaves it (NGF_REVIVED), until the interface is detached, which says that
 * this time it must go (NGF_REALLY_DIE). Who comes from the network stack loads the node once (if_l2com), in a section.
 */
export const ifp_ = 0;
const upper = 1;
export const lower = 2;
/** The interface that is in promiscuous mode for the node, with a reference. */
export const promiscuous = 3;

/** A frame has come from the wire. @returns whether the hook "lower" has taken it; else it goes to the protocols. */
export const ether_input = (td: Td, ifp: Pointer, m: number): boolean => comeIn(td, ifp, lower, m, 0);

/** The protocols send a frame. @returns whether the hook "upper" has taken it; else it goes to the wire. */
export const ether_output = (td: Td, ifp: Pointer, m: number): boolean => comeIn(td, ifp, upper, m, OUTBOUND);

function comeIn(td: Td, ifp: Pointer, hook: number, m: number, way: number): boolean {
  NET_EPOCH_ENTER(td);
  const node = present(td, ifp);
  const claimed = node !== 0 && claim(td, node, hook, m, way);
  NET_EPOCH_EXIT(td);
  return claimed;
}

/** The hook is loaded again when it has been looked whether there is one: what the last load says goes. */
function claim(td: Td, node: Pointer, hook: number, m: number, way: number): boolean {
  const priv = live(td, 'private', Atomics.load(td.arena, at(live(td, 'node', node), node_.nd_private)));
  if (read(td, priv, hook) === 0) return false;
  tally(td, td_.sent);
  forward(td, read(td, priv, hook), m, way);
  return true;
}

/** The receive routines of the hooks: the frame leaves netgraph, if the interface is still there. */
export function ng_ether_rcvdata(td: Td, hook: Pointer): number {
  const ifp = read(td, privateOf(td, hook), ifp_);
  if (ifp === 0) return drop(td);
  Atomics.load(td.arena, at(live(td, 'ifnet', ifp), ifnet_.if_flags));
  tally(td, td_.delivered);
  return 0;
}

/** What the receive routine is, and where the stack finds the hook, is stored before it is asked whether there is one already. */
export function ng_ether_newhook(td: Td, node: Pointer, hook: Pointer, name: number): number {
  const { arena } = td;
  const priv = Atomics.load(arena, at(node, node_.nd_private));
  const isUpper = name === known('upper');
  if (!isUpper && name !== known('lower')) return EINVAL;
  Atomics.store(arena, at(hook, hook_.hk_rcvdata), isUpper ? RCV_UPPER : RCV_LOWER);
  if (isUpper) raise(td, hook, HK_TO_INBOUND);
  if (read(td, priv, isUpper ? upper : lower) !== 0) return EISCONN;
  if (isUpper && !setIn(td, priv, ifnet_.if_hwassist)) return ENXIO;
  raise(td, hook, HK_HI_STACK);
  write(td, priv, isUpper ? upper : lower, hook);
  return 0;
}

/** Stores 0 into a field of the interface, if the node still has one; in a section, for it can go at any time. Returns whether it has one. */
function setIn(td: Td, priv: Pointer, field: Field): boolean {
  NET_EPOCH_ENTER(td);
  const ifp = read(td, priv, ifp_);
  if (ifp !== 0) Atomics.store(td.arena, at(live(td, 'ifnet', ifp), field), 0);
  NET_EPOCH_EXIT(td);
  return ifp !== 0;
}

/** Resets the node, or lets it go if NGF_REALLY_DIE is set when this is asked. */
export function ng_ether_shutdown(td: Td, node: Pointer): void {
  const { arena } = td;
  const priv = Atomics.load(arena, at(node, node_.nd_private));
  if (Atomics.load(arena, at(node, node_.nd_flags)) & NGF_REALLY_DIE) {
    leaveInterface(td, priv, node);
    endPromiscuous(td, priv);
    return ng_unref_node(td, node);
  }
  endPromiscuous(td, priv);
  Atomics.or(arena, at(node, node_.nd_flags), NGF_REVIVED);
}

/** The interface has this node no more; it may have got another one. */
function leaveInterface(td: Td, priv: Pointer, node: Pointer): void {
  NET_EPOCH_ENTER(td);
  const ifp = read(td, priv, ifp_);
  if (ifp !== 0) Atomics.compareExchange(td.arena, at(live(td, 'ifnet', ifp), ifnet_.if_l2com), node, 0);
  NET_EPOCH_EXIT(td);
}

/** By the interface that was put into that mode, which may have left the node since. */
function endPromiscuous(td: Td, priv: Pointer): void {
  const ifp = read(td, priv, promiscuous);
  if (ifp === 0) return;
  ifpromisc(td, ifp, -1);
  write(td, priv, promiscuous, 0);
  if_rele(td, ifp);
}

/** The interface of a node with a reference, or 0 when it is being detached or has gone. */
function holdInterface(td: Td, priv: Pointer): Pointer {
  NET_EPOCH_ENTER(td);
  const ifp = read(td, priv, ifp_);
  const held = ifp !== 0 && refcount_acquire_if_not_zero(td, at(live(td, 'ifnet', ifp), ifnet_.if_refcount));
  NET_EPOCH_EXIT(td);
  return held ? ifp : 0;
}

/** What an ether node can be told by `configure`: NGM_ETHER_SET_PROMISC, to turn it on, and NGM_ETHER_DETACH, by which the node leaves its interface and goes. */
export const ETHER_PROMISC = 1;
export const ETHER_DETACH = 2;

/** @returns 0; ENXIO when there is no interface any more, EINVAL when nothing is told so. */
export function ng_ether_configure(td: Td, node: Pointer, value: number): number {
  if (value !== ETHER_PROMISC && value !== ETHER_DETACH) return EINVAL;
  const priv = Atomics.load(td.arena, at(node, node_.nd_private));
  const ifp = holdInterface(td, priv);
  if (ifp === 0) return ENXIO;
  if (value === ETHER_DETACH) letGo(td, ifp, node);
  else if (read(td, priv, promiscuous) === 0) {
    refcount_acquire(td, at(ifp, ifnet_.if_refcount));
    ifpromisc(td, ifp, 1);
    write(td, priv, promiscuous, ifp);
  }
  if_rele(td, ifp);
  return 0;
}

/** NGM_ETHER_GET_IFNAME: the name of the interface, as an answer of one number. */
export function ng_ether_ifname(td: Td, node: Pointer): Made {
  const ifp = holdInterface(td, Atomics.load(td.arena, at(node, node_.nd_private)));
  if (ifp === 0) return failed(ENXIO);
  const answer = makeAnswer(td, 1);
  const name = Atomics.load(td.arena, at(ifp, ifnet_.if_xname));
  if_rele(td, ifp);
  if (answer === 0) return failed(ENOMEM);
  put(td, beginOf(answer), name);
  return { error: 0, made: answer };
}

export function ng_ether_disconnect(td: Td, hook: Pointer): void {
  const priv = privateOf(td, hook);
  if (read(td, priv, upper) === hook) {
    write(td, priv, upper, 0);
    setIn(td, priv, ifnet_.if_hwassist);
  } else {
    if (read(td, priv, lower) !== hook) throw new Fault('ng_ether_disconnect: weird hook');
    write(td, priv, lower, 0);
  }
  goIfAlone(td, hook);
}
