import { check } from '../explore/check.ts';
import { usualModel, type Model } from '../explore/model/model.ts';
import type { World } from '../machine/world.ts';

/** Which steps of the model, by name, a comparison has realised: what it has not, it says nothing about. */
export type Coverage = {
  readonly realised: readonly string[];
  /** Steps that the model takes in some run, and the comparison has not realised. */
  readonly missing: readonly string[];
  /** Steps that no run of the model takes, or none that the search below came to. */
  readonly impossible: number;
  /** Whether all runs of the model were searched; else what is missing may be more. */
  readonly complete: boolean;
};

/** By name, the steps of the model, and those that were realised with it so far. */
export const realisedIn = ({
  labels, labelOf, quotient, stepper,
}: Model): { readonly all: readonly string[]; readonly realised: ReadonlySet<string> } => {
  const realised = new Set<string>();
  quotient.representative.forEach(({ pending }, c) => {
    if (pending.kind === 'operation' && stepper.fired[c] === 1) realised.add(labelOf(c).name);
  });
  return { all: labels.map(({ name }) => name), realised };
}; // prettier-ignore

/** The same beside what the model can do at all: it is searched for that, within bounds. Cost: a search of the scenario. */
export const coverage = (model: Model, world: World, budget: { seconds: number; maxStates: number }): Coverage => {
  const { all, realised } = realisedIn(model);
  const search = check(world, [], { ...usualModel, budget });
  const possible = new Set(search.fired);
  return {
    realised: all.filter((name) => realised.has(name)),
    missing: all.filter((name) => possible.has(name) && !realised.has(name)),
    impossible: all.filter((name) => !possible.has(name) && !realised.has(name)).length,
    complete: search.verdict === 'holds',
  };
};
