import { describe, questionOf, type Called, type Pending, type Received, type Segment } from '../../machine/replay.ts';
import type { Routine, Value } from '../../machine/operation.ts';

/** One call of a procedure, or one turn of a loop, together with what it has received: what automata are made of (automaton.ts). */

/** A call of a procedure with given arguments, or the turns of a loop with a given argument. */
export type Instance = {
  readonly procedure: Routine;
  readonly args: readonly Value[];
  /** For a loop: the frame that entered it. Otherwise null. */
  readonly within: Frame | null;
  /** Whether all that it does belongs to a step that its caller has begun. */
  readonly joined: boolean;
  readonly entry: Frame;
  /** What it can return. */
  readonly returns: Set<Value>;
  /** The frames that wait for what it returns. */
  readonly callers: Set<Frame>;
  /** The instances that go on as this one (`again`), and so return what this one returns. */
  readonly resumed: Set<Instance>;
  /** How many frames it has, with those of the loops in it. */
  size: number;
};

export type Frame = {
  readonly id: number;
  readonly instance: Instance;
  /** The frame that received `value` to become this one; null at the beginning of the call or turn. */
  readonly before: Frame | null;
  readonly value: Value;
  /** How many values it has received. */
  readonly received: number;
  pending: Pending;
  /** Nobody has asked yet what it does: it waits for ever. */
  held: boolean;
  /** For a call, a loop and an `again`: where it goes. */
  target: Instance | null;
  readonly successors: Map<Value, Frame>;
};

/** The call in whose text a frame stands, loops around it looked through. */
export const rootOf = (instance: Instance): Instance => {
  let root = instance;
  while (root.within !== null) root = root.within.instance;
  return root;
};

/** What a frame is a part of. */
export const calledBy = ({ instance }: Frame): Called => {
  const { procedure, joined } = instance;
  return { procedure, args: rootOf(instance).args, joined };
};

/** The values that a frame has received, in their order, with what was asked. */
export const logOf = (frame: Frame): readonly Received[] => {
  const log: Received[] = [];
  for (let at = frame; at.before !== null; at = at.before)
    log.push({ value: at.value, asked: questionOf(at.before.pending) });
  return log.reverse();
};

/** The same of the frame and of those that entered the loops that it stands in, the outermost first. */
export const segmentsOf = (frame: Frame): readonly Segment[] => {
  const { instance } = frame;
  const here: Segment = { argument: instance.args[0], log: logOf(frame) };
  return instance.within === null ? [here] : [...segmentsOf(instance.within), here];
};

const numbers = new Map<Value, number>();

/** A text that is the same for the same value and for no other. */
export const keyOf = (value: Value): string => {
  if (typeof value !== 'object' && typeof value !== 'function')
    return typeof value === 'string' ? `"${value}"` : String(value);
  let number = numbers.get(value);
  if (number === undefined) numbers.set(value, (number = numbers.size));
  return `#${number}`;
};

/** What a frame is about to do, as the name of its step shows it. */
export const actionOf = (frame: Frame): string =>
  frame.pending.kind === 'operation' ? describe(frame.pending.operation) : frame.pending.kind;

/** Whether NET_EPOCH_ENTER can be reached from one of the frames, of so many in all. */
export const opensSection = (from: readonly Frame[], count: number): boolean => {
  const seen = new Uint8Array(count);
  const waiting: Frame[] = [];
  const meet = (frame: Frame): void => {
    if (seen[frame.id] === 1) return;
    seen[frame.id] = 1;
    waiting.push(frame);
  };
  from.forEach(meet);
  for (let frame = waiting.pop(); frame !== undefined; frame = waiting.pop()) {
    if (frame.pending.kind === 'operation' && frame.pending.operation.kind === 'NET_EPOCH_ENTER') return true;
    for (const next of frame.successors.values()) meet(next);
    if (frame.target !== null) meet(frame.target.entry);
  }
  return false;
};
