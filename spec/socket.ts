import {
  alloc, atomically, free, given, KASSERT, mtx_destroy, mtx_lock, mtx_unlock, NET_EPOCH_CALL,
} from '../src/machine/access.ts'; // prettier-ignore
import { foreach, procedure } from '../src/machine/procedure.ts';
import {
  flags, guardedBy, mutex, pointer, Shared, staticRecord, truth, word, type Mutex,
} from '../src/machine/record.ts'; // prettier-ignore
import { EINVAL } from './errno.ts';
import { ng } from './globals.ts';
import { Hook } from './hook.ts';
import type { DataItem, Item } from './item.ts';
import { own, Private } from './linked.ts';
import { NGM_SOCK_CMD_NOLINGER } from './mesg.ts';
import { NgType } from './ngtype.ts';
import { NGF_INVALID, Node } from './node.ts';
import { ng_free_item } from './package.ts';
import { ng_unref_node } from './reference.ts';
import { ng_rmnode_self } from './rmnode.ts';

/** ng_socket: the node behind a control socket, and perhaps a data socket. What processes do with them is in `syscall.ts`. */
export const ng_socket = staticRecord(NgType, 'ng_socket');

/** The node goes with its last hook. */
export const NGS_FLAG_NOLINGER = 1;

/**
 * struct socket, as far as netgraph meets in it. Who calls by a descriptor keeps it; close(2) frees it when netgraph has let it go.
 *
 * What is touched of `so_rcv` and `so_state` decides nothing, so both always hold 0, and that memory is touched is what matters. All that is done to the
 * buffer between SOCKBUF_LOCK and sorwakeup_locked is one store: the buffer has a lock of its own, under which nobody who is modelled waits for anything, close(2) does not take
 * it, and whoever could free the socket between two of these accesses could as well before the first. `so_state |= SS_ISCONNECTED` is one store likewise.
 */
export class Socket extends Shared {
  so_pcb: Ngpcb = pointer(() => Ngpcb, 'its half of the pair; used by the owner of the descriptor only');
  cantsendmore = truth('SBS_CANTSENDMORE of so_snd: the node has been shut down');
  so_rcv = word(0, 0, 'the buffer of what has come in, with its lock');
  so_state = word(0, 0, 'SS_ISCONNECTED: the node has just one hook');
}

/** struct ngpcb: what netgraph keeps of one socket. */
export class Ngpcb extends Shared {
  ng_socket: Socket = pointer(() => Socket, 'the socket');
  sockdata: SocketPrivate | null = pointer(() => SocketPrivate, 'the private data, or NULL; holds a reference');
  waited = truth('not in the C: the grace period that close(2) waits for is over');
}

/** struct ngsock. */
export class SocketPrivate extends Private {
  node: Node | null = pointer(() => Node, 'the node, with a reference of its own; NULL once it has been shut down');
  datasock: Ngpcb | null = pointer(() => Ngpcb, 'the data socket, or NULL; also read without the mutex');
  ctlsock: Ngpcb | null = guardedBy(
    'mtx',
    pointer(() => Ngpcb, 'the control socket, or NULL'),
  );
  hash: NgsHash = pointer(() => NgsHash, 'the table of the hooks; it does not grow, so it stays the same');
  flags = flags({ NGS_FLAG_NOLINGER }, 'NGM_SOCK_CMD_NOLINGER sets it, in the gate but not under the mutex');
  refs = guardedBy('mtx', word(0, 7, 'one for each socket and one for the node; a plain int'));
  mtx: Mutex = mutex('guards ctlsock and refs; what an answer and the end of a request are told under');
  error = word(-1, 99, 'what came of the request; -1 as long as it is under way');
}

/** struct ngshash: the table of the hooks of a node, memory of its own (hashinit(9)). */
export class NgsHash extends Private {
  lh_first: HookPriv | null = pointer(() => HookPriv, 'the chain of the hooks: all their names collide here');
}

/** struct hookpriv: the element of a hook in the table. */
export class HookPriv extends Private {
  le_next: HookPriv | null = pointer(() => HookPriv, 'the next one of the chain');
  le_prev: Private | null = pointer(() => Private, 'what points here: the table, or another one');
  hook: Hook = pointer(() => Hook, 'the hook, without a reference');
}

/** You can only create new nodes from the socket end of things. */
export const ngs_constructor = procedure('ng_socket.c:783-786', function ngs_constructor(_node: Node): number {
  return EINVAL;
});

/** Within the bounds of a check the table of 16 buckets does not grow (832), though it is asked whether it should. */
export const ngs_newhook = procedure(
  'ng_socket.c:822-839',
  function ngs_newhook(node: Node, hook: Hook, _name: string): number {
    const priv = own(SocketPrivate, node.nd_private); // 824
    // Atomic: nobody else knows of it yet.
    const hp = atomically(() => {
      const made = alloc(HookPriv); // 828
      made.hook = hook; // 833
      return made;
    });
    void node.nd_numhooks; // 831
    const table = priv.hash; // 835
    const first = table.lh_first; // 835
    hp.le_next = first; // 835
    if (first !== null) table.lh_first!.le_prev = hp; // 835
    table.lh_first = hp; // 835
    hp.le_prev = table; // 835
    hook.hk_private = hp; // 836
    return 0;
  },
);

/** If only one hook, allow read(2) and write(2) to work. */
export const ngs_connect = procedure('ng_socket.c:845-857', function ngs_connect(hook: Hook): number {
  const node = hook.hk_node; // 847
  const priv = own(SocketPrivate, node.nd_private); // 848
  tellSocket(priv, node);
  return 0;
});

/** What is told is nothing that netgraph asks for; on the way to the socket `datasock` is loaded three times, without the mutex. */
const tellSocket = procedure(
  'ng_socket.c:850-855, 1070-1075',
  function tellSocket(priv: SocketPrivate, node: Node): void {
    if (given('socket-told-under-mutex')) return tellUnderMutex(priv, node);
    const connected = priv.datasock !== null; // 850, 1070
    if (!connected) return;
    void priv.datasock!.ng_socket; // 850, 1070
    void node.nd_numhooks; // 851, 1071
    priv.datasock!.ng_socket.so_state = 0; // 852, 854, 1072, 1074
  },
);

const tellUnderMutex = procedure(
  'ng_socket.c:850-855, 1070-1075',
  function tellUnderMutex(priv: SocketPrivate, node: Node): void {
    mtx_lock(priv.mtx);
    const pcbp = priv.datasock; // 850, 1070
    if (pcbp !== null) {
      const so = pcbp.ng_socket; // 850, 1070
      void node.nd_numhooks; // 851, 1071
      so.so_state = 0; // 852, 854, 1072, 1074
    }
    mtx_unlock(priv.mtx);
  },
);

/**
 * The hook with a name, valid or not. A node with one hook has it at the head of its list, says its number, which is loaded before. Who
 * calls as a writer of the node may rely on all this; ngd_send is not one.
 */
export const ngs_findhook = procedure(
  'ng_socket.c:861-889',
  function ngs_findhook(node: Node, name: string): Hook | null {
    const priv = own(SocketPrivate, node.nd_private); // 863
    const single = node.nd_numhooks === 1; // 871
    if (single) {
      const hook = node.nd_hooks!; // 874
      if (given('socket-data-in-epoch') && hook === null) return null;
      const same = hook.hk_name === name; // 876
      return same ? hook : null;
    }
    return foreach(
      priv.hash.lh_first, // 884
      (hp) => hp.le_next, // 884
      (hp) => {
        const same = hp.hook.hk_name === name; // 885
        if (same) return hp.hook; // 886
      },
    );
  },
);

/**
 * An answer comes in and goes up to the control socket, if there is one, which here means that it is freed. SOCKBUF_LOCK (929) is taken while the mutex is
 * still held and is not given back before 955 or 1002, but close(2) does not look at that lock, so it keeps nothing:
 *
 *     answer: takes priv->mtx, loads ctlsock, takes the lock of the buffer, gives priv->mtx back
 *                                       close(2): takes priv->mtx, clears ctlsock, gives it back, frees ngpcb and socket
 *     answer: puts the message into a buffer that is gone
 */
export const ngs_rcvmsg = procedure(
  'ng_socket.c:896-1005',
  function ngs_rcvmsg(node: Node, item: Item, _lasthook: Hook | null): number {
    const priv = own(SocketPrivate, node.nd_private); // 898
    const msg = item.msg!; // 908
    item.msg = null; // 908
    ng_free_item(item); // 909
    mtx_lock(priv.mtx); // 915
    const pcbp = priv.ctlsock; // 916
    if (pcbp === null) {
      mtx_unlock(priv.mtx); // 923
      return EINVAL;
    }
    const so = pcbp.ng_socket; // 928
    if (!given('socket-answers-under-mutex')) mtx_unlock(priv.mtx); // 932
    if (msg.cmd === NGM_SOCK_CMD_NOLINGER) {
      priv.flags |= NGS_FLAG_NOLINGER; // 947
      void so.so_rcv; // 955
    } else so.so_rcv = 0; // 993-1002
    if (given('socket-answers-under-mutex')) mtx_unlock(priv.mtx); // 932
    return 0;
  },
);

/** A packet goes up to the data socket, which here means that it is freed. Which one that is, is loaded without the mutex. */
export const ngs_rcvdata = procedure(
  'ng_socket.c:1011-1052',
  function ngs_rcvdata(hook: Hook, item: DataItem, _td_ng_outbound: number): void {
    const priv = own(SocketPrivate, hook.hk_node.nd_private); // 1013
    const pcbp = priv.datasock; // 1014
    const m = item.m!; // 1021
    item.m = null; // 1021
    ng_free_item(item); // 1022
    if (pcbp === null) return free(m); // 1026
    const so = pcbp.ng_socket; // 1029
    void hook.hk_name; // 1032, 1036
    so.so_rcv = 0; // 1040-1050
    ng.delivered = true;
    free(m); // 1041
    ng.delivered = false;
  },
);

export const ngs_disconnect = procedure('ng_socket.c:1061-1082', function ngs_disconnect(hook: Hook): void {
  const node = hook.hk_node; // 1063
  const priv = own(SocketPrivate, node.nd_private); // 1064
  const hp = own(HookPriv, hook.hk_private); // 1065
  LIST_REMOVE(hp); // 1067
  if (!given('private-with-owner')) free(hp); // 1068
  tellSocket(priv, node);
  const lingers = !(priv.flags & NGS_FLAG_NOLINGER); // 1077
  if (lingers) return;
  const numhooks = node.nd_numhooks; // 1078
  if (numhooks !== 0) return;
  const invalid = node.nd_flags & NGF_INVALID; // 1078
  if (!invalid) ng_rmnode_self(node); // 1079
});

export const ngs_hookfree = procedure('', function ngs_hookfree(hook: Hook): void {
  free(hook.hk_private);
});

const LIST_REMOVE = procedure('queue.h:596-607', function LIST_REMOVE(elm: HookPriv): void {
  const next = elm.le_next; // queue.h:601
  if (next !== null) elm.le_next!.le_prev = elm.le_prev; // queue.h:602
  const prev = elm.le_prev; // queue.h:604
  if (prev instanceof HookPriv)
    prev.le_next = elm.le_next; // queue.h:604
  else (prev as NgsHash).lh_first = elm.le_next; // queue.h:604
});

/** In the C the reference that the private data has on the node is not given back: a node that is shut down before its socket is closed stays. */
export const ngs_shutdown = procedure('ng_socket.c:1090-1111', function ngs_shutdown(node: Node): void {
  const priv = own(SocketPrivate, node.nd_private); // 1092
  mtx_lock(priv.mtx); // 1095
  const dpcbp = priv.datasock; // 1096
  const pcbp = priv.ctlsock; // 1097
  if (dpcbp !== null) dpcbp.ng_socket.cantsendmore = true; // 1100
  if (pcbp !== null) pcbp.ng_socket.cantsendmore = true; // 1103
  const behind = given('socket-gives-node-back') ? priv.node : null;
  priv.node = null; // 1105
  if (!given('private-with-owner')) node.nd_private = null; // 1106
  ng_socket_free_priv(priv); // 1107
  if (behind !== null) ng_unref_node(behind);
  ng_unref_node(node); // 1109
});

/**
 * One user less of the private data. When only the node is left, it is shut down; its reference has been given back by then. Who connects a data socket can wait for the mutex when the last
 * one gives it back, so it goes with the memory (socket-connect-in-epoch).
 */
export const ng_socket_free_priv = procedure(
  'ng_socket.c:670-692',
  function ng_socket_free_priv(priv: SocketPrivate): void {
    priv.refs -= 1; // 674
    const { refs } = priv; // 676, 683
    if (refs === 0) {
      if (given('socket-connect-in-epoch'))
        mtx_unlock(priv.mtx); // 677
      else mtx_destroy(priv.mtx); // 677
      const table = priv.hash; // 678
      KASSERT(table.lh_first === null, 'hashdestroy: the table is not empty'); // 678
      if (given('socket-deferred-free')) return NET_EPOCH_CALL(ng_socket_kill_priv, priv); // 678, 679
      free(table); // 678
      free(priv); // 679
      return;
    }
    const node = refs === 1 ? priv.node : null; // 683, 684
    if (node === null) return mtx_unlock(priv.mtx); // 691
    priv.node = null; // 686
    mtx_unlock(priv.mtx); // 687
    if (!given('socket-holds-node')) ng_unref_node(node); // 688
    ng_rmnode_self(node); // 689
    if (given('socket-holds-node')) ng_unref_node(node); // 688
  },
);

/** Callback that frees what a packet on its way up, a path, or who connects a data socket can still be looking at. Atomic, as reapNode. */
const ng_socket_kill_priv = procedure('', function ng_socket_kill_priv(priv: SocketPrivate): void {
  atomically(() => {
    if (given('socket-connect-in-epoch')) mtx_destroy(priv.mtx); // 677
    free(priv.hash);
    free(priv);
  });
});

/** Told when the request and all that came of it have been applied. Atomic: `error` is touched under the mutex. */
export const ng_socket_item_applied = procedure(
  'ng_socket.c:1114-1123',
  function ng_socket_item_applied(context: Private, error: number): void {
    const priv = own(SocketPrivate, context);
    atomically(() => {
      mtx_lock(priv.mtx); // 1118
      priv.error = error; // 1119
      mtx_unlock(priv.mtx); // 1121
    });
  },
);
