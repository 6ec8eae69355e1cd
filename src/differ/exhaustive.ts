import { Keys } from './keys.ts';
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
    if (divergence?.atBound === true) return outcome('unknown', 'the scenario has not the memory for all runs');
    if (divergence !== null) return fails(divergence);
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
