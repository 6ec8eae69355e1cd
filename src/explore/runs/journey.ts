import type { Claim } from '../../machine/conduct.ts';
import type { Shared } from '../../machine/record.ts';
import type { Finding } from '../model/failure.ts';
import { Judge } from './judge.ts';
import type { Model } from '../model/model.ts';
import { isPossible, nextSteps, type Choice, type Next } from '../search/next.ts';
import { castOf, stillOf, type Still } from './still.ts';
import { Narrator } from './trace.ts';
import type { Step } from '../search/verdict.ts';

/** A run by choices, with all that there was to see on the way. */
export type Journey = {
  readonly cpus: readonly string[];
  readonly cast: readonly Shared[];
  readonly steps: readonly Step[];
  /** The state before each step, and the last one; a step that fails leads to no state. */
  readonly stills: readonly Still[];
  /** What every CPU was about to do in each of these states. */
  readonly next: readonly (readonly Next[])[];
  /** What went wrong at the end of the run. */
  readonly finding: Finding | null;
  /** Whether nobody can go on, and no step has gone wrong. */
  readonly over: boolean;
  /** Why the run is shorter than the choices: the step that could not be taken, or that there was no way on. */
  readonly refused: string | null;
  /** The packed state that it ends in. */
  readonly end: Int32Array;
};

/**
 * Takes the choices one after the other from the beginning, as far as they are possible and nothing goes wrong.
 * Cost: a look at every record and at every CPU's next step for each of them.
 */
export const journeyAlong = (model: Model, claims: readonly Claim[], choices: readonly Choice[]): Journey =>
  along(model, new Judge(model, claims), choices, 0);

/**
 * The same for a run that was found, of which only the last step is called a failure: a search that is to find all of them goes on
 * past what claims about the conduct of steps say.
 */
export const journeyOf = (model: Model, claims: readonly Claim[], run: readonly Choice[]): Journey =>
  along(model, new Judge(model, claims), run, run.length - 1);

/** Why and where a run ends that no step of it fails. */
type Ended = { readonly refused?: string | null; readonly over?: boolean };

/** Failures before the choice number `from` are passed over, where the step leads to a state all the same. */
const along = (model: Model, judge: Judge, choices: readonly Choice[], from: number): Journey => {
  const narrator = new Narrator(model);
  const cast = castOf(model);
  model.stepper.begin();
  let state: Int32Array = model.stepper.state.slice();
  const steps: Step[] = [];
  const stills = [stillOf(model, cast, state)];
  const next = [nextSteps(model, state)];
  const told = (finding: Finding | null, { refused = null, over = false }: Ended = {}): Journey => ({
    cpus: model.cpuNames,
    cast,
    steps,
    stills,
    next,
    finding,
    over,
    refused,
    end: state,
  });
  const initially = judge.initially(state);
  if (initially !== null && from <= 0) return told(initially);
  for (const [i, choice] of choices.entries()) {
    const name = model.cpuNames[choice.cpu];
    if (name === undefined) return told(null, { refused: `there is no CPU number ${choice.cpu}` });
    const attempt = judge.attempt(state, choice);
    if (attempt.kind === 'waits') return told(null, { refused: `${name} cannot go on at step ${i + 1}` });
    if (attempt.kind === 'bound') {
      steps.push(narrator.along(choice, null));
      return told(null, { refused: attempt.message });
    }
    const fails = attempt.finding !== null && i >= from;
    if (attempt.after === null || (fails && attempt.kind === 'failed')) {
      const upTo = attempt.kind === 'failed' && attempt.upTo !== undefined ? { upTo: attempt.upTo } : {};
      steps.push(narrator.along({ ...choice, ...upTo }, null));
      return told(attempt.finding);
    }
    steps.push(narrator.along(choice, attempt.after));
    state = attempt.after;
    stills.push(stillOf(model, cast, state));
    next.push(nextSteps(model, state));
    if (fails) return told(attempt.finding);
  }
  const isOver = !next.at(-1)!.some(isPossible);
  return told(isOver ? judge.atEnd(state) : null, { over: isOver });
};
