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

/** Who waits for the verdict, and how far the search is meanwhile. */
type Waiting = {
  readonly resolve: (verdict: Verdict) => void;
  readonly reject: (error: unknown) => void;
  readonly onProgress: (progress: Progress) => void;
  latest: Progress;
};

export class Searcher {
  readonly #interruption: Interruption;
  #thread: Worker | null = null;
  #waiting: Waiting | null = null;

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
      return await new Promise((resolve, reject) => {
        this.#waiting = { resolve, reject, onProgress, latest: nothingYet };
        thread.postMessage(job);
      });
    } finally {
      this.#waiting = null;
      forget();
      clearTimeout(deadline);
    }
  }

  async end(): Promise<void> {
    await this.#thread?.terminate();
  }

  #begin(): Worker {
    const thread = new Worker(new URL('./thread.ts', import.meta.url), { workerData: this.#interruption.flag });
    // A thread that has been lost to an error still has its exit to say, when the next one is already at work.
    const mine = (): boolean => this.#thread === thread;
    return thread
      .on('message', (answer: Answer) => mine() && this.#hear(answer))
      .on('error', (error) => mine() && this.#lose(isMemory(error) ? 'memory ran out' : error))
      .on('exit', () => mine() && this.#lose(this.#interruption.raised ? 'the run was interrupted' : noVerdict()));
  }

  #hear(answer: Answer): void {
    const waiting = this.#waiting;
    if (waiting === null) return;
    if ('verdict' in answer) return waiting.resolve(answer.verdict);
    waiting.latest = answer.progress;
    waiting.onProgress(answer.progress);
  }

  /** The thread is gone: for a reason that cuts the search short, or by an error. */
  #lose(why: unknown): void {
    this.#thread = null;
    if (typeof why === 'string') this.#waiting?.resolve(cutShort(why, this.#waiting.latest));
    else this.#waiting?.reject(why);
  }
}

const noVerdict = (): Error => new Error('[suite bug] the searching thread ended without a verdict');

/** The heap's limit, or a typed array that the system has no memory for. */
export const isMemory = (error: unknown): boolean =>
  (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY' ||
  (error instanceof RangeError && /allocation failed|Invalid typed array length/.test(error.message));

const nothingYet: Progress = { states: 0, transitions: 0, depth: 0, frontier: 0, seconds: 0, bytes: 0 };

const cutShort = (reason: string, progress: Progress): Verdict =>
  unknown(`${reason}, after ${counted(progress.states, 'state')} and ${counted(progress.depth, 'step')}`, progress);

/** The verdict on a search that could not give its own. */
export const unknown = (message: string, { states, transitions, depth, seconds }: Progress = nothingYet): Verdict => ({
  verdict: 'unknown',
  property: null,
  message,
  states,
  transitions,
  depth,
  localStates: 0,
  quotientStates: 0,
  neverFired: [],
  fired: [],
  seconds,
  trace: null,
});
