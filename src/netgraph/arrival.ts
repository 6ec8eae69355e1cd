import { refcount_acquire, refcount_acquire_if_not_zero } from './count.ts';
import { NET_EPOCH_ENTER, NET_EPOCH_EXIT } from './epoch.ts';
import { NGF_INVALID, NGF_REALLY_DIE } from './flags.ts';
import { publish } from './hash.ts';
import { if_rele, ifunit_ref, isThere, present } from './ifnet.ts';
import { at, ifindex_, ifnet_, node_, type Pointer } from './layout.ts';
import { ng_make_node_common } from './make.ts';
import { mistakeIn } from './mesg.ts';
import { ng_name2noderef, ng_name_node } from './name.ts';
import { typeNames } from './ngtype.ts';
import { alloc, free, live } from './pool.ts';
import { hangOnNode, write } from './private.ts';
import { ifp_ } from './ether.ts';
import { ng_unref_node } from './reference.ts';
import { ng_rmnode_self } from './rmnode.ts';
import { taskqueue_drain } from './taskqueue.ts';
import { EADDRINUSE, EINVAL, ENOMEM, ENXIO, type Td } from './td.ts';
import { intern } from './text.ts';

/** Interfaces come, go, move and get other names, and what that is for their nodes. All of it is in no gate. */

/** What a node is called after an interface: without what a path is parted by. */
const sanitized = (name: string): string => name.replaceAll(/[.:]/g, '_');

/**
 * Makes an interface with a node of its name, `.` and `:` in which become `_`; where another node has that name, the interface has none.
 * @returns the interface, or -ENOMEM; -EINVAL when no node can be called so.
 */
export function ether_ifattach(td: Td, name: string): Pointer {
  const mistake = mistakeInName(td, name);
  if (mistake !== 0) return -mistake;
  const ifp = alloc(td, 'ifnet');
  if (ifp === 0) return -ENOMEM;
  Atomics.store(td.arena, at(ifp, ifnet_.if_xname), intern(td, name));
  Atomics.store(td.arena, at(ifp, ifnet_.if_refcount), 1);
  if (attach(td, ifp, intern(td, sanitized(name))) === ENOMEM) {
    free(td, 'ifnet', ifp);
    return -ENOMEM;
  }
  Atomics.store(td.arena, at(ifp, ifindex_.ifp), ifp);
  return ifp;
}

/** The error number of a name that an interface cannot have, or its node, or 0. */
const mistakeInName = (td: Td, name: string): number =>
  intern(td, name) === 0 ? EINVAL : mistakeIn(td, { cmd: 'name', name: sanitized(name) });

/** The interface gets a node of that name, if nobody has it. Who comes to the node before it is named can have it go. Returns an error number. */
function attach(td: Td, ifp: Pointer, name: number): number {
  const other = ng_name2noderef(td, name);
  if (other !== 0) {
    ng_unref_node(td, other);
    return EADDRINUSE;
  }
  const node = ng_make_node_common(td, typeNames.indexOf('ether'));
  if (node === 0) return ENOMEM;
  refcount_acquire(td, at(node, node_.nd_refs));
  const error = hangOnNode(td, node);
  if (error === 0) show(td, ifp, node, name);
  else ng_unref_node(td, node);
  ng_unref_node(td, node);
  return error;
}

/** Who is told to leave the interface must find that it has it: so the interface leads to the node before it can be found. */
function show(td: Td, ifp: Pointer, node: Pointer, name: number): void {
  write(td, Atomics.load(td.arena, at(node, node_.nd_private)), ifp_, ifp);
  Atomics.store(td.arena, at(ifp, ifnet_.if_l2com), node);
  publish(td, node);
  ng_name_node(td, node, name);
}

/** IFP2NG: the node of an interface; 0 when it has none any more, or has gone itself. */
export function nodeOf(td: Td, ifp: Pointer): Pointer {
  NET_EPOCH_ENTER(td);
  const node = present(td, ifp);
  NET_EPOCH_EXIT(td);
  return node;
}

/**
 * The interface goes, and its node with it; its memory is given back when nobody can be looking at it any more (in the C by if_free, which a driver calls next). In no gate:
 * whoever is at work on the node goes on. To be called outside sections.
 * @returns 0; EINVAL when there is no such interface, or somebody else has taken it away meanwhile.
 */
export function ether_ifdetach(td: Td, ifp: Pointer): number {
  if (!isThere(td, ifp)) return EINVAL;
  detachNode(td, ifp);
  const entry = at(ifp, ifindex_.ifp);
  if (!taskqueue_drain(td, ifp, () => Atomics.compareExchange(td.arena, entry, ifp, 0) === ifp)) return EINVAL;
  if_rele(td, ifp);
  return 0;
}

/** The node of the interface, if it has one, goes. */
function detachNode(td: Td, ifp: Pointer): void {
  const node = hold(td, ifp);
  if (node === 0) return;
  letGo(td, ifp, node);
  ng_unref_node(td, node);
}

/** The node goes, and the interface has none any more, unless it has got another one meanwhile. */
export function letGo(td: Td, ifp: Pointer, node: Pointer): void {
  const priv = Atomics.load(td.arena, at(node, node_.nd_private));
  taskqueue_drain(td, ifp);
  Atomics.or(td.arena, at(node, node_.nd_flags), NGF_REALLY_DIE | NGF_INVALID);
  Atomics.compareExchange(td.arena, at(ifp, ifnet_.if_l2com), node, 0);
  write(td, priv, ifp_, 0);
  ng_rmnode_self(td, node);
}

/** The node of an interface, with a reference, or 0. */
function hold(td: Td, ifp: Pointer): Pointer {
  NET_EPOCH_ENTER(td);
  const node = present(td, ifp);
  const held = node !== 0 && refcount_acquire_if_not_zero(td, at(live(td, 'node', node), node_.nd_refs));
  NET_EPOCH_EXIT(td);
  return held ? node : 0;
}

/**
 * An interface gets another name, and its node likewise, as in `ether_ifattach`: in no gate.
 * @returns 0; EINVAL when no node can be called so, or the node has left the hash at its shutdown; EADDRINUSE when another node has the name; ENXIO when there is no such interface, or
 * it has no node any more.
 */
export function ether_rename(td: Td, ifp: Pointer, name: string): number {
  const mistake = mistakeInName(td, name);
  if (mistake !== 0) return mistake;
  if (!ifunit_ref(td, ifp)) return ENXIO;
  Atomics.store(td.arena, at(ifp, ifnet_.if_xname), intern(td, name));
  const error = nameNode(td, ifp, intern(td, sanitized(name)));
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

/**
 * The node of an interface goes, and the interface gets another one, as when it moves to another network stack; its own name stays. In no gate. Not to be called while somebody else
 * calls it for the same interface, or `ether_ifdetach`, which would not meet the new node, or `ether_rename`, which could leave it the old name.
 * @returns 0; EINVAL when no node can be called so, EADDRINUSE when one is, ENOMEM: then the interface has no node; ENXIO when there is no such interface.
 */
export function ether_reassign(td: Td, ifp: Pointer, name: string): number {
  const mistake = mistakeInName(td, name);
  if (mistake !== 0) return mistake;
  if (!ifunit_ref(td, ifp)) return ENXIO;
  taskqueue_drain(td, ifp);
  detachNode(td, ifp);
  const error = attach(td, ifp, intern(td, sanitized(name)));
  if_rele(td, ifp);
  return error;
}
