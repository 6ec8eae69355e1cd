import type { Divergence, Product } from './product.ts';
import { type Scheduler } from '../explore/runs/scheduler.ts';
import { preempting, withoutPreemption, type Preemption } from './schedule.ts';

/** One run of the product from its beginning. */
export type Run = {
  readonly divergence: Divergence | null;
  readonly steps: number;
  readonly preemptions: readonly Preemption[];
  /** Who did each access. */
  readonly schedule: readonly number[];
  /** False: it was cut off at the greatest length, or at a bound of the scenario. */
  readonly ended: boolean;
};

/** An end in which somebody still has something to do. */
export const deadlock = ({ subject, points }: Product): Divergence => {
  const waiting = subject.threads.filter((_, thread) => points[thread]!.pending !== null).map(({ name }) => name);
  return { thread: waiting.join(', '), access: null, reason: 'can never go on: what they wait for nobody does' };
};

/**
 * Runs until all programs are over, the two part ways, or after `most` accesses. A thread that has tried in vain is passed over
 * until another has done something: it would only try again.
 */
export const runOnce = (product: Product, scheduler: Scheduler, most: number): Run => {
  const preemptions: Preemption[] = [];
  const schedule: number[] = [];
  const threads = product.points.length;
  const enabled = Array.from({ length: threads }, () => true);
  const tries = Array.from({ length: threads }, () => false);
  const can = (thread: number): boolean => enabled[thread] === true;
  let last = -1;
  const over = (divergence: Divergence | null, steps: number, ended = true): Run => ({
    divergence,
    steps,
    preemptions,
    schedule,
    ended,
  });
  const first = product.begin();
  if (first !== null) return over(first, 0);
  for (let step = 0; step < most; step++) {
    let some = false;
    for (let thread = 0; thread < threads; thread++)
      if ((enabled[thread] = !tries[thread]! && product.isEnabled(thread))) some = true;
    if (!some) return over(product.isOver() ? null : deadlock(product), step);
    const thread = scheduler(step, last, can);
    if (thread !== withoutPreemption(last, can)) preemptions.push({ step, thread });
    schedule.push(thread);
    const divergence = product.step(thread);
    if (divergence?.atBound !== undefined) return over(null, step + 1, false);
    if (divergence !== null) return over(divergence, step + 1);
    if (product.triedInVain) tries[thread] = true;
    else tries.fill(false);
    last = thread;
  }
  return over(null, most, false);
};

/** Fewer pre-emptions that still make the two part ways; any one more taken away, they do not. Cost: O(points²) runs. */
export const shrunk = (product: Product, found: Run, most: number): Run => {
  let best = found;
  for (let again = true; again;) {
    again = false;
    for (let i = best.preemptions.length - 1; i >= 0; i--) {
      const fewer = runOnce(product, preempting(best.preemptions.toSpliced(i, 1)), most);
      if (fewer.divergence === null || fewer.preemptions.length >= best.preemptions.length) continue;
      best = fewer;
      again = true;
      break;
    }
  }
  return best;
};
