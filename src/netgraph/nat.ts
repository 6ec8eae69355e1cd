import { NGF_FORCE_WRITER } from './flags.ts';
import { at, node_, type Pointer } from './layout.ts';
import { ng_patch_rcvdata } from './patch.ts';
import { hangOnNode, increment, privateOf } from './private.ts';
import type { Td } from './td.ts';

/** ng_nat: a relay that changes its own tables with each packet, and so wants each applied as a writer (NGF_FORCE_WRITER). */
const links = 3;

export function ng_nat_constructor(td: Td, node: Pointer): number {
  Atomics.store(td.arena, at(node, node_.nd_flags), NGF_FORCE_WRITER);
  return hangOnNode(td, node);
}

/** As a writer it counts exactly. */
export function ng_nat_rcvdata(td: Td, hook: Pointer, m: number, way: number): number {
  increment(td, privateOf(td, hook), links);
  return ng_patch_rcvdata(td, hook, m, way);
}
