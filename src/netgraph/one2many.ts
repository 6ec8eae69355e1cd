import { drop, forward } from './address.ts';
import { at, hook_, node_, type Pointer } from './layout.ts';
import { goIfAlone, privateOf, read, write } from './private.ts';
import { EINVAL, type Td } from './td.ts';
import { known } from './text.ts';

/**
 * ng_one2many: what comes by "one" goes to one of the many, in turn; what comes by one of the many goes to "one". The table of the active links is made
 * anew in place when one of them comes or goes, so a packet loads the number of links once and drops itself where the two do not agree.
 */
const one = known('one');
const MAX_LINKS = 4;

/* Words of the private data: the hooks by link, "one" first; the turn; the active links. */
const numActiveMany = MAX_LINKS + 1;
const nextMany = numActiveMany + 1;
const activeMany = nextMany + 1;

export function ng_one2many_newhook(td: Td, node: Pointer, hook: Pointer, name: number): number {
  const link = name - one;
  if (link < 0 || link > MAX_LINKS) return EINVAL;
  const priv = Atomics.load(td.arena, at(node, node_.nd_private));
  write(td, priv, link, hook);
  updateMany(td, priv);
  return 0;
}

export function ng_one2many_rcvdata(td: Td, hook: Pointer, m: number, way: number): number {
  const priv = privateOf(td, hook);
  if (Atomics.load(td.arena, at(hook, hook_.hk_name)) !== one) return deliver(td, read(td, priv, 0), m, way);
  const active = read(td, priv, numActiveMany);
  if (active === 0) return drop(td);
  const next = read(td, priv, nextMany);
  const turn = next < active ? next : 0;
  write(td, priv, nextMany, (turn + 1) % active);
  return deliver(td, read(td, priv, read(td, priv, activeMany + turn)), m, way);
}

const deliver = (td: Td, hook: Pointer, m: number, way: number): number =>
  hook === 0 ? drop(td) : forward(td, hook, m, way);

export function ng_one2many_disconnect(td: Td, hook: Pointer): void {
  const priv = privateOf(td, hook);
  write(td, priv, Atomics.load(td.arena, at(hook, hook_.hk_name)) - one, 0);
  updateMany(td, priv);
  goIfAlone(td, hook);
}

/** For a while the table is empty, or shorter than it will be. Only the writer of the node is here. */
function updateMany(td: Td, priv: Pointer): void {
  write(td, priv, numActiveMany, 0);
  let active = 0;
  for (let link = 1; link <= MAX_LINKS; link++) {
    if (read(td, priv, link) === 0) continue;
    write(td, priv, activeMany + active, link);
    write(td, priv, numActiveMany, ++active);
  }
}
