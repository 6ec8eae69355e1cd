import { isConduct, type Claim } from '../machine/conduct.ts';
import type { World } from '../machine/world.ts';
import { NotClosed } from './automaton.ts';
import { pastTime, type Watcher } from './search.ts';
import { firing, nothingSeen } from './check.ts';
import { withModel, type Model, type ModelOptions } from './model.ts';
import { chase, type Catch, type Chase } from './preemption.ts';
import type { Failure, Verdict } from './verdict.ts';

export type BoundedOptions = Omit<ModelOptions, 'conduct'> &
  Pick<Watcher, 'allFailures' | 'budget' | 'interrupted' | 'onProgress'>;

/**
 * Looks for a failure on every run with at most so many pre-emptions (Musuvathi and Qadeer, PLDI 2007): most failures need few, and
 * there are far fewer such runs than runs. A failure is shown by a run with the fewest of them, and of those the fewest steps. Where none
 * fails the verdict is `unknown`: it says nothing of runs with more, nor of what must be reached in some run or on every run for ever.
 * With `allFailures` each distinct failure is shown by such a run.
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
        const each = options.allFailures === true;
        const quarry = { properties: claims, wanted: () => true, countPreemptions: true, mostPreemptions: most, each };
        const outcome = chase(model, quarry, { ...options, spent: seconds() });
        return { ...verdictOf(model, outcome, most, each), seconds: seconds() };
      },
      late,
      () => late() !== null,
    );
  } catch (thrown) {
    if (!(thrown instanceof NotClosed)) throw thrown;
    return { ...nothingSeen, message: thrown.message, seconds: seconds() };
  }
};

const verdictOf = (model: Model, outcome: Chase, most: number, each: boolean): Verdict => {
  const { states, transitions, depth, metBound } = outcome;
  const seen = { ...nothingSeen, ...firing(model), states, transitions, depth };
  const within = (isWhole: boolean): Verdict['within'] => ({ preemptions: most, isWhole: isWhole && !metBound });
  if (outcome.kind !== 'found')
    return { ...seen, within: within(outcome.kind === 'none'), message: whyUnknown(outcome, most) };
  const { finding, trace, others, cut } = outcome;
  const shown: Verdict = { ...seen, verdict: 'violated', ...finding, trace, within: within(each && cut === null) };
  if (!each) return shown;
  const failures = [outcome, ...others].map(failureOf);
  const among = `the ${runsWith(most)}`;
  return { ...shown, failures, cutShort: cut === null ? `only ${among} were looked at` : `${cut}, among ${among}` };
};

const failureOf = ({ key, finding, label, trace }: Catch): Failure => ({
  key,
  ...finding,
  step: label?.name ?? null,
  c: label?.c ?? '',
  trace,
});

const whyUnknown = (outcome: Exclude<Chase, { kind: 'found' }>, most: number): string => {
  if (outcome.kind === 'given up') return `${outcome.reason}, among the ${runsWith(most)}`;
  const cut = outcome.metBound ? ', as far as the bounds of the model go' : '';
  const rest = outcome.beyond ? '' : '; there are no others, so a search without --preemptions comes to an end';
  return `no run with ${atMost(most)} fails${cut}${rest}`;
};

const runsWith = (most: number): string => `runs with ${atMost(most)}`;

const atMost = (most: number): string => `at most ${most} ${most === 1 ? 'pre-emption' : 'pre-emptions'}`;
