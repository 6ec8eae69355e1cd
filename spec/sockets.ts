import { slot } from '../src/machine/record.ts';
import type { World } from '../src/machine/world.ts';
import type { Kind } from './kinds.ts';
import type { Private } from './linked.ts';
import {
  HookPriv, ng_socket, Ngpcb, NgsHash, ngs_disconnect, ngs_findhook, ngs_hookfree, NGS_FLAG_NOLINGER, ngs_rcvdata, ngs_shutdown,
  Socket, SocketPrivate,
} from './socket.ts'; // prettier-ignore

/** The kind of node that is behind a socket. */

/** The control socket and the data socket of a node are made together with its private data, so their numbers follow from its number. */
export const controlOf = (priv: Private): Socket => slot(Socket, priv.slot * 2);
export const dataOf = (priv: Private): Socket => slot(Socket, priv.slot * 2 + 1);

/** The element of a hook, at the head of the chain. */
const chain = (world: World, title: string, priv: SocketPrivate, fields: Partial<HookPriv>): HookPriv => {
  const table = world.initial(priv, priv.type.byName.get('hash')!) as NgsHash;
  const first = world.initial(table, table.type.byName.get('lh_first')!) as HookPriv | null;
  const made = world.make(HookPriv, title, { ...fields, le_next: first, le_prev: table });
  if (first !== null) world.set(first, { le_prev: made });
  world.set(table, { lh_first: made });
  return made;
};

export const socket: Kind = {
  type: ng_socket,
  methods: {
    shutdown: ngs_shutdown,
    findhook: ngs_findhook,
    rcvdata: ngs_rcvdata,
    disconnect: ngs_disconnect,
    hookfree: ngs_hookfree,
  },
  hooks: null,
  shutdown: true,
  construct: (world, title, { data = false, nolinger = false }) => {
    const priv = world.make(SocketPrivate, title, {
      flags: nolinger ? NGS_FLAG_NOLINGER : 0,
      refs: data ? 3 : 2,
      hash: world.make(NgsHash, title.replace('private', 'hash'), {}),
    });
    const make = (name: string, connected: boolean): Ngpcb => {
      const pcb = world.make(Ngpcb, title.replace('private', `${name}pcb`), { sockdata: connected ? priv : null });
      world.set(pcb, { ng_socket: world.make(Socket, title.replace('private', name), { so_pcb: pcb }) });
      return pcb;
    };
    const ctlsock = make('control', true);
    const datasock = make('data', data);
    world.set(priv, { ctlsock, datasock: data ? datasock : null });
    return priv;
  },
  hookFlags: 0,
  newhook: (world, title, priv, hook) => chain(world, title, priv as SocketPrivate, { hook }),
  attach: (world, node, priv) => {
    world.set(priv as SocketPrivate, { node });
    return 1;
  },
};
