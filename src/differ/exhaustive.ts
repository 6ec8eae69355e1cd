import type { Divergence, Mark, Product } from './product.ts';
import { parted, type Comparison } from './lockstep.ts';
import { LONGEST_RUN } from './lockstep.ts';
import { deadlock, runOnce, shrunk } from './run.ts';
import { preempting, withoutPreemption, type Preemption } from './schedule.ts';

/**
 * Every interleaving of the implementation with the model in lockstep, each state of the product once, depth first. A state is where each
 * thread is, the state of the model, and what the arena holds: exactly, no hash stands for it. Going back is O(1): a word and the
 * points of the threads.
 */
export type Exhausted = Comparison & {
  readonly states: number;
  /** The longest run without a state met twice. */
  readonly depth: number;
};

export type ExhaustiveBudget = { readonly maxStates: number; readonly seconds?: number };

type Level = { readonly mark: Mark; readonly last: number; thread: number; address: number; held: number };

export const exhaustive = (product: Product, { maxStates, seconds = Infinity }: ExhaustiveBudget): Exhausted => {
  const { words, points } = product;
  const end = performance.now() + 1000 * seconds;
  const keys = new Keys(product);
  const path: Level[] = [];
  let [steps, depth] = [0, 0];
  const outcome = (verdict: 'holds' | 'unknown', why = ''): Exhausted => ({
    verdict, why, divergence: null, preemptions: [], runs: 1, steps, states: keys.count, depth,
  }); // prettier-ignore
  const fails = (divergence: Divergence): Exhausted => {
    const run = runOnce(product, preempting(chosen(path)), LONGEST_RUN);
    const again =
      run.divergence === null ? { ...run, divergence, preemptions: chosen(path) } : shrunk(product, run, LONGEST_RUN);
    return { ...parted(again, 1, steps), states: keys.count, depth };
  };
  const enter = (last: number): void => {
    path.push({ mark: product.mark(), last, thread: -1, address: 0, held: 0 });
    depth = Math.max(depth, path.length - 1);
  };

  const first = product.begin();
  if (first !== null) return fails(first);
  keys.isNew();
  enter(-1);
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    // Back to this level, and to its next thread.
    if (top.thread >= 0) {
      words[top.address] = top.held;
      product.restore(top.mark);
    }
    do top.thread++;
    while (top.thread < points.length && !product.isEnabled(top.thread));
    if (top.thread === points.length) {
      path.pop();
      continue;
    }
    top.address = points[top.thread]!.pending!.address;
    top.held = words[top.address]!;
    const divergence = product.step(top.thread);
    steps++;
    if (divergence !== null) return fails(divergence);
    if (words[top.address] !== top.held) keys.touched(top.address);
    if (!keys.isNew()) continue;
    if (keys.count > maxStates) return outcome('unknown', `gave up after ${maxStates} states`);
    if (steps % 1024 === 0 && performance.now() > end) return outcome('unknown', `gave up after ${seconds} s`);
    if (!product.isOver() && !points.some((_, thread) => product.isEnabled(thread))) return fails(deadlock(product));
    enter(top.thread);
  }
  return outcome('holds');
};

/** The pre-emption points of the path: where it leaves a thread that could go on. */
const chosen = (path: readonly Level[]): readonly Preemption[] =>
  path.flatMap(({ thread, last, mark }, step) => {
    const enabled = mark.points.map(({ pending }) => pending !== null);
    return thread === withoutPreemption(last, enabled) ? [] : [{ step, thread }];
  });

/** The states that were met, by all that they consist of. Words are numbered in the order in which they were first written to. */
class Keys {
  readonly #product: Product;
  readonly #seen = new Set<string>();
  readonly #dirty: number[] = [];
  readonly #isDirty: Uint8Array;
  #buffer = new Int32Array(256);

  constructor(product: Product) {
    this.#product = product;
    this.#isDirty = new Uint8Array(product.words.length);
  }

  get count(): number {
    return this.#seen.size;
  }

  touched(address: number): void {
    if (this.#isDirty[address] === 1) return;
    this.#isDirty[address] = 1;
    this.#dirty.push(address);
  }

  /** Whether the present state of the product is met for the first time. */
  isNew(): boolean {
    const before = this.#seen.size;
    this.#seen.add(this.#key());
    return this.#seen.size > before;
  }

  /** Words that hold what they held at the beginning are left out at the end: they may not have been written to yet. */
  #key(): string {
    const { points, words, model, subject } = this.#product;
    const { state } = model.stepper;
    const most = points.length + state.length + this.#dirty.length;
    if (most > this.#buffer.length) this.#buffer = new Int32Array(2 * most);
    let length = 0;
    for (const { id } of points) this.#buffer[length++] = id;
    for (const word of state) this.#buffer[length++] = word;
    let dirty = this.#dirty.length;
    while (dirty > 0 && words[this.#dirty[dirty - 1]!] === subject.initial[this.#dirty[dirty - 1]!]) dirty--;
    for (let i = 0; i < dirty; i++) this.#buffer[length++] = words[this.#dirty[i]!]!;
    return String.fromCharCode(...new Uint16Array(this.#buffer.buffer, 0, 2 * length));
  }
}
