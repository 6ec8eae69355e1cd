import { drop } from './address.ts';
import { freeAnswer } from './answer.ts';
import { NET_EPOCH_CALL } from './epoch.ts';
import { Fault } from './fault.ts';
import { NGF_INVALID } from './flags.ts';
import { ng_free_item, tally } from './item.ts';
import {
  at, hook_, item_, mesg_, ngpcb_, ngshash_, ngsock_, node_, socket_, td_, type Pointer,
} from './layout.ts'; // prettier-ignore
import { mtx_lock, mtx_unlock } from './lock.ts';
import { alloc, free, live } from './pool.ts';
import { read, write } from './private.ts';
import { ng_unref_node } from './reference.ts';
import { ng_rmnode_self } from './rmnode.ts';
import { EINVAL, ENOMEM, type Td } from './td.ts';

/**
 * ng_socket: the node behind a control socket, and perhaps a data socket. What programs do with those is in `syscall.ts`. Four kinds of records: `socket` is
 * what a program has; `ngpcb` what netgraph keeps of one; `ngsock` is the private data of the node, which belongs to the sockets as well: the
 * last of its users hands it over, with `ngshash`, the table of the hooks. Who closes a socket waits until no packet can be on its way to it, and frees the first two.
 */

/** A node that has been told so goes with its last hook. */
const NGS_FLAG_NOLINGER = 1;

/* Words of the element of a hook in the chain of all hooks: the next one; the one before, or 0 where it is the first; the hook. */
const le_next = 0;
const le_prev = 1;
const hookOfIt = 2;

const privOf = ({ arena }: Td, node: Pointer): Pointer => Atomics.load(arena, at(node, node_.nd_private));
const field = ({ arena }: Td, p: Pointer, address: number): number => Atomics.load(arena, at(p, address));
const set = ({ arena }: Td, p: Pointer, address: number, value: number): void => {
  Atomics.store(arena, at(p, address), value);
};
const lock = (td: Td, priv: Pointer): void => mtx_lock(td, at(priv, ngsock_.mtx));
const unlock = (td: Td, priv: Pointer): void => mtx_unlock(td, at(priv, ngsock_.mtx));

export function ngs_newhook(td: Td, node: Pointer, hook: Pointer): number {
  const priv = privOf(td, node);
  const hp = alloc(td, 'private');
  if (hp === 0) return ENOMEM;
  write(td, hp, hookOfIt, hook);
  field(td, node, node_.nd_numhooks); // Whether the chain is long; it is one, and does not become more.
  const table = field(td, priv, ngsock_.hash);
  const first = field(td, table, ngshash_.lh_first);
  write(td, hp, le_next, first);
  if (first !== 0) write(td, field(td, table, ngshash_.lh_first), le_prev, hp);
  set(td, table, ngshash_.lh_first, hp);
  write(td, hp, le_prev, 0);
  Atomics.store(td.arena, at(hook, hook_.hk_private), hp);
  return 0;
}

export function ngs_connect(td: Td, hook: Pointer): number {
  const node = Atomics.load(td.arena, at(hook, hook_.hk_node));
  tellSocket(td, privOf(td, node), node);
  return 0;
}

/** If only one hook, allow read(2) and write(2) to work: the data socket is told under the mutex, for it can be closed. */
function tellSocket(td: Td, priv: Pointer, node: Pointer): void {
  lock(td, priv);
  const pcbp = field(td, priv, ngsock_.datasock);
  if (pcbp !== 0) {
    const so = field(td, live(td, 'ngpcb', pcbp), ngpcb_.ng_socket);
    set(td, so, socket_.isConnected, field(td, node, node_.nd_numhooks) === 1 ? 1 : 0);
  }
  unlock(td, priv);
}

/** The hook with a name, valid or not. A node with one hook has it at the head of its list, but that can have gone since it was counted. */
export function ngs_findhook(td: Td, node: Pointer, name: number): Pointer {
  const priv = privOf(td, node);
  if (field(td, node, node_.nd_numhooks) === 1) {
    const hook = field(td, node, node_.nd_hooks);
    return hook !== 0 && field(td, live(td, 'hook', hook), hook_.hk_name) === name ? hook : 0;
  }
  const table = live(td, 'ngshash', field(td, live(td, 'ngsock', priv), ngsock_.hash));
  for (let hp = field(td, table, ngshash_.lh_first); hp !== 0; hp = read(td, hp, le_next)) {
    const hook = read(td, live(td, 'private', hp), hookOfIt);
    if (field(td, hook, hook_.hk_name) === name) return read(td, hp, hookOfIt);
  }
  return 0;
}

/** An answer comes in and goes up to the control socket, if there is one: under the mutex, without which that could be closed. */
export function ngs_rcvmsg(td: Td, node: Pointer, item: Pointer): number {
  const priv = privOf(td, node);
  const answer = Atomics.exchange(td.arena, at(item, item_.msg), 0);
  ng_free_item(td, item);
  lock(td, priv);
  const pcbp = field(td, priv, ngsock_.ctlsock);
  if (pcbp !== 0) append(td, field(td, pcbp, ngpcb_.ng_socket), answer);
  unlock(td, priv);
  if (pcbp !== 0) return 0;
  freeAnswer(td, answer);
  return EINVAL;
}

/** Behind the answers that have not been received yet. */
function append(td: Td, so: Pointer, answer: Pointer): void {
  const last = field(td, so, socket_.so_rcv_last);
  if (last === 0) set(td, so, socket_.so_rcv, answer);
  else set(td, last, mesg_.m_nextpkt, answer);
  set(td, so, socket_.so_rcv_last, answer);
}

/** NGM_SOCK_CMD_NOLINGER. */
export function ngs_configure(td: Td, node: Pointer): number {
  const priv = privOf(td, node);
  lock(td, priv);
  const pcbp = field(td, priv, ngsock_.ctlsock);
  if (pcbp !== 0) {
    const so = field(td, pcbp, ngpcb_.ng_socket);
    set(td, priv, ngsock_.flags, field(td, priv, ngsock_.flags) | NGS_FLAG_NOLINGER);
    field(td, so, socket_.so_rcv_last); // The lock of the buffer, which is the mutex here.
  }
  unlock(td, priv);
  return pcbp === 0 ? EINVAL : 0;
}

/** A packet goes up to the data socket, which counts it and keeps the last. Which one that is, is loaded without the mutex. */
export function ngs_rcvdata(td: Td, hook: Pointer, m: number): number {
  const { arena } = td;
  const priv = live(td, 'ngsock', privOf(td, Atomics.load(arena, at(hook, hook_.hk_node))));
  const pcbp = field(td, priv, ngsock_.datasock);
  if (pcbp === 0) return drop(td);
  const so = field(td, live(td, 'ngpcb', pcbp), ngpcb_.ng_socket);
  Atomics.add(arena, at(so, socket_.packets), 1);
  set(td, so, socket_.last, m);
  tally(td, td_.delivered);
  return 0;
}

export function ngs_disconnect(td: Td, hook: Pointer): void {
  const { arena } = td;
  const node = Atomics.load(arena, at(hook, hook_.hk_node));
  const priv = privOf(td, node);
  LIST_REMOVE(td, priv, Atomics.load(arena, at(hook, hook_.hk_private)));
  tellSocket(td, priv, node);
  if ((field(td, priv, ngsock_.flags) & NGS_FLAG_NOLINGER) === 0) return;
  if (field(td, node, node_.nd_numhooks) !== 0) return;
  if ((field(td, node, node_.nd_flags) & NGF_INVALID) === 0) ng_rmnode_self(td, node);
}

function LIST_REMOVE(td: Td, priv: Pointer, elm: Pointer): void {
  if (read(td, elm, le_next) !== 0) write(td, read(td, elm, le_next), le_prev, read(td, elm, le_prev));
  const prev = read(td, elm, le_prev);
  if (prev !== 0) write(td, prev, le_next, read(td, elm, le_next));
  else set(td, field(td, priv, ngsock_.hash), ngshash_.lh_first, read(td, elm, le_next));
}

/** Neither socket can be sent by any more. The reference that the private data has on the node is given back. */
export function ngs_shutdown(td: Td, node: Pointer): void {
  const priv = privOf(td, node);
  lock(td, priv);
  const dpcbp = field(td, priv, ngsock_.datasock);
  const pcbp = field(td, priv, ngsock_.ctlsock);
  if (dpcbp !== 0) set(td, field(td, dpcbp, ngpcb_.ng_socket), socket_.cantsendmore, 1);
  if (pcbp !== 0) set(td, field(td, pcbp, ngpcb_.ng_socket), socket_.cantsendmore, 1);
  const behind = field(td, priv, ngsock_.node);
  set(td, priv, ngsock_.node, 0);
  ng_socket_free_priv(td, priv);
  if (behind !== 0) ng_unref_node(td, behind);
  ng_unref_node(td, node);
}

/** One user less of the private data, whose mutex is held, and is given back. When only the node is left, it is shut down. */
export function ng_socket_free_priv(td: Td, priv: Pointer): void {
  set(td, priv, ngsock_.refs, field(td, priv, ngsock_.refs) - 1);
  const refs = field(td, priv, ngsock_.refs);
  if (refs === 0) {
    unlock(td, priv);
    if (field(td, field(td, priv, ngsock_.hash), ngshash_.lh_first) !== 0)
      throw new Fault('hashdestroy: the table is not empty');
    NET_EPOCH_CALL(td, 'ngsock', priv);
    return;
  }
  const node = refs === 1 ? field(td, priv, ngsock_.node) : 0;
  if (node !== 0) set(td, priv, ngsock_.node, 0);
  unlock(td, priv);
  if (node === 0) return;
  ng_rmnode_self(td, node);
  ng_unref_node(td, node);
}

/** Callback: frees the private data of a node behind sockets, and the table of its hooks. */
export function ng_socket_kill_priv(td: Td, priv: Pointer): void {
  const table = field(td, priv, ngsock_.hash);
  free(td, 'ngsock', priv);
  free(td, 'ngshash', table);
}

/** Frees a socket that netgraph has let go, and the answers that it has not received. */
export function sofree(td: Td, so: Pointer): void {
  for (let answer = field(td, so, socket_.so_rcv); answer !== 0;) {
    const next = field(td, answer, mesg_.m_nextpkt);
    freeAnswer(td, answer);
    answer = next;
  }
  free(td, 'socket', so);
}

/** Told when a request and all that came of it have been applied. */
export function ng_socket_item_applied(td: Td, priv: Pointer, error: number): void {
  lock(td, priv);
  set(td, priv, ngsock_.error, error);
  unlock(td, priv);
  Atomics.notify(td.arena, at(priv, ngsock_.error));
}
