import { workerData } from 'node:worker_threads';
import { claimsMade } from '../../spec/properties.ts';
import { worldOf, type Job } from '../../src/command/job.ts';
import { CompiledTree, type Planted } from '../../src/explore/compiledTree.ts';
import type { Orders } from '../../src/explore/crew.ts';
import { serve } from '../../src/explore/member.ts';
import { GO } from '../../src/explore/together.ts';
import { isOfStates } from '../../src/machine/conduct.ts';

/** A thread of a crew that is at work, without a word, until it is given up, and asks to be alone in the shared memory before it is stopped. */
const { job, orders } = workerData as { readonly job: Job; readonly orders: Orders };
const joined: CompiledTree[] = [];
const join = CompiledTree.join.bind(CompiledTree);
CompiledTree.join = (planted: Planted): CompiledTree => {
  const tree = join(planted);
  joined.push(tree);
  return tree;
};
const askToBeAlone = (): never => {
  const turn = Atomics.load(orders.control, GO);
  while (Atomics.load(orders.control, GO) === turn);
  joined.at(-1)!.calls.beginLevel(600);
  return process.exit();
};
const claims = claimsMade(job.scenario, job.conduct).map((claim) =>
  isOfStates(claim) ? { ...claim, holds: askToBeAlone } : claim,
);
serve(worldOf(job), claims, { quotient: job.quotient, fuse: job.fuse }, orders);
