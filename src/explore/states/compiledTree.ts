import { nobody, type Called, type Calls } from '../compiled/calls.ts';
import type { Grouping } from './grouping.ts';
import { BASE, beyond, instanceIn, moduleOfAll, newMemory, type Instance } from '../compiled/memories.ts';
import { shapeOf, wordsOf } from './tree.ts';

/** What another thread needs to have the same tree. */
export type Planted = {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly at: number;
  readonly words: number;
};

/**
 * A Tree in WebAssembly: the same states have the same numbers. Its sources are in compiled/assembly/; `npm run compile` makes compiled/module.ts of them. All is in one memory,
 * where the compiled search loop works too (levels/compiledLoop.ts).
 *
 * That memory has at most 4 GB, which is some 200 million states of 12.6 bytes, and what it takes to go on: then it `isFull`. Where it can be `extended`, the states that are new
 * go into other memories, of 4 GB each, and all inner nodes are still in the first one. What is looked up is then looked for in one after the other.
 *
 * Several threads may have one tree, each by an object of its own, until it is extended. They may `read` and `offer` at the same time; `add` and `find` are for one of them, while no other
 * adds. A state takes four bytes more where several have added.
 */
export class CompiledTree {
  /** What another thread joins. */
  readonly planted: Planted;
  readonly calls: Calls;
  /** What the compiled search loop calls, once there is one. */
  called: Called = nobody;
  readonly #memory: WebAssembly.Memory;
  readonly #pages: number;
  /** The memories, each beyond the one before it. */
  readonly #instances: Instance[];
  #ints: Int32Array;
  readonly #scratch: number;
  #beside = 0;

  private constructor(
    { module, memory, words }: Omit<Planted, 'at'>,
    pages: number,
    root: (tree: CompiledTree) => number,
  ) {
    const instance = instanceIn(module, memory, () => this.called);
    this.#instances = [instance];
    this.calls = instance.calls;
    this.#memory = memory;
    this.#pages = pages;
    this.#ints = new Int32Array(memory.buffer);
    this.planted = { module, memory, words, at: root(this) };
    // A record: the words, and the inner nodes.
    this.#scratch = this.put(new Int32Array(2 * words + 2));
  }

  /** None yet. `pages`: how much there may be of each memory, in 64 KB. Throws RangeError where the system gives none. */
  static plant(grouping: Grouping, pages = MOST): CompiledTree {
    const order = wordsOf(grouping);
    const words = order.length;
    return new CompiledTree({ module: moduleOfAll(), memory: newMemory(pages), words }, pages, (tree) => {
      tree.calls.reset(BASE);
      return tree.calls.plant(tree.put([...order, ...shapeOf(grouping, order).flat()]), words, QUEUE, pages);
    });
  }

  /** One that another thread has planted. */
  static join(planted: Planted): CompiledTree {
    return new CompiledTree(planted, MOST, ({ calls }) => {
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

  /** How many memories there are. */
  get memories(): number {
    return this.#instances.length;
  }

  /** Takes one more memory; by one thread, while no other adds. False: the system gives none, or the first has no room for inner nodes. */
  extend(more: number): boolean {
    const last = this.#instances.at(-1)!;
    if (this.memories > 1 && last.calls.hasRoomFrom(more) === 1) return false;
    try {
      this.#instances.push(beyond(last, this.#pages));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
    return !this.isFull(more);
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

  /** Looks for the state that was reached from `from` in a level that several threads go through; true: it is a candidate (compiled/assembly/level.ts). */
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
    const others = this.#instances.slice(1).reduce((sum, { calls }) => sum + (calls.taken() >>> 0), 0);
    return this.#taken() + others - this.#beside;
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

/** Records that the loop looks up at once (compiled/assembly/search.ts). */
const QUEUE = 1024;
/** As many pages of memory as addresses reach. */
const MOST = 65536;
