import { isConduct, isOfStates, type Claim } from '../machine/conduct.ts';
import type { World } from '../machine/world.ts';
import { withModel, type ModelOptions } from './model/model.ts';

/**
 * The switches that the text of a world's procedures asks for, on any path that its automata contain, and those that the claims ask for, who may
 * not ask for more in any other state: each breadth-first search sees to that (Peek). With another value of any switch that is not among them the world is the same: the same text is run to the same
 * answers, so it has the same states, steps and verdict. Throws NotClosed. Cost: the automata are closed, nothing is explored.
 */
export const switchesAsked = (
  world: World,
  claims: readonly Claim[],
  options: Omit<ModelOptions, 'conduct'>,
): ReadonlySet<string> =>
  withModel(world, { ...options, conduct: claims.filter(isConduct) }, ({ stepper, peek }) => {
    stepper.begin();
    peek.askOnce(claims.filter(isOfStates), stepper.state);
    return world.asked;
  });
