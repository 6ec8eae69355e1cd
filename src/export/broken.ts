import type { Property } from '../machine/property.ts';
import { Watch } from '../explore/model/watch.ts';
import type { Model } from '../explore/model/model.ts';
import { DISABLED } from '../explore/model/stepper.ts';
import type { Reached } from '../explore/states/visited.ts';
import type { Variable, Variables } from './variables.ts';

/** A claim as conditions on variables: in which of the states that can be reached it does not hold. */
export type Broken = {
  readonly claim: string;
  readonly kind: 'always' | 'finally';
  /** What it depends on, and each combination of values with which it is broken. */
  readonly variables: readonly Variable[];
  readonly valuations: readonly (readonly number[])[];
};

/**
 * The claims about states that are broken somewhere. A predicate is a function of TypeScript; all that it depends on are the variables
 * that it has read in some state, so the combinations of their values with which it says no are all there is to say of it.
 * Cost: O(states × claims).
 */
export const brokenClaims = (model: Model, visited: Reached, claims: readonly Property[], variables: Variables) => {
  const { words } = model.layout;
  const watched = claims
    .filter(({ kind }) => kind === 'always' || kind === 'finally')
    .map((property) => ({ property, read: new Int32Array(words), at: new Set<number>() }));
  if (watched.length === 0) return [];
  const state = new Int32Array(words);
  for (let at = 0; at < visited.count; at++) {
    visited.read(at, state);
    const isEnd = watched.some(({ property }) => property.kind === 'finally') && endsWell(model, state);
    for (const { property, read, at: states } of watched)
      if ((property.kind === 'always' || isEnd) && model.peek.evaluate(property, state, read) !== true) states.add(at);
  }
  return watched
    .filter(({ at }) => at.size > 0)
    .map(({ property, read, at }): Broken => {
      const dependsOn = variables.all.filter(({ bits }) => (read[bits.word]! & (bits.mask << bits.shift)) !== 0);
      const valuations = new Map<string, readonly number[]>();
      for (const each of at) {
        visited.read(each, state);
        const values = dependsOn.map(({ bits }) => (state[bits.word]! >>> bits.shift) & bits.mask);
        valuations.set(values.join(), values);
      }
      return {
        claim: property.name,
        kind: property.kind as Broken['kind'],
        variables: dependsOn,
        valuations: [...valuations.values()],
      };
    });
};

/** Whether nothing can happen any more and nobody waits in vain. */
const endsWell = (model: Model, state: Int32Array): boolean => {
  const { stepper } = model;
  for (let cpu = 0; cpu < stepper.cpus; cpu++) {
    stepper.resetPicks();
    stepper.state.set(state);
    if (stepper.advance(cpu) !== DISABLED) return false;
  }
  return new Watch(model, []).atEnd(state) === null;
};
