import { NET_EPOCH_ENTER, NET_EPOCH_EXIT } from './epoch.ts';
import { ng_free_item } from './item.ts';
import { apply_, at, item_, type Pointer } from './layout.ts';
import { ANSWER } from './message.ts';
import { ng_ID2noderef } from './name.ts';
import { ng_snd_item } from './send.ts';
import { EINVAL, type Td } from './td.ts';

/**
 * NG_RESPOND_MSG with an answer (netgraph.h:1020-1034). A thread that waits for the question to be applied, and has no socket, is given it. Else the item
 * of the question carries it to the node that asked, through the queue of that; who waits by a socket waits until it has come there.
 * @returns an error number; EINVAL when nobody asked whom an answer could reach.
 */
export function respond(td: Td, item: Pointer, answer: Pointer): number {
  const { arena } = td;
  const apply = Atomics.load(arena, at(item, item_.apply));
  const dest = Atomics.exchange(arena, at(item, item_.retaddr), 0);
  if (apply !== 0 && dest === 0) {
    Atomics.store(arena, at(apply, apply_.answer), answer);
    ng_free_item(td, item);
    return 0;
  }
  Atomics.store(arena, at(item, item_.msg), answer);
  Atomics.store(arena, at(item, item_.cmd), ANSWER);
  if (!addressID(td, item, dest)) return EINVAL;
  return ng_snd_item(td, item, true);
}

/** ng_address_ID (ng_base.c:3708-3727). Returns whether there is such a node; else the item has been freed. */
function addressID(td: Td, item: Pointer, ID: number): boolean {
  NET_EPOCH_ENTER(td);
  const node = ng_ID2noderef(td, ID);
  if (node === 0) ng_free_item(td, item);
  else Atomics.store(td.arena, at(item, item_.el_dest), node);
  NET_EPOCH_EXIT(td);
  return node !== 0;
}
