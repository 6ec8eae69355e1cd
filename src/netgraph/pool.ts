import { Fault } from './fault.ts';
import {
  apply_,
  at,
  bases,
  counts,
  globals,
  hook_,
  ifnet_,
  isOfLife,
  item_,
  mesg_,
  ngpcb_,
  ngshash_,
  ngsock_,
  node_,
  pointerTo,
  socket_,
  SLOT,
  slotOf,
  type Pointer,
} from './layout.ts';
import type { Td } from './td.ts';

/**
 * Memory: records are taken from the pool of their kind and given back to it.
 *
 * A pool is a stack whose head carries a count above the number of the record, which each push and pop raises:
 *
 *     T0: pop reads head A, and that B is behind it        T1: pops A, pops B, pushes A
 *     T0: exchanges head A for B: B is in use, and in the pool
 *
 * With the count the exchange fails. It has 19 bits: T0 would have to sleep through exactly 524,288 pushes and pops.
 */
/** Items for packets have a pool of their own, so that no flood of packets takes the items with which a graph is taken apart. */
export type PoolKind =
  | 'node'
  | 'hook'
  | 'item'
  | 'dataitem'
  | 'ifnet'
  | 'ngpcb'
  | 'ngsock'
  | 'ngshash'
  | 'socket'
  | 'private'
  | 'mesg'
  | 'apply';

/** What a freed word holds. As a pointer it leads to number 0, which has no life; as a count it is below zero. */
export const POISON = 0xdeadc000 | 0;

const generations = {
  node: node_.generation,
  hook: hook_.generation,
  item: item_.generation,
  dataitem: item_.generation,
  ifnet: ifnet_.generation,
  ngpcb: ngpcb_.generation,
  ngsock: ngsock_.generation,
  ngshash: ngshash_.generation,
  socket: socket_.generation,
  private: bases.private,
  mesg: mesg_.generation,
  apply: apply_.generation,
} as const satisfies Record<PoolKind, number>;

const heads = {
  node: globals.free_node,
  hook: globals.free_hook,
  item: globals.free_item,
  dataitem: globals.free_dataitem,
  ifnet: globals.free_ifnet,
  ngpcb: globals.free_ngpcb,
  ngsock: globals.free_ngsock,
  ngshash: globals.free_ngshash,
  socket: globals.free_socket,
  private: globals.free_private,
  mesg: globals.free_mesg,
  apply: globals.free_apply,
} as const satisfies Record<PoolKind, number>;

/** How many words a record has behind generation and free_next that are cleared and poisoned. */
const words = {
  node: 21,
  hook: 11,
  item: 23,
  dataitem: 23,
  ifnet: 6,
  ngpcb: 2,
  ngsock: 10,
  ngshash: 1,
  socket: 8,
  private: 16,
  mesg: 30,
  apply: 5,
} as const satisfies Record<PoolKind, number>;

/** The record's count of lives. Its address is the address of the record. */
export const generationAt = (kind: PoolKind, p: Pointer): number => at(p, generations[kind]);

/**
 * A new record, all fields 0, or 0 when the pool is empty.
 * Cost: 4 accesses and one for each field; a repetition for each push or pop by others in between.
 */
export function alloc({ arena }: Td, kind: PoolKind): Pointer {
  for (;;) {
    const head = Atomics.load(arena, heads[kind]);
    const slot = head & SLOT;
    if (slot === 0) return 0;
    const record = at(slot, generations[kind]);
    const next = Atomics.load(arena, record + 1);
    if (Atomics.compareExchange(arena, heads[kind], head, raised(head) | slotOf(next)) !== head) continue;
    for (let i = 0; i < words[kind]; i++) Atomics.store(arena, record + 2 + i, 0);
    return pointerTo(slot, Atomics.add(arena, record, 1) + 1);
  }
}

/**
 * Gives a record back. Its words are poisoned.
 * @throws {Fault} when the pointer is not of the life that the record has: it was freed already.
 */
export function free({ arena }: Td, kind: PoolKind, p: Pointer): void {
  const record = at(p, generations[kind]);
  const generation = generationOf(p);
  if (!isOfLife(p, Atomics.load(arena, record)) || generation % 2 === 0)
    throw new Fault(`double free of ${kind} ${slotOf(p)}`);
  for (let i = 0; i < words[kind]; i++) Atomics.store(arena, record + 2 + i, POISON);
  Atomics.add(arena, record, 1);
  for (;;) {
    const head = Atomics.load(arena, heads[kind]);
    Atomics.store(arena, record + 1, head & SLOT);
    if (Atomics.compareExchange(arena, heads[kind], head, raised(head) | slotOf(p)) === head) return;
  }
}

const raised = (head: number): number => ((head & ~SLOT) + SLOT + 1) | 0;
const generationOf = (p: Pointer): number => p >>> 13;

/**
 * A pointer that has just been loaded, looked at once before it is followed: what it leads to is of the life that it was made for.
 * @throws {Fault} when it is not.
 * Cost: one access.
 */
export function live({ arena }: Td, kind: PoolKind, p: Pointer): Pointer {
  if (!isOfLife(p, Atomics.load(arena, at(p, generations[kind]))))
    throw new Fault(`use of ${kind} ${slotOf(p)} after it was freed`);
  return p;
}

/** Whether the record lives in the life that the pointer is of. */
export const isLive = ({ arena }: Td, kind: PoolKind, p: Pointer): boolean =>
  p !== 0 &&
  slotOf(p) < counts[kind === 'dataitem' ? 'item' : kind] &&
  generationOf(p) % 2 === 1 &&
  isOfLife(p, Atomics.load(arena, at(p, generations[kind])));

/** Makes the pool of a kind of the records from `first` up to `end`. Nobody else may know the arena yet. */
export function fill(arena: Int32Array, kind: PoolKind, first: number, end: number): void {
  for (let slot = first; slot < end; slot++)
    Atomics.store(arena, at(slot, generations[kind]) + 1, slot + 1 < end ? slot + 1 : 0);
  Atomics.store(arena, heads[kind], first);
}

/** The numbers of the records in a pool. Only where nobody allocates or frees. */
export function pooled({ arena }: Td, kind: PoolKind): ReadonlySet<number> {
  const found = new Set<number>();
  let slot = Atomics.load(arena, heads[kind]) & SLOT;
  while (slot !== 0) {
    if (found.has(slot)) throw new Fault(`the pool of ${kind} goes round in a circle at ${slot}`);
    found.add(slot);
    slot = Atomics.load(arena, at(slot, generations[kind]) + 1);
  }
  return found;
}
