import { usualModel, withModel } from '../explore/model.ts';
import { DONE } from '../explore/stepper.ts';
import type { World } from '../machine/world.ts';
import type { Product } from './product.ts';

/**
 * A run in which the two part ways, told as a run of the specification: the steps of the model that the accesses have meant, and at the end the one that
 * the model would have done next, to which the implementation does not come. So it is walked again like any saved run, on both. What the model
 * does for callbacks is left out: when they run is up to the implementation, and nothing waits for them.
 */
export type ToldStep = { readonly cpu: string; readonly step: string };

/** Goes the way of the schedule once more. Cost: a run. */
export const told = (product: Product, schedule: readonly number[]): readonly ToldStep[] => {
  const { cpuNames } = product.model;
  const threads = new Set(product.subject.threads.flatMap(({ cpu }) => (cpu === null ? [] : [cpu])));
  const steps: ToldStep[] = [];
  const note = (cpu: number, step: string): void => {
    if (threads.has(cpu)) steps.push({ cpu: cpuNames[cpu]!, step });
  };
  product.begin();
  product.begun.forEach((names, cpu) => names.forEach((step) => note(cpu, step)));
  for (const thread of schedule) {
    const divergence = product.step(thread);
    product.taken.forEach((step, i) => note(product.takenBy[i]!, step));
    if (divergence === null) continue;
    const cpu = product.subject.threads[thread]!.cpu!;
    const due = product.due(cpu);
    if (due !== null) note(cpu, due);
    break;
  }
  return steps;
};

/**
 * The same with the steps of the usual model, in which what only the owner can see is one step with what comes before it. Ends where the model
 * can no longer follow.
 */
export const usually = (world: World, steps: readonly ToldStep[]): readonly ToldStep[] =>
  withModel(world, usualModel, ({ stepper, locals, labelOf, cpuNames }) => {
    const kept: ToldStep[] = [];
    stepper.begin();
    for (const one of steps) {
      const cpu = cpuNames.indexOf(one.cpu);
      const top = locals.topClass[stepper.local(cpu)]!;
      if (top < 0 || labelOf(top).name !== one.step) continue;
      stepper.resetPicks();
      if (stepper.advance(cpu) !== DONE) break;
      kept.push(one);
    }
    return kept;
  });
