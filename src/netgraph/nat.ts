import { drop, forward } from './address.ts';
import { Fault } from './fault.ts';
import { NGF_FORCE_WRITER } from './flags.ts';
import { at, hook_, node_, pointerTo, privateWord, type Pointer } from './layout.ts';
import { mtx_lock, mtx_unlock } from './lock.ts';
import { typeNames } from './ngtype.ts';
import { alloc, free, generationAt, isLive, live } from './pool.ts';
import { privateOf, read, write } from './private.ts';
import { ng_rmnode_self } from './rmnode.ts';
import { EINVAL, ENOMEM, type Td } from './td.ts';
import { known } from './text.ts';

/**
 * ng_nat: translates packets between "in" and "out". It wants each applied as a writer (NGF_FORCE_WRITER), and so its private data has no
 * lock; the tables of the translation (libalias) are memory of their own, which has one. No packet passes before both hooks are there, and
 * none is translated before the address has been set.
 */
const flags = 0;
const hookIn = 1;
const hookOut = 2;
const lib = 3;

const NGNAT_CONNECTED = 0x1;
const NGNAT_ADDR_DEFINED = 0x2;

/** Words of the tables: their lock, and how many packets have been translated since the address was set. */
const mutex = privateWord(0);
const links = 1;

export function ng_nat_constructor(td: Td, node: Pointer): number {
  const { arena } = td;
  const priv = alloc(td, 'private');
  if (priv === 0) return ENOMEM;
  const tables = alloc(td, 'private');
  if (tables === 0) {
    free(td, 'private', priv);
    return ENOMEM;
  }
  write(td, priv, lib, tables);
  Atomics.store(arena, at(node, node_.nd_private), priv);
  Atomics.store(arena, at(node, node_.nd_flags), Atomics.load(arena, at(node, node_.nd_flags)) | NGF_FORCE_WRITER);
  return 0;
}

export function ng_nat_newhook(td: Td, node: Pointer, hook: Pointer, name: number): number {
  const priv = Atomics.load(td.arena, at(node, node_.nd_private));
  if (name === known('in')) write(td, priv, hookIn, hook);
  else if (name === known('out')) write(td, priv, hookOut, hook);
  else return EINVAL;
  if (read(td, priv, hookOut) !== 0 && read(td, priv, hookIn) !== 0)
    write(td, priv, flags, read(td, priv, flags) | NGNAT_CONNECTED);
  return 0;
}

export function ng_nat_rcvdata(td: Td, hook: Pointer, m: number, way: number): number {
  const priv = privateOf(td, hook);
  if ((read(td, priv, flags) & NGNAT_CONNECTED) === 0) return drop(td);
  if (read(td, priv, flags) & NGNAT_ADDR_DEFINED) translate(td, priv, hook);
  return forward(td, read(td, priv, hook === read(td, priv, hookIn) ? hookOut : hookIn), m, way);
}

/** LibAliasIn or LibAliasOut, under the lock of the tables. */
function translate(td: Td, priv: Pointer, hook: Pointer): void {
  if (hook !== read(td, priv, hookIn) && hook !== read(td, priv, hookOut)) throw new Fault('ng_nat: unknown hook!');
  const tables = live(td, 'private', read(td, priv, lib));
  mtx_lock(td, at(tables, mutex));
  write(td, tables, links, (read(td, tables, links) + 1) | 0);
  mtx_unlock(td, at(tables, mutex));
}

/** NGM_NAT_SET_IPADDR: with another address the tables begin anew. Which address it is makes no difference to a payload of 32 bits. */
export function ng_nat_configure(td: Td, node: Pointer): number {
  const priv = Atomics.load(td.arena, at(node, node_.nd_private));
  const tables = live(td, 'private', read(td, priv, lib));
  mtx_lock(td, at(tables, mutex));
  write(td, tables, links, 0);
  mtx_unlock(td, at(tables, mutex));
  write(td, priv, flags, read(td, priv, flags) | NGNAT_ADDR_DEFINED);
  return 0;
}

/** Without hooks the node goes, and does not ask whether it is going already. */
export function ng_nat_disconnect(td: Td, hook: Pointer): void {
  const priv = privateOf(td, hook);
  write(td, priv, flags, read(td, priv, flags) & ~NGNAT_CONNECTED);
  if (read(td, priv, hookOut) === hook) write(td, priv, hookOut, 0);
  if (read(td, priv, hookIn) === hook) write(td, priv, hookIn, 0);
  if (read(td, priv, hookOut) === 0 && read(td, priv, hookIn) === 0)
    ng_rmnode_self(td, Atomics.load(td.arena, at(hook, hook_.hk_node)));
}

/** nodefree: the tables go first. */
export function ng_nat_nodefree(td: Td, node: Pointer): void {
  const priv = Atomics.load(td.arena, at(node, node_.nd_private));
  if (priv === 0) return;
  free(td, 'private', read(td, priv, lib));
  free(td, 'private', priv);
}

/** The tables of the node in a place of its pool, if there is a nat now; else 0. They may go meanwhile. */
export function tablesAt(td: Td, slot: number): Pointer {
  const { arena } = td;
  const node = pointerTo(slot, Atomics.load(arena, generationAt('node', slot)));
  if (!isLive(td, 'node', node) || typeNames[Atomics.load(arena, at(node, node_.nd_type))] !== 'nat') return 0;
  const priv = Atomics.load(arena, at(node, node_.nd_private));
  if (!isLive(td, 'private', priv)) return 0;
  const tables = read(td, priv, lib);
  return isLive(td, 'private', tables) && isLive(td, 'node', node) ? tables : 0;
}

/** Whether a thread holds the lock of the tables of the node in a place of its pool. */
export function holdsTables(td: Td, slot: number, thread: number): boolean {
  const tables = tablesAt(td, slot);
  const owner = Math.abs(Atomics.load(td.arena, at(tables, mutex)));
  return owner === thread + 1 && isLive(td, 'private', tables);
}
