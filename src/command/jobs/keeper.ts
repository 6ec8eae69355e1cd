import { Complaint } from '../../complaint.ts';
import type { Keeping } from '../../explore/search/snapshot.ts';
import type { Sink } from '../../explore/states/words.ts';
import type { Verdict } from '../../explore/search/verdict.ts';
import { keepSearch } from './kept.ts';
import type { Job, Kept } from './job.ts';

/** Keeps the search of a job every so often. A disk that refuses ends no search; it is told at the end. */
export class Keeper implements Keeping {
  readonly #job: Job;
  readonly #kept: Kept;
  readonly #begin: () => void;
  #next: number;
  #said = '';

  /** `begin` is called before anything is written: that can take longer than anybody is patient. */
  constructor(job: Job, kept: Kept, begin: () => void) {
    this.#job = job;
    this.#kept = kept;
    this.#begin = begin;
    this.#next = performance.now() + 1000 * kept.every;
  }

  due(): boolean {
    return performance.now() > this.#next;
  }

  keep(write: (sink: Sink) => void): void {
    this.#begin();
    const { path, every } = this.#kept;
    try {
      keepSearch(path, this.#job, write);
      this.#said = `it is kept, and --resume ${path} goes on`;
    } catch (error) {
      if (!(error instanceof Complaint)) throw error;
      this.#said = error.message.replace(/\.$/, '');
    }
    this.#next = performance.now() + 1000 * every;
  }

  /** The verdict, with what has become of the search where there is more of it. */
  told(verdict: Verdict): Verdict {
    if (verdict.verdict !== 'unknown' || this.#said === '') return verdict;
    return { ...verdict, message: `${verdict.message}; ${this.#said}` };
  }
}
