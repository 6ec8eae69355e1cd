import type { RecordType } from '../../machine/operation.ts';
import type { Automata, CellValues } from '../automata/automaton.ts';
import { logOf } from '../automata/frame.ts';
import { copyAll, mixed, SEED, type Copy } from './copies.ts';
import { FREED, UNUSED, type Bits, type Layout } from '../model/layout.ts';
import type { LocalStates } from '../model/local.ts';
import type { Model } from '../model/model.ts';
import { exchange, identityOf, type Places, type Renumbering } from './places.ts';
import type { Quotient } from '../automata/quotient.ts';
import type { Stepper } from '../model/stepper.ts';
import type { Symmetry } from './symmetry.ts';

/** One renumbering, ready to be done. */
export type Ready = { readonly copies: readonly Copy[]; readonly classes: Int32Array; readonly locals: number[] };

/** A field that holds references: by its number, the place that it refers to, or -1. */
export type Pointer = { readonly bits: Bits; readonly places: Int8Array };

/** Numbers interchangeable records in the order in which they are come upon (symmetry.ts says why that may be done). */
export class RecordForm implements Symmetry {
  readonly peers = [];
  readonly renamings = [];
  readonly was = null;
  readonly #places: Places;
  readonly #maps: ReadonlyMap<number, Int32Array>;
  readonly #automata: Automata;
  readonly #classes: Quotient;
  readonly #layout: Layout;
  readonly #locals: LocalStates;
  readonly #stepper: Stepper;
  /** References in memory that has a name, in the order in which they are looked at. */
  readonly #named: readonly Pointer[];
  /** References in each place. */
  readonly #within: readonly (readonly Pointer[])[];
  readonly #lives: readonly Bits[];
  readonly #mentions: (Int8Array | undefined)[] = [];
  readonly #mentionsOf = new Map<number, readonly number[]>();
  /** By class: the first of those that renumberings can take to it. */
  readonly #firstOf: (number | undefined)[] = [];
  readonly #known = new Map<number, Ready>();
  readonly #before: Int32Array;
  readonly #order: Int8Array;
  readonly #seen: Uint8Array;
  readonly #met: Int32Array;
  /** The places that were met, in that order, and how many. */
  readonly #queue: Int8Array;
  #queued = 0;
  readonly #groupOf: Int8Array;

  constructor(places: Places, maps: ReadonlyMap<number, Int32Array>, model: Model) {
    const { layout } = model;
    this.#places = places;
    this.#maps = maps;
    this.#automata = model.automata;
    this.#classes = model.quotient;
    this.#layout = layout;
    this.#locals = model.locals;
    this.#stepper = model.stepper;
    const pointersOf = (cells: readonly { readonly cell: CellValues; readonly bits: Bits }[]): readonly Pointer[] =>
      cells
        .map(({ cell, bits }) => ({ bits, places: Int8Array.from(cell.values, (value) => places.of(value)) }))
        .filter((pointer) => pointer.places.some((place) => place >= 0));
    this.#named = layout.records
      .filter(({ record }) => places.of(record) < 0)
      .flatMap(({ cells }) => pointersOf(cells));
    const records = identityOf(places.count).map((place) => layout.recordBits(places.at(place)));
    this.#within = records.map(({ cells }) => pointersOf(cells));
    this.#lives = records.map(({ life }) => life!);
    this.#before = new Int32Array(layout.words);
    this.#order = new Int8Array(places.count);
    this.#seen = new Uint8Array(places.count);
    this.#met = new Int32Array(places.groups.length);
    this.#queue = new Int8Array(places.count);
    this.#groupOf = Int8Array.from(places.groups.flatMap(({ slots }, group) => slots.map(() => group)));
  }

  get types(): readonly RecordType[] {
    return this.#places.groups.map(({ type }) => type);
  }

  /** What states are looked at by, for the compiled loop. */
  get parts(): {
    readonly groups: Places['groups'];
    readonly named: readonly Pointer[];
    readonly within: readonly (readonly Pointer[])[];
    readonly lives: readonly Bits[];
  } {
    return { groups: this.#places.groups, named: this.#named, within: this.#within, lives: this.#lives };
  }

  orbit(bits: Int32Array): Int32Array {
    const all = bits.slice();
    for (const { slots, first } of this.#places.groups) {
      const records = slots.map((_, i) => this.#layout.recordBits(this.#places.at(first + i)));
      const parts = new Map<string, Bits[]>();
      for (const { life, cells } of records)
        for (const [name, part] of [
          ['', life!],
          ...cells.map(({ cell, bits: of }) => [cell.field.name, of] as const),
        ] as const)
          parts.set(name, [...(parts.get(name) ?? []), part]);
      for (const alike of parts.values())
        if (alike.some(({ word, shift, mask }) => (bits[word]! & (mask << shift)) !== 0))
          for (const { word, shift, mask } of alike) all[word]! |= mask << shift;
    }
    return all;
  }

  normalize(state: Int32Array): void {
    if (this.#inOrder(state)) return;
    let key = 0;
    for (let i = this.#order.length - 1; i >= 0; i--) key = key * 16 + this.#order[i]!;
    let done = this.#known.get(key);
    if (done === undefined) this.#known.set(key, (done = this.ready([...this.#order])));
    const before = this.#before;
    for (let i = 0; i < before.length; i++) before[i] = state[i]!;
    copyAll(done.copies, before, state);
    for (const { word, shift, mask } of this.#layout.locals) {
      const local = (before[word]! >>> shift) & mask;
      const after = this.renumbered(local, done);
      if (after !== local) state[word] = (state[word]! & ~(mask << shift)) | (after << shift);
    }
  }

  /** A number that is the same for all local states that renumberings can take to this one. */
  placeOf(local: number): number {
    return this.#locals
      .classes(local)
      .reduce((hash, c) => mixed(hash, (this.#firstOf[c] ??= Math.min(...this.#orbit(c)))), SEED);
  }

  /** What a local state becomes. */
  renumbered(local: number, { locals, classes }: Ready): number {
    const known = locals[local];
    if (known !== undefined) return known;
    const after = this.#locals.renumbered(local, classes);
    this.#stepper.admit(after);
    return (locals[local] = after);
  }

  /** Finds the place that each place is to have, as `order`; true when that is its own everywhere. Allocates nothing. */
  #inOrder(state: Int32Array): boolean {
    const [order, seen] = [this.#order, this.#seen];
    seen.fill(0);
    this.#met.fill(0);
    this.#queued = 0;
    for (const { word, shift, mask } of this.#layout.locals) {
      const mentioned = this.mentioned((state[word]! >>> shift) & mask);
      for (let i = 0; i < mentioned.length; i++) this.#meet(mentioned[i]!);
    }
    this.#follow(this.#named, state);
    for (let i = 0; i < this.#queued; i++) this.#follow(this.#within[this.#queue[i]!]!, state);
    // What nobody refers to: first what is in use, then what has been freed, then what never was.
    for (let rank = 0; rank < 3 && this.#queued < order.length; rank++)
      for (let place = 0; place < order.length; place++)
        if (seen[place] === 0 && rankOf(state, this.#lives[place]!) === rank) this.#meet(place);
    for (let place = 0; place < order.length; place++) if (order[place] !== place) return false;
    return true;
  }

  #follow(pointers: readonly Pointer[], state: Int32Array): void {
    for (let i = 0; i < pointers.length; i++) {
      const { bits, places } = pointers[i]!;
      const place = places[(state[bits.word]! >>> bits.shift) & bits.mask]!;
      if (place >= 0) this.#meet(place);
    }
  }

  #meet(place: number): void {
    if (this.#seen[place] === 1) return;
    this.#seen[place] = 1;
    this.#order[place] = this.#next(place);
    this.#queue[this.#queued++] = place;
  }

  #next(place: number): number {
    const group = this.#groupOf[place]!;
    return this.#places.groups[group]!.first + this.#met[group]!++;
  }

  /** The places that a local state refers to, each once. */
  mentioned(local: number): Int8Array {
    const known = this.#mentions[local];
    if (known !== undefined) return known;
    const found = new Set(this.#locals.classes(local).flatMap((c) => [...this.#mentionedBy(c)]));
    return (this.#mentions[local] = Int8Array.from(found));
  }

  /**
   * The places that a class refers to. Classes that renumberings take to one another have the order of the first of them, renumbered,
   * whatever their own frames have received and when: else they would meet the same places in different orders, and states that
   * could have had one form would have two.
   */
  #mentionedBy(c: number): readonly number[] {
    const known = this.#mentionsOf.get(c);
    if (known !== undefined) return known;
    const first = Math.min(...this.#orbit(c));
    this.#mentionsOf.set(first, this.#receivedBy(first));
    for (const from of this.#orbit(first))
      for (const [place, map] of this.#maps) {
        const to = map[from]!;
        if (to < 0 || this.#mentionsOf.has(to)) continue;
        const by = exchange(this.#places.count, place, place + 1);
        const renumbered = this.#mentionsOf.get(from)!.map((each) => by[each]!);
        this.#mentionsOf.set(to, renumbered);
      }
    return this.#mentionsOf.get(c)!;
  }

  /** A class and those that exchanges of neighbours take it to, nearest first. */
  #orbit(c: number): readonly number[] {
    const reached = new Set([c]);
    for (const from of reached) for (const map of this.#maps.values()) if (map[from]! >= 0) reached.add(map[from]!);
    return [...reached];
  }

  /** In the order in which the frame that stands for the class has received them. */
  #receivedBy(c: number): readonly number[] {
    const frame = this.#classes.representative[c]!;
    const values = [...frame.instance.args, ...logOf(frame).map(({ value }) => value)];
    const received = values.map((value) => this.#places.of(value));
    return [...new Set(received.filter((place) => place >= 0 && this.#matters(c, place)))];
  }

  /** Whether the class is another one when the place changes with a neighbour. */
  #matters(c: number, place: number): boolean {
    return [place - 1, place].some((first) => (this.#maps.get(first)?.[c] ?? c) !== c);
  }

  /** A renumbering is made up of exchanges of neighbours, as in sorting by exchange. */
  ready(by: Renumbering): Ready {
    const now = [...by];
    let classes = Int32Array.from(this.#classes.representative, (_, c) => c);
    for (let end = now.length - 1; end > 0; end--)
      for (let i = 0; i < end; i++)
        if (now[i]! > now[i + 1]!) {
          const map = this.#maps.get(i)!;
          [now[i], now[i + 1]] = [now[i + 1]!, now[i]!];
          classes = classes.map((c) => (c < 0 ? -1 : map[c]!));
        }
    return { copies: this.#copies(by), classes, locals: [] };
  }

  #copies(by: Renumbering): readonly Copy[] {
    const copies: Copy[] = [];
    for (const from of this.#layout.records) {
      const to = this.#layout.recordBits(this.#places.renumber(from.record, by));
      if (to !== from)
        for (const part of ['life', 'owner'] as const)
          if (from[part] !== null) copies.push({ from: from[part], to: to[part]!, numbers: null });
      for (const { cell, bits } of from.cells) {
        const other = this.#automata.findCell(to.record, cell.field.name)!;
        const numbers = Int32Array.from(cell.values, (value) => other.index.get(this.#places.renumber(value, by))!);
        if (to !== from || numbers.some((number, i) => number !== i))
          copies.push({ from: bits, to: this.#layout.cellBits(other), numbers });
      }
    }
    return copies.filter(({ from: { mask } }) => mask !== 0);
  }
}

const rankOf = (state: Int32Array, { word, shift, mask }: Bits): number => {
  const life = (state[word]! >>> shift) & mask;
  return life === UNUSED ? 2 : life === FREED ? 1 : 0;
};
