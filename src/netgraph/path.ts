import { refcount_acquire, refcount_acquire_if_not_zero } from './count.ts';
import { NET_EPOCH_ENTER, NET_EPOCH_EXIT } from './epoch.ts';
import { ng_findhook } from './findhook.ts';
import { HK_INVALID, NGF_INVALID } from './flags.ts';
import { at, hook_, item_, node_, type Pointer } from './layout.ts';
import { failed, type Made } from './addhook.ts';
import { ng_ID2noderef, ng_name2noderef } from './name.ts';
import { live } from './pool.ts';
import { ng_unref_node } from './reference.ts';
import { findName } from './text.ts';
import { EINVAL, ENOENT, ENXIO, type Td } from './td.ts';

/** Paths (ng_base.c:1770-1898): `[1f]:`, `name:`, `name:hook.hook`, `hook.hook`, `.:hook`. */

/** A path in numbers: where it begins (0: here; an ID; a name, negative) and over which hooks it goes. */
export type Path = { readonly root: number; readonly hops: readonly number[] };

/** Hops that a path can have: so many have room in an item. */
const LONGEST_PATH = 4;

/** The ID in `[1f]`, or 0. */
export const ng_decodeidname = (text: string): number =>
  Number.parseInt(/^\[([0-9a-f]{1,7})\]$/.exec(text)?.[1] ?? '0', 16);

/** A path in numbers, or an error number: EINVAL when it is none, ENOENT when it names what no node or hook was ever called. */
export function ng_path_parse(td: Td, text: string): Path | number {
  const parts = text.split(':');
  const [front, back] = parts.length === 1 ? ['.', parts[0]!] : [parts[0]!, parts[1]!];
  if (parts.length > 2 || front === '') return EINVAL;
  const hooks = back === '' ? [] : back.split('.');
  if (hooks.length > LONGEST_PATH || hooks.includes('')) return EINVAL;
  const root = front === '.' ? 0 : ng_decodeidname(front) || -findName(td, front);
  const hops = hooks.map((hook) => findName(td, hook));
  return (root === 0 && front !== '.') || hops.includes(0) ? ENOENT : { root, hops };
}

/**
 * The node at the end of a path, with a reference, in one section from begin to end. `here`: where a path without a node begins, or 0. `item`: what
 * is to come there by the hook of the last link, with a reference on it, or 0.
 */
export function ng_path2noderef(td: Td, here: Pointer, { root, hops }: Path, item: Pointer = 0): Made {
  NET_EPOCH_ENTER(td);
  const start = begin(td, here, root);
  const end = start.error === 0 ? follow(td, start.made, hops, item) : start;
  NET_EPOCH_EXIT(td);
  return end;
}

/** Addresses an item to the end of a path (3682-3705). Returns an error number; then the item is still the caller's. */
export function ng_address_path(td: Td, item: Pointer, text: string, here: Pointer = 0): number {
  const path = ng_path_parse(td, text);
  if (typeof path === 'number') return path;
  const { error, made } = ng_path2noderef(td, here, path, item);
  if (error === 0) Atomics.store(td.arena, at(item, item_.el_dest), made);
  return error;
}

function begin(td: Td, here: Pointer, root: number): Made {
  if (root === 0) {
    if (here === 0) return failed(EINVAL);
    refcount_acquire(td, at(here, node_.nd_refs));
    return { error: 0, made: here };
  }
  const node = root > 0 ? ng_ID2noderef(td, root) : ng_name2noderef(td, -root);
  return node === 0 ? failed(ENOENT) : { error: 0, made: node };
}

function follow(td: Td, start: Pointer, hops: readonly number[], item: Pointer): Made {
  let node = start;
  for (let i = 0; i < hops.length; i++) {
    const next = hop(td, node, ng_findhook(td, node, hops[i]!), i === hops.length - 1 ? item : 0);
    if (next.error !== 0) return next;
    node = next.made;
  }
  return { error: 0, made: node };
}

/** Over one link, whose end is loaded once: what it finds has its node as long as it has memory. The reference goes over to the next node. */
function hop(td: Td, oldnode: Pointer, hook: Pointer, item: Pointer): Made {
  const { arena } = td;
  const peer =
    hook === 0 || Atomics.load(arena, at(hook, hook_.hk_flags)) & HK_INVALID
      ? 0
      : Atomics.load(arena, at(hook, hook_.hk_peer));
  if (peer === 0 || Atomics.load(arena, at(live(td, 'hook', peer), hook_.hk_flags)) & HK_INVALID) {
    ng_unref_node(td, oldnode);
    return failed(ENOENT);
  }
  const node = Atomics.load(arena, at(peer, hook_.hk_node));
  refcount_acquire(td, at(node, node_.nd_refs));
  ng_unref_node(td, oldnode);
  if ((Atomics.load(arena, at(node, node_.nd_flags)) & NGF_INVALID) === 0)
    return item === 0 ? { error: 0, made: node } : enterBy(td, peer, node, item);
  ng_unref_node(td, node);
  return failed(ENXIO);
}

/** The item comes to the node by that hook. If it has no reference left there is nothing to come by. */
function enterBy(td: Td, last: Pointer, node: Pointer, item: Pointer): Made {
  if (refcount_acquire_if_not_zero(td, at(last, hook_.hk_refs))) {
    Atomics.store(td.arena, at(item, item_.el_hook), last);
    return { error: 0, made: node };
  }
  ng_unref_node(td, node);
  return failed(ENOENT);
}
