import { drop, forward } from './address.ts';
import { tally } from './item.ts';
import { at, hook_, node_, td_, type Pointer } from './layout.ts';
import { goIfAlone, privateOf, read, write } from './private.ts';
import { EINVAL, type Td } from './td.ts';
import { known } from './text.ts';

/**
 * ng_tee: what comes by "left" goes to "right", with a copy to "left2right", and the other way round; what comes by one of the copies
 * goes to where its own packets came from. Where to is looked up when a packet comes: each of the four hooks is loaded once.
 */
const left = known('left');
const right = known('right');
const left2right = known('left2right');
const right2left = known('right2left');

/** The word of the private data with the hook of that name. */
const wordOf = (name: number): number => name - left;

export function ng_tee_newhook(td: Td, node: Pointer, hook: Pointer, name: number): number {
  if (name < left || name > right2left) return EINVAL;
  write(td, Atomics.load(td.arena, at(node, node_.nd_private)), wordOf(name), hook);
  return 0;
}

export function ng_tee_rcvdata(td: Td, hook: Pointer, m: number, way: number): number {
  const priv = privateOf(td, hook);
  const name = Atomics.load(td.arena, at(hook, hook_.hk_name));
  const straight = name === left || name === right2left ? right : left;
  const aside = name === left ? left2right : name === right ? right2left : 0;
  const dest = read(td, priv, wordOf(straight));
  const dup = aside === 0 ? 0 : read(td, priv, wordOf(aside));
  if (dup !== 0) {
    tally(td, td_.copied);
    forward(td, dup, m, way);
  }
  return dest === 0 ? drop(td) : forward(td, dest, m, way);
}

export function ng_tee_disconnect(td: Td, hook: Pointer): void {
  write(td, privateOf(td, hook), wordOf(Atomics.load(td.arena, at(hook, hook_.hk_name))), 0);
  goIfAlone(td, hook);
}
