import type { Value } from '../../src/machine/operation.ts';
import type { Field } from '../../src/machine/record.ts';
import type { World } from '../../src/machine/world.ts';
import { written } from './naive.ts';
import { holders, Machine, type Memory, type State } from './naiveStep.ts';

/**
 * How many states the reference explorer finds where those are one that differ by an exchange of CPUs of the same program:
 * every state is written out with these CPUs in every order, and the first of the texts stands for it. Null: a step fails, or
 * would need more than there is room for.
 */
export const naiveOrbits = (world: World, fuse: boolean): number | null => {
  const machine = new Machine(world, fuse, []);
  const orders = ordersOf(world);
  const orbits = new Set<string>();
  const seen = new Set<string>();
  const queue: State[] = [];
  const meet = (state: State): void => {
    const texts = orders.map((order) => written(inOrder(state, order)));
    if (seen.has(texts[0]!)) return;
    seen.add(texts[0]!);
    orbits.add(texts.toSorted()[0]!);
    queue.push(state);
  };
  meet(machine.begin());
  for (const state of queue)
    for (const cpu of state.cpus.keys())
      for (const outcome of machine.steps(state, cpu)) {
        if (outcome.kind !== 'state') return null;
        meet(outcome.state);
      }
  return orbits.size;
};

/** By number, the number that each CPU is to have, in every way that gives those of one program each other's; the callback runner keeps its own. */
const ordersOf = ({ cpus }: World): readonly (readonly number[])[] => {
  const orders: (readonly number[])[] = [];
  const program = (cpu: number): unknown => cpus[cpu] && [cpus[cpu].procedure, ...cpus[cpu].args];
  const same = (a: number, b: number): boolean => {
    const [one, other] = [program(a) as unknown[] | undefined, program(b) as unknown[] | undefined];
    return one === undefined || other === undefined ? a === b : one.every((part, i) => part === other[i]);
  };
  const go = (taken: readonly number[]): void => {
    if (taken.length > cpus.length) orders.push(taken);
    else
      for (let to = 0; to <= cpus.length; to++) if (!taken.includes(to) && same(taken.length, to)) go([...taken, to]);
  };
  go([]);
  return orders.toSorted((a, b) => Number(isIdentity(b)) - Number(isIdentity(a)));
};

const isIdentity = (order: readonly number[]): boolean => order.every((to, cpu) => to === cpu);

const inOrder = ({ memory, cpus }: State, order: readonly number[]): State => ({
  memory: memory.map((record) => withNames(record, order)),
  cpus: cpus.map((_, cpu) => cpus[order.indexOf(cpu)]!),
});

const withNames = (memory: Memory, order: readonly number[]): Memory => ({
  ...memory,
  owner: memory.owner === null ? null : order[memory.owner]!,
  waitsFor: memory.waitsFor.map((cpu) => order[cpu]!).toSorted((a, b) => a - b),
  fields: Object.fromEntries(
    memory.record.type.fields.map((field) => [field.name, heldBy(field, memory.fields[field.name], order)]),
  ),
});

const heldBy = ({ kind }: Field, held: Value, order: readonly number[]): Value => {
  if (kind !== 'mutex' && kind !== 'rwlock') return held;
  const now = holders(kind, held).map((cpu) => order[cpu]!);
  if (now.length === 0) return held;
  if (kind === 'mutex') return now[0]!;
  return typeof held === 'string' ? `writer ${now[0]!}` : now.reduce((all, cpu) => all | (1 << cpu), 0);
};
