import { isRecord, slot, type Shared } from '../machine/record.ts';
import type { Operation, RecordType, Value } from '../machine/operation.ts';
import type { World } from '../machine/world.ts';
import type { Automata, CellValues, Frame } from './automaton.ts';
import { UNUSED, FREED, type Bits, type Layout } from './layout.ts';
import type { LocalStates } from './local.ts';
import type { Model } from './model.ts';
import type { Quotient } from './quotient.ts';
import type { Stepper } from './stepper.ts';

/**
 * Records that differ only in the order in which they were allocated are interchangeable: a state in which they have changed
 * places is as good as the state itself. So each state is brought into a form in which they are numbered in the order in which
 * they are come upon, first from the CPUs, then from the memory that has a name; states that were one but for that become one.
 *
 * What may be renumbered are the slots of a type that nothing names at the beginning and that no callback is called for: items and packets.
 *
 * Why that is sound. A renumbering p acts on values (a reference to slot i becomes one to slot p(i)), on the memory (what slot i
 * held is in slot p(i), each value renumbered) and on local states. It is an automorphism of the model if whatever a CPU can do before
 * it can do the same after it, renumbered. That is not assumed but looked up, for each exchange of two neighbours, which make up all others: a map from
 * classes to classes is built from the programs on, along calls and along each answer, and at every operation the two are
 * compared: the same operation on the renumbered record, with the renumbered result for every renumbered value of the cell. A type for which
 * this fails anywhere keeps its numbers. `alloc` takes the lowest slot that is free; after p it takes another one, and
 * the states that follow differ by a further renumbering, for slots that were never used are all alike. Properties and claims
 * ask for records of a type, never for a number, so they say the same of both.
 * Hence a state is reachable only if its form is, and fails only if its form does. A path of forms is a path of the model, but for
 * the numbers: the same CPUs take the same alternatives (who is picked among several callbacks does not depend on numbers here,
 * since no callback is called for what is renumbered).
 *
 * The form need not be unique for that, only reached by a renumbering; where it is not, less is saved.
 * For invariants, ends and deadlocks. Not for what is claimed of infinite runs: a circle of forms need not be a circle of states.
 */
export type Symmetry = {
  /** Brings a state into its form, in place. Cost: O(references in it); copies the state only if a number changes. */
  readonly normalize: (state: Int32Array) => void;
  /** The types that are renumbered. */
  readonly types: readonly RecordType[];
};

type Group = { readonly type: RecordType; readonly slots: readonly number[]; readonly first: number };

/** A renumbering of all places; a place is a slot of a group, the groups one after the other. */
type Renumbering = readonly number[];

/** More places than this and a renumbering has no number of its own in a double. */
const MOST_PLACES = 13;

/** Null when there is nothing to renumber. */
export const symmetryOf = (model: Model): Symmetry | null => {
  const { world, automata, quotient: classes } = model;
  let groups = candidates(world, automata);
  for (;;) {
    if (groups.length === 0) return null;
    const places = new Places(groups);
    const maps = neighbourMaps(world, automata, classes, places);
    if (maps.broken === null) return new Form(places, maps.maps, model);
    groups = numbered(groups.filter(({ type }) => type !== maps.broken));
  }
};

/** The types of which two slots or more are handed out by `alloc` only, and none is ever given to NET_EPOCH_CALL. */
const candidates = (world: World, automata: Automata): readonly Group[] => {
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

const numbered = (groups: readonly { type: RecordType; slots: readonly number[] }[]): readonly Group[] => {
  let first = 0;
  return groups.map(({ type, slots }) => {
    const group = { type, slots, first };
    first += slots.length;
    return group;
  });
};

/** The places, and what a renumbering of them does to records and values. */
class Places {
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

/** For each exchange of two neighbours of a group, by the first of them, where it takes each class; or the type where there is none. */
const neighbourMaps = (
  world: World,
  automata: Automata,
  classes: Quotient,
  places: Places,
): { readonly maps: ReadonlyMap<number, Int32Array>; readonly broken: RecordType | null } => {
  const maps = new Map<number, Int32Array>();
  for (const { type, slots, first } of places.groups)
    for (let i = first; i + 1 < first + slots.length; i++) {
      const map = classMap(world, automata, classes, places, exchange(places.count, i, i + 1));
      if (map === null) return { maps, broken: type };
      maps.set(i, map);
    }
  return { maps, broken: null };
};

/** Where a renumbering takes each class that a program can come to; null when it is no automorphism. Cost: O(classes × values). */
const classMap = (
  world: World,
  automata: Automata,
  { classOf, representative }: Quotient,
  places: Places,
  by: Renumbering,
): Int32Array | null => {
  if (!cellsAgree(world, automata, places, by)) return null;
  const map = new Int32Array(representative.length).fill(-1);
  const open: number[] = [];
  /** False when the one has another counterpart already. */
  const pair = (one: Frame, other: Frame): boolean => {
    const [c, d] = [classOf[one.id]!, classOf[other.id]!];
    if (map[c] !== -1) return map[c] === d;
    map[c] = d;
    open.push(c);
    return true;
  };
  const callbacks = [...automata.callbacks].flatMap(([record, procedures]) =>
    procedures.map((procedure) => automata.callback(procedure, record)),
  );
  if (![...automata.entries, ...callbacks].every((entry) => pair(entry, entry))) return null;
  while (open.length > 0) {
    const c = open.pop()!;
    const [one, other] = [representative[c]!, representative[map[c]!]!];
    if (!isAlike(world, automata, places, by, one, other)) return null;
    if (one.target !== null && !pair(one.target.entry, other.target!.entry)) return null;
    for (const [value, next] of one.successors) {
      const counterpart = other.successors.get(places.renumber(value, by));
      if (counterpart === undefined || !pair(next, counterpart)) return null;
    }
  }
  return map;
};

/** Whether every cell begins with, and can hold, what its counterpart does, renumbered. */
const cellsAgree = (world: World, automata: Automata, places: Places, by: Renumbering): boolean =>
  automata.cells.every((cell) => {
    const other = automata.findCell(places.renumber(cell.record, by), cell.field.name);
    return (
      other !== undefined &&
      world.initial(other.record, other.field) === places.renumber(world.initial(cell.record, cell.field), by) &&
      other.values.length === cell.values.length &&
      cell.values.every((value) => other.index.has(places.renumber(value, by)))
    );
  });

/** Whether two frames are about to do the same, but for the numbers. */
const isAlike = (
  world: World,
  automata: Automata,
  places: Places,
  by: Renumbering,
  { pending: a, target, successors }: Frame,
  { pending: b, target: counterpart, successors: others }: Frame,
): boolean => {
  if (a.kind !== b.kind || (target === null) !== (counterpart === null) || successors.size !== others.size)
    return false;
  if (a.kind === 'return' && b.kind === 'return') return places.renumber(a.value, by) === b.value;
  if (a.kind !== 'operation' || b.kind !== 'operation') return true;
  const samePlace = a.place.file === b.place.file && a.place.line === b.place.line && a.place.column === b.place.column;
  return samePlace && a.idle === b.idle && doesTheSame(world, automata, places, by, a.operation, b.operation);
};

const doesTheSame = (
  world: World,
  automata: Automata,
  places: Places,
  by: Renumbering,
  a: Operation,
  b: Operation,
): boolean => {
  if (a.kind !== b.kind || a.fused !== b.fused) return false;
  if (a.kind === 'alloc') return a.type === (b as typeof a).type;
  if (a.kind === 'choose') return a.count === (b as typeof a).count;
  if (a.kind === 'fail') return a.failure.property === (b as typeof a).failure.property;
  if (a.kind === 'cell') return hasSameEffect(world, automata, places, by, a, b as typeof a);
  if (a.kind === 'NET_EPOCH_CALL' && a.callback !== (b as typeof a).callback) return false;
  return !('record' in a) || places.renumber(a.record, by) === (b as typeof a).record;
};

type Access = Extract<Operation, { kind: 'cell' }>;

/** Looked up for every value that the cell can hold, and every CPU; but where no value is renumbered, it is the same operation. */
const hasSameEffect = (
  world: World,
  automata: Automata,
  places: Places,
  by: Renumbering,
  a: Access,
  b: Access,
): boolean => {
  if (a.cell.field !== b.cell.field || places.renumber(a.cell.record, by) !== b.cell.record) return false;
  const { values } = automata.cellOf(a.cell);
  const isApart = (value: Value): boolean => places.of(value) < 0;
  if (a.cell.record === b.cell.record && values.every(isApart) && a.operands.every(isApart))
    return a.name === b.name && a.operands.every((operand, i) => operand === b.operands[i]);
  return values.every((old) =>
    [...world.cpus.keys(), world.cpus.length].every((cpu) => {
      const [one, other] = [a.effect(old, cpu), b.effect(places.renumber(old, by), cpu)];
      if (one.kind === 'done' && other.kind === 'done')
        return places.renumber(one.now, by) === other.now && places.renumber(one.result, by) === other.result;
      if (one.kind === 'failed' && other.kind === 'failed') return one.failure.property === other.failure.property;
      return one.kind === other.kind;
    }),
  );
};

const identityOf = (count: number): Renumbering => Array.from({ length: count }, (_, i) => i);
const exchange = (count: number, a: number, b: number): Renumbering =>
  identityOf(count).map((i) => (i === a ? b : i === b ? a : i));

/** Where to copy a field of the state to, and as which number: by the number that it has. */
type Copy = { readonly from: Bits; readonly to: Bits; readonly numbers: Int32Array | null };

/** One renumbering, ready to be done. */
type Done = { readonly copies: readonly Copy[]; readonly classes: Int32Array; readonly locals: number[] };

/** A field that holds references: by its number, the place that it refers to, or -1. */
type Pointer = { readonly bits: Bits; readonly places: Int8Array };

class Form implements Symmetry {
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
  readonly #known = new Map<number, Done>();
  readonly #before: Int32Array;
  readonly #order: Int8Array;
  readonly #seen: Uint8Array;
  readonly #met: Int32Array;

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
  }

  get types(): readonly RecordType[] {
    return this.#places.groups.map(({ type }) => type);
  }

  normalize(state: Int32Array): void {
    if (this.#inOrder(state)) return;
    let key = 0;
    for (let i = this.#order.length - 1; i >= 0; i--) key = key * 16 + this.#order[i]!;
    let done = this.#known.get(key);
    if (done === undefined) this.#known.set(key, (done = this.#prepare([...this.#order])));
    const before = this.#before;
    for (let i = 0; i < before.length; i++) before[i] = state[i]!;
    for (const { from, to, numbers } of done.copies) {
      const number = (before[from.word]! >>> from.shift) & from.mask;
      const now = numbers === null ? number : numbers[number]!;
      state[to.word] = (state[to.word]! & ~(to.mask << to.shift)) | (now << to.shift);
    }
    for (const { word, shift, mask } of this.#layout.locals) {
      const local = (before[word]! >>> shift) & mask;
      const after = (done.locals[local] ??= this.#renumbered(local, done.classes));
      if (after !== local) state[word] = (state[word]! & ~(mask << shift)) | (after << shift);
    }
  }

  #renumbered(local: number, table: Int32Array): number {
    const after = this.#locals.renumbered(local, table);
    this.#stepper.admit(after);
    return after;
  }

  /** Finds the place that each place is to have, as `order`; true when that is its own everywhere. */
  #inOrder(state: Int32Array): boolean {
    const [order, seen, met] = [this.#order, this.#seen, this.#met];
    seen.fill(0);
    met.fill(0);
    const queue: number[] = [];
    const meet = (place: number): void => {
      if (seen[place] === 1) return;
      seen[place] = 1;
      order[place] = this.#next(place);
      queue.push(place);
    };
    for (const { word, shift, mask } of this.#layout.locals)
      for (const place of this.#mentioned((state[word]! >>> shift) & mask)) meet(place);
    const look = ({ bits: { word, shift, mask }, places }: Pointer): void => {
      const place = places[(state[word]! >>> shift) & mask]!;
      if (place >= 0) meet(place);
    };
    for (const pointer of this.#named) look(pointer);
    for (let i = 0; i < queue.length; i++) for (const pointer of this.#within[queue[i]!]!) look(pointer);
    // What nobody refers to: first what is in use, then what has been freed, then what never was.
    for (let rank = 0; rank < 3; rank++)
      for (let place = 0; place < order.length; place++)
        if (seen[place] === 0 && rankOf(state, this.#lives[place]!) === rank) {
          seen[place] = 1;
          order[place] = this.#next(place);
        }
    for (let place = 0; place < order.length; place++) if (order[place] !== place) return false;
    return true;
  }

  #next(place: number): number {
    const { groups } = this.#places;
    let group = 0;
    while (place >= groups[group]!.first + groups[group]!.slots.length) group++;
    return groups[group]!.first + this.#met[group]!++;
  }

  /** The places that a local state refers to, each once. */
  #mentioned(local: number): Int8Array {
    const known = this.#mentions[local];
    if (known !== undefined) return known;
    const found = new Set<number>();
    for (const c of this.#locals.classes(local)) {
      const { instance, log } = this.#classes.representative[c]!;
      for (const value of [...instance.args, ...log.map(({ value: received }) => received)]) {
        const place = this.#places.of(value);
        if (place >= 0 && this.#matters(c, place)) found.add(place);
      }
    }
    return (this.#mentions[local] = Int8Array.from(found));
  }

  /** Whether the class is another one when the place changes with a neighbour. */
  #matters(c: number, place: number): boolean {
    return [place - 1, place].some((first) => (this.#maps.get(first)?.[c] ?? c) !== c);
  }

  /** A renumbering is made up of exchanges of neighbours, as in sorting by exchange. */
  #prepare(by: Renumbering): Done {
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
