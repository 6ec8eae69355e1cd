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
const dropped = 3;

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
  if (out !== 0) return forward(td, out, m, way);
  increment(td, priv, dropped);
  return drop(td);
}

/** Load for load as the C (ng_patch.c:629-637): between two loads of one of them it can go, so what the last one says is looked at. */
function wayOut(td: Td, priv: Pointer, hook: Pointer): Pointer {
  if (hook === read(td, priv, hookIn))
    return read(td, priv, hookOut) !== 0 ? read(td, priv, hookOut) : read(td, priv, hookIn);
  if (hook !== read(td, priv, hookOut)) return 0;
  return read(td, priv, hookIn) !== 0 ? read(td, priv, hookIn) : 0;
}

export function ng_patch_disconnect(td: Td, hook: Pointer): void {
  const priv = privateOf(td, hook);
  for (const word of [hookIn, hookOut]) if (read(td, priv, word) === hook) write(td, priv, word, 0);
  goIfAlone(td, hook);
}
