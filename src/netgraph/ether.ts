import { drop, forward } from './address.ts';
import { refcount_acquire_if_not_zero, refcount_release } from './count.ts';
import { NET_EPOCH_CALL, NET_EPOCH_ENTER, NET_EPOCH_EXIT } from './epoch.ts';
import { Fault } from './fault.ts';
import { HK_HI_STACK, HK_TO_INBOUND, NGF_INVALID, NGF_REALLY_DIE, NGF_REVIVED, OUTBOUND } from './flags.ts';
import { publish } from './hash.ts';
import { tally } from './item.ts';
import { at, counts, hook_, ifindex_, ifnet_, node_, slotOf, td_, type Field, type Pointer } from './layout.ts';
import { ng_make_node_common } from './make.ts';
import { ng_name_node } from './name.ts';
import { RCV_LOWER, RCV_UPPER, typeNames } from './ngtype.ts';
import { mistakeIn } from './mesg.ts';
import { alloc, free, live } from './pool.ts';
import { goIfAlone, privateOf, raise, read, write } from './private.ts';
import { ng_unref_node } from './reference.ts';
import { ng_rmnode_self } from './rmnode.ts';
import { EINVAL, EISCONN, ENOMEM, ENXIO, type Td } from './td.ts';
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

/** What a node is called after an interface: without what a path is parted by. */
const sanitized = (name: string): string => name.replaceAll(/[.:]/g, '_');

/**
 * Makes an interface with a node of its name, `.` and `:` in which become `_`; where another node has that name, the node has none.
 * @returns the interface, or -ENOMEM; -EINVAL when no node can be called so.
 */
export function ether_ifattach(td: Td, name: string): Pointer {
  const title = sanitized(name);
  const mistake = mistakeIn(td, { cmd: 'name', name: title });
  if (mistake !== 0) return -mistake;
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
  Atomics.store(td.arena, at(ifp, ifnet_.if_l2com), node);
  Atomics.store(td.arena, at(ifp, ifnet_.if_refcount), 1);
  publish(td, node);
  ng_name_node(td, node, intern(td, title));
  Atomics.store(td.arena, at(ifp, ifindex_.ifp), ifp);
  return ifp;
}

/** Whether there is such an interface. Then its memory stays as long as the section in which this is asked. */
const isThere = ({ arena }: Td, ifp: Pointer): boolean =>
  ifp > 0 && slotOf(ifp) < counts.ifindex && Atomics.load(arena, at(ifp, ifindex_.ifp)) === ifp;

/** IFP2NG: the node of an interface; 0 when it has none any more, or has gone itself. */
export function nodeOf(td: Td, ifp: Pointer): Pointer {
  NET_EPOCH_ENTER(td);
  const node = present(td, ifp);
  NET_EPOCH_EXIT(td);
  return node;
}

/** The same within a section, which keeps the interface. */
const present = (td: Td, ifp: Pointer): Pointer =>
  isThere(td, ifp) ? Atomics.load(td.arena, at(ifp, ifnet_.if_l2com)) : 0;

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
    setIn(td, priv, ifnet_.if_l2com);
    return ng_unref_node(td, node);
  }
  if (read(td, priv, promisc) !== 0) write(td, priv, promisc, 0);
  Atomics.or(arena, at(node, node_.nd_flags), NGF_REVIVED);
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

/**
 * The interface goes, and its node with it; its memory is given back when nobody can be looking at it any more (in the C by if_free, which a driver calls next). In no gate:
 * whoever is at work on the node goes on. To be called outside sections.
 * @returns 0; EINVAL when there is no such interface, or somebody else has taken it away meanwhile.
 */
export function ether_ifdetach(td: Td, ifp: Pointer): number {
  if (!isThere(td, ifp)) return EINVAL;
  const node = hold(td, ifp);
  if (node !== 0) {
    const priv = Atomics.load(td.arena, at(node, node_.nd_private));
    Atomics.or(td.arena, at(node, node_.nd_flags), NGF_REALLY_DIE | NGF_INVALID);
    Atomics.store(td.arena, at(ifp, ifnet_.if_l2com), 0);
    write(td, priv, ifp_, 0);
    ng_rmnode_self(td, node);
    ng_unref_node(td, node);
  }
  if (Atomics.compareExchange(td.arena, at(ifp, ifindex_.ifp), ifp, 0) !== ifp) return EINVAL;
  if_rele(td, ifp);
  return 0;
}

/** The node of an interface, with a reference, or 0. */
function hold(td: Td, ifp: Pointer): Pointer {
  NET_EPOCH_ENTER(td);
  const node = present(td, ifp);
  const held = node !== 0 && refcount_acquire_if_not_zero(td, at(live(td, 'node', node), node_.nd_refs));
  NET_EPOCH_EXIT(td);
  return held ? node : 0;
}

/** Gives a reference on an interface back. */
function if_rele(td: Td, ifp: Pointer): void {
  if (refcount_release(td, at(ifp, ifnet_.if_refcount))) NET_EPOCH_CALL(td, 'ifnet', ifp);
}

/**
 * An interface gets another name, and its node likewise, as in `ether_ifattach`: in no gate.
 * @returns 0; EINVAL when no node can be called so, or the node has left the hash at its shutdown; EADDRINUSE when another node has the name; ENXIO when there is no such interface, or
 * it has no node any more.
 */
export function ether_rename(td: Td, ifp: Pointer, name: string): number {
  const title = sanitized(name);
  const mistake = mistakeIn(td, { cmd: 'name', name: title });
  if (mistake !== 0) return mistake;
  NET_EPOCH_ENTER(td);
  const there = isThere(td, ifp) && refcount_acquire_if_not_zero(td, at(ifp, ifnet_.if_refcount));
  NET_EPOCH_EXIT(td);
  if (!there) return ENXIO;
  const error = nameNode(td, ifp, intern(td, title));
  if_rele(td, ifp);
  return error;
}

function nameNode(td: Td, ifp: Pointer, name: number): number {
  const node = hold(td, ifp);
  if (node === 0) return ENXIO;
  const error = ng_name_node(td, node, name);
  ng_unref_node(td, node);
  return error;
}
