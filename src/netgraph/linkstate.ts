import { failed, type Made } from './addhook.ts';
import { addressMessage } from './address.ts';
import { beginOf, makeAnswer, put } from './answer.ts';
import { NET_EPOCH_ENTER, NET_EPOCH_EXIT } from './epoch.ts';
import { lower } from './ether.ts';
import { ng_free_item } from './item.ts';
import { at, ifnet_, item_, node_, type Pointer } from './layout.ts';
import { LINK_STATE } from './message.ts';
import { alloc, live } from './pool.ts';
import { read } from './private.ts';
import { ng_snd_item } from './send.ts';
import { taskqueue_run } from './taskqueue.ts';
import { ENOMEM, ENXIO, type Td } from './td.ts';

/**
 * The link of an interface comes up or goes down, and who is at the hook "lower" of its node is told (ng_ether.c:376-400): a socket hands up a message of one number, 1 or 0; the other types
 * have no use for it. In no gate. To be called outside sections.
 * @returns 0; ENXIO when there is no such interface; ENOMEM when there was no memory to tell it.
 */
export const ether_linkstate = (td: Td, ifp: Pointer, up: boolean): number =>
  taskqueue_run(td, ifp, () => do_link_state_change(td, ifp, up)) ?? ENXIO;

/** The message is addressed in the section in which the node is found, and has references when that ends. */
function do_link_state_change(td: Td, ifp: Pointer, up: boolean): number {
  NET_EPOCH_ENTER(td);
  const { error, made: item } = messageFor(td, Atomics.load(td.arena, at(ifp, ifnet_.if_l2com)), up);
  NET_EPOCH_EXIT(td);
  if (item !== 0) ng_snd_item(td, item, false);
  return error;
}

/** 0 without an error: nobody is to be told. The hook is loaded again when it has been looked whether there is one: what the last load says is told. */
function messageFor(td: Td, node: Pointer, up: boolean): Made {
  if (node === 0) return nobody;
  const priv = live(td, 'private', Atomics.load(td.arena, at(live(td, 'node', node), node_.nd_private)));
  if (read(td, priv, lower) === 0) return nobody;
  const item = makeMessage(td, up);
  if (item === 0) return failed(ENOMEM);
  if (addressMessage(td, read(td, priv, lower), item)) return { error: 0, made: item };
  ng_free_item(td, item);
  return nobody;
}

const nobody: Made = { error: 0, made: 0 };

function makeMessage(td: Td, up: boolean): Pointer {
  const item = alloc(td, 'item');
  const text = item === 0 ? 0 : makeAnswer(td, 1);
  if (text !== 0) {
    put(td, beginOf(text), Number(up));
    Atomics.store(td.arena, at(item, item_.cmd), LINK_STATE);
    Atomics.store(td.arena, at(item, item_.msg), text);
    return item;
  }
  if (item !== 0) ng_free_item(td, item);
  return 0;
}
