import { at, counts, FIRST_DATA_ITEM, pointerTo, td_, THREADS, type Pointer } from './layout.ts';
import { generationAt, isLive, type PoolKind } from './pool.ts';
import type { Td } from './td.ts';

/** What the threads have counted, and how many records are used. */

export type Statistics = {
  readonly live: Readonly<Record<PoolKind, number>>;
  readonly sent: number;
  readonly delivered: number;
  readonly dropped: number;
  readonly copied: number;
  readonly queued: number;
  /** Records that wait for the end of sections, and the most that one thread has had. */
  readonly deferred: number;
  readonly mostDeferred: number;
};

/** All pools. */
export const pools = [
  'node',
  'hook',
  'item',
  'dataitem',
  'ifnet',
  'ngpcb',
  'ngsock',
  'ngshash',
  'socket',
  'private',
  'mesg',
  'apply',
] as const satisfies readonly PoolKind[];
/** The numbers of the records of a pool, without those that are always there. */
export const range = (kind: PoolKind): readonly [number, number] => {
  if (kind === 'item') return [1, FIRST_DATA_ITEM];
  if (kind === 'dataitem') return [FIRST_DATA_ITEM, counts.item];
  return [kind === 'node' || kind === 'hook' ? 2 : 1, counts[kind]];
};

/** The records of a kind that are used. */
export function used(td: Td, kind: PoolKind): readonly Pointer[] {
  const [first, end] = range(kind);
  return Array.from({ length: end - first }, (_, i) => first + i)
    .map((slot) => pointerTo(slot, Atomics.load(td.arena, generationAt(kind, slot))))
    .filter((p) => isLive(td, kind, p));
}

const sum = ({ arena }: Td, counter: number): number =>
  Array.from({ length: THREADS }, (_, thread) => Atomics.load(arena, at(thread, counter))).reduce((a, b) => a + b);

/** Counters of all threads together, and what is used. Exact when nobody works on the arena. */
export function statistics(td: Td): Statistics {
  return {
    live: Object.fromEntries(pools.map((kind) => [kind, used(td, kind).length])) as Record<PoolKind, number>,
    sent: sum(td, td_.sent),
    delivered: sum(td, td_.delivered),
    dropped: sum(td, td_.dropped),
    copied: sum(td, td_.copied),
    queued: sum(td, td_.queued),
    deferred: sum(td, td_.er_deferred),
    mostDeferred: Math.max(
      ...Array.from({ length: THREADS }, (_, thread) => Atomics.load(td.arena, at(thread, td_.er_most))),
    ),
  };
}
