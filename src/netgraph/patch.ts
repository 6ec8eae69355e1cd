import { drop, forward } from './address.ts';
import { HK_QUEUE } from './flags.ts';
import { at, hook_, node_, type Pointer } from './layout.ts';
import { goIfAlone, increment, privateOf, read, write } from './private.ts';
import { EINVAL, type Td } from './td.ts';
import { known } from './text.ts';

/** ng_patch: a relay between its hooks "in" and "out"; without "out" it sends back. `queue` is one whose packets come through its queue. */
const hookIn = 0;
const hookOut = 1;
const received = 2;

export function ng_patch_newhook(td: Td, node: Pointer, hook: Pointer, name: number): number {
  if (name !== known('in') && name !== known('out')) return EINVAL;
  const priv = Atomics.load(td.arena, at(node, node_.nd_private));
  write(td, priv, name === known('in') ? hookIn : hookOut, hook);
  return 0;
}

/** What comes by such a hook is queued. */
export function ng_queue_newhook(td: Td, node: Pointer, hook: Pointer, name: number): number {
  Atomics.or(td.arena, at(hook, hook_.hk_flags), HK_QUEUE);
  return ng_patch_newhook(td, node, hook, name);
}

export function ng_patch_rcvdata(td: Td, hook: Pointer, m: number, way: number): number {
  const priv = privateOf(td, hook);
  increment(td, priv, received);
  const out = wayOut(td, priv, hook);
  return out === 0 ? drop(td) : forward(td, out, m, way);
}

/** Each of the two is loaded once: between two loads it could have gone. */
function wayOut(td: Td, priv: Pointer, hook: Pointer): Pointer {
  const first = read(td, priv, hookIn);
  if (hook !== first) return hook === read(td, priv, hookOut) ? first : 0;
  const out = read(td, priv, hookOut);
  return out !== 0 ? out : first;
}

export function ng_patch_disconnect(td: Td, hook: Pointer): void {
  const priv = privateOf(td, hook);
  for (const word of [hookIn, hookOut]) if (read(td, priv, word) === hook) write(td, priv, word, 0);
  goIfAlone(td, hook);
}
