import { keyOf, type Frame } from './automaton.ts';
import type { Operation, Routine, Value } from '../machine/operation.ts';

/**
 * The coarsest bisimulation of the closed local automata. Two frames are in one class when they are about to do the same
 * (the same operation on the same cell at the same place of the text, the same return, a call into the same class) and,
 * whatever value they receive, go on in the same class. So a value that will not be looked at again tells no frames apart,
 * and the states that differ only in it become one.
 *
 * Why that is sound: replace every frame on every stack by its class. The steps that are possible, what they do to the
 * shared memory and which class follows depend on the class alone. So the map from states to states with classes is a
 * bisimulation of the whole, it keeps every property of the shared memory, and a path of the quotient is a path of the model.
 *
 * What the stack says of itself is not kept: two procedures that go on alike are one. Where a claim is made about procedures, those
 * that it names are `watched`, and their frames are merged among themselves only.
 *
 * Method: partition refinement by signatures (Blom and Orzan 2003). Only the frames that lead into a class that was split are
 * looked at again, and only what has to leave a class is moved.
 */
export type Quotient = {
  /** Class of each frame, by its id. */
  readonly classOf: Int32Array;
  /** One frame of each class. */
  readonly representative: readonly Frame[];
};

export const identity = (frames: readonly Frame[]): Quotient => ({
  classOf: Int32Array.from(frames, (_, i) => i),
  representative: frames,
});

export const quotient = (frames: readonly Frame[], watched: ReadonlySet<Routine> = new Set()): Quotient => {
  const numbers = new Map([...watched].map((procedure, i) => [procedure, i]));
  const classOf = new Int32Array(frames.length);
  const members: Set<Frame>[] = [];
  const byAction = new Map<string, number>();
  for (const frame of frames) {
    const action = `${actionKey(frame)} ${numbers.get(frame.instance.procedure) ?? ''}`;
    let number = byAction.get(action);
    if (number === undefined) {
      byAction.set(action, (number = members.length));
      members.push(new Set());
    }
    members[number]!.add(frame);
    classOf[frame.id] = number;
  }

  const before = predecessors(frames);
  let dirty: ReadonlySet<Frame> = new Set(frames);
  while (dirty.size > 0) {
    // All splits of a round are made on the numbers of the round before: else a part could be compared with one that moved.
    const leaving = [...Map.groupBy(dirty, (frame) => classOf[frame.id]!)].flatMap(([number, some]) =>
      partsLeaving(members[number]!, some, dirty, classOf),
    );
    const next = new Set<Frame>();
    for (const part of leaving) {
      for (const frame of part) {
        members[classOf[frame.id]!]!.delete(frame);
        classOf[frame.id] = members.length;
        for (const earlier of before[frame.id]!) next.add(earlier);
      }
      members.push(new Set(part));
    }
    dirty = next;
  }
  return { classOf, representative: members.map((part) => part.values().next().value!) };
};

/**
 * The parts of a class, by signature, that must leave it. `some` are its dirty members; those that are not dirty have kept the
 * signature that they had in common, and they stay, or else the largest part does. Cost: O(`some`), however large the class.
 */
const partsLeaving = (
  all: ReadonlySet<Frame>,
  some: readonly Frame[],
  dirty: ReadonlySet<Frame>,
  classOf: Int32Array,
): readonly (readonly Frame[])[] => {
  const parts = Map.groupBy(some, (frame) => signature(frame, classOf));
  if (some.length < all.size) {
    for (const frame of all)
      if (!dirty.has(frame)) {
        parts.delete(signature(frame, classOf));
        return [...parts.values()];
      }
  }
  return [...parts.values()].toSorted((a, b) => b.length - a.length).slice(1);
};

/** Where a frame goes: the class that each value leads to, and the class that a call enters. */
const signature = (frame: Frame, classOf: Int32Array): string => {
  const ways: string[] = [];
  for (const [value, next] of frame.successors) ways.push(`${keyOf(value)}:${classOf[next.id]!}`);
  ways.sort();
  return `${frame.target === null ? '' : classOf[frame.target.entry.id]!}|${ways.join(' ')}`;
};

/** What a frame does itself. Calls and loops do nothing themselves: where they enter is part of the signature. */
const actionKey = ({ pending }: Frame): string => {
  switch (pending.kind) {
    case 'operation': {
      const { file, line, column, procedure } = pending.place;
      return `${operationKey(pending.operation)} ${pending.idle} ${procedure} ${file}:${line}:${column}`;
    }
    case 'return':
      return `return ${keyOf(pending.value)}`;
    case 'again':
      return 'again';
    default:
      return 'call';
  }
};

/** Two operations with the same key do the same to every state. */
export const operationKey = (operation: Operation): string => {
  const fused = operation.fused ? 'fused ' : '';
  switch (operation.kind) {
    case 'cell':
      return `${fused}${operation.name} ${keyOf(operation.cell.record)}.${operation.cell.field.name} ${operation.operands.map(keyOf).join(' ')}`;
    case 'alloc':
      return `${fused}alloc ${operation.type.name}`;
    case 'choose':
      return `${fused}choose ${operation.count}`;
    case 'NET_EPOCH_CALL':
      return `${fused}NET_EPOCH_CALL ${keyOf(operation.record)} ${keyOf(operation.callback as Value)}`;
    case 'fail':
      return `${fused}fail ${operation.failure.property} ${operation.failure.message}`;
    case 'free':
    case 'hand over':
    case 'take over':
      return `${fused}${operation.kind} ${keyOf(operation.record)}`;
    default:
      return fused + operation.kind;
  }
};

const predecessors = (frames: readonly Frame[]): readonly Frame[][] => {
  const before: Frame[][] = frames.map(() => []);
  for (const frame of frames) {
    for (const next of frame.successors.values()) before[next.id]!.push(frame);
    if (frame.target !== null) before[frame.target.entry.id]!.push(frame);
  }
  return before;
};
