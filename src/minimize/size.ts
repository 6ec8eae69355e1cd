import type { Scenario } from '../../spec/scenario.ts';
import type { Trace } from '../explore/verdict.ts';

/** How much there is to follow in a run and in what it comes from. */
export type Size = {
  /** Those that run programs, ngthreads among them; the callback runner is not counted. */
  readonly cpus: number;
  readonly operations: number;
  readonly steps: number;
  readonly preemptions: number;
};

export const sizeOf = ({ cpus, ngthreads }: Scenario, { steps }: Trace, preemptions: number): Size => ({
  cpus: cpus.length + ngthreads,
  operations: cpus.reduce((sum, { run }) => sum + run.length, 0),
  steps: steps.length,
  preemptions,
});
