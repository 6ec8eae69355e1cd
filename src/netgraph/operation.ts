import { NET_EPOCH_ENTER, NET_EPOCH_EXIT } from './epoch.ts';
import { ng_findhook } from './findhook.ts';
import { NGQF_MESG } from './flags.ts';
import { publish } from './hash.ts';
import { ng_iface_send } from './iface.ts';
import { apply_, at, counts, item_, node_, slotOf, type Pointer } from './layout.ts';
import { ng_make_node } from './make.ts';
import { CONFIGURE, NGM_CONNECT, NGM_MKPEER, NGM_NAME, NGM_RMHOOK, NGM_SHUTDOWN, setPath } from './message.ts';
import { ng_ID2noderef } from './name.ts';
import { ng_address_path, ng_decodeidname, ng_path2noderef, ng_path_parse } from './path.ts';
import { alloc, free, isLive } from './pool.ts';
import { ng_unref_node } from './reference.ts';
import { ng_snd_item } from './send.ts';
import { EINVAL, ENOMEM, ENXIO, ENOENT, type Td } from './td.ts';
import { intern } from './text.ts';
import { typeNames, types, type TypeName } from './ngtype.ts';
import { serviceQueue } from './worklist.ts';

/** What a program asks of a network stack. A result above zero is a pointer, one below zero an error number. */

/** A control message. A path or a name in it is text; the hooks are those of the node that is sent to, and of the other. */
export type Message =
  | { readonly cmd: 'shutdown' }
  | { readonly cmd: 'rmhook'; readonly hook: string }
  | { readonly cmd: 'configure'; readonly value: number }
  | { readonly cmd: 'name'; readonly name: string }
  | { readonly cmd: 'mkpeer'; readonly hook: string; readonly type: TypeName; readonly peerhook: string }
  | { readonly cmd: 'connect'; readonly hook: string; readonly path: string; readonly peerhook: string };

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
 * @returns 0, or the error number of what was done at once.
 */
export function post(td: Td, to: Pointer | string, message: Message): number {
  return dispatch(td, to, message, 0);
}

/**
 * Sends a message, and waits until it has been applied with all that it has sent on; meanwhile it serves queues. To be called outside sections.
 * @returns 0, or an error number: EINVAL, EEXIST, EADDRINUSE, ENOENT, ENXIO, ENOMEM.
 */
export function ask(td: Td, to: Pointer | string, message: Message): number {
  const apply = alloc(td, 'apply');
  if (apply === 0) return ENOMEM;
  const { arena } = td;
  // A reference of its own, so that what was never sent is over too.
  Atomics.store(arena, at(apply, apply_.refs), 1);
  const refused = dispatch(td, to, message, apply);
  if (Atomics.sub(arena, at(apply, apply_.refs), 1) === 1) Atomics.store(arena, at(apply, apply_.done), 1);
  while (Atomics.load(arena, at(apply, apply_.done)) === 0)
    if (serviceQueue(td) < 0) Atomics.wait(arena, at(apply, apply_.done), 0, 1);
  const error = Atomics.load(arena, at(apply, apply_.error));
  free(td, 'apply', apply);
  return refused !== 0 ? refused : error;
}

function dispatch(td: Td, to: Pointer | string, message: Message, apply: Pointer): number {
  const error = mistakeIn(td, message);
  if (error !== 0) return error;
  const item = alloc(td, 'item');
  if (item === 0) return ENOMEM;
  const { arena } = td;
  Atomics.store(arena, at(item, item_.el_flags), NGQF_MESG);
  Atomics.store(arena, at(item, item_.apply), apply);
  const lost = typeof to === 'string' ? ng_address_path(td, item, to) : addressNode(td, item, to);
  if (lost !== 0) {
    free(td, 'item', item);
    return lost;
  }
  write(td, item, message);
  return ng_snd_item(td, item, false);
}

function addressNode(td: Td, item: Pointer, node: Pointer): number {
  if (!acquireNode(td, node)) return ENXIO;
  Atomics.store(td.arena, at(item, item_.el_dest), node);
  return 0;
}

/** What can be told of a message before it is sent. */
function mistakeIn(td: Td, message: Message): number {
  switch (message.cmd) {
    case 'shutdown':
    case 'configure':
      return 0;
    case 'rmhook':
      return intern(td, message.hook) === 0 ? EINVAL : 0;
    case 'name':
      return /[.:]/.test(message.name) || ng_decodeidname(message.name) !== 0 || intern(td, message.name) === 0
        ? EINVAL
        : 0;
    case 'mkpeer':
    case 'connect': {
      if (intern(td, message.hook) === 0 || intern(td, message.peerhook) === 0) return EINVAL;
      if (message.cmd === 'mkpeer') return types[typeNames.indexOf(message.type)] === undefined ? EINVAL : 0;
      const path = ng_path_parse(td, message.path);
      return typeof path === 'number' ? path : 0;
    }
  }
}

function write(td: Td, item: Pointer, message: Message): void {
  const { arena } = td;
  const set = (field: number, value: number): void => void Atomics.store(arena, at(item, field), value);
  switch (message.cmd) {
    case 'shutdown':
      return set(item_.cmd, NGM_SHUTDOWN);
    case 'configure':
      set(item_.cmd, CONFIGURE);
      return set(item_.name, message.value);
    case 'name':
      set(item_.cmd, NGM_NAME);
      return set(item_.name, intern(td, message.name));
    case 'rmhook':
      set(item_.cmd, NGM_RMHOOK);
      return set(item_.ourhook, intern(td, message.hook));
    case 'mkpeer':
      set(item_.cmd, NGM_MKPEER);
      set(item_.peertype, typeNames.indexOf(message.type));
      break;
    case 'connect':
      set(item_.cmd, NGM_CONNECT);
      setPath(td, item, ng_path_parse(td, message.path) as Exclude<ReturnType<typeof ng_path_parse>, number>);
  }
  set(item_.ourhook, intern(td, message.hook));
  set(item_.peerhook, intern(td, message.peerhook));
}
