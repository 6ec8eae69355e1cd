import type { Divergence, Product } from './product.ts';
import { INTERRUPTED, telling, unwatched } from './onlooker.ts';
import { runOnce, shrunk, type Run } from './run.ts';
import { MOST_STANDS } from './stand.ts';
import { chance, pct, sticky } from '../explore/runs/scheduler.ts';
import { type Preemption } from './schedule.ts';

/** What a comparison says. A `holds` of anything but the exhaustive mode is about the runs that were made, and no others. */
export type Comparison = {
  readonly verdict: 'holds' | 'violated' | 'unknown';
  /** Why it is not known; else empty. */
  readonly why: string;
  readonly divergence: Divergence | null;
  /** The run that leads there, with as few pre-emptions as were found. */
  readonly preemptions: readonly Preemption[];
  readonly runs: number;
  /** Accesses of the implementation that were compared. */
  readonly steps: number;
};

export type LockstepBudget = { readonly seconds: number; readonly seed: number; readonly maxRuns?: number };

/** A run longer than this is cut off, and the verdict is unknown. */
export const LONGEST_RUN = 100_000;

/**
 * Runs at random, each drawn in one of three ways: one in 10 accesses is another thread's, one in 40 is, or priorities with three changes.
 * Cost: about a microsecond for each access.
 */
export const lockstep = (
  product: Product,
  { seconds, seed, maxRuns = Infinity }: LockstepBudget,
  onlooker = unwatched,
): Comparison => {
  const random = chance(seed);
  const threads = product.points.length;
  const end = performance.now() + 1000 * seconds;
  let [runs, steps, length] = [0, 0, 64];
  let cut = 0;
  let isInterrupted = false;
  const tell = telling(onlooker);
  while (runs < maxRuns && !isInterrupted && (runs === 0 || performance.now() < end)) {
    const draw = runs % 3;
    const scheduler = draw === 2 ? pct(random, threads, length, 4) : sticky(random, threads, draw === 0 ? 10 : 40);
    const run = runOnce(product, scheduler, LONGEST_RUN);
    runs++;
    steps += run.steps;
    length = Math.max(length, run.steps);
    if (!run.ended) cut++;
    if (run.divergence !== null) return parted(shrunk(product, run, LONGEST_RUN), runs, steps);
    tell(() => ({ runs, steps }));
    isInterrupted = onlooker.interrupted();
  }
  const why = isInterrupted
    ? INTERRUPTED
    : cut === 0
      ? ''
      : `${cut} runs were longer than ${LONGEST_RUN} accesses, needed more memory than the scenario has, or left the model more than ${MOST_STANDS} places to be in`;
  return { verdict: why === '' ? 'holds' : 'unknown', why, divergence: null, preemptions: [], runs, steps };
};

export const parted = ({ divergence, preemptions }: Run, runs: number, steps: number): Comparison => ({
  verdict: 'violated',
  why: '',
  divergence,
  preemptions,
  runs,
  steps,
});
