import type { Model } from '../model/model.ts';
import { RESTING } from '../model/local.ts';
import {
  ALLOC,
  CELL,
  EPOCH_CALL,
  EPOCH_ENTER,
  EPOCH_EXIT,
  FREE,
  HAND_OVER,
  TAKE_OVER,
  type Row,
} from '../model/program.ts';

/**
 * What an operation touches, and what a CPU may still touch from a local state on. The closed automata say it exactly: they
 * contain every way in which a program can go on.
 *
 * The things that can be touched are numbered: the cells, the lives of the records that can die, the pools that `alloc` takes
 * from, the owners of queued records. Epoch sections belong to whoever runs the operation and are kept as two marks.
 * Owned and guarded fields are not among them: while one CPU may touch such a field no other may, or it is a violation
 * whichever comes first.
 */
export type Footprint = {
  readonly reads: Uint32Array;
  readonly writes: Uint32Array;
  /** Opens or closes a section of the CPU that runs it. */
  sections: boolean;
  /** Looks at the sections of all CPUs (NET_EPOCH_CALL, and the start of a callback). */
  looks: boolean;
};

export class Footprints {
  readonly #model: Model;
  readonly #words: number;
  readonly #numbers = new Map<unknown, number>();
  readonly #ofClass: readonly (Footprint | null)[];
  /** What may still be touched within the procedure call that a class of frames belongs to. */
  readonly #ahead: readonly Footprint[];
  readonly #ofLocal: Footprint[] = [];
  readonly #resting: Footprint;

  constructor(model: Model) {
    this.#model = model;
    const { automata, program, world } = model;
    const things = [...automata.cells, ...automata.mortal, ...world.types(), ...[...automata.mortal].map(ownerOf)];
    things.forEach((thing, i) => this.#numbers.set(thing, i));
    this.#words = Math.ceil(things.length / 32);
    this.#ofClass = program.rows.map((row) => (row === null ? null : this.#row(row)));
    this.#ahead = this.#lookAhead();
    this.#resting = this.#callbacks();
  }

  /** What the operation does that a local state is about to do. */
  operation(local: number): Footprint {
    return local === RESTING ? this.#resting : this.#ofClass[this.#model.locals.topClass[local]!]!;
  }

  /** What may be touched from a local state on, its next operation included. `runner`: it is the callback runner's. */
  future(local: number, runner: boolean): Footprint {
    if (local === RESTING) return this.#resting;
    const known = this.#ofLocal[local];
    if (known !== undefined) return known;
    const future = this.#empty();
    for (const frame of this.#model.locals.frames(local))
      include(future, this.#ahead[this.#model.quotient.classOf[frame.id]!]!);
    if (runner) include(future, this.#resting);
    return (this.#ofLocal[local] = future);
  }

  #empty(): Footprint {
    return { reads: new Uint32Array(this.#words), writes: new Uint32Array(this.#words), sections: false, looks: false };
  }

  #row(row: Row): Footprint {
    const footprint = this.#empty();
    const { operation } = row.frame.pending as Extract<Row['frame']['pending'], { kind: 'operation' }>;
    const read = (thing: unknown) => mark(footprint.reads, this.#numbers.get(thing));
    const write = (thing: unknown) => mark(footprint.writes, this.#numbers.get(thing));
    const home = row.touches === null ? null : this.#model.layout.recordBits(row.touches).record;
    if (home !== null) read(home);
    switch (row.opcode) {
      case CELL: {
        if (operation.kind !== 'cell') break;
        const { access } = operation.cell.field;
        if (access === 'queued') read(ownerOf(home));
        if (access !== 'shared' && access !== 'ghost') break;
        const cell = this.#model.automata.cellOf(operation.cell);
        if (row.results.length > 1 || row.outcome.some((outcome) => outcome < 0)) read(cell);
        if (row.becomes.some((now, i) => now !== i % row.stride)) write(cell);
        break;
      }
      case ALLOC:
        if (operation.kind === 'alloc') write(operation.type);
        if (this.#model.world.generations > 1) row.candidates.forEach(write);
        break;
      case FREE:
        write(home);
        if (this.#model.world.generations > 1) write(home!.type.type);
        break;
      case HAND_OVER:
      case TAKE_OVER:
        write(ownerOf(home));
        break;
      case EPOCH_ENTER:
      case EPOCH_EXIT:
        footprint.sections = true;
        break;
      case EPOCH_CALL:
        write(home);
        footprint.looks = true;
        break;
    }
    return footprint;
  }

  /** The least solution of: what a class does, and what any class does that it goes on to or calls. */
  #lookAhead(): readonly Footprint[] {
    const { representative, classOf } = this.#model.quotient;
    const ahead = this.#ofClass.map((own) => {
      const footprint = this.#empty();
      if (own !== null) include(footprint, own);
      return footprint;
    });
    const ways = representative.map((frame) => {
      const next = new Set([...frame.successors.values()].map(({ id }) => classOf[id]!));
      if (frame.target !== null) next.add(classOf[frame.target.entry.id]!);
      return [...next];
    });
    const before: number[][] = representative.map(() => []);
    ways.forEach((next, c) => next.forEach((n) => before[n]!.push(c)));
    const work = representative.map((_, c) => c);
    for (let c = work.pop(); c !== undefined; c = work.pop())
      for (const earlier of before[c]!) if (include(ahead[earlier]!, ahead[c]!)) work.push(earlier);
    return ahead;
  }

  /** What the callback runner may do when it rests: take up any callback, and all that follows. */
  #callbacks(): Footprint {
    const { automata, quotient } = this.#model;
    const footprint = this.#empty();
    footprint.looks = automata.usesEpoch;
    for (const [record, procedures] of automata.callbacks) {
      mark(footprint.reads, this.#numbers.get(this.#model.layout.recordBits(record).record));
      mark(footprint.writes, this.#numbers.get(this.#model.layout.recordBits(record).record));
      for (const procedure of procedures)
        include(footprint, this.#ahead[quotient.classOf[automata.callback(procedure, record).id]!]!);
    }
    return footprint;
  }
}

const owners = new WeakMap<object, object>();
/** A thing of its own for the owner of a record. */
const ownerOf = (record: object | null): object | undefined => {
  if (record === null) return undefined;
  let owner = owners.get(record);
  if (owner === undefined) owners.set(record, (owner = {}));
  return owner;
};

const mark = (set: Uint32Array, number: number | undefined): void => {
  if (number !== undefined) set[number >>> 5]! |= 1 << (number & 31);
};

/** Adds `more` to `all`; returns whether anything was new. */
const include = (all: Footprint, more: Footprint): boolean => {
  let grew = false;
  for (let i = 0; i < all.reads.length; i++) {
    const reads = all.reads[i]! | more.reads[i]!;
    const writes = all.writes[i]! | more.writes[i]!;
    grew ||= reads >>> 0 !== all.reads[i] || writes >>> 0 !== all.writes[i];
    all.reads[i] = reads;
    all.writes[i] = writes;
  }
  grew ||= (more.sections && !all.sections) || (more.looks && !all.looks);
  all.sections ||= more.sections;
  all.looks ||= more.looks;
  return grew;
};

/** Whether the order of an operation and of anything in another CPU's future can make a difference. */
export const conflicts = (one: Footprint, other: Footprint): boolean => {
  if ((one.sections && other.looks) || (one.looks && other.sections)) return true;
  for (let i = 0; i < one.reads.length; i++) {
    const written = other.writes[i]!;
    if (((one.reads[i]! | one.writes[i]!) & written) !== 0 || (one.writes[i]! & other.reads[i]!) !== 0) return true;
  }
  return false;
};
