import type { Scenario } from '../../spec/scenario.ts';
import type { Trace } from '../explore/search/verdict.ts';

/** How much there is to follow in a run and in what it comes from. */
export type Size = {
  /** Those that run programs, ngthreads and the callout's among them; the callback runner is not counted. */
  readonly cpus: number;
  readonly operations: number;
  readonly steps: number;
  readonly preemptions: number;
};

export const sizeOf = (scenario: Scenario, { cpus, steps }: Trace, preemptions: number): Size => ({
  cpus: cpus.filter((name) => name !== callbackRunner).length,
  operations: scenario.cpus.reduce((sum, { run }) => sum + run.length, 0),
  steps: steps.length,
  preemptions,
});

/** No CPU of a scenario can be called so (build.ts). */
const callbackRunner = 'callbacks';
