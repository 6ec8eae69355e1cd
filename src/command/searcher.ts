import { Worker } from 'node:worker_threads';
import type { Progress, Verdict } from '../explore/verdict.ts';
import { counted } from '../report/number.ts';
import type { Interruption } from './interruption.ts';
import type { Job } from './job.ts';

/**
 * Runs checks on a thread of its own. A search is one long synchronous loop; on the main thread no signal would be delivered
 * and no clock would tick before its end. Here the main thread only waits, so Ctrl-C is answered at once. The thread is kept
 * from one check to the next: loading the specification costs more than a small check.
 */

/** What the thread says: how far it is, a few times a second, and at last its verdict. */
export type Answer = { readonly progress: Progress } | { readonly verdict: Verdict };

/** A search that is asked to stop does so at its next look at the flag; one that does not look for this long is ended. */
const patience = 5_000;

export class Searcher {
  readonly #interruption: Interruption;
  #thread: Worker | null = null;

  constructor(interruption: Interruption) {
    this.#interruption = interruption;
  }

  /** The verdict on one job; never two at a time. */
  async judge(job: Job, onProgress: (progress: Progress) => void): Promise<Verdict> {
    const thread = (this.#thread ??= this.#begin());
    let deadline: NodeJS.Timeout | undefined;
    const forget = this.#interruption.onRaise(() => {
      deadline = setTimeout(() => void thread.terminate(), patience);
    });
    try {
      return await this.#answer(thread, job, onProgress);
    } finally {
      forget();
      clearTimeout(deadline);
      thread.removeAllListeners();
    }
  }

  async end(): Promise<void> {
    await this.#thread?.terminate();
    this.#thread = null;
  }

  #begin(): Worker {
    return new Worker(new URL('./thread.ts', import.meta.url), { workerData: this.#interruption.flag });
  }

  #answer(thread: Worker, job: Job, onProgress: (progress: Progress) => void): Promise<Verdict> {
    let latest = nothingYet;
    return new Promise((resolve, reject) => {
      thread.on('message', (answer: Answer) => {
        if ('verdict' in answer) return resolve(answer.verdict);
        latest = answer.progress;
        onProgress(latest);
      });
      thread.on('error', (error) => {
        this.#thread = null;
        if (isMemory(error)) resolve(cutShort('memory ran out', latest));
        else reject(error);
      });
      thread.on('exit', () => {
        this.#thread = null;
        if (this.#interruption.raised) resolve(cutShort('the run was interrupted', latest));
        else reject(new Error('[suite bug] the searching thread ended without a verdict'));
      });
      thread.postMessage(job);
    });
  }
}

/** The heap's limit, or a typed array that the system has no memory for. */
const isMemory = (error: unknown): boolean =>
  (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY' ||
  (error instanceof RangeError && /allocation failed|Invalid typed array length/.test(error.message));

const nothingYet: Progress = { states: 0, transitions: 0, depth: 0, frontier: 0, seconds: 0, bytes: 0 };

const cutShort = (reason: string, progress: Progress): Verdict =>
  unknown(`${reason}, after ${counted(progress.states, 'state')} and ${counted(progress.depth, 'step')}`, progress);

/** The verdict on a search that could not give its own. */
export const unknown = (
  message: string,
  { states, transitions, depth, seconds }: Progress = nothingYet,
): Verdict => ({
  verdict: 'unknown',
  property: null,
  message,
  states,
  transitions,
  depth,
  localStates: 0,
  quotientStates: 0,
  neverFired: [],
  seconds,
  trace: null,
});
