import { drop, forward } from './address.ts';
import { refcount_acquire_if_not_zero } from './count.ts';
import { NET_EPOCH_CALL, NET_EPOCH_ENTER, NET_EPOCH_EXIT } from './epoch.ts';
import { Fault } from './fault.ts';
import { HK_HI_STACK, HK_TO_INBOUND, NGF_INVALID, NGF_REALLY_DIE, NGF_REVIVED, OUTBOUND } from './flags.ts';
import { publish } from './hash.ts';
import { tally } from './item.ts';
import { at, hook_, ifnet_, node_, td_, type Pointer } from './layout.ts';
import { ng_make_node_common } from './make.ts';
import { ng_name_node } from './name.ts';
import { RCV_LOWER, RCV_UPPER, typeNames } from './ngtype.ts';
import { alloc, free, isLive, live } from './pool.ts';
import { goIfAlone, privateOf, raise, read, write } from './private.ts';
import { ng_unref_node } from './reference.ts';
import { ng_rmnode_self } from './rmnode.ts';
import { EBUSY, EINVAL, EISCONN, ENOMEM, ENXIO, type Td } from './td.ts';
import { intern, known } from './text.ts';

/**
 * ng_ether: an Ethernet interface. The hook "lower" leads to the wire, "upper" to the protocols; the receive routine of each is set in the hook. The node is
 * there as long as the interface: a shutdown takes its hooks away and leaves it (NGF_REVIVED), until the interface is detached, which says that
 * this time it must go (NGF_REALLY_DIE). Who comes from the network stack loads the node once (if_l2com), in a section.
 */
const ifp_ = 0;
const upper = 1;
const lower = 2;
const promisc = 3;

/** Makes an interface with a node of its name. @returns the interface, or -ENOMEM; -EINVAL when nothing can be called so. */
export function ether_ifattach(td: Td, name: string): Pointer {
  const number = intern(td, name);
  if (number === 0) return -EINVAL;
  const ifp = alloc(td, 'ifnet');
  const priv = ifp === 0 ? 0 : alloc(td, 'private');
  const node = priv === 0 ? 0 : ng_make_node_common(td, typeNames.indexOf('ether'));
  if (node === 0) {
    if (priv !== 0) free(td, 'private', priv);
    if (ifp !== 0) free(td, 'ifnet', ifp);
    return -ENOMEM;
  }
  write(td, priv, ifp_, ifp);
  Atomics.store(td.arena, at(node, node_.nd_private), priv);
  publish(td, node);
  Atomics.store(td.arena, at(ifp, ifnet_.if_l2com), node);
  ng_name_node(td, node, number);
  return ifp;
}

/** IFP2NG: the node of an interface; 0 when it has none any more. */
export const nodeOf = (td: Td, ifp: Pointer): Pointer =>
  isLive(td, 'ifnet', ifp) ? Atomics.load(td.arena, at(ifp, ifnet_.if_l2com)) : 0;

/** A frame has come from the wire. @returns whether the hook "lower" has taken it; else it goes to the protocols. */
export const ether_input = (td: Td, ifp: Pointer, m: number): boolean => comeIn(td, ifp, lower, m, 0);

/** The protocols send a frame. @returns whether the hook "upper" has taken it; else it goes to the wire. */
export const ether_output = (td: Td, ifp: Pointer, m: number): boolean => comeIn(td, ifp, upper, m, OUTBOUND);

function comeIn(td: Td, ifp: Pointer, hook: number, m: number, way: number): boolean {
  NET_EPOCH_ENTER(td);
  const node = nodeOf(td, ifp);
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
  if (isUpper) {
    const ifp = read(td, priv, ifp_);
    if (ifp === 0) return ENXIO;
    Atomics.store(arena, at(live(td, 'ifnet', ifp), ifnet_.if_hwassist), 0);
  }
  raise(td, hook, HK_HI_STACK);
  write(td, priv, isUpper ? upper : lower, hook);
  return 0;
}

/** Resets the node, or lets it go if NGF_REALLY_DIE is set when this is asked. */
export function ng_ether_shutdown(td: Td, node: Pointer): void {
  const { arena } = td;
  const priv = Atomics.load(arena, at(node, node_.nd_private));
  if (Atomics.load(arena, at(node, node_.nd_flags)) & NGF_REALLY_DIE) {
    const ifp = read(td, priv, ifp_);
    if (ifp !== 0) Atomics.store(arena, at(live(td, 'ifnet', ifp), ifnet_.if_l2com), 0);
    return ng_unref_node(td, node);
  }
  if (read(td, priv, promisc) !== 0) write(td, priv, promisc, 0);
  Atomics.or(arena, at(node, node_.nd_flags), NGF_REVIVED);
}

export function ng_ether_disconnect(td: Td, hook: Pointer): void {
  const { arena } = td;
  const priv = privateOf(td, hook);
  if (read(td, priv, upper) === hook) {
    write(td, priv, upper, 0);
    const ifp = read(td, priv, ifp_);
    if (ifp !== 0) Atomics.store(arena, at(live(td, 'ifnet', ifp), ifnet_.if_hwassist), 0);
  } else {
    if (read(td, priv, lower) !== hook) throw new Fault('ng_ether_disconnect: weird hook');
    write(td, priv, lower, 0);
  }
  goIfAlone(td, hook);
}

/**
 * The interface goes, and its node with it. In no gate: whoever is at work on the node goes on. The memory of the interface stays, see `if_free`.
 * To be called outside sections.
 */
export function ether_ifdetach(td: Td, ifp: Pointer): void {
  const { arena } = td;
  NET_EPOCH_ENTER(td);
  const node = nodeOf(td, ifp);
  const held = node !== 0 && refcount_acquire_if_not_zero(td, at(live(td, 'node', node), node_.nd_refs));
  NET_EPOCH_EXIT(td);
  if (!held) return;
  const priv = Atomics.load(arena, at(node, node_.nd_private));
  Atomics.or(arena, at(node, node_.nd_flags), NGF_REALLY_DIE | NGF_INVALID);
  Atomics.store(arena, at(ifp, ifnet_.if_l2com), 0);
  write(td, priv, ifp_, 0);
  ng_rmnode_self(td, node);
  ng_unref_node(td, node);
}

/** Frees an interface that has been detached, when nobody can be looking at it any more. @returns 0, or EINVAL when there is none, EBUSY when it has a node. */
export function if_free(td: Td, ifp: Pointer): number {
  if (!isLive(td, 'ifnet', ifp)) return EINVAL;
  if (nodeOf(td, ifp) !== 0) return EBUSY;
  NET_EPOCH_CALL(td, 'ifnet', ifp);
  return 0;
}
