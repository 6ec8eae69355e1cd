import { tally } from './item.ts';
import { at, hook_, node_, td_, type Pointer } from './layout.ts';
import { hangOnHook, increment, privateOfHook, read, write } from './private.ts';
import { ng_rmnode_self } from './rmnode.ts';
import type { Td } from './td.ts';

/** ng_hole: a sink. It counts what comes by each hook, remembers the last payload, and throws it away. */
const frames = 0;
const last = 1;

export function ngh_newhook(td: Td, _node: Pointer, hook: Pointer): number {
  return hangOnHook(td, hook);
}

export function ngh_rcvdata(td: Td, hook: Pointer, m: number): number {
  const hip = privateOfHook(td, hook);
  increment(td, hip, frames);
  write(td, hip, last, m);
  tally(td, td_.delivered);
  return 0;
}

/** Without hooks the node goes, and does not ask whether it is going already (ng_hole.c:217-225). */
export function ngh_disconnect(td: Td, hook: Pointer): void {
  const { arena } = td;
  const node = Atomics.load(arena, at(hook, hook_.hk_node));
  if (Atomics.load(arena, at(node, node_.nd_numhooks)) === 0) ng_rmnode_self(td, node);
}

/** What has come by a hook: how many packets, and the payload of the last. */
export function ngh_stats(td: Td, hook: Pointer): { readonly frames: number; readonly last: number } {
  const hip = privateOfHook(td, hook);
  return { frames: read(td, hip, frames), last: read(td, hip, last) };
}
