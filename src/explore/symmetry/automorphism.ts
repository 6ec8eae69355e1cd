import type { Operation, RecordType, Value } from '../../machine/operation.ts';
import type { World } from '../../machine/world.ts';
import type { Automata } from '../automata/automaton.ts';
import type { Frame } from '../automata/frame.ts';
import { exchange, type Places, type Renumbering } from './places.ts';
import type { Quotient } from '../automata/quotient.ts';

/** Whether a renumbering changes nothing but numbers (symmetry.ts): looked up in the closed automata, never assumed. */

/** For each exchange of two neighbours of a group, by the first of them, where it takes each class; or the type where there is none. */
export const neighbourMaps = (
  world: World,
  automata: Automata,
  classes: Quotient,
  places: Places,
): { readonly maps: ReadonlyMap<number, Int32Array>; readonly broken: RecordType | null } => {
  const maps = new Map<number, Int32Array>();
  for (const { type, slots, first } of places.groups)
    for (let i = first; i + 1 < first + slots.length; i++) {
      const map = classMap(world, automata, classes, places, exchange(places.count, i, i + 1));
      if (map === null) return { maps, broken: type };
      maps.set(i, map);
    }
  return { maps, broken: null };
};

/** Where a renumbering takes each class that a program can come to; null when it is no automorphism. Cost: O(classes × values). */
const classMap = (
  world: World,
  automata: Automata,
  { classOf, representative }: Quotient,
  places: Places,
  by: Renumbering,
): Int32Array | null => {
  if (!cellsAgree(world, automata, places, by)) return null;
  const map = new Int32Array(representative.length).fill(-1);
  const open: number[] = [];
  /** False when the one has another counterpart already. */
  const pair = (one: Frame, other: Frame): boolean => {
    const [c, d] = [classOf[one.id]!, classOf[other.id]!];
    if (map[c] !== -1) return map[c] === d;
    map[c] = d;
    open.push(c);
    return true;
  };
  const callbacks = [...automata.callbacks].flatMap(([record, procedures]) =>
    procedures.map((procedure) => automata.callback(procedure, record)),
  );
  if (![...automata.entries, ...callbacks].every((entry) => pair(entry, entry))) return null;
  while (open.length > 0) {
    const c = open.pop()!;
    const [one, other] = [representative[c]!, representative[map[c]!]!];
    if (!isAlike(world, automata, places, by, one, other)) return null;
    if (one.target !== null && !pair(one.target.entry, other.target!.entry)) return null;
    for (const [value, next] of one.successors) {
      const counterpart = other.successors.get(places.renumber(value, by));
      if (counterpart === undefined || !pair(next, counterpart)) return null;
    }
  }
  return map;
};

/** Whether every cell begins with, and can hold, what its counterpart does, renumbered. */
const cellsAgree = (world: World, automata: Automata, places: Places, by: Renumbering): boolean =>
  automata.cells.every((cell) => {
    const other = automata.findCell(places.renumber(cell.record, by), cell.field.name);
    return (
      other !== undefined &&
      world.initial(other.record, other.field) === places.renumber(world.initial(cell.record, cell.field), by) &&
      other.values.length === cell.values.length &&
      cell.values.every((value) => other.index.has(places.renumber(value, by)))
    );
  });

/** Whether two frames are about to do the same, but for the numbers. */
const isAlike = (
  world: World,
  automata: Automata,
  places: Places,
  by: Renumbering,
  { pending: a, target, successors }: Frame,
  { pending: b, target: counterpart, successors: others }: Frame,
): boolean => {
  if (a.kind !== b.kind || (target === null) !== (counterpart === null) || successors.size !== others.size)
    return false;
  if (a.kind === 'return' && b.kind === 'return') return places.renumber(a.value, by) === b.value;
  if (a.kind !== 'operation' || b.kind !== 'operation') return true;
  const samePlace = a.place.file === b.place.file && a.place.line === b.place.line && a.place.column === b.place.column;
  return samePlace && a.idle === b.idle && doesTheSame(world, automata, places, by, a.operation, b.operation);
};

const doesTheSame = (
  world: World,
  automata: Automata,
  places: Places,
  by: Renumbering,
  a: Operation,
  b: Operation,
): boolean => {
  if (a.kind !== b.kind || a.fused !== b.fused) return false;
  if (a.kind === 'alloc') return a.type === (b as typeof a).type;
  if (a.kind === 'choose') return a.count === (b as typeof a).count;
  if (a.kind === 'fail') return a.failure.property === (b as typeof a).failure.property;
  if (a.kind === 'cell') return hasSameEffect(world, automata, places, by, a, b as typeof a);
  if (a.kind === 'NET_EPOCH_CALL' && a.callback !== (b as typeof a).callback) return false;
  return !('record' in a) || places.renumber(a.record, by) === (b as typeof a).record;
};

type Access = Extract<Operation, { kind: 'cell' }>;

/** Looked up for every value that the cell can hold, and every CPU; but where no value is renumbered, it is the same operation. */
const hasSameEffect = (
  world: World,
  automata: Automata,
  places: Places,
  by: Renumbering,
  a: Access,
  b: Access,
): boolean => {
  if (a.cell.field !== b.cell.field || places.renumber(a.cell.record, by) !== b.cell.record) return false;
  const { values } = automata.cellOf(a.cell);
  const isApart = (value: Value): boolean => places.of(value) < 0;
  if (a.cell.record === b.cell.record && values.every(isApart) && a.operands.every(isApart))
    return a.name === b.name && a.operands.every((operand, i) => operand === b.operands[i]);
  return values.every((old) =>
    [...world.cpus.keys(), world.cpus.length].every((cpu) => {
      const [one, other] = [a.effect(old, cpu), b.effect(places.renumber(old, by), cpu)];
      if (one.kind === 'done' && other.kind === 'done')
        return places.renumber(one.now, by) === other.now && places.renumber(one.result, by) === other.result;
      if (one.kind === 'failed' && other.kind === 'failed') return one.failure.property === other.failure.property;
      return one.kind === other.kind;
    }),
  );
};
