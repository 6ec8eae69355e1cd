import { isOfStates, type Claim } from '../../machine/conduct.ts';
import { observerOf, type Observer } from '../model/conduct.ts';
import { failedLabel, findingOf, type Finding } from '../model/failure.ts';
import type { Label } from '../automata/label.ts';
import type { Model } from '../model/model.ts';
import type { Choice } from '../search/next.ts';
import { DISABLED, DONE } from '../model/stepper.ts';
import { Watch } from '../model/watch.ts';

/**
 * What comes of a step that is tried. `after`: the state that it leads to; a step that breaks a claim about its conduct only leads to
 * one all the same. `label`: of the access that fails. `upTo`: which of its accesses that is, if not the last that was tried.
 */
export type Attempt =
  | { readonly kind: 'done'; readonly after: Int32Array; readonly finding: Finding | null }
  | {
      readonly kind: 'failed';
      readonly after: Int32Array | null;
      readonly finding: Finding;
      readonly label: Label;
      readonly upTo?: number;
    }
  | { readonly kind: 'bound'; readonly message: string }
  | { readonly kind: 'waits' };

/** Judges the steps of one run, in their order, by all that is claimed and by what the machine watches itself. */
export class Judge {
  readonly #model: Model;
  readonly #watch: Watch;
  readonly #observer: Observer | null;

  constructor(model: Model, claims: readonly Claim[]) {
    this.#model = model;
    this.#watch = new Watch(model, claims.filter(isOfStates));
    this.#observer = observerOf(model);
  }

  /** What is wrong with the state that the run begins in. */
  initially(state: Int32Array): Finding | null {
    return this.#watch.look(state, null);
  }

  /** Tries a step from a state in which nothing was wrong; what is claimed of how it is done comes first. */
  attempt(state: Int32Array, { cpu, picks }: Choice): Attempt {
    const { stepper } = this.#model;
    stepper.state.set(state);
    stepper.setPicks(picks);
    const outcome = stepper.advance(cpu);
    stepper.resetPicks();
    const [breach] = this.#observer?.look(outcome, state) ?? [];
    const after = outcome === DONE ? stepper.state.slice() : null;
    if (breach !== undefined)
      return {
        kind: 'failed',
        after,
        finding: this.#observer!.tell(cpu, breach),
        label: this.#model.labelOf(this.#model.locals.topClass[breach.local]!),
        upTo: breach.upTo,
      };
    if (outcome === DISABLED) return { kind: 'waits' };
    if (after !== null) return { kind: 'done', after, finding: this.#watch.look(after, state) };
    const { property, message } = findingOf(this.#model, cpu);
    if (property === null) return { kind: 'bound', message };
    return { kind: 'failed', after, finding: { property, message }, label: failedLabel(this.#model) };
  }

  /** What is wrong with a state in which no step is possible. */
  atEnd(state: Int32Array): Finding | null {
    return this.#watch.atEnd(state);
  }
}
