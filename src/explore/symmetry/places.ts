import { isRecord, slot, type Shared } from '../../machine/record.ts';
import type { RecordType, Value } from '../../machine/operation.ts';
import type { World } from '../../machine/world.ts';
import type { Automata } from '../automata/automaton.ts';

/** The slots that may be renumbered (symmetry.ts), and what a renumbering does to references to them. */

export type Group = { readonly type: RecordType; readonly slots: readonly number[]; readonly first: number };

/** A renumbering of all places; a place is a slot of a group, the groups one after the other. */
export type Renumbering = readonly number[];

export const identityOf = (count: number): Renumbering => Array.from({ length: count }, (_, i) => i);
export const exchange = (count: number, a: number, b: number): Renumbering =>
  identityOf(count).map((i) => (i === a ? b : i === b ? a : i));

/** More places than this and a renumbering has no number of its own in a double. */
const MOST_PLACES = 13;

/** The types of which two slots or more are handed out by `alloc` only, and none is ever given to NET_EPOCH_CALL. */
export const candidates = (world: World, automata: Automata): readonly Group[] => {
  if (world.generations > 1) return [];
  const found: { type: RecordType; slots: readonly number[] }[] = [];
  for (const type of world.types()) {
    const all = Array.from({ length: world.slots(type) }, (_, i) => slot(type, i));
    const free = all.filter((record) => !world.isLive(record) && automata.mortal.has(record));
    if (free.length > 1 && !free.some((record) => automata.callbacks.has(record)))
      found.push({ type, slots: free.map((record) => record.slot) });
  }
  const wanted = found.toSorted((a, b) => b.slots.length - a.slots.length);
  while (wanted.reduce((sum, { slots }) => sum + slots.length, 0) > MOST_PLACES) wanted.pop();
  return numbered(wanted);
};

export const numbered = (groups: readonly { type: RecordType; slots: readonly number[] }[]): readonly Group[] => {
  let first = 0;
  return groups.map(({ type, slots }) => {
    const group = { type, slots, first };
    first += slots.length;
    return group;
  });
};

/** The places, and what a renumbering of them does to records and values. */
export class Places {
  readonly groups: readonly Group[];
  readonly count: number;
  readonly #records: readonly Shared[];
  readonly #placeOf: ReadonlyMap<Value, number>;

  constructor(groups: readonly Group[]) {
    this.groups = groups;
    this.count = groups.reduce((sum, { slots }) => sum + slots.length, 0);
    this.#records = groups.flatMap(({ type, slots }) => slots.map((i) => slot(type, i)));
    this.#placeOf = new Map(this.#records.map((record, place) => [record, place]));
  }

  /** The place of a record, or -1. */
  of(value: Value): number {
    return isRecord(value) ? (this.#placeOf.get(value) ?? -1) : -1;
  }

  at(place: number): Shared {
    return this.#records[place]!;
  }

  renumber<V extends Value>(value: V, by: Renumbering): V {
    const place = this.of(value);
    return place < 0 ? value : (this.at(by[place]!) as V);
  }
}
