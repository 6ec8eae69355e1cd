import type { Value } from '../../machine/operation.ts';
import { isByThread, MOST_THREADS, ownOf, withOwn, type Field } from '../../machine/record.ts';
import type { CellValues } from '../automata/automaton.ts';
import { holdersOf } from './lock.ts';
import type { Model } from './model.ts';

/**
 * CPUs that are peers: they begin in the same local state, and whatever one of them can do, another can do in its place.
 *
 * What names a CPU: where it is (its local state), how many epoch sections it is in, which records it owns, which callbacks
 * wait for it, and what locks and numbers of each thread hold (isByThread). An exchange of two CPUs acts on all of these. The
 * first four are the machine's own, and it does the same for every CPU but the callback runner, which is nobody's peer. What an
 * operation makes of a lock or a number of each thread is looked up in the closed automata, for every value that the cell can
 * hold and every CPU: the other CPU must make of the other value the other outcome, with the same result. Nothing else in a
 * local state changes, so a CPU must never be told a number of a CPU: that is looked up as well, since such a result would have
 * to change. Whether a property can tell peers apart is seen while it is asked (Watch).
 */
export const peersOf = (model: Model): readonly (readonly number[])[] => {
  const { world, automata, quotient, layout } = model;
  const alike = new Map<string, number[]>();
  for (const cpu of world.cpus.keys()) {
    const key = `${quotient.classOf[automata.entries[cpu]!.id]!} ${layout.sections[cpu]!.mask}`;
    alike.set(key, [...(alike.get(key) ?? []), cpu]);
  }
  const groups = [...alike.values()].filter((group) => group.length > 1 && areInterchangeable(model, group));
  // Any of them may keep its name.
  while (groups.reduce((product, { length }) => product * factorial(length), 1) > MOST_ORDERS)
    groups.toSorted((a, b) => b.length - a.length)[0]!.pop();
  return groups;
};

/** With more orders than this, to look at each of them costs more than it saves. */
const MOST_ORDERS = 120;

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));

/** A renaming of the CPUs: by number, the number that each is to have; the callback runner last. */
export type Renaming = readonly number[];

/** Every order that the peers of each group can be put into; the one in which they are comes first. */
export const ordersOf = (groups: readonly (readonly number[])[], runners: number): readonly Renaming[] =>
  groups.reduce<readonly Renaming[]>(
    (orders, group) =>
      orders.flatMap((order) =>
        permutations(group).map((to) => order.map((now, cpu) => (group.includes(cpu) ? to[group.indexOf(cpu)]! : now))),
      ),
    [Array.from({ length: runners }, (_, cpu) => cpu)],
  );

const permutations = (of: readonly number[]): readonly (readonly number[])[] =>
  of.length === 0
    ? [[]]
    : of.flatMap((first) => permutations(of.filter((other) => other !== first)).map((rest) => [first, ...rest]));

export const inverse = (by: Renaming): Renaming => by.map((_, cpu) => by.indexOf(cpu));

/** What a cell holds when its CPUs are called otherwise. */
export const renamed = ({ kind }: Field, held: Value, by: Renaming): Value => {
  if (kind === 'mutex') return typeof held === 'number' ? by[held]! : held;
  if (kind === 'rwlock' && typeof held === 'string' && held.startsWith('writer '))
    return `writer ${by[Number(held.slice('writer '.length))]!}`;
  if (typeof held !== 'number') return held;
  if (kind === 'rwlock') return holdersOf({ kind }, held).reduce((all, reader) => all | (1 << by[reader]!), 0);
  if (kind !== 'perThread') return held;
  const threads = Array.from({ length: Math.min(by.length, MOST_THREADS) }, (_, cpu) => cpu);
  return threads.reduce((all, cpu) => withOwn(all, by[cpu]!, ownOf(held, cpu)), 0);
};

/** Exchanges of neighbours make up all orders. */
const areInterchangeable = (model: Model, group: readonly number[]): boolean =>
  group.slice(1).every((cpu, i) => isAutomorphism(model, exchanged(model.world.cpus.length + 1, group[i]!, cpu)));

const exchanged = (count: number, a: number, b: number): Renaming =>
  Array.from({ length: count }, (_, cpu) => (cpu === a ? b : cpu === b ? a : cpu));

/** Cost: O(operations on such cells × values × CPUs). */
const isAutomorphism = ({ world, automata, quotient }: Model, by: Renaming): boolean => {
  const isKept = (cell: CellValues): boolean =>
    world.initial(cell.record, cell.field) === renamed(cell.field, world.initial(cell.record, cell.field), by) &&
    cell.values.every((value) => cell.index.has(renamed(cell.field, value, by)));
  if (!automata.cells.every((cell) => !isByThread(cell.field) || isKept(cell))) return false;
  return quotient.representative.every(({ pending }) => {
    if (pending.kind !== 'operation' || pending.operation.kind !== 'cell') return true;
    const { cell, effect } = pending.operation;
    if (!isByThread(cell.field)) return true;
    return automata.cellOf(cell).values.every((held) =>
      by.every((other, cpu) => {
        const [one, two] = [effect(held, cpu), effect(renamed(cell.field, held, by), other)];
        if (one.kind === 'done' && two.kind === 'done')
          return renamed(cell.field, one.now, by) === two.now && one.result === two.result;
        if (one.kind === 'failed' && two.kind === 'failed') return one.failure.property === two.failure.property;
        return one.kind === two.kind;
      }),
    );
  });
};
