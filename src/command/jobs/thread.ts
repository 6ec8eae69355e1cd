import { parentPort, Worker, workerData } from 'node:worker_threads';
import { Complaint } from '../../complaint.ts';
import { claimsMade } from '../../../spec/properties.ts';
import { switchesAsked } from '../../explore/asked.ts';
import { NotClosed } from '../../explore/automata/automaton.ts';
import { check } from '../../explore/check.ts';
import type { Together } from '../../explore/levels/crew.ts';
import { searchFewPreemptions, type BoundedOptions } from '../../explore/fewPreemptions.ts';
import type { Headway } from '../../differ/onlooker.ts';
import type { Progress, Verdict } from '../../explore/search/verdict.ts';
import { usualNeed } from '../../explore/model/model.ts';
import { walkAtRandom } from '../../explore/walks.ts';
import { isRaised } from './interruption.ts';
import { worldOf, type Job } from './job.ts';
import { Keeper } from './keeper.ts';
import { wordsOf } from './kept.ts';
import { rerun } from '../replay/rerun.ts';
import type { Answer, Question } from './searcher.ts';
import { tapeIn } from './tape.ts';

/** The searching thread. A world holds functions, which cannot be sent; so each job comes as plain data and is built here. */

const flag = new Int32Array(workerData as SharedArrayBuffer);
const answer = (message: Answer): void => parentPort!.postMessage(message);

const interrupted = (): boolean => isRaised(flag);
const onProgress = (progress: Progress): void => answer({ progress });

/** What only some questions need is loaded when one of them is asked. */
const answerTo = async (question: Question): Promise<Answer> => {
  if ('job' in question) return { verdict: judge(question.job) };
  if ('asking' in question) return { asked: askedBy(question.asking) };
  if ('saved' in question) return { rerun: rerun(question.saved, { interrupted, onProgress }) };
  if ('exported' in question) {
    const { modelText } = await import('./exporting.ts');
    return { text: modelText(question.exported, { interrupted, onProgress }) };
  }
  const { accordOf } = await import('../diff/accord.ts');
  const onHeadway = (headway: Headway): void => answer({ headway });
  return { accord: await accordOf(question.compared, { interrupted, onHeadway }) };
};

parentPort!.on('message', async (question: Question) => {
  try {
    answer(await answerTo(question));
  } catch (error) {
    if (!(error instanceof Complaint)) throw error;
    answer({ complaint: error.message });
  }
});

const judge = (job: Job): Verdict => {
  const { kept, walks, preemptions, spill } = job;
  if (walks !== undefined)
    return walkAtRandom(worldOf(job), claimsMade(job.scenario, job.conduct), walks, {
      ...optionsOf(job),
      allFailures: job.allFailures === true,
    });
  if (preemptions !== undefined)
    return searchFewPreemptions(worldOf(job), claimsMade(job.scenario, job.conduct), preemptions, {
      ...optionsOf(job),
      allFailures: job.allFailures === true,
    });
  const keeper = kept === undefined ? undefined : new Keeper(job, kept, () => answer({ keeping: true }));
  const resume = kept?.resume ?? null;
  const verdict = check(worldOf(job), claimsMade(job.scenario, job.conduct), {
    ...optionsOf(job),
    reduce: job.reduce,
    symmetry: job.symmetry,
    allFailures: job.allFailures === true,
    fingerprints: job.fingerprints === true,
    disk: spill === undefined ? undefined : { memory: spill.memory, tape: () => tapeIn(spill.directory) },
    depthFirst: job.depthFirst === true,
    together: job.threads === undefined ? undefined : together(job, job.threads),
    keeping: keeper,
    resumed: resume === null ? undefined : () => wordsOf(resume),
  });
  return keeper?.told(verdict) ?? verdict;
};

const askedBy = (job: Job): ReadonlySet<string> | null => {
  try {
    return switchesAsked(worldOf(job), claimsMade(job.scenario, job.conduct), job);
  } catch (thrown) {
    if (thrown instanceof NotClosed) return null;
    throw thrown;
  }
};

const optionsOf = ({ quotient, fuse, closing, budget }: Job): BoundedOptions => ({
  quotient,
  fuse,
  byNeed: closing === 'beforehand' ? undefined : { ...usualNeed, atOnce: closing === 'by need' },
  budget,
  onProgress,
  interrupted,
});

const together = (job: Job, threads: number): Together => ({
  threads,
  hire: (orders) =>
    new Worker(new URL('./hand.ts', import.meta.url), { workerData: { job, orders }, transferList: [orders.port] }),
  from: 1000,
  waits: false,
  patience: 30,
});
