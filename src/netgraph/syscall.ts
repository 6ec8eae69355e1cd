import { forward } from './address.ts';
import { freeAnswer, beginOf, lengthOf, take } from './answer.ts';
import { refcount_acquire } from './count.ts';
import { NET_EPOCH_ENTER, NET_EPOCH_EXIT, NET_EPOCH_WAIT } from './epoch.ts';
import { ng_findhook } from './findhook.ts';
import { NGQF_MESG, NGQF_READER } from './flags.ts';
import { ng_free_item, ng_package_data, tally } from './item.ts';
import { apply_, at, item_, mesg_, ngpcb_, ngsock_, node_, socket_, td_, type Pointer } from './layout.ts';
import { mtx_lock, mtx_unlock } from './lock.ts';
import { isReadOnly, mistakeIn, writeMessage, type Message } from './mesg.ts';
import { ng_name_node } from './name.ts';
import { ng_address_path } from './path.ts';
import { typeNames } from './ngtype.ts';
import { alloc, free, live } from './pool.ts';
import { ng_unref_node } from './reference.ts';
import { ng_snd_item } from './send.ts';
import { ng_socket_free_priv, sofree } from './socket.ts';
import { EADDRINUSE, ECONNRESET, EINVAL, EIO, EISCONN, ENOMEM, ENOTCONN, EPIPE, type Td } from './td.ts';
import { intern } from './text.ts';

/**
 * What a program does with its sockets: one thread with one socket at a time. It has the socket for as long as a call lasts, so none is closed by one
 * thread while another sends by it; but control socket and data socket of a node are two, and so are the nodes at the other ends.
 */

const NOT_YET = -1;

/**
 * sendto(2) on a control socket: sends a message along a path, which may begin at the node behind the socket, and sleeps until it has been applied, and its
 * answer too. Somebody else has to serve the queues meanwhile. To be called outside sections.
 * @returns 0, or an error number: EPIPE when the node has been shut down, and those of `ask`.
 */
export function ngc_send(td: Td, so: Pointer, path: string, message: Message): number {
  const { arena } = td;
  const mistake = mistakeIn(td, message);
  if (mistake !== 0) return mistake;
  if (Atomics.load(arena, at(so, socket_.cantsendmore)) !== 0) return EPIPE;
  const priv = Atomics.load(arena, at(Atomics.load(arena, at(so, socket_.so_pcb)), ngpcb_.sockdata));
  const here = hold(td, priv);
  if (here === 0) return ECONNRESET;
  const error = sendFrom(td, priv, here, path, message);
  ng_unref_node(td, here);
  return error;
}

/** The node behind a socket with a reference, or 0 when it has been shut down, or there is none because the socket is not connected. */
function hold(td: Td, priv: Pointer): Pointer {
  if (priv === 0) return 0;
  mtx_lock(td, at(priv, ngsock_.mtx));
  const node = Atomics.load(td.arena, at(priv, ngsock_.node));
  if (node !== 0) refcount_acquire(td, at(node, node_.nd_refs));
  mtx_unlock(td, at(priv, ngsock_.mtx));
  return node;
}

/**
 * bind(2) on a control socket: gives the node behind it a name. In no gate.
 * @returns 0, or an error number: ECONNRESET when the node has been shut down, EINVAL when it has left the hash of names just now, or nothing can be called so, EADDRINUSE.
 */
export function ngc_bind(td: Td, so: Pointer, name: string): number {
  const { arena } = td;
  const mistake = mistakeIn(td, { cmd: 'name', name });
  if (mistake !== 0) return mistake;
  const priv = Atomics.load(arena, at(Atomics.load(arena, at(so, socket_.so_pcb)), ngpcb_.sockdata));
  const node = hold(td, priv);
  if (node === 0) return ECONNRESET;
  const error = ng_name_node(td, node, intern(td, name));
  ng_unref_node(td, node);
  return error;
}

function sendFrom(td: Td, priv: Pointer, here: Pointer, path: string, message: Message): number {
  const { arena } = td;
  const item = alloc(td, 'item');
  if (item === 0) return ENOMEM;
  Atomics.store(arena, at(item, item_.el_flags), isReadOnly(message) ? NGQF_MESG | NGQF_READER : NGQF_MESG);
  writeMessage(td, item, message);
  const lost = ng_address_path(td, item, path, here);
  if (lost !== 0) {
    free(td, 'item', item);
    return lost;
  }
  Atomics.store(arena, at(item, item_.retaddr), Atomics.load(arena, at(here, node_.nd_ID)));
  return sendAndWait(td, priv, item);
}

/** Sleeps until an error number has been stored, and then looks at it under the mutex under which it was. */
function sendAndWait(td: Td, priv: Pointer, item: Pointer): number {
  const { arena } = td;
  const apply = alloc(td, 'apply');
  if (apply === 0) {
    ng_free_item(td, item);
    return ENOMEM;
  }
  Atomics.store(arena, at(apply, apply_.context), priv);
  Atomics.store(arena, at(item, item_.apply), apply);
  Atomics.store(arena, at(priv, ngsock_.error), NOT_YET);
  ng_snd_item(td, item, false);
  while (Atomics.load(arena, at(priv, ngsock_.error)) === NOT_YET)
    Atomics.wait(arena, at(priv, ngsock_.error), NOT_YET);
  mtx_lock(td, at(priv, ngsock_.mtx));
  const error = Atomics.load(arena, at(priv, ngsock_.error));
  mtx_unlock(td, at(priv, ngsock_.mtx));
  free(td, 'apply', apply);
  return error;
}

/** recv(2) on a control socket. @returns the numbers of the oldest answer, or null when there is none. */
export function ngc_recv(td: Td, so: Pointer): readonly number[] | null {
  const { arena } = td;
  const priv = Atomics.load(arena, at(Atomics.load(arena, at(so, socket_.so_pcb)), ngpcb_.sockdata));
  if (priv === 0) return null;
  mtx_lock(td, at(priv, ngsock_.mtx));
  const answer = Atomics.load(arena, at(so, socket_.so_rcv));
  if (answer !== 0) {
    const next = Atomics.load(arena, at(answer, mesg_.m_nextpkt));
    Atomics.store(arena, at(so, socket_.so_rcv), next);
    if (next === 0) Atomics.store(arena, at(so, socket_.so_rcv_last), 0);
  }
  mtx_unlock(td, at(priv, ngsock_.mtx));
  if (answer === 0) return null;
  const place = beginOf(answer);
  const told = Array.from({ length: lengthOf(td, answer) }, () => take(td, place));
  freeAnswer(td, answer);
  return told;
}

/**
 * sendto(2) on a data socket, to a hook by its name, or to the only hook that there is. The hook is looked up in the section in which the packet is sent.
 * @returns 0, or an error number: EIO when it was dropped, EPIPE when the node has been shut down, EINVAL when nothing is called so, ENOTCONN.
 */
export function ngd_send(td: Td, so: Pointer, hookname: string, m: number): number {
  const { arena } = td;
  const name = hookname === '' ? 0 : intern(td, hookname);
  if (hookname !== '' && name === 0) return EINVAL;
  if (Atomics.load(arena, at(so, socket_.cantsendmore)) !== 0) return EPIPE;
  const priv = Atomics.load(arena, at(Atomics.load(arena, at(so, socket_.so_pcb)), ngpcb_.sockdata));
  if (priv === 0) return ENOTCONN;
  tally(td, td_.sent);
  NET_EPOCH_ENTER(td);
  const node = Atomics.load(arena, at(priv, ngsock_.node));
  const hook = node === 0 ? 0 : name === 0 ? firstOf(td, node) : ng_findhook(td, node, name);
  const error = forward(td, hook, m, 0);
  NET_EPOCH_EXIT(td);
  return error === 0 ? 0 : EIO;
}

function firstOf({ arena }: Td, node: Pointer): Pointer {
  return Atomics.load(arena, at(node, node_.nd_numhooks)) === 1 ? Atomics.load(arena, at(node, node_.nd_hooks)) : 0;
}

/**
 * connect(2) on a data socket: it becomes the data socket of the node at the end of a path. In no gate, but in one section from where it finds the node on, which keeps its private data
 * with the mutex. To be called outside sections.
 * @returns 0, or an error number: EISCONN when it is connected, EINVAL when the node is behind no socket or the path is none, EADDRINUSE when it has a data socket, ECONNRESET when it has
 * been shut down since it was found, ENOENT, ENXIO, ENOMEM.
 */
export function ngd_connect(td: Td, so: Pointer, path: string): number {
  const { arena } = td;
  const pcbp = Atomics.load(arena, at(so, socket_.so_pcb));
  if (Atomics.load(arena, at(pcbp, ngpcb_.sockdata)) !== 0) return EISCONN;
  const item = ng_package_data(td, 0, 0, 0);
  if (item === 0) return ENOMEM;
  NET_EPOCH_ENTER(td);
  const lost = ng_address_path(td, item, path);
  const error = lost === 0 ? joinNode(td, pcbp, Atomics.load(arena, at(item, item_.el_dest))) : lost;
  ng_free_item(td, item);
  NET_EPOCH_EXIT(td);
  return error;
}

function joinNode(td: Td, pcbp: Pointer, farnode: Pointer): number {
  const { arena } = td;
  if (typeNames[Atomics.load(arena, at(farnode, node_.nd_type))] !== 'socket') return EINVAL;
  const priv = live(td, 'ngsock', Atomics.load(arena, at(farnode, node_.nd_private)));
  mtx_lock(td, at(priv, ngsock_.mtx));
  const isThere = Atomics.load(arena, at(priv, ngsock_.node)) !== 0;
  const isFree = isThere && Atomics.load(arena, at(priv, ngsock_.datasock)) === 0;
  if (isFree) {
    Atomics.store(arena, at(priv, ngsock_.datasock), pcbp);
    Atomics.store(arena, at(pcbp, ngpcb_.sockdata), priv);
    Atomics.store(arena, at(priv, ngsock_.refs), Atomics.load(arena, at(priv, ngsock_.refs)) + 1);
  }
  mtx_unlock(td, at(priv, ngsock_.mtx));
  if (!isThere) return ECONNRESET;
  return isFree ? 0 : EADDRINUSE;
}

/** What has come by a data socket: how many packets, and the payload of the last. */
export const ngd_stats = ({ arena }: Td, so: Pointer): { readonly packets: number; readonly last: number } => ({
  packets: Atomics.load(arena, at(so, socket_.packets)),
  last: Atomics.load(arena, at(so, socket_.last)),
});

/**
 * close(2). The node goes with the last of its sockets. Waits until all sections have closed that are open now, in which a packet can be on its way to the socket; then the socket is
 * gone, and its answers are given back. To be called outside sections.
 */
export function close(td: Td, so: Pointer): void {
  const { arena } = td;
  const pcbp = Atomics.load(arena, at(so, socket_.so_pcb));
  const priv = Atomics.load(arena, at(pcbp, ngpcb_.sockdata));
  if (priv !== 0) {
    mtx_lock(td, at(priv, ngsock_.mtx));
    const isData = Atomics.load(arena, at(so, socket_.isData)) !== 0;
    Atomics.store(arena, at(priv, isData ? ngsock_.datasock : ngsock_.ctlsock), 0);
    Atomics.store(arena, at(pcbp, ngpcb_.sockdata), 0);
    ng_socket_free_priv(td, priv);
    NET_EPOCH_WAIT(td);
  }
  free(td, 'ngpcb', pcbp);
  sofree(td, so);
}
