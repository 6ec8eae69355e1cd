import type { Model } from '../model/model.ts';
import { AT_BOUND, DISABLED, DONE, FAILED } from '../model/stepper.ts';
import type { Symmetry } from '../symmetry/symmetry.ts';

/** The name of the step in which the callback runner takes up a callback. */
export const CALLBACK = 'grace period ends';

/** A step of a run by numbers: which CPU goes on, and which alternatives it takes where it has several. */
export type Choice = { readonly cpu: number; readonly picks: readonly number[] };

/** What a CPU is about to do in some state, and what would come of it. */
export type Next = Choice & {
  /** Name of the step; null when the program of the CPU is over. */
  readonly step: string | null;
  readonly c: string;
  readonly spec: string;
  /**
   * `goes on`: it can be done. `fails`: it can, and goes wrong at once. `bound`: it would leave what the check can hold. `waits`:
   * not now. `over`: there is nothing more to do.
   */
  readonly outlook: 'goes on' | 'fails' | 'bound' | 'waits' | 'over';
};

export const isPossible = ({ outlook }: Next): boolean => outlook !== 'waits' && outlook !== 'over';

/** Of every CPU, in their order, each alternative of its next step; one entry where it waits or is over. */
export const nextSteps = (model: Model, state: Int32Array): readonly Next[] =>
  model.cpuNames.flatMap((_, cpu) => alternatives(model, state, cpu));

const alternatives = (model: Model, state: Int32Array, cpu: number): readonly Next[] => {
  const { stepper } = model;
  const about = aboutToDo(model, state, cpu);
  if (about.step === null) return [{ cpu, picks: [], ...about, outlook: 'over' }];
  const possible: Next[] = [];
  stepper.resetPicks();
  do {
    stepper.state.set(state);
    const outcome = stepper.advance(cpu);
    if (outcome === DISABLED) continue;
    const outlook = outcome === FAILED ? 'fails' : outcome === AT_BOUND ? 'bound' : 'goes on';
    possible.push({ cpu, picks: stepper.picksTaken(), ...about, outlook });
  } while (stepper.nextPicks());
  stepper.resetPicks();
  return possible.length > 0 ? possible : [{ cpu, picks: [], ...about, outlook: 'waits' }];
};

/** The step that a CPU is about to do, possible or not. */
export const aboutToDo = (model: Model, state: Int32Array, cpu: number): Pick<Next, 'step' | 'c' | 'spec'> => {
  const { stepper, locals, labelOf, cpuNames, automata } = model;
  stepper.state.set(state);
  const top = locals.topClass[stepper.local(cpu)]!;
  if (top >= 0) {
    const { name, c, spec } = labelOf(top);
    return { step: name, c, spec };
  }
  const isRunner = automata.usesEpoch && cpu === cpuNames.length - 1;
  return { step: isRunner ? CALLBACK : null, c: '', spec: '' };
};

/** The first choice that leads from one state to another, or to one of which it is the form. Throws when there is none. */
export const choiceBetween = (
  { stepper }: Model,
  before: Int32Array,
  after: Int32Array,
  symmetry: Symmetry | null = null,
): Choice => {
  for (let cpu = 0; cpu < stepper.cpus; cpu++) {
    stepper.resetPicks();
    do {
      stepper.state.set(before);
      if (stepper.advance(cpu) !== DONE) continue;
      const picks = stepper.picksTaken();
      symmetry?.normalize(stepper.state);
      if (stepper.state.some((word, i) => word !== after[i])) continue;
      stepper.resetPicks();
      return { cpu, picks };
    } while (stepper.nextPicks());
  }
  throw new Error('[suite bug] a state has no step that leads to it from its parent');
};
