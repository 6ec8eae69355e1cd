import { Worker } from 'node:worker_threads';
import type { Interruption } from '../command/jobs/interruption.ts';
import { isMemory } from '../command/jobs/searcher.ts';
import type { Progress } from '../explore/search/verdict.ts';
import { minimize, type Failing, type Limits, type Minimum } from './minimum.ts';

/**
 * `minimize` on a thread of its own, so that Ctrl-C is answered at once. The thread tells what it has so far whenever that gets
 * smaller, so nothing is lost when it is ended or when its memory runs out.
 */

/** What the thread is given. */
export type Task = {
  readonly failing: Failing;
  readonly limits: Pick<Limits, 'maxStates' | 'seconds'>;
  readonly flag: SharedArrayBuffer;
};

/** What it says. */
export type Said =
  { readonly progress: Progress } | { readonly kept: Minimum } | { readonly minimum: ReturnType<typeof minimize> };

/** A thread that is asked to stop does so at its next look at the flag; one that does not look for this long is ended. */
const patience = 5_000;

/** As `minimize`, with what there was at the end where the thread had to be ended or lost its memory. */
export const minimizeApart = async (
  failing: Failing,
  limits: Task['limits'],
  interruption: Interruption,
  onProgress: (progress: Progress) => void,
): Promise<Minimum | string> => {
  const workerData: Task = { failing, limits, flag: interruption.flag };
  const thread = new Worker(new URL('./thread.ts', import.meta.url), { workerData });
  let kept: Minimum | null = null;
  let deadline: NodeJS.Timeout | undefined;
  const forget = interruption.onRaise(() => {
    deadline = setTimeout(() => void thread.terminate(), patience);
  });
  try {
    return await new Promise((resolve, reject) => {
      const lose = (reason: string): void => resolve(kept === null ? reason : { ...kept, outcome: 'unknown', reason });
      thread
        .on('message', (said: Said) => {
          if ('minimum' in said) resolve(said.minimum);
          else if ('kept' in said) kept = said.kept;
          else onProgress(said.progress);
        })
        .on('error', (error) => (isMemory(error) ? lose('memory ran out') : reject(error)))
        .on('exit', () => (interruption.raised ? lose('it was interrupted') : reject(noWord())));
    });
  } finally {
    forget();
    clearTimeout(deadline);
    await thread.terminate();
  }
};

const noWord = (): Error => new Error('[suite bug] the thread that makes runs minimal ended without a word');
