import { Worker } from 'node:worker_threads';
import { Complaint } from '../../complaint.ts';
import type { Headway } from '../../differ/onlooker.ts';
import { nothingSeen, type Progress, type Verdict } from '../../explore/search/verdict.ts';
import { counted } from '../../report/number.ts';
import type { Accord, AccordQuestion } from '../diff/accord.ts';
import type { ExportRequest } from '../export.ts';
import type { ModelText } from './exporting.ts';
import type { Interruption } from './interruption.ts';
import type { Job } from './job.ts';
import type { Rerun, Saved } from '../replay/rerun.ts';

/**
 * Runs checks on a thread of its own. A search is one long synchronous loop; on the main thread no signal would be delivered
 * and no clock would tick before its end. Here the main thread only waits, so Ctrl-C is answered at once. The thread is kept
 * from one check to the next: loading the specification costs more than a small check.
 */

/** What the thread is asked: a verdict, what a check asks of its design, what has become of a saved run, whether library and specification are in accord, or the text of a model. */
export type Question =
  | { readonly job: Job }
  | { readonly asking: Job }
  | { readonly saved: Saved }
  | { readonly compared: AccordQuestion }
  | { readonly exported: ExportRequest };
/** What the thread says: how far it is, a few times a second; that it begins to keep the search; and at last its answer. */
export type Answer =
  | Meanwhile
  | { readonly verdict: Verdict }
  | { readonly asked: ReadonlySet<string> | null }
  | { readonly rerun: Rerun }
  | { readonly accord: Accord }
  | { readonly text: ModelText }
  /** What the user has to put right: an error of its class does not come through from thread to thread. */
  | { readonly complaint: string };
type Meanwhile = { readonly progress: Progress } | { readonly headway: Headway } | { readonly keeping: true };

/** A search that is asked to stop does so at its next look at the flag; one that does not look for this long is ended. */
const patience = 5_000;
/** One that is to be kept may first have to bring its threads to rest and its tables in order. */
const patienceToKeep = 60_000;

/** Who waits for the answer, and how far the search is meanwhile. A text says why there is none. */
type Waiting = {
  readonly resolve: (answer: Exclude<Answer, Meanwhile> | string) => void;
  readonly reject: (error: unknown) => void;
  readonly onProgress: (progress: Progress) => void;
  readonly onHeadway: (headway: Headway) => void;
  /** No more is asked of the patience. */
  readonly wait: () => void;
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
    let latest = nothingYet;
    const answer = await this.#ask({ job }, { onProgress: (progress) => onProgress((latest = progress)) });
    return typeof answer === 'object' && 'verdict' in answer ? answer.verdict : cutShort(String(answer), latest);
  }

  /** The switches that a check asks for, or null when that could not be found out. */
  async asked(asking: Job): Promise<ReadonlySet<string> | null> {
    const answer = await this.#ask({ asking });
    return typeof answer === 'object' && 'asked' in answer ? answer.asked : null;
  }

  /** A saved run, walked again; null when that was cut short. Progress is that of a search for other runs, if there has to be one. */
  async walk(saved: Saved, onProgress: (progress: Progress) => void = () => {}): Promise<Rerun | null> {
    const answer = await this.#ask({ saved }, { onProgress });
    return typeof answer === 'object' && 'rerun' in answer ? answer.rerun : null;
  }

  /** What came of a comparison, or why nothing did. */
  async compare(compared: AccordQuestion, onHeadway: (headway: Headway) => void): Promise<Accord | string> {
    const answer = await this.#ask({ compared }, { onHeadway });
    return typeof answer === 'object' && 'accord' in answer ? answer.accord : String(answer);
  }

  /** The text of a model, or why there is none. */
  async write(exported: ExportRequest, onProgress: (progress: Progress) => void): Promise<ModelText | string> {
    const answer = await this.#ask({ exported }, { onProgress });
    return typeof answer === 'object' && 'text' in answer ? answer.text : String(answer);
  }

  async #ask(
    question: Question,
    { onProgress = () => {}, onHeadway = () => {} }: Partial<Pick<Waiting, 'onProgress' | 'onHeadway'>> = {},
  ): Promise<Parameters<Waiting['resolve']>[0]> {
    const thread = (this.#thread ??= this.#begin());
    let deadline: NodeJS.Timeout | undefined;
    let isKeeping = false;
    const forget = this.#interruption.onRaise(() => {
      const isKept = 'job' in question && question.job.kept !== undefined;
      if (!isKeeping) deadline = setTimeout(() => void thread.terminate(), isKept ? patienceToKeep : patience);
    });
    // To write a large search takes its time, and is what was asked for; whoever has not got it ends the process.
    const wait = (): void => {
      isKeeping = true;
      clearTimeout(deadline);
    };
    try {
      return await new Promise((resolve, reject) => {
        this.#waiting = { resolve, reject, onProgress, onHeadway, wait };
        thread.postMessage(question);
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
    if ('progress' in answer) waiting.onProgress(answer.progress);
    else if ('headway' in answer) waiting.onHeadway(answer.headway);
    else if ('keeping' in answer) waiting.wait();
    else if ('complaint' in answer) waiting.reject(new Complaint(answer.complaint));
    else waiting.resolve(answer);
  }

  /** The thread is gone: for a reason that cuts the search short, or by an error. */
  #lose(why: unknown): void {
    this.#thread = null;
    if (typeof why === 'string') this.#waiting?.resolve(why);
    else this.#waiting?.reject(why);
  }
}

const noVerdict = (): Error => new Error('[suite bug] the searching thread ended without a verdict');

/** The heap's limit, or a typed array that the system has no memory for. */
export const isMemory = (error: unknown): boolean =>
  (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY' ||
  (error instanceof RangeError &&
    /allocation failed|Invalid typed array length|could not allocate memory|no memory for more states/.test(
      error.message,
    ));

const nothingYet: Progress = { states: 0, transitions: 0, depth: 0, frontier: 0, seconds: 0, bytes: 0 };

const cutShort = (reason: string, progress: Progress): Verdict =>
  unknown(`${reason}, after ${counted(progress.states, 'state')} and ${counted(progress.depth, 'step')}`, progress);

/** The verdict on a search that could not give its own. */
export const unknown = (message: string, { states, transitions, depth, seconds }: Progress = nothingYet): Verdict => ({
  ...nothingSeen,
  message,
  states,
  transitions,
  depth,
  seconds,
});
