import { drop, forward } from './address.ts';
import { NET_EPOCH_ENTER, NET_EPOCH_EXIT } from './epoch.ts';
import { HK_HI_STACK, HK_TO_INBOUND, OUTBOUND } from './flags.ts';
import { tally } from './item.ts';
import { at, node_, td_, type Pointer } from './layout.ts';
import { live } from './pool.ts';
import { hangOnNode, increment, privateOf, raise, read, write } from './private.ts';
import { EINVAL, EISCONN, type Td } from './td.ts';
import { known } from './text.ts';

/** ng_iface: where a program's own packets go in and out, by the hook "inet". It stays when its hook goes. */
const inet = 0;
const received = 1;

export function ng_iface_constructor(td: Td, node: Pointer): number {
  return hangOnNode(td, node);
}

export function ng_iface_newhook(td: Td, node: Pointer, hook: Pointer, name: number): number {
  const priv = Atomics.load(td.arena, at(node, node_.nd_private));
  if (name !== known('inet')) return EINVAL;
  if (read(td, priv, inet) !== 0) return EISCONN;
  write(td, priv, inet, hook);
  raise(td, hook, HK_HI_STACK);
  raise(td, hook, HK_TO_INBOUND);
  return 0;
}

/** Sends a packet of the program's own. The caller is in a section, and knows that the node is there in it. */
export function ng_iface_send(td: Td, node: Pointer, m: number): number {
  const priv = live(td, 'private', Atomics.load(td.arena, at(node, node_.nd_private)));
  const hook = read(td, priv, inet);
  tally(td, td_.sent);
  return hook === 0 ? drop(td) : forward(td, hook, m, OUTBOUND);
}

/** A packet for the program, unless it comes by a hook that has gone meanwhile. */
export function ng_iface_rcvdata(td: Td, hook: Pointer): number {
  const priv = privateOf(td, hook);
  if (read(td, priv, inet) !== hook) return drop(td);
  increment(td, priv, received);
  NET_EPOCH_ENTER(td);
  tally(td, td_.delivered);
  NET_EPOCH_EXIT(td);
  return 0;
}

export function ng_iface_disconnect(td: Td, hook: Pointer): void {
  write(td, privateOf(td, hook), inet, 0);
}
