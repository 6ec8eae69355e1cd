import { drop, forward } from './address.ts';
import { tally } from './item.ts';
import { at, hook_, node_, td_, type Pointer } from './layout.ts';
import { NGF_INVALID } from './flags.ts';
import { live } from './pool.ts';
import { privateOf, read, write } from './private.ts';
import { ng_rmnode_self } from './rmnode.ts';
import type { Td } from './td.ts';

/**
 * ng_hub: what comes in by one hook goes out by all others. It copies to the hooks that it meets on the list, and does not trust their
 * number; the packet itself goes to the first that it met, when the others have had their copies.
 */
export function ng_hub_rcvdata(td: Td, hook: Pointer, m: number, way: number): number {
  const { arena } = td;
  const node = Atomics.load(arena, at(hook, hook_.hk_node));
  let mine = 0;
  for (
    let next = Atomics.load(arena, at(node, node_.nd_hooks));
    next !== 0;
    next = Atomics.load(arena, at(next, hook_.cle_next))
  ) {
    live(td, 'hook', next);
    if (next === hook) continue;
    if (mine === 0) mine = next;
    else {
      tally(td, td_.copied);
      forward(td, next, m, way);
    }
  }
  if (mine !== 0) return forward(td, mine, m, way);
  drop(td);
  return 0;
}

/** The one word of a hub: whether it stays when its last hook has gone. */
const persistent = 0;

export function ng_hub_disconnect(td: Td, hook: Pointer): void {
  const { arena } = td;
  const priv = privateOf(td, hook);
  const node = Atomics.load(arena, at(hook, hook_.hk_node));
  if (Atomics.load(arena, at(node, node_.nd_numhooks)) !== 0) return;
  if (Atomics.load(arena, at(node, node_.nd_flags)) & NGF_INVALID || read(td, priv, persistent) !== 0) return;
  ng_rmnode_self(td, node);
}

/** NGM_HUB_SET_PERSISTENT. */
export function ng_hub_configure(td: Td, node: Pointer, value: number): number {
  write(td, Atomics.load(td.arena, at(node, node_.nd_private)), persistent, value);
  return 0;
}
