import { isConduct, type Claim } from '../machine/conduct.ts';
import type { World } from '../machine/world.ts';
import { NotClosed } from './automaton.ts';
import { pastTime, type Watcher } from './search.ts';
import { firing, nothingSeen } from './check.ts';
import { withModel, type Model, type ModelOptions } from './model.ts';
import { chase, type Chase } from './preemption.ts';
import type { Verdict } from './verdict.ts';

export type BoundedOptions = Omit<ModelOptions, 'conduct'> & Pick<Watcher, 'budget' | 'interrupted' | 'onProgress'>;

/**
 * Looks for a failure on every run with at most so many pre-emptions (Musuvathi and Qadeer, PLDI 2007): most failures need few, and
 * there are far fewer such runs than runs. A failure is shown by a run with the fewest of them, and of those the fewest steps. Where none
 * fails the verdict is `unknown`: it says nothing of runs with more, nor of what must be reached in some run or on every run for ever.
 *
 * `states` of the verdict counts pairs of a state and who ran last. Cost: that of a state, and three numbers more.
 */
export const searchFewPreemptions = (
  world: World,
  claims: readonly Claim[],
  most: number,
  options: BoundedOptions,
): Verdict => {
  const started = performance.now();
  const late = (): string | null => pastTime(options, performance.now() - started);
  const seconds = (): number => Math.round(performance.now() - started) / 1000;
  try {
    return withModel(
      world,
      { ...options, conduct: claims.filter(isConduct) },
      (model) => {
        const quarry = { properties: claims, wanted: () => true, countPreemptions: true, mostPreemptions: most };
        const outcome = chase(model, quarry, { ...options, spent: seconds() });
        return { ...verdictOf(model, outcome, most), seconds: seconds() };
      },
      late,
      () => late() !== null,
    );
  } catch (thrown) {
    if (!(thrown instanceof NotClosed)) throw thrown;
    return { ...nothingSeen, message: thrown.message, seconds: seconds() };
  }
};

const verdictOf = (model: Model, outcome: Chase, most: number): Verdict => {
  const { states, transitions, depth } = outcome;
  const seen = { ...nothingSeen, ...firing(model), states, transitions, depth };
  if (outcome.kind !== 'found') return { ...seen, message: whyUnknown(outcome, most) };
  const { finding, trace } = outcome;
  return { ...seen, verdict: 'violated', property: finding.property, message: finding.message, trace };
};

const whyUnknown = (outcome: Exclude<Chase, { kind: 'found' }>, most: number): string => {
  const atMost = `at most ${most} ${most === 1 ? 'pre-emption' : 'pre-emptions'}`;
  if (outcome.kind === 'given up') return `${outcome.reason}, among the runs with ${atMost}`;
  const cut = outcome.metBound ? ', as far as the bounds of the model go' : '';
  const rest = outcome.beyond ? '' : '; there are no others, so a search without --preemptions comes to an end';
  return `no run with ${atMost} fails${cut}${rest}`;
};
