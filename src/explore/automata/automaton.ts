import { run, runAgain, type Onward, type Pending, type Setting } from '../../machine/replay.ts';
import { isByThread, slot, type Field, type Shared } from '../../machine/record.ts';
import type { Cell, Effect, Operation, Routine, Value } from '../../machine/operation.ts';
import type { World } from '../../machine/world.ts';
import { calledBy, keyOf, opensSection, rootOf, segmentsOf, type Frame, type Instance } from './frame.ts';
import { counted, grouped } from './number.ts';

/**
 * The local automata of a world, closed on their own.
 *
 * A frame is one call of a procedure (or one turn of a loop) together with the values it has received. What it does next
 * depends on nothing else, so it is found once and kept. The frames of all procedures are computed for every value that
 * a cell can ever hold, without looking at interleavings: a cell can hold what it holds at the beginning and whatever some
 * frame can store in it, and a frame exists if the frame before it can receive the value that leads to it. That is the
 * least solution of a system of monotone set equations, computed with a work list. It contains every frame that any
 * interleaving reaches (by induction over the steps of a run), usually not many more, and it is finite because the
 * declared ranges are: what a range does not admit is never stored but ends the check at a bound.
 *
 * "Usually" fails where one call receives many values that go together in few ways: their combinations are too many to be closed. Such
 * automata are closed *by need*: beyond so many frames of one procedure the next ones are held back, which means that they wait for ever, and whoever
 * explores asks for those that a run comes to (`grow`), and begins anew. Once no run comes to one, everything that was explored is as if nothing
 * were held back.
 *
 * The file is long because the equations refer to each other: frames, cells, instances and returns grow together.
 */

/** All that one memory cell can ever hold; `index` numbers the values, zero first. */
export type CellValues = {
  readonly record: Shared;
  readonly field: Field;
  readonly values: Value[];
  readonly index: Map<Value, number>;
  readonly readers: Set<Frame>;
};

export type Automata = {
  readonly frames: readonly Frame[];
  /** Whether no frame is ever held back. */
  readonly whole: boolean;
  /** The first frame of each CPU's program. */
  readonly entries: readonly Frame[];
  readonly cells: readonly CellValues[];
  readonly cellOf: (cell: Cell) => CellValues;
  /** The values of a cell, or undefined when no procedure touches it. */
  readonly findCell: (record: Shared, field: string) => CellValues | undefined;
  /** The first frame of a callback for a record; closed together with the rest. */
  readonly callback: (procedure: Routine, record: Shared) => Frame;
  /** Records that can be freed or given to NET_EPOCH_CALL, and the callbacks they are given with. */
  readonly mortal: ReadonlySet<Shared>;
  /** Records that change their owner. */
  readonly passed: ReadonlySet<Shared>;
  readonly callbacks: ReadonlyMap<Shared, readonly Routine[]>;
  readonly usesEpoch: boolean;
  /** By CPU, the callback runner last: whether it can ever open an epoch section. */
  readonly opensSections: readonly boolean[];
};

/** A procedure that reads shared memory in a loop of its own: its log has no end, so it has no finite automaton. */
class Unbounded extends Error {
  constructor(procedure: Routine) {
    super(
      `${procedure.title} received more than ${LONGEST_LOG} values in one frame: a loop that reads shared memory must be written with forever, foreach or again`,
    );
  }
}
const LONGEST_LOG = 300;

/** The automata were given up before they were closed; the message says why, and where most of the frames are. */
export class NotClosed extends Error {}
/** They are too large to be closed; by need they may be. */
export class TooLarge extends NotClosed {}

/**
 * Beyond this many frames of one call the values that it has received are too many combinations to be closed: parts of it must
 * be procedures of their own. Said long before all frames together are too many, for each of them costs a replay of the log.
 */
const MOST_OF_ONE = 200_000;
/** Beyond this many frames in all the automata are too big to be closed: one takes about 1 KB, and twice as many would not fit in the heap. */
const MOST = 2_000_000;

/** `givenUp` is asked now and then: a text ends the work, with NotClosed. */
export const closeAutomata = (world: World, fuse: boolean, givenUp: () => string | null): Automata =>
  new Closure(world, fuse, givenUp, Infinity).close();

/** Automata that are closed by need: `grow` asks for frames that are held back, of the automata that there were last. */
export type Growing = { readonly automata: Automata; readonly grow: (held: Iterable<Frame>) => Automata };

/** The same by need: frames of a procedure are held back when it has `most` already. */
export const closeByNeed = (world: World, fuse: boolean, givenUp: () => string | null, most: number): Growing => {
  const closure = new Closure(world, fuse, givenUp, most);
  return { automata: closure.close(), grow: (held) => closure.close(held) };
};

/**
 * What is asked for comes with what follows it, for whatever value, until there is an eighth more of all: so the search begins anew a few dozen times at most, however
 * long the runs are.
 */
const MORE = 1 / 8;
/** And this many frames at least. */
const FEW = 64;

/** What a frame does that has not been run yet. */
const UNKNOWN: Pending = { kind: 'return', value: undefined };

/** What a frame that is held back does. */
const HELD: Pending = {
  kind: 'operation',
  operation: { kind: 'blocked', fused: false },
  place: { procedure: '', file: '', line: 0, column: 0 },
  idle: false,
};

/** Frames between two questions whether to give up. */
const ASK = 1024;

class Closure {
  readonly #world: World;
  readonly #givenUp: () => string | null;
  readonly #setting: Setting;
  readonly #frames: Frame[] = [];
  readonly #cells = new Map<Shared, Map<string, CellValues>>();
  readonly #cellList: CellValues[] = [];
  readonly #instances = new Map<Routine | Frame, Map<string, Instance>>();
  readonly #fresh: Frame[] = [];
  readonly #stale: [Frame, CellValues, Value][] = [];
  readonly #mortal = new Set<Shared>();
  readonly #passed = new Set<Shared>();
  readonly #callbacks = new Map<Shared, Routine[]>();
  /** Records of which a constant was read: reading it is no step, so they must never die. */
  readonly #constants = new Map<Shared, Field>();
  readonly #most: number;
  /** How many frames each procedure has. */
  readonly #sizes = new Map<Routine, number>();
  #usesEpoch = false;

  constructor(world: World, fuse: boolean, givenUp: () => string | null, most: number) {
    this.#world = world;
    this.#givenUp = givenUp;
    this.#most = most;
    this.#setting = {
      // Bound: what the text asks for and nobody has is told as the text's mistake, and no frame of ours may stand between.
      given: world.given.bind(world),
      constant: (record, field) => {
        this.#constants.set(record, field);
        return world.initial(record, field);
      },
      fuse,
      reuse: world.generations > 1,
    };
  }

  /** Again with more, for which those are asked that are held back so far. */
  close(asked: Iterable<Frame> = []): Automata {
    this.#askWhether();
    const entries = this.#world.cpus.map((cpu) => this.#instance(cpu.procedure, cpu.args).entry);
    this.#drain();
    this.#release([...asked]);
    for (const [record, field] of this.#constants)
      if (this.#mortal.has(record))
        throw new Error(
          `[suite bug] ${field.name} is read as a constant, but ${record.title} can be freed: make it shared`,
        );
    return {
      frames: this.#frames,
      whole: this.#most === Infinity,
      entries,
      cells: this.#cellList,
      cellOf: (cell) => this.#cell(cell),
      findCell: (record, field) => this.#cells.get(homeOf(record))?.get(field),
      callback: (procedure, record) => this.#instance(procedure, [record]).entry,
      mortal: this.#mortal,
      passed: this.#passed,
      callbacks: this.#callbacks,
      // What nobody has asked for may use it; that there is a runner must not depend on how far a search has come.
      usesEpoch: this.#usesEpoch || this.#most !== Infinity,
      opensSections: [...entries.map((entry) => [entry]), this.#callbackEntries()].map((from) =>
        opensSection(from, this.#frames.length),
      ),
    };
  }

  /** Those that are asked for, and then, nearest first, what is held back behind them. */
  #release(asked: readonly Frame[]): void {
    const enough = this.#frames.length * (1 + MORE) + FEW;
    const queue = [...asked];
    for (let i = 0; i < queue.length; i++) {
      if (i >= asked.length && this.#frames.length >= enough) return;
      const frame = queue[i]!;
      frame.held = false;
      const from = this.#frames.length;
      this.#fresh.push(frame);
      this.#drain();
      for (let id = from; id < this.#frames.length; id++) if (this.#frames[id]!.held) queue.push(this.#frames[id]!);
    }
  }

  #callbackEntries(): readonly Frame[] {
    return this.#frames.filter(
      ({ instance, before }) =>
        before === null && [...this.#callbacks.values()].some((all) => all.includes(instance.procedure)),
    );
  }

  #drain(): void {
    for (;;) {
      const frame = this.#fresh.pop();
      if (frame !== undefined) {
        this.#explore(frame);
        continue;
      }
      const stale = this.#stale.pop();
      if (stale === undefined) return;
      this.#apply(...stale);
    }
  }

  /**
   * Finds out what a new frame does next. Where that can be answered at once, the text is not run again from its start to find what follows:
   * the same run goes on, frame by frame. What has gone on so is run twice more, to its end and to its middle, and must come to the
   * same there: else it depends on something hidden.
   */
  #explore(first: Frame): void {
    let frame = first;
    const last = this.#run(first, (pending) => {
      this.#does(frame, pending);
      const next = this.#fresh.at(-1);
      if (next?.before !== frame) return null;
      this.#fresh.pop();
      return (frame = next);
    });
    if (frame.pending !== last) this.#does(frame, last);
    if (frame === first) return;
    let middle = frame;
    for (let back = (frame.received - first.received) >>> 1; back > 0; back--) middle = middle.before!;
    for (const again of new Set([frame, middle]))
      runAgain(calledBy(again), segmentsOf(again), this.#setting, again.pending);
  }

  #run(frame: Frame, onward: Onward): Pending {
    return run(calledBy(frame), segmentsOf(frame), this.#setting, onward);
  }

  /** Subscribes a frame to whatever it can receive. */
  #does(frame: Frame, pending: Pending): void {
    const { instance } = frame;
    const { procedure, joined } = instance;
    frame.pending = pending;
    switch (pending.kind) {
      case 'operation':
        return this.#operation(frame, pending.operation);
      case 'call':
        return this.#enter(frame, this.#instance(pending.procedure, pending.args, null, pending.joined));
      case 'loop':
        return this.#enter(frame, this.#instance(procedure, [pending.first], frame, joined));
      case 'again': {
        const next = this.#instance(procedure, pending.args, instance.within, joined);
        frame.target = next;
        next.resumed.add(instance);
        for (const value of next.returns) this.#returned(instance, value);
        return;
      }
      case 'return':
        return this.#returned(instance, pending.value);
    }
  }

  #enter(frame: Frame, callee: Instance): void {
    frame.target = callee;
    callee.callers.add(frame);
    for (const value of callee.returns) this.#receive(frame, value);
  }

  /** An instance returns a value, and so do all that went on as it; there can be long chains of these. */
  #returned(instance: Instance, value: Value): void {
    const work = [instance];
    for (let at = work.pop(); at !== undefined; at = work.pop()) {
      if (at.returns.has(value)) continue;
      at.returns.add(value);
      for (const caller of at.callers) this.#receive(caller, value);
      work.push(...at.resumed);
    }
  }

  #operation(frame: Frame, operation: Operation): void {
    switch (operation.kind) {
      case 'cell': {
        const cell = this.#cell(operation.cell);
        const { record, field } = operation.cell;
        if (field.access === 'guarded') this.#cell({ record, field: record.type.byName.get(field.guard!)! });
        cell.readers.add(frame);
        // What comes to be held meanwhile is applied later, as for all readers.
        for (let i = cell.values.length - 1; i >= 0; i--) this.#apply(frame, cell, cell.values[i]!);
        return;
      }
      case 'alloc':
        for (let i = 0; i < this.#world.slots(operation.type); i++)
          for (let life = 0; life < this.#world.generations; life++) {
            const record = slot(operation.type, i, life);
            if (this.#world.isLive(record) && this.#world.generations === 1) continue;
            this.#dies(record);
            this.#receive(frame, record);
          }
        return;
      case 'choose':
        for (let i = 0; i < operation.count; i++) this.#receive(frame, i);
        return;
      case 'free':
        this.#dies(operation.record);
        return this.#receive(frame, undefined);
      case 'NET_EPOCH_CALL': {
        this.#usesEpoch = true;
        this.#dies(operation.record);
        const home = homeOf(operation.record);
        const known = this.#callbacks.get(home) ?? [];
        if (!known.includes(operation.callback)) this.#callbacks.set(home, [...known, operation.callback]);
        this.#instance(operation.callback, [operation.record]);
        return this.#receive(frame, undefined);
      }
      case 'NET_EPOCH_ENTER':
      case 'NET_EPOCH_EXIT':
        this.#usesEpoch = true;
        return this.#receive(frame, undefined);
      case 'hand over':
      case 'take over':
        this.#passed.add(homeOf(operation.record));
        return this.#receive(frame, undefined);
      case 'may sleep':
        return this.#receive(frame, undefined);
      case 'blocked':
      case 'fail':
        return;
    }
  }

  /** One frame meets one value of its cell: its effects become values of the cell, its results new frames. */
  #apply(frame: Frame, cell: CellValues, old: Value): void {
    if (frame.pending.kind !== 'operation' || frame.pending.operation.kind !== 'cell') return;
    const { effect } = frame.pending.operation;
    for (let cpu = 0; cpu < performers(cell, this.#world); cpu++) {
      const outcome: Effect = effect(old, cpu);
      if (outcome.kind !== 'done') continue;
      this.#hold(cell, outcome.now);
      this.#receive(frame, outcome.result);
    }
  }

  #hold(cell: CellValues, value: Value): void {
    if (cell.index.has(value)) return;
    cell.index.set(value, cell.values.length);
    cell.values.push(value);
    for (const reader of cell.readers) this.#stale.push([reader, cell, value]);
  }

  #receive(frame: Frame, value: Value): void {
    if (frame.successors.has(value)) return;
    if (frame.received === LONGEST_LOG) throw new Unbounded(frame.instance.procedure);
    frame.successors.set(value, this.#frame(frame.instance, frame, value));
  }

  #frame(instance: Instance, before: Frame | null, value: Value): Frame {
    const size = ++rootOf(instance).size;
    if (size > MOST_OF_ONE && this.#most === Infinity)
      throw new TooLarge(this.#sofar(`one call of a procedure has more than ${grouped(MOST_OF_ONE)} local states`));
    if (this.#frames.length === MOST)
      throw new TooLarge(this.#sofar(`there are more than ${grouped(MOST)} local states`));
    if (this.#frames.length % ASK === 0) this.#askWhether();
    const of = this.#sizes.get(instance.procedure) ?? 0;
    this.#sizes.set(instance.procedure, of + 1);
    const held = of >= this.#most;
    const frame: Frame = {
      id: this.#frames.length,
      instance,
      before,
      value,
      received: before === null ? 0 : before.received + 1,
      pending: held ? HELD : UNKNOWN,
      held,
      target: null,
      successors: new Map(),
    };
    this.#frames.push(frame);
    if (!held) this.#fresh.push(frame);
    return frame;
  }

  /** Whether to give up. */
  #askWhether(): void {
    const why = this.#givenUp();
    if (why !== null) throw new NotClosed(this.#sofar(why));
  }

  #sofar(why: string): string {
    const sizes = new Map<string, number>();
    for (const { instance } of this.#frames)
      sizes.set(instance.procedure.title, (sizes.get(instance.procedure.title) ?? 0) + 1);
    const [largest] = [...sizes].toSorted(([, a], [, b]) => b - a);
    const most = largest === undefined ? '' : `, ${grouped(largest[1])} of them in ${largest[0]}`;
    const sofar = `${counted(this.#frames.length, 'local state')}${most}`;
    return `${why}, while the local automata were being closed: ${sofar}`;
  }

  #instance(procedure: Routine, args: readonly Value[], within: Frame | null = null, joined = false): Instance {
    const family = within ?? procedure;
    let known = this.#instances.get(family);
    if (known === undefined) this.#instances.set(family, (known = new Map()));
    const key = (joined ? 'joined ' : '') + args.map(keyOf).join(' ');
    const found = known.get(key);
    if (found !== undefined) return found;
    const instance = {
      procedure,
      args,
      within,
      joined,
      returns: new Set(),
      callers: new Set(),
      resumed: new Set(),
      size: 0,
    } as unknown as {
      -readonly [K in keyof Instance]: Instance[K];
    };
    instance.entry = this.#frame(instance, null, undefined);
    known.set(key, instance);
    return instance;
  }

  /** The cell of a slot is the same memory in every life of the slot. */
  #cell({ record, field }: Cell): CellValues {
    const home = homeOf(record);
    let fields = this.#cells.get(home);
    if (fields === undefined) this.#cells.set(home, (fields = new Map()));
    let cell = fields.get(field.name);
    if (cell === undefined) {
      cell = { record: home, field, values: [], index: new Map(), readers: new Set() };
      fields.set(field.name, cell);
      this.#cellList.push(cell);
      if (this.#mortal.has(home) || !this.#world.isLive(home)) this.#hold(cell, field.zero);
      this.#hold(cell, this.#world.initial(home, field));
    }
    return cell;
  }

  /** A record that can be freed is zeroed then, so its cells can hold zero. */
  #dies(record: Shared): void {
    const home = homeOf(record);
    if (this.#mortal.has(home)) return;
    this.#mortal.add(home);
    for (const cell of this.#cells.get(home)?.values() ?? []) this.#hold(cell, cell.field.zero);
  }
}

/** The record as which all lives of a slot are kept. */
export const homeOf = (record: Shared): Shared => slot(record.type.type, record.slot);

const performers = (cell: CellValues, world: World): number => (isByThread(cell.field) ? world.cpus.length + 1 : 1);
