import type { Operation } from '../../machine/operation.ts';
import type { Frame } from '../automata/frame.ts';
import type { Model } from '../model/model.ts';
import { Stacks } from './stacks.ts';
import { DONE } from '../model/stepper.ts';

/** An access, and the calls that it is made in, outermost first. */
export type Made = { readonly operation: Operation; readonly stack: readonly Frame[] };

/**
 * The accesses of one run, in order: the first CPU that can go on does, as long as there is one. Meant for a world in which there is
 * nothing to choose, where it is the only run.
 */
export const accessesOf = (model: Model): readonly Made[] => {
  const { stepper } = model;
  const stacks = new Stacks(model);
  const made: Made[] = [];
  stepper.begin();
  for (let cpu = 0; cpu < model.automata.entries.length;) {
    const before = stepper.state.slice();
    if (stepper.advance(cpu) !== DONE) {
      stepper.state.set(before);
      cpu++;
      continue;
    }
    for (let i = 0; i < stepper.pathLength(); i++) {
      const stack = [...stacks.of(cpu)];
      const { pending } = stack.at(-1)!;
      if (pending.kind === 'operation') made.push({ operation: pending.operation, stack });
      stacks.receive(cpu, stepper.answer(i));
    }
    cpu = 0;
  }
  return made;
};
