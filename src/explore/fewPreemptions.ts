import { isConduct, type Claim } from '../machine/conduct.ts';
import type { World } from '../machine/world.ts';
import { NotClosed } from './automata/automaton.ts';
import { pastTime, type Watcher } from './search/search.ts';
import { firing } from './check.ts';
import { withModel, type Model, type ModelOptions } from './model/model.ts';
import { chase, type Catch, type Chase } from './runs/preemption.ts';
import { nothingSeen, type Failure, type Verdict } from './search/verdict.ts';

export type BoundedOptions = Omit<ModelOptions, 'conduct'> &
  Pick<Watcher, 'allFailures' | 'budget' | 'interrupted' | 'onProgress'>;

/**
 * Looks for a failure on every run with at most so many pre-emptions (Musuvathi and Qadeer, PLDI 2007): most failures need few, and
 * there are far fewer such runs than runs. A failure is shown by a run with the fewest of them, and of those the fewest steps. Where none
 * fails the verdict is `unknown`: it says nothing of runs with more, nor of what must be reached in some run or on every run for ever.
 * With `allFailures` each distinct failure is shown by such a run.
 *
 * `states` of the verdict counts pairs of a state and who ran last. Cost: that of a state, 13 bytes, and a number while it waits to be gone on from.
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
  let isGivenUp = false;
  try {
    return withModel(
      world,
      { ...options, conduct: claims.filter(isConduct) },
      (model) => {
        const allFailures = options.allFailures === true;
        const quarry = {
          properties: claims,
          wanted: () => true,
          countPreemptions: true,
          mostPreemptions: most,
          allFailures,
        };
        const outcome = chase(model, quarry, { ...options, spent: seconds() });
        isGivenUp = outcome.kind === 'given up';
        return { ...verdictOf(model, outcome, most, allFailures), seconds: seconds() };
      },
      late,
      () => isGivenUp && late() !== null,
    );
  } catch (thrown) {
    if (!(thrown instanceof NotClosed)) throw thrown;
    return { ...nothingSeen, message: thrown.message, seconds: seconds() };
  }
};

const verdictOf = (model: Model, outcome: Chase, most: number, allFailures: boolean): Verdict => {
  const { states, transitions, depth, bound } = outcome;
  const seen = { ...nothingSeen, ...firing(model), states, transitions, depth };
  const within = (cut: string | null): Verdict['within'] => ({ preemptions: most, cut: cut ?? bound });
  if (outcome.kind !== 'found') {
    const cut = outcome.kind === 'given up' ? outcome.reason : null;
    return { ...seen, within: within(cut), message: whyUnknown(outcome, most) };
  }
  const { finding, trace, others, cut } = outcome;
  const ended = allFailures ? cut : 'a failure has ended the search';
  const shown: Verdict = { ...seen, verdict: 'violated', ...finding, trace, within: within(ended) };
  if (!allFailures) return shown;
  return { ...shown, failures: [outcome, ...others].map(failureOf), cutShort: whyMore(outcome, cut, most) };
};

/** Why there may be more failures; null where there are none. */
const whyMore = ({ bound, beyond }: Chase, cut: string | null, most: number): string | null => {
  if (cut !== null) return `${cut}, among the ${runsWith(most)}`;
  if (!beyond && bound === null) return null;
  return `${beyond ? `only the ${runsWith(most)} were looked at` : 'all runs were looked at'}${asFar(bound)}`;
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
  const rest = outcome.beyond ? '' : '; there are no others, so a search without --preemptions comes to an end';
  return `no run with ${atMost(most)} fails${asFar(outcome.bound)}${rest}`;
};

const asFar = (bound: string | null): string => (bound === null ? '' : ', as far as the bounds of the model go');

const runsWith = (most: number): string => `runs with ${atMost(most)}`;

const atMost = (most: number): string => `at most ${most} ${most === 1 ? 'pre-emption' : 'pre-emptions'}`;
