import { forward } from './address.ts';
import type { Pointer } from './layout.ts';
import type { Td } from './td.ts';

/** ng_echo: what comes by a hook goes back by it. */
export function nge_rcvdata(td: Td, hook: Pointer, m: number, way: number): number {
  return forward(td, hook, m, way);
}
