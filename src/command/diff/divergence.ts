import { keep } from '../../counterexample/file.ts';
import type { Counterexample } from '../../counterexample/form.ts';
import { specified } from '../../differ/netgraph.ts';
import { LONGEST_RUN, type Comparison } from '../../differ/lockstep.ts';
import type { Product } from '../../differ/product.ts';
import { runOnce } from '../../differ/run.ts';
import { meantBy, walkSaved } from '../../differ/saved.ts';
import { preempting } from '../../differ/schedule.ts';
import { told, usually } from '../../differ/told.ts';
import type { Design } from '../../netgraph/index.ts';
import { shown } from '../../suite.ts';
import { counterexampleOf } from '../jobs/capture.ts';
import type { NamedScenario } from '../catalogue.ts';
import { worldOf } from '../jobs/job.ts';
import { walkToday } from '../replay/rerun.ts';

/** A divergence of `diff` as a saved run: what the specification does in it is right, so a replay on that finds nothing. */
const AGREES = 'library-agrees';

/**
 * Saves the run, with as few pre-emptions as were found. Returns the path, or null where the run cannot be told in steps of the specification so
 * that it leads to a divergence again.
 */
export const saveDivergence = (
  product: Product,
  { name, scenario }: NamedScenario,
  design: Design,
  { divergence, preemptions }: Comparison,
  directory: string,
): string | null => {
  const job = { name, scenario, design: specified[design], off: [] };
  const { schedule } = runOnce(product, preempting(preemptions), LONGEST_RUN);
  const { steps, labels } = usually(worldOf(job), told(product, schedule), product.model.labels);
  if (walkSaved(product, meantBy(steps, labels, product.model.labels)).divergence === null) return null;
  const { thread, access, reason } = divergence!;
  const message = `${thread}${access === null ? '' : ` after "${access}"`}: ${reason}`;
  const nothing = { cpus: [], steps: [], circle: null, over: false };
  const counterexample: Counterexample = {
    ...counterexampleOf(job, { property: AGREES, message }, nothing),
    expect: 'fixed',
    schedule: steps.map((step) => ({ ...step })),
  };
  return shown(keep(counterexample, walkToday(name, counterexample).replay.trace!, directory));
};
