import { nobody, type Called, type Calls } from './calls.ts';
import { compiled } from './compiled.ts';
import type { Grouping } from './grouping.ts';
import { Lost } from './localLog.ts';
import { shapeOf, wordsOf } from './tree.ts';

/** What another thread needs to have the same tree. */
export type Planted = {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly at: number;
  readonly words: number;
};

/**
 * A Tree in WebAssembly: the same states have the same numbers. Its sources are in assembly/; `npm run compile` makes compiled.ts of them. All is in one memory,
 * where the compiled search loop works too (compiledLoop.ts).
 *
 * That memory has at most 4 GB, which is 250 to 320 million states of 12.6 to 16 bytes: then it `isFull`. Four bytes more of each where several threads have added.
 *
 * Several threads may have one tree, each by an object of its own. They may `read` and `offer` at the same time; `add` and `find` are for one of them, while no other adds.
 */
export class CompiledTree {
  /** What another thread joins. */
  readonly planted: Planted;
  readonly calls: Calls;
  /** What the compiled search loop calls, once there is one. */
  called: Called = nobody;
  readonly #memory: WebAssembly.Memory;
  #ints: Int32Array;
  readonly #scratch: number;
  #beside = 0;

  private constructor(land: Omit<Planted, 'at'>, root: (tree: CompiledTree) => number) {
    const search: Called & Record<'outOfMemory' | 'lost', () => never> = {
      outOfMemory: () => {
        throw new RangeError('no memory for more states');
      },
      lost: () => {
        throw new Lost();
      },
      resolve: (local, result) => this.called.resolve(local, result),
      ask: (cpu, from, at) => this.called.ask(cpu, from, at),
      mention: (local) => this.called.mention(local),
      whereabouts: (local) => this.called.whereabouts(local),
      prepare: (order) => this.called.prepare(order),
      renumber: (which, local) => this.called.renumber(which, local),
      look: (state, from) => this.called.look(state, from),
      ended: (from, at) => this.called.ended(from, at),
      failed: (failure) => this.called.failed(failure),
    };
    const { module, memory, words } = land;
    this.calls = new WebAssembly.Instance(module, { env: { memory }, search }).exports as Calls;
    this.#memory = memory;
    this.#ints = new Int32Array(memory.buffer);
    this.planted = { ...land, at: root(this) };
    // A record: the words, and the inner nodes.
    this.#scratch = this.put(new Int32Array(2 * words + 2));
  }

  /** None yet. `pages`: how much memory there may be, in 64 KB. Throws RangeError where the system gives none. */
  static plant(grouping: Grouping, pages = MOST): CompiledTree {
    const memory = new WebAssembly.Memory({ initial: FEWEST, maximum: pages, shared: true });
    module ??= new WebAssembly.Module(Buffer.from(compiled, 'base64'));
    const order = wordsOf(grouping);
    const words = order.length;
    return new CompiledTree({ module, memory, words }, (tree) => {
      tree.calls.reset(BASE);
      return tree.calls.plant(tree.put([...order, ...shapeOf(grouping, order).flat()]), words, QUEUE);
    });
  }

  /** One that another thread has planted. */
  static join(planted: Planted): CompiledTree {
    return new CompiledTree(planted, ({ calls }) => {
      calls.join(planted.at);
      return planted.at;
    });
  }

  /** All of the memory, as it is now. */
  get ints(): Int32Array {
    const { buffer } = this.#memory;
    if (this.#ints.buffer !== buffer) this.#ints = new Int32Array(buffer);
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

  /** Looks for the state that was reached from `from` in a level that several threads go through; true: it is a candidate (assembly/level.ts). */
  offer(state: Int32Array, from: number): boolean {
    this.#set(state);
    return this.working(() => this.calls.offerFrom(this.#scratch, from) !== 0);
  }

  /** Lets the other threads go on where something is thrown. */
  working<T>(call: () => T): T {
    try {
      return call();
    } catch (thrown) {
      this.calls.leave();
      throw thrown;
    }
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
    for (let i = 0; i < this.planted.words; i++) ints[base + i] = state[i]!;
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
