import { isOfStates, type Claim } from '../machine/conduct.ts';
import { observerOf } from './conduct.ts';
import { findingOf, type Finding } from './failure.ts';
import type { Model } from './model.ts';
import { siteOfBreach, siteOfFailure, siteOfState, siteOfStep, type Site } from './site.ts';
import { AT_BOUND, DISABLED, DONE } from './stepper.ts';
import type { Trace } from './verdict.ts';
import { Watch } from './watch.ts';

/** What a run that fails shows beside its steps: at what it fails, and how often a CPU was left that could have gone on. */
export type Retraced = { readonly finding: Finding; readonly site: Site; readonly preemptions: number };

/** Follows a run of this world again; null when it cannot be followed to a failure at its end. */
export const retrace = (model: Model, claims: readonly Claim[], { steps }: Trace): Retraced | null => {
  const { stepper } = model;
  const watch = new Watch(model, claims.filter(isOfStates));
  const observer = observerOf(model);
  stepper.begin();
  let before = stepper.state.slice();
  let preemptions = 0;
  const over = (finding: Finding, site: Site): Retraced => ({ finding, site, preemptions });
  const initially = watch.look(before, null);
  if (initially !== null) return steps.length > 0 ? null : over(initially, siteOfState(model, before, initially));
  for (const [i, { cpu, picks }] of steps.entries()) {
    const previous = i === 0 ? cpu : steps[i - 1]!.cpu;
    if (previous !== cpu && couldGoOn(model, before, previous)) preemptions++;
    stepper.state.set(before);
    stepper.setPicks(picks);
    const outcome = stepper.advance(cpu);
    stepper.resetPicks();
    const isLast = i === steps.length - 1;
    const [breach] = observer?.look(outcome, before) ?? [];
    if (breach !== undefined) return isLast ? over(observer!.tell(cpu, breach), siteOfBreach(model, breach)) : null;
    if (outcome === DISABLED || outcome === AT_BOUND) return null;
    if (outcome !== DONE) return isLast ? over(findingOf(model, cpu) as Finding, siteOfFailure(model, cpu)) : null;
    const after = stepper.state.slice();
    const finding = watch.look(after, before);
    if (finding !== null) return isLast ? over(finding, siteOfStep(model, finding)) : null;
    before = after;
  }
  if (model.cpuNames.some((_, cpu) => isEnabled(model, before, cpu))) return null;
  const finding = watch.atEnd(before);
  return finding === null ? null : over(finding, siteOfState(model, before, finding));
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
