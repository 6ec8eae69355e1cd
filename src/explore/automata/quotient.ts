import { type Frame, keyOf } from './frame.ts';
import type { Operation, Routine, Value } from '../../machine/operation.ts';

/**
 * The coarsest bisimulation of the closed local automata. Two frames are in one class when they are about to do the same
 * (the same operation on the same cell at the same place of the text, the same return, a call into the same class) and,
 * whatever value they receive, go on in the same class. So a value that will not be looked at again tells no frames apart,
 * and the states that differ only in it become one. Of a frame that is held back nobody knows what it does: it is alone in its class.
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
  const partition = firstPartition(frames, watched);
  const { classOf } = partition;
  const before = predecessors(frames);
  const isDirty = new Uint8Array(frames.length).fill(1);
  const ways = new Ways(frames, classOf);
  let dirty: readonly Frame[] = frames;
  while (dirty.length > 0) {
    // All splits of a round are made on the numbers of the round before: else a part could be compared with one that moved.
    const leaving = [...grouped(dirty, (frame) => classOf[frame.id]!)].flatMap(([number, some]) =>
      partsLeaving(partition, number, some, isDirty, ways),
    );
    for (const frame of dirty) isDirty[frame.id] = 0;
    const next: Frame[] = [];
    for (const part of leaving) {
      partition.split(part);
      for (const frame of part)
        for (const earlier of before[frame.id]!) {
          if (isDirty[earlier.id] === 1) continue;
          isDirty[earlier.id] = 1;
          next.push(earlier);
        }
    }
    dirty = next;
  }
  return { classOf, representative: partition.firsts().map((id) => frames[id]!) };
};

/** Two frames are in one class when they are about to do the same themselves, in procedures that nobody tells apart. */
const firstPartition = (frames: readonly Frame[], watched: ReadonlySet<Routine>): Partition => {
  const partition = new Partition(frames.length);
  const numbers = new Map([...watched].map((procedure, i) => [procedure, i]));
  const byAction = new Map<string, number>();
  for (const frame of frames) {
    const action = `${actionKey(frame)} ${numbers.get(frame.instance.procedure) ?? ''}`;
    let number = byAction.get(action);
    if (number === undefined) byAction.set(action, (number = partition.open()));
    partition.put(frame.id, number);
  }
  return partition;
};

/** Frames in classes, in the order in which they came into them: lists that are linked by the numbers of frames. */
class Partition {
  readonly classOf: Int32Array;
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  readonly #first: number[] = [];
  readonly #last: number[] = [];
  readonly #size: number[] = [];

  constructor(frames: number) {
    this.classOf = new Int32Array(frames);
    this.#next = new Int32Array(frames);
    this.#previous = new Int32Array(frames);
  }

  /** The number of a new class. */
  open(): number {
    this.#first.push(-1);
    this.#last.push(-1);
    return this.#size.push(0) - 1;
  }

  put(frame: number, number: number): void {
    const last = this.#last[number]!;
    this.classOf[frame] = number;
    this.#previous[frame] = last;
    this.#next[frame] = -1;
    if (last < 0) this.#first[number] = frame;
    else this.#next[last] = frame;
    this.#last[number] = frame;
    this.#size[number]!++;
  }

  /** Puts frames of one class into a new one. */
  split(part: readonly Frame[]): void {
    const opened = this.open();
    for (const { id } of part) {
      this.#take(id);
      this.put(id, opened);
    }
  }

  #take(frame: number): void {
    const number = this.classOf[frame]!;
    const previous = this.#previous[frame]!;
    const next = this.#next[frame]!;
    if (previous < 0) this.#first[number] = next;
    else this.#next[previous] = next;
    if (next < 0) this.#last[number] = previous;
    else this.#previous[next] = previous;
    this.#size[number]!--;
  }

  sizeOf(number: number): number {
    return this.#size[number]!;
  }

  /** The first frame of a class for which `marks` has no mark; -1 if there is none. */
  unmarked(number: number, marks: Uint8Array): number {
    let frame = this.#first[number]!;
    while (frame >= 0 && marks[frame] === 1) frame = this.#next[frame]!;
    return frame;
  }

  /** The first frame of each class. */
  firsts(): readonly number[] {
    return this.#first;
  }
}

/**
 * The parts of a class, by signature, that must leave it. `some` are its dirty members; those that are not dirty have kept the
 * signature that they had in common, and they stay, or else the largest part does. Cost: O(`some`), however large the class.
 */
const partsLeaving = (
  partition: Partition,
  number: number,
  some: readonly Frame[],
  isDirty: Uint8Array,
  ways: Ways,
): readonly (readonly Frame[])[] => {
  if (some.length === 1 && partition.sizeOf(number) === 1) return [];
  const parts = grouped(some, ({ id }) => ways.signature(id));
  if (some.length === partition.sizeOf(number))
    return parts.size === 1 ? [] : [...parts.values()].toSorted((a, b) => b.length - a.length).slice(1);
  parts.delete(ways.signature(partition.unmarked(number, isDirty)));
  return [...parts.values()];
};

/** Where frames go, in numbers: to which frame each value leads, the values of each frame in the same order. */
class Ways {
  readonly #classOf: Int32Array;
  /** By frame: the frame that its call enters, or -1. */
  readonly #target: Int32Array;
  /** By frame: where its ways begin; a way is the number of a value and a frame. */
  readonly #from: Int32Array;
  readonly #ways: Int32Array;
  /** The signatures so far, each made of a shorter one and a number. */
  readonly #longer = new Map<number, number>();

  constructor(frames: readonly Frame[], classOf: Int32Array) {
    const numbers = new Map<Value, number>();
    const numberOf = (value: Value): number => {
      let number = numbers.get(value);
      if (number === undefined) numbers.set(value, (number = numbers.size));
      return number;
    };
    const ways: number[] = [];
    this.#classOf = classOf;
    this.#target = Int32Array.from(frames, ({ target }) => target?.entry.id ?? -1);
    this.#from = new Int32Array(frames.length + 1);
    for (const { id, successors } of frames) {
      const own = [...successors].map(([value, next]) => [numberOf(value), next.id] as const);
      if (own.length > 1) own.sort(([a], [b]) => a - b);
      for (const [value, next] of own) ways.push(value, next);
      this.#from[id + 1] = ways.length;
    }
    this.#ways = Int32Array.from(ways);
  }

  /** The class that each value leads to and the class that a call enters, as one number. */
  signature(frame: number): number {
    const target = this.#target[frame]!;
    let signature = this.#and(0, target < 0 ? 0 : this.#classOf[target]! + 1);
    for (let at = this.#from[frame]!; at < this.#from[frame + 1]!; at += 2)
      signature = this.#and(this.#and(signature, this.#ways[at]!), this.#classOf[this.#ways[at + 1]!]!);
    return signature;
  }

  #and(signature: number, number: number): number {
    const key = signature * MOST_NUMBERS + number;
    let longer = this.#longer.get(key);
    if (longer === undefined) {
      // A map has room for 2^24 entries, and throws a RangeError beyond.
      longer = this.#longer.size + 1;
      this.#longer.set(key, longer);
    }
    return longer;
  }
}

/** Two numbers below it are one that JavaScript has exactly: signatures have less than 25 bits, frames and classes less than 22. */
const MOST_NUMBERS = 2 ** 26;

const grouped = <K, V>(all: readonly V[], keyOf: (one: V) => K): Map<K, V[]> => {
  const groups = new Map<K, V[]>();
  for (const one of all) {
    const key = keyOf(one);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return groups;
};

/** What a frame does itself. Calls and loops do nothing themselves: where they enter is part of the signature. */
const actionKey = ({ id, held, pending }: Frame): string => {
  if (held) return `held back ${id}`;
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
const operationKey = (operation: Operation): string => {
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
