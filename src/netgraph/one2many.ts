import { drop, forward } from './address.ts';
import { tally } from './item.ts';
import { at, hook_, node_, td_, type Pointer } from './layout.ts';
import { goIfAlone, hangOnNode, privateOf, read, write } from './private.ts';
import { EINVAL, type Td } from './td.ts';
import { known } from './text.ts';

/**
 * ng_one2many: what comes by "one" goes to one of the many, in turn, or to all; what comes by one of the many goes to "one". The table of
 * the active links is made anew in place when one of them goes or the configuration comes, so a packet loads the number of links once and
 * drops itself where the two do not agree.
 */
const one = known('one');
const MAX_LINKS = 4;

/* Words of the private data: "one"; the hooks by link; which links are enabled; how it sends; the turn; the active links. */
const many = 1;
const enabledLinks = many + MAX_LINKS;
const xmitAlg = enabledLinks + MAX_LINKS;
const nextMany = xmitAlg + 1;
const numActiveMany = nextMany + 1;
const activeMany = numActiveMany + 1;

/** NG_ONE2MANY_XMIT_ROUNDROBIN, as which a node begins; all else is _ALL. */
const XMIT_ROUNDROBIN = 1;

/** The number of the link of a hook; "one" is -1, as in the C. */
const linkOf = ({ arena }: Td, hook: Pointer): number => Atomics.load(arena, at(hook, hook_.hk_name)) - one - 1;

export function ng_one2many_constructor(td: Td, node: Pointer): number {
  const error = hangOnNode(td, node);
  if (error !== 0) return error;
  write(td, Atomics.load(td.arena, at(node, node_.nd_private)), xmitAlg, XMIT_ROUNDROBIN);
  return 0;
}

export function ng_one2many_newhook(td: Td, node: Pointer, hook: Pointer, name: number): number {
  const link = name - one - 1;
  if (link < -1 || link >= MAX_LINKS) return EINVAL;
  const priv = Atomics.load(td.arena, at(node, node_.nd_private));
  write(td, priv, many + link, hook);
  if (link < 0) return 0;
  write(td, priv, enabledLinks + link, 1);
  updateMany(td, priv);
  return 0;
}

export function ng_one2many_rcvdata(td: Td, hook: Pointer, m: number, way: number): number {
  const priv = privateOf(td, hook);
  const link = linkOf(td, hook);
  if (read(td, priv, many + link) === 0) return drop(td);
  if (link >= 0) return deliver(td, priv, -1, m, way);
  const active = read(td, priv, numActiveMany);
  if (active === 0) return drop(td);
  if (read(td, priv, xmitAlg) === XMIT_ROUNDROBIN) return deliver(td, priv, linkInTurn(td, priv, active), m, way);
  const first = read(td, priv, activeMany);
  for (let i = 1; i < active; i++) {
    tally(td, td_.copied);
    deliver(td, priv, read(td, priv, activeMany + i), m, way);
  }
  return deliver(td, priv, first, m, way);
}

/** Whose turn it is, of as many links as there were when that was tested. Two packets at a time can go by one link. */
function linkInTurn(td: Td, priv: Pointer, active: number): number {
  const next = read(td, priv, nextMany);
  const turn = next < active ? next : 0;
  write(td, priv, nextMany, (turn + 1) % active);
  return read(td, priv, activeMany + turn);
}

const deliver = (td: Td, priv: Pointer, link: number, m: number, way: number): number =>
  forward(td, read(td, priv, many + link), m, way);

export function ng_one2many_disconnect(td: Td, hook: Pointer): void {
  const priv = privateOf(td, hook);
  const link = linkOf(td, hook);
  write(td, priv, many + link, 0);
  if (link >= 0) {
    write(td, priv, enabledLinks + link, 0);
    updateMany(td, priv);
  }
  goIfAlone(td, hook);
}

/** Stores how packets are sent, word by word, with all links enabled (NGM_ONE2MANY_SET_CONFIG). */
export function ng_one2many_configure(td: Td, node: Pointer, alg: number): number {
  const priv = Atomics.load(td.arena, at(node, node_.nd_private));
  write(td, priv, xmitAlg, alg);
  for (let link = 0; link < MAX_LINKS; link++) write(td, priv, enabledLinks + link, 1);
  updateMany(td, priv);
  return 0;
}

/** For a while the table is empty, or shorter than it will be. Only the writer of the node is here. */
function updateMany(td: Td, priv: Pointer): void {
  write(td, priv, numActiveMany, 0);
  for (let link = 0; link < MAX_LINKS; link++) {
    if (read(td, priv, many + link) === 0 || read(td, priv, enabledLinks + link) === 0) continue;
    const place = read(td, priv, numActiveMany);
    write(td, priv, activeMany + place, link);
    write(td, priv, numActiveMany, place + 1);
  }
  if (read(td, priv, xmitAlg) === XMIT_ROUNDROBIN && read(td, priv, numActiveMany) > 0) shortenTurn(td, priv);
}

function shortenTurn(td: Td, priv: Pointer): void {
  const next = read(td, priv, nextMany);
  write(td, priv, nextMany, next % read(td, priv, numActiveMany));
}
