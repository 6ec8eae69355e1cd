import type { Interruption } from './interruption.ts';
import { Searcher } from './searcher.ts';

/**
 * Goes through jobs with several searching threads, each of them at one job at a time, begun in the order of the jobs. An error
 * ends all of it, and no thread is left behind.
 */
export const eachOf = async <Job>(
  jobs: readonly Job[],
  workers: number,
  interruption: Interruption,
  doing: (job: Job, index: number, searcher: Searcher) => Promise<void>,
): Promise<void> => {
  const searchers = Array.from({ length: Math.min(workers, jobs.length) }, () => new Searcher(interruption));
  const waiting = jobs.entries();
  const work = async (searcher: Searcher): Promise<void> => {
    for (const [index, job] of waiting) await doing(job, index, searcher);
  };
  try {
    await Promise.all(searchers.map(work));
  } finally {
    await Promise.all(searchers.map((searcher) => searcher.end()));
  }
};
