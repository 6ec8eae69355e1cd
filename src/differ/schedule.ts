import type { Scheduler } from '../explore/runs/scheduler.ts';

/**
 * Schedules are data: who goes on where. A run without pre-emption lets the thread that ran go on, and when it cannot, the lowest that
 * can; a pre-emption point says that before access number `step` another thread goes on. So few points are few context switches,
 * and a run with its points is the same run again as long as the implementation is the same.
 */
export type Preemption = { readonly step: number; readonly thread: number };

/** The one that ran, or else the first that can go on; some thread can. */
export const withoutPreemption = (last: number, can: (thread: number) => boolean): number => {
  if (last >= 0 && can(last)) return last;
  let first = 0;
  while (!can(first)) first++;
  return first;
};

/** Points out of order, or for a thread that cannot go on, are passed over. */
export const preempting = (points: readonly Preemption[]): Scheduler => {
  const at = new Map(points.map(({ step, thread }) => [step, thread]));
  return (step, last, can) => {
    const thread = at.get(step);
    return thread !== undefined && can(thread) ? thread : withoutPreemption(last, can);
  };
};

/** Who does each access, as long as there is somebody named. */
export const inOrder =
  (threads: readonly number[]): Scheduler =>
  (step, last, can) =>
    threads[step] ?? withoutPreemption(last, can);
