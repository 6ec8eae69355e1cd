import type { RecordType } from '../../machine/operation.ts';
import { isByThread } from '../../machine/record.ts';
import { copyAll, mixed, SEED, type Copy } from './copies.ts';
import type { Bits, Layout } from '../model/layout.ts';
import type { Model } from '../model/model.ts';
import { inverse, ordersOf, renamed, type Renaming } from '../model/peers.ts';
import type { RecordForm } from './recordForm.ts';
import type { Symmetry } from './symmetry.ts';

/** An order of the CPUs, ready to be made. `was`: by CPU, which of the state it is. */
type Order = { readonly by: Renaming; readonly was: Renaming; readonly copies: readonly Copy[] };

/**
 * Puts peers into the order of where they are, and then numbers the records, which are come upon from the CPUs first. Where
 * they are is told alike for local states that differ by a renumbering of records only. Peers that are at the same place can
 * stand in several orders: each is tried, records and all, and the state that comes first among those that this makes is the
 * form.
 *
 * Cost: that of the records, for each order that is tried; at most the product of the factorials of the groups.
 */
export class CpuForm implements Symmetry {
  readonly peers: readonly (readonly number[])[];
  readonly records: RecordForm | null;
  readonly #orders: readonly Order[];
  readonly #layout: Layout;
  readonly #classes: (local: number) => readonly number[];
  /** By local state: where a CPU is, whatever the records are called. */
  readonly #places: (number | undefined)[] = [];
  readonly #hashes: (number | undefined)[] = [];
  /** By CPU, of the state that is brought into its form. */
  readonly #keys: Int32Array;
  /** By word: the bits that are not of a local state, whose number depends on when it was met. */
  readonly #memory: Int32Array;
  readonly #before: Int32Array;
  readonly #other: Int32Array;
  /** By CPU, which of the state that was brought into its form last it is. */
  was: Renaming;

  constructor(model: Model, peers: readonly (readonly number[])[], records: RecordForm | null) {
    const { layout, locals, world } = model;
    this.peers = peers;
    this.records = records;
    this.#layout = layout;
    this.#classes = (local) => locals.classes(local);
    this.#orders = ordersOf(peers, world.cpus.length + 1).map((by) => ({
      by,
      was: inverse(by),
      copies: copiesFor(layout, peers.flat(), by),
    }));
    this.#keys = new Int32Array(layout.locals.length);
    this.#memory = new Int32Array(layout.words).fill(-1);
    for (const { word, shift, mask } of layout.locals) this.#memory[word]! &= ~(mask << shift);
    this.#before = new Int32Array(layout.words);
    this.#other = new Int32Array(layout.words);
    this.was = this.#orders[0]!.was;
  }

  get types(): readonly RecordType[] {
    return this.records?.types ?? [];
  }

  get renamings(): readonly Renaming[] {
    return this.#orders.slice(1).map(({ by }) => by);
  }

  /** What states are looked at by, for the compiled loop. */
  get parts(): { readonly orders: readonly Order[]; readonly memory: Int32Array } {
    return { orders: this.#orders, memory: this.#memory };
  }

  /** Where a CPU in this local state is, whatever the records are called; and a hash of its classes. */
  whereabouts(local: number): { readonly place: number; readonly hash: number } {
    return { place: this.#placeOf(local), hash: this.#hash(local) };
  }

  /**
   * Of what names a CPU a property reads locks and numbers of each thread, which stay where they are, and sections, which do not;
   * but no step that opens or closes one is ever taken alone (search/footprint.ts), since the callback runner looks at all of them.
   */
  orbit(bits: Int32Array): Int32Array {
    return this.records?.orbit(bits) ?? bits;
  }

  normalize(state: Int32Array): void {
    for (const group of this.peers) for (const cpu of group) this.#keys[cpu] = this.#key(state, cpu);
    const [before, other] = [this.#before, this.#other];
    before.set(state);
    let made: Order | null = null;
    for (const order of this.#orders) {
      if (!this.#isSorted(order.was)) continue;
      if (made === null) {
        this.#make(order, before, state);
        made = order;
        continue;
      }
      this.#make(order, before, other);
      if (!this.#isBefore(other, state)) continue;
      state.set(other);
      made = order;
    }
    this.was = made!.was;
  }

  #make({ copies }: Order, before: Int32Array, state: Int32Array): void {
    state.set(before);
    copyAll(copies, before, state);
    this.records?.normalize(state);
  }

  #isSorted(was: Renaming): boolean {
    for (const group of this.peers)
      for (let i = 1; i < group.length; i++)
        if (this.#keys[was[group[i - 1]!]!]! > this.#keys[was[group[i]!]!]!) return false;
    return true;
  }

  #key(state: Int32Array, cpu: number): number {
    const place = this.#placeOf(localIn(state, this.#layout, cpu));
    const { word, shift, mask } = this.#layout.sections[cpu]!;
    return mixed(place, (state[word]! >>> shift) & mask);
  }

  #placeOf(local: number): number {
    return (this.#places[local] ??= this.records?.placeOf(local) ?? this.#hash(local));
  }

  /** Made of the numbers of classes, which are the same in every thread and every search, and not of that of the local state, which is not. */
  #hash(local: number): number {
    return (this.#hashes[local] ??= this.#classes(local).reduce(mixed, SEED));
  }

  #isBefore(one: Int32Array, other: Int32Array): boolean {
    for (let word = 0; word < one.length; word++) {
      const [a, b] = [one[word]! & this.#memory[word]!, other[word]! & this.#memory[word]!];
      if (a !== b) return a < b;
    }
    for (let cpu = 0; cpu < this.#keys.length; cpu++) {
      const [a, b] = [localIn(one, this.#layout, cpu), localIn(other, this.#layout, cpu)];
      if (a !== b) return this.#hash(a) < this.#hash(b);
    }
    return false;
  }
}

const localIn = (state: Int32Array, { locals }: Layout, cpu: number): number => {
  const { word, shift, mask } = locals[cpu]!;
  return (state[word]! >>> shift) & mask;
};

/** All in a state that names a CPU. */
const copiesFor = (layout: Layout, cpus: readonly number[], by: Renaming): readonly Copy[] => {
  const copies: Copy[] = [];
  for (const cpu of cpus)
    for (const bits of [layout.locals, layout.sections])
      copies.push({ from: bits[cpu]!, to: bits[by[cpu]!]!, numbers: null });
  const inPlace = (bits: Bits | null, now: (number: number) => number): void => {
    if (bits === null || bits.mask === 0) return;
    copies.push({
      from: bits,
      to: bits,
      numbers: Int32Array.from({ length: bits.mask + 1 }, (_, number) => now(number)),
    });
  };
  for (const { owner, grace, cells } of layout.records) {
    inPlace(owner, (number) => (number === 0 ? 0 : 1 + (by[number - 1] ?? 0)));
    inPlace(grace, (waits) => by.reduce((all, now, cpu) => ((waits & (1 << cpu)) === 0 ? all : all | (1 << now)), 0));
    for (const { cell, bits } of cells)
      if (isByThread(cell.field))
        inPlace(bits, (number) =>
          number < cell.values.length ? cell.index.get(renamed(cell.field, cell.values[number], by))! : number,
        );
  }
  return copies.filter(
    ({ from, to, numbers }) => from.mask !== 0 && (from !== to || numbers?.some((now, i) => now !== i)),
  );
};
