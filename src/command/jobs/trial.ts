import { availableParallelism } from 'node:os';
import type { Verdict } from '../../explore/search/verdict.ts';
import { counted } from '../../report/number.ts';
import { progressLine, reportProgress } from '../../report/progress.ts';
import type { Terminal } from '../../report/terminal.ts';
import { titleOf } from '../../report/title.ts';
import type { Interruption } from './interruption.ts';
import type { Job } from './job.ts';
import { eachOf } from './pool.ts';
import { unknown, type Searcher } from './searcher.ts';

export type Trial = {
  readonly job: Job;
  readonly verdict: Verdict;
  /** Whether it was found before, and kept. */
  readonly cached?: boolean;
};

/** Where verdicts may be known already. */
export type Memory = {
  readonly find: (job: Job) => Verdict | null;
  readonly keep: (job: Job, verdict: Verdict) => void;
};
const noMemory: Memory = { find: () => null, keep: () => {} };

export type Beforehand = (
  job: Job,
  ended: readonly (Trial | undefined)[],
  searcher: Searcher,
) => Verdict | null | Promise<Verdict | null>;

/** How many checks are explored at a time: one for each core, if nothing else is said. */
export const allCores = availableParallelism();

/**
 * Judges jobs on `workers` threads, each of them one job at a time, and tells each verdict as soon as it and all before it are
 * there: the order in which they are told is the order of the jobs. After an interruption the rest is not begun, but each of
 * them still gets its verdict: unknown. What is known `beforehand`, when the turn of a job comes and in view of what has ended by then,
 * is its verdict, and nothing is explored.
 */
export const tryAll = async (
  jobs: readonly Job[],
  workers: number,
  terminal: Terminal,
  interruption: Interruption,
  tell: (trial: Trial) => void,
  beforehand: Beforehand = () => null,
  memory: Memory = noMemory,
): Promise<readonly Trial[]> => {
  const trials: Trial[] = [];
  let told = 0;
  let ended = 0;
  const tally = (): string => `${ended} of ${counted(jobs.length, 'check')}`;
  const screen = onePerTime(jobs.length === 1 ? terminal : { ...terminal, live: withTally(terminal.live, tally) });
  if (jobs.length > 1) terminal.status.add(tally);
  const tellAll = (): void => {
    while (trials[told] !== undefined) tell(trials[told++]!);
  };
  jobs.forEach((job, index) => {
    const verdict = memory.find(job);
    if (verdict === null) return;
    trials[index] = { job, verdict, cached: true };
    ended++;
  });
  tellAll();
  const unknownYet = [...jobs.entries()].filter(([index]) => trials[index] === undefined);
  await eachOf(unknownYet, workers, interruption, async ([index, job], _, searcher) => {
    const known = await beforehand(job, trials, searcher);
    const verdict = known ?? (await judgeAloud(job, searcher, screen(job), interruption));
    trials[index] = { job, verdict };
    ended++;
    memory.keep(job, verdict);
    tellAll();
  }).finally(() => terminal.status.delete(tally));
  return trials;
};

/** How much has been done stands before what is under way. */
const withTally = (live: Terminal['live'], tally: () => string): Terminal['live'] =>
  live === null ? null : (text) => live(text === '' ? '' : `${tally()}; ${text}`);

const judgeAloud = async (
  job: Job,
  searcher: Searcher,
  { terminal, leave }: Place,
  interruption: Interruption,
): Promise<Verdict> => {
  if (interruption.raised) return unknown('interrupted before it began');
  const report = reportProgress(titleOf(job), terminal, progressLine);
  try {
    return await searcher.judge(job, report.show);
  } finally {
    report.end();
    leave();
  }
};

type Place = { readonly terminal: Terminal; readonly leave: () => void };

/** There is one line for what is under way: it belongs to the job that has been at work longest. */
const onePerTime = (terminal: Terminal): ((job: Job) => Place) => {
  const atWork = new Set<Job>();
  return (job) => {
    atWork.add(job);
    const { live } = terminal;
    const mine = (): boolean => atWork.values().next().value === job;
    return {
      terminal: { ...terminal, live: live === null ? null : (text) => void (mine() && live(text)) },
      leave: () => void atWork.delete(job),
    };
  };
};
