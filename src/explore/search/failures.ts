import type { Conduct } from '../../machine/conduct.ts';
import type { Ending, Found } from './search.ts';
import type { Breach } from '../model/conduct.ts';
import { failedLabel, type Finding } from '../model/failure.ts';
import { unnumbered, type Label } from '../automata/label.ts';
import type { Model } from '../model/model.ts';
import { nameless } from './site.ts';

/** A failure, told apart from the others by `key`. `label`: the step that fails, or null where a state or an end is wrong. */
export type Failing = { readonly key: string; readonly found: Found; readonly label: Label | null };

/**
 * The distinct failures of a search that goes on after each. A run ends where it fails: what the kernel would do after a use
 * after free is anybody's guess. So a failing step leads nowhere, and no step is taken from a state in which something is
 * wrong. What can only happen after another failure is therefore not found.
 *
 * A claim about the conduct of a step is different: the kernel goes on, and so does the search.
 *
 * Two failures are the same if the same access at the same C line breaks the same property or, where no step fails but a state
 * or an end is wrong, if the same is said of it, whatever the records and CPUs are called. States come in the order of their
 * distance, so the first run to a failure is a shortest one. Of one state, and of one end, the first claim that is broken is told: those
 * after it in the order of the claims are explained by it.
 */
export class Failures {
  readonly #model: Model;
  readonly #known = new Map<string, Failing>();
  /** States that the search does not go on from. */
  readonly #dead = new Set<number>();
  #steps = false;
  /** The local states before the accesses that break a claim. */
  readonly #breached = new Map<Conduct, Set<number>>();
  /** The first bound that a step ran into, or null. */
  bound: string | null = null;

  constructor(model: Model) {
    this.#model = model;
  }

  /** The step just tried has failed, or would need more than the check has room for. If it was not the last: `label` of what it failed in. */
  atStep(ending: Ending, label = ending.kind === 'found' ? failedLabel(this.#model) : null): void {
    this.#steps = true;
    if (ending.kind === 'bound') this.bound ??= ending.message;
    if (ending.kind === 'found' && label !== null) this.#add(ending, label);
  }

  /** A step is not done as it should be. It is done all the same, so nothing is cut off. `local`: the state before its access. */
  inConduct({ claim, local }: Breach, tell: () => Found): void {
    const known = this.#breached.get(claim) ?? new Set();
    this.#breached.set(claim, known);
    if (known.has(local)) return;
    known.add(local);
    this.#add(tell(), this.#model.labelOf(this.#model.locals.topClass[local]!));
  }

  inState(found: Found): void {
    this.#dead.add(found.at);
    this.#add(found, null);
  }

  /** An end is wrong, or the graph as a whole. */
  atEnd(found: Found): void {
    this.#add(found, null);
  }

  isDead(at: number): boolean {
    return this.#dead.has(at);
  }

  /** The first dead state from `at` on, if it is below `end`; else `end`. */
  nextDead(at: number, end: number): number {
    if (this.#dead.size > 0) while (at < end && !this.#dead.has(at)) at++;
    return this.#dead.size > 0 ? at : end;
  }

  /** Whether some state or step was not followed, so that there may be states that were not seen. */
  get cut(): boolean {
    return this.#steps || this.#dead.size > 0;
  }

  found(): readonly Failing[] {
    return [...this.#known.values()];
  }

  #add(found: Found, label: Label | null): void {
    const key = keyOfFailure(this.#model, found.finding, label);
    if (!this.#known.has(key)) this.#known.set(key, { key, found, label });
  }
}

/**
 * What tells a failure from others. `label`: the step that fails; then it is told without the number among like accesses, which depends on which of
 * them a world can come to. Null: a state or an end is wrong.
 */
export const keyOfFailure = (model: Model, { property, message }: Finding, label: Label | null): string => {
  if (label === null) return `${property}: ${nameless(model, message)}`;
  const { name, c, spec } = label;
  return `${property} at ${unnumbered(name)} (${c === '' ? spec : c})`;
};
