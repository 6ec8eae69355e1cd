import { refcount_acquire } from './count.ts';
import { publish } from './hash.ts';
import { at, ngpcb_, ngsock_, node_, socket_, type Pointer } from './layout.ts';
import { ng_make_node_common } from './make.ts';
import { typeNames } from './ngtype.ts';
import { alloc, free } from './pool.ts';
import { ENOMEM, type Td } from './td.ts';

/** How sockets are made, and the nodes behind them (ng_socket.c:168-215, 496-634). */

/** Makes a control socket, and the node behind it. @returns the socket, or -ENOMEM. */
export function ngc_attach(td: Td): Pointer {
  const { arena } = td;
  const so = attached(td);
  const priv = so === 0 ? 0 : alloc(td, 'ngsock');
  const table = priv === 0 ? 0 : alloc(td, 'ngshash');
  const node = table === 0 ? 0 : ng_make_node_common(td, typeNames.indexOf('socket'));
  if (node === 0) {
    if (table !== 0) free(td, 'ngshash', table);
    if (priv !== 0) free(td, 'ngsock', priv);
    if (so !== 0) detach(td, so);
    return -ENOMEM;
  }
  const pcbp = Atomics.load(arena, at(so, socket_.so_pcb));
  refcount_acquire(td, at(node, node_.nd_refs));
  Atomics.store(arena, at(priv, ngsock_.node), node);
  Atomics.store(arena, at(priv, ngsock_.hash), table);
  Atomics.store(arena, at(priv, ngsock_.ctlsock), pcbp);
  Atomics.store(arena, at(priv, ngsock_.refs), 2);
  Atomics.store(arena, at(pcbp, ngpcb_.sockdata), priv);
  Atomics.store(arena, at(node, node_.nd_private), priv);
  publish(td, node);
  return so;
}

/** Makes a data socket, which is that of no node before it is connected to one (`ngd_connect`). @returns the socket, or -ENOMEM. */
export function ngd_attach(td: Td): Pointer {
  const so = attached(td);
  if (so === 0) return -ENOMEM;
  Atomics.store(td.arena, at(so, socket_.isData), 1);
  return so;
}

/** A socket with what netgraph keeps of it, or 0. */
function attached(td: Td): Pointer {
  const so = alloc(td, 'socket');
  const pcbp = so === 0 ? 0 : alloc(td, 'ngpcb');
  if (pcbp !== 0) {
    Atomics.store(td.arena, at(so, socket_.so_pcb), pcbp);
    Atomics.store(td.arena, at(pcbp, ngpcb_.ng_socket), so);
    return so;
  }
  if (so !== 0) free(td, 'socket', so);
  return 0;
}

function detach(td: Td, so: Pointer): void {
  free(td, 'ngpcb', Atomics.load(td.arena, at(so, socket_.so_pcb)));
  free(td, 'socket', so);
}

/** The node behind a socket; 0 when it has been shut down, or the socket has been closed. */
export function nodeBehind({ arena }: Td, so: Pointer): Pointer {
  const priv = Atomics.load(arena, at(Atomics.load(arena, at(so, socket_.so_pcb)), ngpcb_.sockdata));
  return priv === 0 ? 0 : Atomics.load(arena, at(priv, ngsock_.node));
}
