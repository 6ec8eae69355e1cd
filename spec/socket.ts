import { alloc, atomically, free, KASSERT, maySleep, mtx_lock, mtx_unlock, wait_until } from '../src/machine/access.ts';
import { procedure } from '../src/machine/procedure.ts';
import { mutex, pointer, staticRecord, word, type Mutex } from '../src/machine/record.ts';
import { ApplyInfo } from './applyinfo.ts';
import { EINVAL } from './errno.ts';
import { asks } from './asked.ts';
import { ng } from './globals.ts';
import type { Hook } from './hook.ts';
import type { Item } from './item.ts';
import { Private } from './linked.ts';
import { NGM_CONNECT, type Mesg } from './mesg.ts';
import { NgType } from './ngtype.ts';
import { Node } from './node.ts';
import { ng_free_item, ng_package_msg } from './package.ts';
import { ng_address_path } from './path.ts';
import { ng_unref_node } from './reference.ts';
import { ng_snd_item } from './send.ts';

/** ng_socket: the node behind a control socket. Its hooks and its data socket are not modelled, nor is its close. */
export const ng_socket = staticRecord(NgType, 'ng_socket');

/** struct ngsock. The control socket holds it, so it stays when the node has gone. */
export class SocketPrivate extends Private {
  node: Node | null = pointer(() => Node, 'the node, with a reference of its own; NULL once it has been shut down');
  mtx: Mutex = mutex('what the answer and the end of the request are told under');
  error = word(-1, 99, 'what came of the request; -1 as long as it is under way');
}

/** You can only create new nodes from the socket end of things. */
export const ngs_constructor = procedure('ng_socket.c:712-716', function ngs_constructor(_node: Node): number {
  return EINVAL;
});

/** An answer comes in and goes up to the socket, which here means that it is freed. */
export const ngs_rcvmsg = procedure(
  'ng_socket.c:821-930',
  function ngs_rcvmsg(node: Node, item: Item, _lasthook: Hook | null): number {
    const priv = node.nd_private as SocketPrivate; // 823
    ng_free_item(item); // 833
    // Atomic: what is between them does not touch what is modelled.
    atomically(() => {
      mtx_lock(priv.mtx); // 839
      mtx_unlock(priv.mtx); // 857
    });
    return 0;
  },
);

export const ngs_shutdown = procedure('ng_socket.c:1007-1028', function ngs_shutdown(node: Node): void {
  const priv = node.nd_private as SocketPrivate; // 1009
  mtx_lock(priv.mtx); // 1012
  const own = priv.node; // 1022
  priv.node = null; // 1022
  node.nd_private = null; // 1023
  mtx_unlock(priv.mtx); // 1024
  void own;
  ng_unref_node(node); // 1026
});

/** Told when the request and all that came of it have been applied. Atomic: `error` is touched under the mutex. */
export const ng_socket_item_applied = procedure(
  'ng_socket.c:1030-1040',
  function ng_socket_item_applied(context: Private, error: number): void {
    const priv = context as SocketPrivate;
    atomically(() => {
      mtx_lock(priv.mtx); // 1035
      priv.error = error; // 1036
      mtx_unlock(priv.mtx); // 1038
    });
  },
);

/**
 * sendto(2) on a control socket: sends a message along a path and waits until it has been applied, and its answer too.
 *
 * Waiting is one step that can be done when the callback has stored an error number: it looks under the mutex under which that is stored,
 * and each store is followed by a wakeup, so none is lost. There is one thread to a socket.
 */
export const ngc_send = procedure(
  'ng_socket.c:238-383',
  function ngc_send(priv: SocketPrivate, msg: Mesg, path: string): void {
    const here = priv.node; // 323
    maySleep(); // 271
    const item = ng_package_msg(msg); // 322
    if (ng_address_path(here, item, path) !== 0) return; // 323
    // Atomic: it lies on the stack, and nobody else knows of it yet.
    const apply = atomically(() => {
      const made = alloc(ApplyInfo); // 350
      made.apply = ng_socket_item_applied; // 351
      made.context = priv; // 352
      return made;
    });
    item.apply = apply; // 353
    priv.error = -1; // 354
    ng_snd_item(item, 0); // 356
    maySleep(); // 360
    wait_until(() => {
      mtx_lock(priv.mtx); // 358
      if (priv.error === -1) return false; // 359
      mtx_unlock(priv.mtx); // 361
      return true;
    });
    const error = priv.error; // 364
    KASSERT(error !== -1, "ng_socket: priv->error wasn't updated");
    if (error === 0 && msg.cmd === NGM_CONNECT && asks('connect-kept')) ng.promised += 1;
    free(apply);
  },
);
