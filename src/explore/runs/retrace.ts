import type { Claim } from '../../machine/conduct.ts';
import type { Finding } from '../model/failure.ts';
import { Judge } from './judge.ts';
import type { Model } from '../model/model.ts';
import { siteOfAccess, siteOfState, siteOfStep, type Site } from '../search/site.ts';
import { DISABLED } from '../model/stepper.ts';
import type { Trace } from '../search/verdict.ts';

/** What a run that fails shows beside its steps: at what it fails, and how often a CPU was left that could have gone on. */
export type Retraced = { readonly finding: Finding; readonly site: Site; readonly preemptions: number };

/** Follows a run of this world again; null when it cannot be followed to a failure at its end. */
export const retrace = (model: Model, claims: readonly Claim[], { steps }: Trace): Retraced | null => {
  const { stepper } = model;
  const judge = new Judge(model, claims);
  stepper.begin();
  let state: Int32Array = stepper.state.slice();
  let preemptions = 0;
  const initially = judge.initially(state);
  if (initially !== null)
    return steps.length > 0 ? null : { finding: initially, site: siteOfState(model, state, initially), preemptions };
  for (const [i, step] of steps.entries()) {
    const previous = i === 0 ? step.cpu : steps[i - 1]!.cpu;
    if (previous !== step.cpu && couldGoOn(model, state, previous)) preemptions++;
    const attempt = judge.attempt(state, step);
    const isLast = i === steps.length - 1;
    if (attempt.kind === 'failed') {
      const { finding, label } = attempt;
      return isLast ? { finding, site: siteOfAccess(finding, label), preemptions } : null;
    }
    if (attempt.kind !== 'done') return null;
    const { after, finding } = attempt;
    if (finding !== null) return isLast ? { finding, site: siteOfStep(model, finding), preemptions } : null;
    state = after;
  }
  if (model.cpuNames.some((_, cpu) => isEnabled(model, state, cpu))) return null;
  const finding = judge.atEnd(state);
  return finding === null ? null : { finding, site: siteOfState(model, state, finding), preemptions };
};

/** Whether leaving the CPU in this state is a pre-emption: it does not wait for work, and its next step is possible. */
const couldGoOn = (model: Model, state: Int32Array, cpu: number): boolean => {
  model.stepper.state.set(state);
  return !model.stepper.rests(cpu) && isEnabled(model, state, cpu);
};

const isEnabled = ({ stepper }: Model, state: Int32Array, cpu: number): boolean => {
  stepper.resetPicks();
  do {
    stepper.state.set(state);
    if (stepper.advance(cpu) !== DISABLED) {
      stepper.resetPicks();
      return true;
    }
  } while (stepper.nextPicks());
  return false;
};
