import type { Property } from '../../src/machine/property.ts';
import type { World } from '../../src/machine/world.ts';
import { atRest, holds, written } from './naive.ts';
import { Machine, type State } from './naiveStep.ts';

/**
 * The reference for runs with few pre-emptions: every state with every CPU that can have run last, and for each of these pairs the
 * least that it takes, mended until nothing changes any more (Bellman and Ford); only then is it asked which runs fail.
 */
export type Least = { readonly preemptions: number; readonly steps: number };

type Pair = { readonly state: State; readonly last: number | null; least: Least };

/** The least that a run takes that breaks the property first of all; null when none does. */
export const leastTo = (world: World, properties: readonly Property[], name: string): Least | null => {
  const machine = new Machine(world, true, []);
  const pairs = new Map<string, Pair>();
  const work: Pair[] = [];
  let best: Least | null = null;
  const offer = (least: Least, property: string | null): void => {
    if (property === name && (best === null || isLess(least, best))) best = least;
  };
  const broken = (state: State, kind: Property['kind']): string | null =>
    properties.find((property) => property.kind === kind && !holds(world, property, state))?.name ?? null;
  const reach = (state: State, last: number | null, least: Least): void => {
    const wrong = broken(state, 'always');
    if (wrong !== null) return offer(least, wrong);
    const key = `${last} ${written(state)}`;
    const known = pairs.get(key);
    if (known !== undefined && !isLess(least, known.least)) return;
    const pair = known ?? { state, last, least };
    pair.least = least;
    pairs.set(key, pair);
    work.push(pair);
  };

  reach(machine.begin(), null, { preemptions: 0, steps: 0 });
  for (const { state, last, least } of work) {
    const steps = state.cpus.map((_, cpu) => machine.steps(state, cpu));
    for (const [cpu, outcomes] of steps.entries()) {
      const leaves = last !== null && last !== cpu && steps[last]!.length > 0 && !isIdle(machine, state, last);
      const price = { preemptions: least.preemptions + (leaves ? 1 : 0), steps: least.steps + 1 };
      for (const outcome of outcomes)
        if (outcome.kind === 'state') reach(outcome.state, cpu, price);
        else if (outcome.kind === 'failed') offer(price, outcome.failure.property);
    }
    if (steps.every((outcomes) => outcomes.length === 0))
      offer(least, atRest(machine, state) ? broken(state, 'finally') : 'deadlock');
  }
  return best;
};

const isLess = (a: Least, b: Least): boolean =>
  a.preemptions < b.preemptions || (a.preemptions === b.preemptions && a.steps < b.steps);

/** Whether a CPU has ended or waits for work. */
const isIdle = (machine: Machine, { cpus }: State, cpu: number): boolean => {
  const { stack } = cpus[cpu]!;
  if (stack.length === 0) return true;
  const pending = machine.pending(stack);
  return pending.kind === 'operation' && pending.idle;
};
