import { Footprints, conflicts, type Footprint } from './footprint.ts';
import { EXITED, RESTING } from '../model/local.ts';
import type { Model } from '../model/model.ts';
import { DONE } from '../model/stepper.ts';
import type { Symmetry } from '../symmetry/symmetry.ts';
import type { Reached } from '../states/visited.ts';

/**
 * Partial-order reduction by ample sets of one step (Clarke, Grumberg, Peled, Model Checking, chapter 10; Godefroid 1996).
 *
 * If whatever the other CPUs may still do, in any order, neither changes nor notices the next step of one CPU, then that step
 * may as well be taken first, and the orders in which it comes later need not be tried. The conditions, in the book's names:
 *
 * C0: the step is possible.
 * C1: nothing that any other CPU may do before it depends on it. The futures out of the closed automata are an upper bound of
 *     what they may do; a step without alternatives is all that its CPU can do.
 * C2: it changes nothing that a property reads. Which bits those are is seen while the search runs: a reduced search that finds
 *     them to be more than it assumed is not believed but repeated (Watch.visible). That is enough: two states that agree in the
 *     bits read by a predicate in one of them agree in what it says.
 * C3: the state it leads to is new. Steps taken alone then never close a circle, since each leads to a higher number.
 *
 * C0 and C1 keep every end state and every failure of a step, so `finally`, deadlocks and what the machine watches; C2 and C3
 * keep `always` and `sometimes`. `eventually` is checked on the whole graph only.
 *
 * With forms in place of states (symmetry/symmetry.ts; Emerson, Jha, Peled, TACAS 1997): a form is a state, so C0 and C1 are looked up in it as in
 * any other, for the step as it is done, before the state that it leads to is brought into its form. C3 is asked of that form: then steps
 * taken alone lead to higher numbers, and close no circle of forms either. C2 needs more than before.
 *
 * Let z be a state that a run leads to from a form x that was found; n is how many steps the run has. If x was gone on from by
 * all its steps, the form of the second state of the run was found, and n - 1 steps lead from there to p(z), for a renumbering
 * p. If it was gone on from by a step alone, then the run has that step, which may as well come first: n - 1 steps again. Or it
 * has not: then n steps lead from the form that was found to p(z'), where z' is what the step makes of z, which agrees with z
 * in all bits assumed. That can happen several times, each time at a higher number, so not for ever. In the end a form f was
 * found and looked at that is p(z') for such a z'. What the property says of f it says of p(z), and so of z, if the two agree
 * in the bits that it has read in f; and they do if z and z' agree in all bits that p takes to these.
 *
 * So what is assumed must contain, with each bit, all that a renumbering can take to it (Symmetry.orbit). It is not enough that
 * it contains what was read: a step that fills the first of two records could stand alone, though a property asks whether that
 * record is filled, if whenever it asks the two have changed numbers (checks/engine/reduction.test.ts has such a world).
 */
export type Ample = {
  /** The bits that were taken for all that properties read. */
  readonly assumed: Int32Array;
  /** Whether the step that `cpu` has just done from `from` to `stepper.state` may stand for all steps of `from` (without C3). */
  readonly stands: (cpu: number, from: Int32Array) => boolean;
  /** Whether it is worth trying the step: its first operation alone conflicts with nobody. */
  readonly maybe: (cpu: number, from: Int32Array) => boolean;
};

export const ampleSteps = (model: Model, visible: Int32Array): Ample => {
  const { stepper, layout } = model;
  const footprints = new Footprints(model);
  const runner = model.automata.usesEpoch ? stepper.cpus - 1 : -1;
  const words = layout.words;
  const localOf = (state: Int32Array, cpu: number): number => {
    const { word, shift, mask } = layout.locals[cpu]!;
    return (state[word]! >>> shift) & mask;
  };

  /** By local state about to step and local state of the other: 0 not known yet, 1 independent, 2 in conflict. */
  const known: Uint8Array<ArrayBuffer>[] = [];
  const independent = (local: number, other: number, otherIsRunner: boolean): boolean => {
    if (other === EXITED) return true;
    const key = 2 * other + (otherIsRunner ? 1 : 0);
    let row = known[local] ?? new Uint8Array(256);
    if (key >= row.length) row = widened(row, key);
    known[local] = row;
    if (row[key] === 0) {
      const future: Footprint = footprints.future(other, otherIsRunner);
      row[key] = conflicts(footprints.operation(local), future) ? 2 : 1;
    }
    return row[key] === 1;
  };

  const withAll = (local: number, cpu: number, from: Int32Array): boolean => {
    for (let other = 0; other < stepper.cpus; other++)
      if (other !== cpu && !independent(local, localOf(from, other), other === runner)) return false;
    return true;
  };

  return {
    assumed: visible,
    maybe: (cpu, from) => {
      const local = localOf(from, cpu);
      return local !== EXITED && local !== RESTING && withAll(local, cpu, from);
    },
    stands: (cpu, from) => {
      if (stepper.alternatives() > 0) return false;
      for (let i = 0; i < words; i++) if (((stepper.state[i]! ^ from[i]!) & visible[i]!) !== 0) return false;
      for (let i = 1; i < stepper.pathLength(); i++) if (!withAll(stepper.trail[i]!, cpu, from)) return false;
      return true;
    },
  };
};

/** Takes one step that stands for all steps of a state, if there is one: adds the state it leads to, or its form, which must be new. */
export const stepAlone = (
  model: Model,
  visited: Reached,
  { ample, symmetry }: { readonly ample: Ample; readonly symmetry: Symmetry | null },
  from: Int32Array,
  at: number,
): boolean => {
  const { state, advance, cpus } = model.stepper;
  for (let cpu = 0; cpu < cpus; cpu++) {
    if (!ample.maybe(cpu, from)) continue;
    for (let i = 0; i < from.length; i++) state[i] = from[i]!;
    if (advance(cpu) !== DONE || !ample.stands(cpu, from)) continue;
    symmetry?.normalize(state);
    if (visited.find(state) >= 0) continue;
    visited.add(state, at);
    return true;
  }
  return false;
};

const widened = (row: Uint8Array<ArrayBuffer>, key: number): Uint8Array<ArrayBuffer> => {
  const wider = new Uint8Array(Math.max(row.length * 2, key + 1));
  wider.set(row);
  return wider;
};
