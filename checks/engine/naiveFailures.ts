import { cLine, specLine } from '../../src/machine/place.ts';
import { isConduct, isOfStates, type Claim } from '../../src/machine/conduct.ts';
import type { Property } from '../../src/machine/property.ts';
import { describe, type Pending } from '../../src/machine/replay.ts';
import type { World } from '../../src/machine/world.ts';
import { atRest, holds, written } from './naive.ts';
import { breaches } from './naiveConduct.ts';
import { Machine, type State } from './naiveStep.ts';

/**
 * The reference for the search that goes on after a failure: a failing step leads nowhere, nothing is done from a state in which
 * something is wrong. Each distinct failure with the number of steps of a shortest run to it; null: a bound was hit.
 */
export const naiveFailures = (
  world: World,
  claims: readonly Claim[],
  fuse: boolean,
): ReadonlyMap<string, number> | null => {
  const [properties, conduct] = [claims.filter(isOfStates), claims.filter(isConduct)];
  const machine = new Machine(world, fuse, []);
  const failures = new Map<string, number>();
  const seen = new Set<string>();
  const queue: { readonly state: State; readonly depth: number }[] = [];
  let cut = false;
  let ends = 0;
  const add = (key: string, steps: number): void => void (failures.has(key) || failures.set(key, steps));
  const wrongIn = (state: State, kind: Property['kind']): string | undefined =>
    properties.find((property) => property.kind === kind && !holds(world, property, state))?.name;
  const wanted = new Set(properties.filter(({ kind }) => kind === 'sometimes'));
  const meet = (state: State, depth: number): void => {
    if (seen.has(written(state))) return;
    seen.add(written(state));
    for (const property of wanted) if (holds(world, property, state)) wanted.delete(property);
    const wrong = wrongIn(state, 'always');
    if (wrong === undefined) return void queue.push({ state, depth });
    cut = true;
    add(wrong, depth);
  };

  meet(machine.begin(), 0);
  for (const { state, depth } of queue) {
    const tried = state.cpus.flatMap((_, cpu) => machine.tries(state, cpu));
    const outcomes = tried.filter(({ kind }) => kind !== 'waits');
    for (const outcome of tried) {
      // What is not done as it should be is done all the same.
      for (const { claim, pending } of breaches(conduct, state, outcome))
        add(`${claim.name} at ${nameOf(pending)}`, depth + 1);
      if (outcome.kind === 'waits') continue;
      if (outcome.kind === 'bound') return null;
      if (outcome.kind === 'state') meet(outcome.state, depth + 1);
      else {
        cut = true;
        add(`${outcome.failure.property} at ${nameOf(outcome.by!)}`, depth + 1);
      }
    }
    if (outcomes.length > 0) continue;
    ends++;
    const wrong = atRest(machine, state) ? wrongIn(state, 'finally') : 'deadlock';
    if (wrong !== undefined) add(wrong, depth);
  }
  if (cut) return failures;
  if (ends === 0 && properties.some(({ kind }) => kind === 'finally')) return null;
  const [unseen] = wanted;
  if (unseen !== undefined) add(unseen.name, -1);
  return failures;
};

/** Procedure, access and place of a step. */
const nameOf = (pending: Pending): string => {
  if (pending.kind !== 'operation') throw new Error(`a ${pending.kind} is no step`);
  const { place, operation } = pending;
  const c = cLine(place, '');
  return `${place.procedure}: ${describe(operation)} (${c === '' ? specLine(place) : c})`;
};
