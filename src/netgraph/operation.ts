import { failed, type Made } from './addhook.ts';
import { freeAnswer } from './answer.ts';
import { NET_EPOCH_ENTER, NET_EPOCH_EXIT } from './epoch.ts';
import { ng_findhook } from './findhook.ts';
import { NGQF_MESG, NGQF_READER } from './flags.ts';
import { publish } from './hash.ts';
import { ng_iface_send } from './iface.ts';
import { apply_, at, counts, item_, node_, slotOf, type Pointer } from './layout.ts';
import { ng_make_node } from './make.ts';
import { isReadOnly, mistakeIn, writeMessage, type Message } from './mesg.ts';
import { ng_ID2noderef } from './name.ts';
import { ng_address_path, ng_path2noderef, ng_path_parse } from './path.ts';
import { alloc, free, isLive } from './pool.ts';
import { ng_unref_node } from './reference.ts';
import { ng_snd_item } from './send.ts';
import { EINVAL, ENOMEM, ENXIO, ENOENT, type Td } from './td.ts';
import { intern } from './text.ts';
import { typeNames, type TypeName } from './ngtype.ts';
import { serviceQueue } from './worklist.ts';

/** What a program asks of a network stack. A result above zero is a pointer, one below zero an error number. */

/**
 * Takes a reference on a node from outside all sections, by its ID as ng_address_ID does (ng_base.c:3708-3727), so that a node which
 * is being shut down is not found. A node that has gone has no ID: what was loaded of another in the same memory is not used.
 */
function acquireNode(td: Td, node: Pointer): boolean {
  const slot = slotOf(node);
  if (slot < 2 || slot >= counts.node || node < 0) return false;
  NET_EPOCH_ENTER(td);
  const ID = Atomics.load(td.arena, at(node, node_.nd_ID));
  const found = ng_ID2noderef(td, isLive(td, 'node', node) ? ID : 0);
  NET_EPOCH_EXIT(td);
  return found !== 0;
}

/** A new node of a type, without hooks. @returns it, or -ENOMEM, -EINVAL. */
export function make(td: Td, type: TypeName): Pointer {
  const number = typeNames.indexOf(type);
  if (number < 1) return -EINVAL;
  const { error, made } = ng_make_node(td, number);
  if (error !== 0) return -error;
  publish(td, made);
  return made;
}

/**
 * The node at the end of a path: `[1f]:`, `name:`, `name:hook.hook`; or a name alone. No reference is kept: the node can go at any time, and is
 * then refused by whatever is given it.
 * @returns it, or -EINVAL, -ENOENT, -ENXIO.
 */
export function find(td: Td, text: string): Pointer {
  const path = ng_path_parse(td, text.includes(':') ? text : `${text}:`);
  if (typeof path === 'number') return -path;
  const { error, made } = ng_path2noderef(td, 0, path);
  if (error !== 0) return -error;
  ng_unref_node(td, made);
  return made;
}

/** The ID of a node, which nobody has after it; or -ENXIO. */
export function idOf(td: Td, node: Pointer): number {
  if (!acquireNode(td, node)) return -ENXIO;
  const ID = Atomics.load(td.arena, at(node, node_.nd_ID));
  ng_unref_node(td, node);
  return ID;
}

/** The valid hook of a node with a name; or -ENXIO, -ENOENT. Without a reference, as `find`. */
export function hookOf(td: Td, node: Pointer, name: string): Pointer {
  if (!acquireNode(td, node)) return -ENXIO;
  const hook = ng_findhook(td, node, intern(td, name));
  ng_unref_node(td, node);
  return hook === 0 ? -ENOENT : hook;
}

/**
 * Sends packets, each a payload of 32 bits, into the graph by an `iface`, one after the other in one section. A packet that goes nowhere is dropped.
 * @returns 0; EIO when the last was dropped at its first hop; ENXIO when the node has gone; EINVAL when it is no iface.
 * Cost: see checks/bench/NETGRAPH.md. In `lockfree` no access of a packet waits, but for the mutex of a queue where it is queued.
 */
export function send(td: Td, node: Pointer, ...packets: readonly number[]): number {
  NET_EPOCH_ENTER(td);
  const error = isThere(td, node) ? sendAll(td, node, packets) : ENXIO;
  NET_EPOCH_EXIT(td);
  return error;
}

/**
 * Whether a node is there, and stays until the section of the caller ends: it has a reference, so it has not been handed over yet. Of
 * the two loads the second says whose count that was: a node that has one cannot be freed within the section.
 */
function isThere(td: Td, node: Pointer): boolean {
  const slot = slotOf(node);
  if (slot < 2 || slot >= counts.node || node < 0) return false;
  return Atomics.load(td.arena, at(node, node_.nd_refs)) > 0 && isLive(td, 'node', node);
}

function sendAll(td: Td, node: Pointer, packets: readonly number[]): number {
  if (typeNames[Atomics.load(td.arena, at(node, node_.nd_type))] !== 'iface') return EINVAL;
  let error = 0;
  for (let i = 0; i < packets.length; i++) error = ng_iface_send(td, node, packets[i]!);
  return error;
}

/**
 * Sends a message to a node, or to what is at the end of a path, and does not wait: it is applied at once if the gate of the node lets it in, else queued for whoever calls `serviceQueue`.
 * @param from the node to which an answer goes, or 0: then there is nobody to answer.
 * @returns 0, or the error number of what was done at once.
 */
export function post(td: Td, to: Pointer | string, message: Message, from: Pointer = 0): number {
  const retaddr = from === 0 ? 0 : idOf(td, from);
  return retaddr < 0 ? -retaddr : dispatch(td, to, message, 0, retaddr);
}

/**
 * Sends a message, and waits until it has been applied with all that it has sent on; meanwhile it serves queues. To be called outside sections.
 * @returns 0, or an error number: EINVAL, EEXIST, EADDRINUSE, ENOENT, ENXIO, ENOMEM.
 */
export function ask(td: Td, to: Pointer | string, message: Message): number {
  const { error, made: answer } = askFor(td, to, message);
  freeAnswer(td, answer);
  return error;
}

/** The same, with the answer, which is the caller's. */
export function askFor(td: Td, to: Pointer | string, message: Message): Made {
  const apply = alloc(td, 'apply');
  if (apply === 0) return failed(ENOMEM);
  const { arena } = td;
  // A reference of its own, so that what was never sent is over too.
  Atomics.store(arena, at(apply, apply_.refs), 1);
  const refused = dispatch(td, to, message, apply, 0);
  if (Atomics.sub(arena, at(apply, apply_.refs), 1) === 1) Atomics.store(arena, at(apply, apply_.done), 1);
  while (Atomics.load(arena, at(apply, apply_.done)) === 0)
    if (serviceQueue(td) < 0) Atomics.wait(arena, at(apply, apply_.done), 0, 1);
  const error = Atomics.load(arena, at(apply, apply_.error));
  const answer = Atomics.load(arena, at(apply, apply_.answer));
  free(td, 'apply', apply);
  return { error: refused !== 0 ? refused : error, made: answer };
}

function dispatch(td: Td, to: Pointer | string, message: Message, apply: Pointer, retaddr: number): number {
  const error = mistakeIn(td, message);
  if (error !== 0) return error;
  const item = alloc(td, 'item');
  if (item === 0) return ENOMEM;
  const { arena } = td;
  Atomics.store(arena, at(item, item_.el_flags), isReadOnly(message) ? NGQF_MESG | NGQF_READER : NGQF_MESG);
  Atomics.store(arena, at(item, item_.retaddr), retaddr);
  Atomics.store(arena, at(item, item_.apply), apply);
  const lost = typeof to === 'string' ? ng_address_path(td, item, to) : addressNode(td, item, to);
  if (lost !== 0) {
    free(td, 'item', item);
    return lost;
  }
  writeMessage(td, item, message);
  return ng_snd_item(td, item, false);
}

function addressNode(td: Td, item: Pointer, node: Pointer): number {
  if (!acquireNode(td, node)) return ENXIO;
  Atomics.store(td.arena, at(item, item_.el_dest), node);
  return 0;
}
