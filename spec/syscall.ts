import {
  alloc, allocOwned, atomically, free, given, KASSERT, maySleep, mtx_lock, mtx_unlock, NET_EPOCH_CALL, NET_EPOCH_ENTER, NET_EPOCH_EXIT,
  refcount_acquire, wait_until,
} from '../src/machine/access.ts'; // prettier-ignore
import { procedure } from '../src/machine/procedure.ts';
import { ng_address_hook } from './address.ts';
import { asks } from './asked.ts';
import { ApplyInfo } from './applyinfo.ts';
import { EDESTADDRREQ } from './errno.ts';
import { ng_findhook } from './findhook.ts';
import { ng } from './globals.ts';
import type { Hook } from './hook.ts';
import type { Node } from './node.ts';
import { Mbuf } from './mbuf.ts';
import { NGM_CONNECT, type Mesg } from './mesg.ts';
import { ng_name_node } from './name.ts';
import { ng_free_item, ng_package_data, ng_package_msg } from './package.ts';
import { ng_unref_node } from './reference.ts';
import type { Item } from './item.ts';
import { ng_address_path } from './path.ts';
import { ng_snd_item } from './send.ts';
import {
  ng_socket, ng_socket_free_priv, ng_socket_item_applied, type Ngpcb, type Socket, SocketPrivate,
} from './socket.ts'; // prettier-ignore
import { own } from './linked.ts';

/**
 * What a process does with its sockets. It has the descriptor for as long as a call lasts, so a socket is not closed by one thread
 * while another sends by it; but the control socket and the data socket of one node are two, and so are the nodes at the other ends.
 */

/**
 * sendto(2) on a control socket: sends a message along a path and waits until it has been applied, and its answer too.
 *
 * Waiting is one step that can be done when the callback has stored an error number: it looks under the mutex under which that is stored,
 * and each store is followed by a wakeup, so none is lost. There is one thread to a socket.
 */
export const request = procedure(
  'uipc_socket.c:1480-1581',
  function request(so: Socket, msg: Mesg, path: string): void {
    const broken = so.cantsendmore; // uipc_socket.c:1480
    if (!broken) ngc_send(so.so_pcb, msg, path); // uipc_socket.c:1581
  },
);

/** bind(2) on a control socket: gives its node a name. In no gate, and nothing here looks whether the node has been shut down. */
export const bind = procedure('ng_socket.c:757-773', function bind(so: Socket, name: string): void {
  const priv = so.so_pcb.sockdata; // 759
  if (priv === null) return; // 762
  if (given('socket-request-holds-node')) return nameHeld(priv, name);
  ng_name_node(priv.node!, name); // 772
});

const nameHeld = procedure('ng_socket.c:772', function nameHeld(priv: SocketPrivate, name: string): void {
  const node = holdNode(priv); // 772
  if (node === null) return;
  ng_name_node(node, name); // 772
  ng_unref_node(node);
});

/** The node of a socket with a reference, or NULL: as long as the private data has the node, it has a reference on it. */
const holdNode = procedure('ng_socket.c:221, 772', function holdNode(priv: SocketPrivate): Node | null {
  mtx_lock(priv.mtx);
  const { node } = priv; // 221, 772
  if (node !== null) refcount_acquire(node.nd_refs);
  mtx_unlock(priv.mtx);
  return node;
});

/** The node can have been shut down since the socket was asked whether it still sends. Nothing here looks for that. */
const ngc_send = procedure('ng_socket.c:217-366', function ngc_send(pcbp: Ngpcb, msg: Mesg, path: string): void {
  if (given('socket-request-holds-node')) return sendHolding(pcbp.sockdata!, msg, path);
  const priv = own(SocketPrivate, pcbp.sockdata!.node!.nd_private); // 221
  maySleep(); // 251
  const item = ng_package_msg(msg); // 314
  const here = pcbp.sockdata!.node; // 315
  if (ng_address_path(here, item, path) === 0) sendAndWait(priv, item, msg); // 315
});

/** The private data belongs to the socket as well. */
const sendHolding = procedure(
  'ng_socket.c:221-315',
  function sendHolding(priv: SocketPrivate, msg: Mesg, path: string): void {
    maySleep(); // 251
    const here = holdNode(priv); // 221
    if (here === null) return;
    const item = ng_package_msg(msg); // 314
    if (ng_address_path(here, item, path) === 0) sendAndWait(priv, item, msg); // 315
    ng_unref_node(here);
  },
);

const sendAndWait = procedure(
  'ng_socket.c:342-366',
  function sendAndWait(priv: SocketPrivate, item: Item, msg: Mesg): void {
    // Atomic: it lies on the stack, and nobody else knows of it yet.
    const apply = atomically(() => {
      const made = alloc(ApplyInfo); // 342
      made.apply = ng_socket_item_applied; // 343
      made.context = priv; // 344
      return made;
    });
    item.apply = apply; // 345
    priv.error = -1; // 346
    ng_snd_item(item, 0); // 348
    wait_until(() => {
      mtx_lock(priv.mtx); // 350
      if (priv.error === -1) {
        maySleep(); // 352
        return false; // 351
      }
      mtx_unlock(priv.mtx); // 353
      return true;
    });
    const error = priv.error; // 354, 356
    KASSERT(error !== -1, "ng_socket: priv->error wasn't updated");
    if (error === 0 && msg.cmd === NGM_CONNECT && asks('connect-kept')) ng.promised += 1;
    free(apply);
  },
);

/** connect(2) on a data socket: it becomes that of the node at the end of a path. */
export const connect = procedure('ng_socket.c:495-502', function connect(so: Socket, path: string): void {
  ng_connect_data(so.so_pcb, path); // 497, 501
});

/**
 * The item carries nothing: it holds the reference on the node that a path gives. That keeps the node, but not what its type has
 * hung on it, which is taken for there because the node was valid when it was found:
 *
 *     connect: finds the node, which is valid, and takes a reference
 *                                       another CPU: ngs_shutdown, which clears priv->node and nd_private, and gives back its reference on priv
 *     connect: goes by nd_private, by memory that has been freed, or by priv->node
 */
const ng_connect_data = procedure('ng_socket.c:698-751', function ng_connect_data(pcbp: Ngpcb, path: string): void {
  const connected = pcbp.sockdata !== null; // 707
  if (connected) return;
  maySleep(); // 718
  const item = ng_package_data(null); // 718
  if (given('socket-connect-in-epoch')) NET_EPOCH_ENTER();
  if (ng_address_path(null, item, path) === 0) {
    joinNode(pcbp, item.el_dest!); // 728
    ng_free_item(item); // 730, 735, 749
  }
  if (given('socket-connect-in-epoch')) NET_EPOCH_EXIT();
});

const joinNode = procedure('ng_socket.c:729-748', function joinNode(pcbp: Ngpcb, farnode: Node): void {
  const isSocket = farnode.nd_type === ng_socket; // 729
  if (!isSocket) return;
  const priv = own(SocketPrivate, farnode.nd_private); // 733
  if (given('socket-connect-under-mutex')) return joinUnderMutex(pcbp, priv);
  const taken = priv.datasock !== null; // 734
  if (taken) return;
  mtx_lock(priv.mtx); // 743
  priv.datasock = pcbp; // 744
  pcbp.sockdata = priv; // 745
  void priv.node!.nd_ID; // 746
  priv.refs += 1; // 747
  mtx_unlock(priv.mtx); // 748
});

/** As long as the private data has its node, nobody has given back the last reference on it. */
const joinUnderMutex = procedure(
  'ng_socket.c:734-748',
  function joinUnderMutex(pcbp: Ngpcb, priv: SocketPrivate): void {
    mtx_lock(priv.mtx); // 743
    const { node } = priv; // 746
    const vacant = node !== null && priv.datasock === null; // 734
    if (vacant) {
      priv.datasock = pcbp; // 744
      pcbp.sockdata = priv; // 745
      void node.nd_ID; // 746
      priv.refs += 1; // 747
    }
    mtx_unlock(priv.mtx); // 748
  },
);

/** sendto(2) on a data socket, to a hook by its name, or without a name if there is just one. */
export const sendto = procedure('uipc_socket.c:1480-1581', function sendto(so: Socket, hookname: string): void {
  const broken = so.cantsendmore; // uipc_socket.c:1480
  if (!broken) ngd_send(so.so_pcb, hookname); // uipc_socket.c:1581
});

/** The hook is looked up by a thread that is in no gate and in no section, and no reference on it is taken. */
const ngd_send = procedure('ng_socket.c:413-492', function ngd_send(pcbp: Ngpcb, hookname: string): void {
  if (given('socket-data-in-epoch')) return sendInSection(pcbp.sockdata, hookname); // 428
  const connected = pcbp.sockdata !== null; // 428
  if (!connected) return;
  const hook = hookname === '' ? onlyHook(pcbp) : ng_findhook(pcbp.sockdata!.node!, hookname); // 472
  if (typeof hook === 'number') return; // 450
  if (hookname !== '' && hook === null) return; // 473
  const m = allocOwned(Mbuf);
  maySleep(); // 480
  const item = ng_package_data(m); // 480
  NET_EPOCH_ENTER(); // 482
  if (ng_address_hook(item, hook)) ng_snd_item(item, 0); // 483
  NET_EPOCH_EXIT(); // 484
});

/** The packet is made first, for that can sleep; all that is found after it is found in the section in which it is used. */
const sendInSection = procedure(
  'ng_socket.c:428-484',
  function sendInSection(priv: SocketPrivate | null, hookname: string): void {
    if (priv === null) return; // 428
    const m = allocOwned(Mbuf);
    maySleep(); // 480
    const item = ng_package_data(m); // 480
    NET_EPOCH_ENTER();
    const node = priv.node; // 449, 472
    const hook = node === null ? null : hookname === '' ? firstOf(node) : ng_findhook(node, hookname); // 457, 472
    if (ng_address_hook(item, hook)) ng_snd_item(item, 0); // 483
    NET_EPOCH_EXIT(); // 484
  },
);

const firstOf = procedure('ng_socket.c:449-457', function firstOf(node: Node): Hook | null {
  return node.nd_numhooks === 1 ? node.nd_hooks : null; // 449, 457
});

/** The hook of a node that has one, or an error number. NULL if it had one until just now. */
const onlyHook = procedure('ng_socket.c:449-457', function onlyHook(pcbp: Ngpcb): Hook | null | number {
  const numhooks = pcbp.sockdata!.node!.nd_numhooks; // 449
  if (numhooks !== 1) return EDESTADDRREQ;
  return pcbp.sockdata!.node!.nd_hooks; // 457
});

/**
 * close(2): sofree() of uipc_socket.c has netgraph detach the socket, and frees it (sodealloc) as soon as that returns (664). It takes no lock of the socket any more, for nobody else should have a pointer to it by
 * then. So what still has one must be kept out by priv->mtx, or be waited for.
 */
export const close = procedure('ng_socket.c:636-664', function close(so: Socket, isData: boolean): void {
  const pcbp = so.so_pcb; // 636
  const priv = pcbp.sockdata; // 638
  if (priv !== null) {
    mtx_lock(priv.mtx); // 641
    if (isData)
      priv.datasock = null; // 648
    else priv.ctlsock = null; // 645
    pcbp.sockdata = null; // 653
    ng_socket_free_priv(priv); // 656
    if (given('socket-close-waits')) awaitPackets(pcbp);
  }
  free(pcbp); // 663
  free(so); // 664
});

/** NET_EPOCH_WAIT: a packet that has loaded `datasock` is in a section, and who comes later finds NULL there. The callback stands for the end of the grace period. */
const awaitPackets = procedure('', function awaitPackets(pcbp: Ngpcb): void {
  maySleep();
  NET_EPOCH_CALL(isWaited, pcbp);
  wait_until(() => pcbp.waited);
});

const isWaited = procedure('', function isWaited(pcbp: Ngpcb): void {
  pcbp.waited = true;
});
