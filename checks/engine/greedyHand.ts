import { workerData } from 'node:worker_threads';
import { claimsMade } from '../../spec/properties.ts';
import { worldOf, type Job } from '../../src/command/jobs/job.ts';
import type { Orders } from '../../src/explore/levels/crew.ts';
import { serve } from '../../src/explore/levels/member.ts';
import { isOfStates } from '../../src/machine/conduct.ts';

/** A thread of a crew to which memory runs out in the middle of its work: when it is asked for the first time whether a claim holds. */
const { job, orders } = workerData as { readonly job: Job; readonly orders: Orders };
const endlessly = (): never => {
  for (const all: object[] = []; ;) all.push({ all });
};
const claims = claimsMade(job.scenario, job.conduct).map((claim) =>
  isOfStates(claim) ? { ...claim, holds: endlessly } : claim,
);
serve(worldOf(job), claims, { quotient: job.quotient, fuse: job.fuse }, orders);
