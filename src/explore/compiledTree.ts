import { compiled } from './compiled.ts';
import type { Grouping } from './grouping.ts';
import { shapeOf, wordsOf } from './tree.ts';

/** What the compiled module gives (assembly/index.ts); addresses are in bytes. */
export type Calls = {
  readonly allocate: (bytes: number) => number;
  readonly reset: (address: number) => void;
  readonly taken: () => number;
  readonly plant: (shape: number, words: number, most: number) => void;
  readonly hasRoom: (more: number) => number;
  readonly add: (state: number) => number;
  readonly find: (state: number) => number;
  readonly read: (index: number, into: number) => void;
  readonly count: () => number;
  readonly equip: (
    cpus: number,
    runner: number,
    generations: number,
    locals: number,
    sections: number,
    deferrable: number,
    deferrables: number,
    exits: number,
  ) => void;
  readonly learn: (row: number, next: number) => void;
  readonly note: (local: number, result: number, after: number) => void;
  readonly beginForms: (
    words: number,
    cpus: number,
    places: number,
    firsts: number,
    groups: number,
    groupCount: number,
    named: number,
    namedCount: number,
    within: number,
    lives: number,
  ) => void;
  readonly prepare: (words: number, cpus: number, rows: number, classes: number) => void;
  readonly run: (at: number, end: number) => number;
  readonly emit: () => void;
  readonly emitFailure: (failure: number) => void;
  readonly fireClass: (classNumber: number) => void;
  readonly nextAt: () => number;
  readonly watchedAt: () => number;
  readonly firedAt: () => number;
  readonly parentsAt: () => number;
  readonly addedCount: () => number;
  readonly transitionCount: () => number;
  readonly endCount: () => number;
};

/** What it calls (assembly/imported.ts). */
export type Called = {
  readonly resolve: (local: number, result: number) => number;
  readonly ask: (cpu: number, from: number, at: number) => void;
  readonly mention: (local: number) => number;
  readonly prepare: (order: number) => number;
  readonly renumber: (which: number, local: number) => number;
  readonly look: (state: number, from: number) => number;
  readonly ended: (from: number, at: number) => number;
  readonly failed: (failure: number) => number;
};

/**
 * A Tree in WebAssembly: the same states have the same numbers. Its sources are in assembly/; `npm run compile` makes compiled.ts of them. All is in one memory,
 * where the compiled search loop works too (compiledLoop.ts).
 *
 * That memory has at most 4 GB, so about 250 million states: then it `isFull`.
 */
export class CompiledTree {
  readonly calls: Calls;
  /** What the compiled search loop calls, once there is one. */
  called: Called = nobody;
  readonly #memory: WebAssembly.Memory;
  #ints: Int32Array;
  readonly #words: number;
  readonly #scratch: number;
  #beside = 0;

  /** `pages`: how much memory there may be, in 64 KB. */
  constructor(grouping: Grouping, pages = MOST) {
    const order = wordsOf(grouping);
    this.#words = order.length;
    this.#memory = new WebAssembly.Memory({ initial: FEWEST, maximum: pages, shared: true });
    const search: Called & { readonly outOfMemory: () => never } = {
      outOfMemory: () => {
        throw new RangeError('no memory for more states');
      },
      resolve: (local, result) => this.called.resolve(local, result),
      ask: (cpu, from, at) => this.called.ask(cpu, from, at),
      mention: (local) => this.called.mention(local),
      prepare: (order) => this.called.prepare(order),
      renumber: (which, local) => this.called.renumber(which, local),
      look: (state, from) => this.called.look(state, from),
      ended: (from, at) => this.called.ended(from, at),
      failed: (failure) => this.called.failed(failure),
    };
    module ??= new WebAssembly.Module(Buffer.from(compiled, 'base64'));
    this.calls = new WebAssembly.Instance(module, { env: { memory: this.#memory }, search }).exports as Calls;
    this.#ints = new Int32Array(this.#memory.buffer);
    this.calls.reset(BASE);
    this.calls.plant(this.put([...order, ...shapeOf(grouping, order).flat()]), order.length, QUEUE);
    // A record: the words, and the inner nodes.
    this.#scratch = this.put(new Int32Array(2 * order.length + 2));
  }

  /** All of the memory, as it is now. */
  get ints(): Int32Array {
    if (this.#ints.buffer !== this.#memory.buffer) this.#ints = new Int32Array(this.#memory.buffer);
    return this.#ints;
  }

  get count(): number {
    return this.calls.count();
  }

  /** Whether there may be no room for so many more states. */
  isFull(more: number): boolean {
    return this.calls.hasRoom(more) === 0;
  }

  /** The number of a state, which is added if it is new: then it is what `count` was. */
  add(state: Int32Array): number {
    this.#set(state);
    return this.calls.add(this.#scratch);
  }

  /** The number of a state that was added before; -1 if it was not. */
  find(state: Int32Array): number {
    this.#set(state);
    return this.calls.find(this.#scratch);
  }

  /** Copies state `index` into `into`. */
  read(index: number, into: Int32Array): void {
    this.calls.read(index, this.#scratch);
    this.copy(this.#scratch, into);
  }

  bytes(): number {
    return this.#taken() - this.#beside;
  }

  /** Puts numbers into memory; returns where. */
  put(numbers: ArrayLike<number>): number {
    const at = this.calls.allocate(4 * numbers.length) >>> 0;
    this.ints.set(numbers, at >>> 2);
    return at;
  }

  copy(from: number, into: Int32Array): void {
    const ints = this.ints;
    const base = from >>> 2;
    for (let i = 0; i < into.length; i++) into[i] = ints[base + i]!;
  }

  /** Does what takes memory that is not the tree's. */
  beside<T>(take: () => T): T {
    const before = this.#taken();
    const result = take();
    this.#beside += this.#taken() - before;
    return result;
  }

  /** Addresses come as signed numbers. */
  #taken(): number {
    return this.calls.taken() >>> 0;
  }

  #set(state: Int32Array): void {
    const ints = this.ints;
    const base = this.#scratch >>> 2;
    for (let i = 0; i < this.#words; i++) ints[base + i] = state[i]!;
  }
}

let module: WebAssembly.Module | null = null;

/** Records that the loop looks up at once (assembly/search.ts). */
const QUEUE = 1024;
/** Pages of memory to begin with, and as many as addresses reach. */
const FEWEST = 16;
const MOST = 65536;
/** The first byte that is used: zero is no address. */
const BASE = 64;

const never = (): never => {
  throw new Error('[suite bug] the compiled loop runs, and nobody listens');
};
const nobody: Called = {
  resolve: never,
  ask: never,
  mention: never,
  prepare: never,
  renumber: never,
  look: never,
  ended: never,
  failed: never,
};
