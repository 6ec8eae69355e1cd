import type { Verdict } from '../explore/verdict.ts';
import { reportProgress } from '../report/progress.ts';
import type { Terminal } from '../report/terminal.ts';
import { titleOf } from '../report/title.ts';
import type { Interruption } from './interruption.ts';
import type { Job } from './job.ts';
import { Searcher, unknown } from './searcher.ts';

export type Trial = { readonly job: Job; readonly verdict: Verdict };

/**
 * Judges jobs one after the other and tells each verdict as soon as it is there. After an interruption the rest is not begun,
 * but each of them still gets its verdict: unknown.
 */
export const tryAll = async (
  jobs: readonly Job[],
  terminal: Terminal,
  interruption: Interruption,
  tell: (trial: Trial) => void,
): Promise<readonly Trial[]> => {
  const searcher = new Searcher(interruption);
  const trials: Trial[] = [];
  try {
    for (const job of jobs) {
      const verdict = interruption.raised
        ? unknown('interrupted before it began')
        : await judgeAloud(job, searcher, terminal);
      const trial = { job, verdict };
      trials.push(trial);
      tell(trial);
    }
  } finally {
    await searcher.end();
  }
  return trials;
};

const judgeAloud = async (job: Job, searcher: Searcher, terminal: Terminal): Promise<Verdict> => {
  const report = reportProgress(titleOf(job), terminal);
  try {
    return await searcher.judge(job, report.show);
  } finally {
    report.end();
  }
};
