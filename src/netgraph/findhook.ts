import { NET_EPOCH_ENTER, NET_EPOCH_EXIT } from './epoch.ts';
import { HK_INVALID } from './flags.ts';
import { at, hook_, node_, type Pointer } from './layout.ts';
import { types } from './ngtype.ts';
import { live } from './pool.ts';
import type { Td } from './td.ts';

/** The valid hook of a node with a name, or 0 (ng_base.c:1160-1181). It comes without a reference: who goes on with it is in a section, or the writer of the node. */
export function ng_findhook(td: Td, node: Pointer, name: number): Pointer {
  const { arena } = td;
  const { findhook } = types[Atomics.load(arena, at(node, node_.nd_type))]!;
  if (findhook !== undefined) return findhook(td, node, name);
  NET_EPOCH_ENTER(td);
  let hook = Atomics.load(arena, at(node, node_.nd_hooks));
  while (hook !== 0 && !isCalled(td, hook, name)) hook = Atomics.load(arena, at(hook, hook_.cle_next));
  NET_EPOCH_EXIT(td);
  return hook;
}

function isCalled(td: Td, hook: Pointer, name: number): boolean {
  const { arena } = td;
  if (Atomics.load(arena, at(live(td, 'hook', hook), hook_.hk_flags)) & HK_INVALID) return false;
  return Atomics.load(arena, at(hook, hook_.hk_name)) === name;
}

/** Whether a new hook of the node cannot have the name: one that is not valid yet has its name already. The caller is the writer of the node. */
export function isReserved({ arena }: Td, node: Pointer, name: number): boolean {
  for (
    let hook = Atomics.load(arena, at(node, node_.nd_hooks));
    hook !== 0;
    hook = Atomics.load(arena, at(hook, hook_.cle_next))
  )
    if (Atomics.load(arena, at(hook, hook_.hk_name)) === name) return true;
  return false;
}
