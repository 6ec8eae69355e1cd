import { Worker } from 'node:worker_threads';
import { EVENT, eventsOf, type History } from './history.ts';
import type { Subject } from './subject.ts';

/**
 * One real thread for each thread of a subject, kept for many rounds. In a round each runs its program once on the same arena, and records
 * what it does: at full speed, or access by access along a schedule.
 */

/** Where a worker finds its subject: a module that exports `subjectOf`, and what to call it with. */
export type Source = { readonly module: string; readonly key: string };

/** Words of the memory by which the crew is led, each on a line of its own. */
export const TICKET = 0;
export const ROUND = 16;
export const DONE = 32;
export const PLACE = 48;
const LEADING_WORDS = 64;
/** What ROUND holds when everything is over. */
export const OVER = -1;

/** Accesses of one program in one round that there is room for. */
const ROOM = 4_096;
/** Accesses of a schedule that there is room for. */
const LONGEST_SCHEDULE = 100_000;

export type WorkerData = {
  readonly source: Source;
  readonly thread: number;
  readonly arena: Int32Array;
  readonly leading: Int32Array;
  /** Number of events, then the events. */
  readonly log: Int32Array;
  /** Length, then who does each access; length 0: at full speed. */
  readonly schedule: Int32Array;
  readonly seed: number;
};

const shared = (words: number): Int32Array => new Int32Array(new SharedArrayBuffer(4 * words));

/** A thread has ended with a fault that the library found itself. The others may wait for ever for what it held: the crew can only be ended. */
export class Faulted extends Error {
  readonly thread: string;
  constructor(thread: string, message: string) {
    super(`the library finds a fault: ${message}`);
    this.thread = thread;
  }
}

export class Crew {
  readonly #subject: Subject;
  readonly #workers: readonly Worker[];
  readonly #logs: readonly Int32Array[];
  readonly #leading = shared(LEADING_WORDS);
  readonly #schedule = shared(1 + LONGEST_SCHEDULE);
  readonly arena: Int32Array;
  #failure: Error | null = null;

  constructor(subject: Subject, source: Source, seed: number) {
    this.#subject = subject;
    this.arena = shared(subject.initial.length);
    this.#logs = subject.threads.map(() => shared(1 + ROOM * EVENT));
    this.#workers = subject.threads.map((_, thread) => {
      const workerData: WorkerData = {
        source,
        thread,
        arena: this.arena,
        leading: this.#leading,
        log: this.#logs[thread]!,
        schedule: this.#schedule,
        seed: seed + thread,
      };
      const worker = new Worker(new URL('./crewman.ts', import.meta.url), { workerData });
      const fails = (error: Error): void => {
        this.#failure ??= error;
        this.#reportDone();
      };
      worker.on('error', (error) => fails(error as Error));
      worker.on('message', (fault: string) => fails(new Faulted(subject.threads[thread]!.name, fault)));
      return worker;
    });
  }

  /** One round from the beginning. Throws what a worker threw, Faulted where that is a fault of the library. */
  async round(schedule: readonly number[] = []): Promise<History> {
    this.arena.set(this.#subject.initial);
    this.#schedule[0] = schedule.length;
    this.#schedule.set(schedule, 1);
    for (const word of [TICKET, DONE, PLACE]) Atomics.store(this.#leading, word, 0);
    Atomics.add(this.#leading, ROUND, 1);
    Atomics.notify(this.#leading, ROUND);
    for (let done = 0; done < this.#workers.length; done = Atomics.load(this.#leading, DONE)) {
      if (this.#failure !== null) throw this.#failure;
      await Atomics.waitAsync(this.#leading, DONE, done, 1_000).value;
    }
    if (this.#failure !== null) throw this.#failure;
    return this.#logs.map((log) => eventsOf(log.subarray(1), log[0]!));
  }

  async end(): Promise<void> {
    Atomics.store(this.#leading, ROUND, OVER);
    Atomics.notify(this.#leading, ROUND);
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #reportDone(): void {
    Atomics.add(this.#leading, DONE, this.#workers.length);
    Atomics.notify(this.#leading, DONE);
  }
}
