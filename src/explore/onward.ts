import type { Claim } from '../machine/conduct.ts';
import type { Property } from '../machine/property.ts';
import { breadthFirst } from './search/breadthFirst.ts';
import type { Found, Search } from './search/search.ts';
import type { Finding } from './model/failure.ts';
import type { Model } from './model/model.ts';
import { choiceBetween, type Choice } from './search/next.ts';
import type { Budget } from './search/verdict.ts';

/** How a run can go on until something fails, or why that is not known. */
export type Onward =
  | { readonly kind: 'found'; readonly choices: readonly Choice[]; readonly finding: Finding }
  | { readonly kind: 'nothing'; readonly states: number }
  | { readonly kind: 'unknown'; readonly message: string };

/**
 * The shortest way from a state to the next failure. Only what can fail on a run is looked for: what must be reached in some run
 * (`sometimes`), or in every run that goes on for ever, is a matter of all runs from the beginning.
 */
export const onward = (model: Model, claims: readonly Claim[], from: Int32Array, budget: Budget): Onward => {
  const onRuns = claims.filter(({ kind }) => ['always', 'finally', 'steps', 'unhindered'].includes(kind));
  const search = breadthFirst(model, onRuns, { budget, beginning: from });
  return search.ending.kind === 'found' ? wayTo(model, search, search.ending) : noWay(search);
};

/** The shortest way to where a claim is broken, also where something else fails on a shorter one. */
export const onwardTo = (model: Model, claim: Property, from: Int32Array, budget: Budget): Onward => {
  const first = breadthFirst(model, [claim], { budget, beginning: from });
  const isIt = ({ finding }: Found): boolean => finding.property === claim.name;
  if (first.ending.kind !== 'found') return noWay(first);
  if (isIt(first.ending)) return wayTo(model, first, first.ending);
  const all = breadthFirst(model, [claim], { budget, beginning: from, allFailures: true });
  const found = all.failures.map((failing) => failing.found).find(isIt);
  return found === undefined ? noWay(all) : wayTo(model, all, found);
};

const noWay = ({ ending, visited }: Search): Onward =>
  ending.kind === 'bound' ? { kind: 'unknown', message: ending.message } : { kind: 'nothing', states: visited.count };

const wayTo = (model: Model, { visited }: Search, { at: end, by, finding }: Found): Onward => {
  const states: Int32Array[] = [];
  for (let at = end; at >= 0; at = visited.parent(at)) {
    const state = new Int32Array(model.layout.words);
    visited.read(at, state);
    states.unshift(state);
  }
  const way = states.slice(1).map((state, i) => choiceBetween(model, states[i]!, state));
  return { kind: 'found', choices: by === null ? way : [...way, { cpu: by.cpu, picks: by.picks }], finding };
};
