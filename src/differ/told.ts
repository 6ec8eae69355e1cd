import type { Label } from '../explore/automata/label.ts';
import { usualModel, withModel } from '../explore/model/model.ts';
import { DONE } from '../explore/model/stepper.ts';
import type { World } from '../machine/world.ts';
import type { Product } from './product.ts';
import { meantBy } from './saved.ts';

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
 * The same with the steps of the usual model of a world, of the same design or of one that is nearly the same; in the usual model, what only the owner can see is
 * one step with what comes before it. Steps that the one told does not have are done as soon as they stand in the way of one that both have. Ends
 * where the model can no longer follow.
 */
export const usually = (world: World, steps: readonly ToldStep[], told: readonly Label[]): Usual =>
  withModel(world, usualModel, ({ stepper, locals, labels, labelOf, cpuNames }) => {
    const kept: ToldStep[] = [];
    const usual: Usual = { steps: kept, labels };
    const places = new Set(told.map(({ at }) => at));
    stepper.begin();
    for (const { cpu: name, meant } of meantBy(steps, told, labels)) {
      if (meant === null) continue;
      const cpu = cpuNames.indexOf(name);
      for (;;) {
        const top = locals.topClass[stepper.local(cpu)]!;
        if (top < 0) break;
        const next = labelOf(top);
        if (next.name !== meant && places.has(next.at)) break;
        stepper.resetPicks();
        if (stepper.advance(cpu) !== DONE) return usual;
        kept.push({ cpu: name, step: next.name });
        if (next.name === meant) break;
      }
    }
    return usual;
  });

/** A run of a usual model, and what the steps of that are called. */
export type Usual = { readonly steps: readonly ToldStep[]; readonly labels: readonly Label[] };
