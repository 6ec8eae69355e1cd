import { withPerformer, type Performer } from './performer.ts';
import { Again } from './procedure.ts';
import { done, type Failure, type Operation, type RecordType, type Routine, type Value } from './operation.ts';
import { infoOf, NoField, storing, type Field, type Shared } from './record.ts';
import { whereAbove, whereThrown, type Place } from './place.ts';

/**
 * Throw-and-replay: how a plain function is stopped at each shared access.
 *
 * The function is run from its start. Every access asks the replay, which answers out of the log of what this call has
 * received so far. At the end of the log it throws a private token that carries the pending operation. Whoever drives the
 * replay performs the operation when it pleases, appends the result to the log and runs the function again. A function that
 * depends on nothing but its arguments and the values it receives then comes to the same place again, one access further.
 *
 * A loop is entered with a log of its own for each turn, so a run is driven by a list of segments: the log of the procedure
 * up to its loop, then the argument and the log of the loop's present turn, and so on for a loop within the loop.
 */

/** `joined`: all that the callee does belongs to a step that the caller has begun (`atomically`). */
export type Called = { readonly procedure: Routine; readonly args: readonly Value[]; readonly joined: boolean };

/** What a procedure does next. */
export type Pending =
  | { readonly kind: 'operation'; readonly operation: Operation; readonly place: Place; readonly idle: boolean }
  | (Called & { readonly kind: 'call' })
  | { readonly kind: 'loop'; readonly first: Value }
  | { readonly kind: 'again'; readonly args: readonly Value[] }
  | { readonly kind: 'return'; readonly value: Value };

/** What a procedure waits for an answer to. */
export type Question =
  | { readonly kind: 'operation'; readonly operation: Operation }
  | (Called & { readonly kind: 'call' })
  | { readonly kind: 'loop'; readonly first: Value };

/** An entry of a log: the value, and what was asked when it was received (for the determinism check). */
export type Received = { readonly value: Value; readonly asked: Question };

export type Segment = { readonly argument: Value; readonly log: readonly Received[] };

/** Told what is asked at the end of the log: what is answered, for the run to go on, or null for it to stop there. */
export type Onward = (pending: Pending) => { readonly value: Value } | null;

/** A procedure did something else on the same values: it depends on something hidden. */
export class Undetermined extends Error {}

class Stopped {
  readonly pending: Pending;
  constructor(pending: Pending) {
    this.pending = pending;
  }
}

/** An error of whoever answers, on its way through the text of a procedure: no fault of that text. */
class Foreign {
  readonly error: unknown;
  constructor(error: unknown) {
    this.error = error;
  }
}

const stop: Onward = () => null;

/** In what setting procedures run: the switches of the design, and the values of constants. */
export type Setting = {
  readonly given: (name: string) => boolean;
  readonly constant: (record: Shared, field: Field) => Value;
  /** Whether owned and guarded accesses are done together with the step before them; accesses to ghosts always are. */
  readonly fuse: boolean;
  /** Whether freed memory is used again: then an allocation can meet a free, so it is a step unless its record has an owner. */
  readonly reuse?: boolean;
};

/** The result of running `procedure(...args)` along the segments, up to what it does next; and further as long as `onward` answers that. */
export const run = (
  { procedure, args, joined }: Called,
  segments: readonly Segment[],
  setting: Setting,
  onward: Onward = stop,
): Pending => {
  const replay = new Replay(procedure, segments, setting, joined, onward);
  try {
    const value = withPerformer(replay, () => procedure.body(...(args as never[])));
    return replay.ended(value);
  } catch (thrown) {
    if (thrown instanceof Stopped) return thrown.pending;
    if (thrown instanceof Foreign) throw thrown.error;
    const fault = wrongType(thrown) ?? pageFault(thrown);
    if (fault === null) throw thrown;
    return {
      kind: 'operation',
      operation: { kind: 'fail', failure: fault, fused: true },
      place: whereThrown(procedure.title, thrown as Error),
      idle: false,
    };
  }
};

/**
 * Memory taken for a record of another type, by a pointer that was cast. It is not refused here, for the closure of the automata
 * asks also for what no run comes to: a method of one type with the private data of another. A name that no type has is a slip of the pen.
 */
const wrongType = (thrown: unknown): Failure | null =>
  thrown instanceof NoField && thrown.elsewhere
    ? {
        property: 'wrong-type',
        message: `takes memory for another type: ${thrown.message.replace('[suite bug] ', '')}`,
      }
    : null;

/** Throws Undetermined unless the procedure, run once more along the segments, comes to do `known` again. */
export const runAgain = (called: Called, segments: readonly Segment[], setting: Setting, known: Pending): void => {
  const now = run(called, segments, setting);
  if (!isSamePending(known, now)) throw undetermined(called.procedure, toldOf(known), toldOf(now));
};

/**
 * What the kernel would say of a TypeError, or null when the error is something else. A function pointer can hold nothing but
 * NULL or a procedure (Field.admits), so a call of what is no function is a call through NULL.
 */
const pageFault = (thrown: unknown): Failure | null => {
  if (!(thrown instanceof TypeError)) return null;
  const match = /of null \((reading|setting) '\w+'\)/.exec(thrown.message);
  const how = takesApart.test(thrown.message) ? 'reading' : match?.[1];
  if (how !== undefined)
    return { property: 'null-dereference', message: `takes a page fault: ${how} of a NULL pointer` };
  return thrown.message.endsWith('is not a function')
    ? { property: 'null-dereference', message: 'takes a page fault: calls through a NULL pointer' }
    : null;
};

/** `const { x } = null` and a parameter that is taken apart. */
const takesApart = /^Cannot destructure .* as it is null\.$/s;

class Replay implements Performer {
  readonly #procedure: Routine;
  readonly #segments: readonly Segment[];
  readonly #setting: Setting;
  readonly #onward: Onward;
  #segment = 0;
  #position = 0;
  /** Inside `atomically`: 0 outside, 1 before its first operation, 2 after it. */
  #together = 0;
  #idle = false;

  constructor(procedure: Routine, segments: readonly Segment[], setting: Setting, joined: boolean, onward: Onward) {
    this.#procedure = procedure;
    this.#segments = segments;
    this.#setting = setting;
    this.#onward = onward;
    if (joined) this.#together = 2;
  }

  read(record: Shared, field: Field): Value {
    if (field.access === 'constant') return this.#setting.constant(record, field);
    return this.operate({
      kind: 'cell',
      name: 'load',
      cell: { record, field },
      operands: [],
      order: 'plain',
      effect: loading,
      fused: this.#isFused(field),
    });
  }

  write(record: Shared, field: Field, value: Value): void {
    if (field.access === 'constant') throw new Error(`[suite bug] ${field.name} is constant and was assigned`);
    this.operate({
      kind: 'cell',
      name: 'store',
      cell: { record, field },
      operands: [value],
      order: 'plain',
      effect: () => storing(field, value),
      fused: this.#isFused(field),
    });
  }

  /** A ghost is not in the C, so no step of the C ends between it and the access before it. */
  #isFused({ access }: Field): boolean {
    return access === 'ghost' || (this.#setting.fuse && access !== 'shared');
  }

  operate(asked: Operation): Value {
    // What is done together is a step of its own, whatever its first operation would be elsewhere; the rest belongs to it.
    const alone = asked.kind === 'alloc' && this.#setting.reuse === true && !isOwned(asked.type);
    const fused = this.#together === 0 ? asked.fused && !alone : this.#together === 2;
    const operation = checked({ ...asked, fused } as Operation);
    if (this.#together === 1) this.#together = 2;
    return this.#receive({ kind: 'operation', operation }, () => ({
      kind: 'operation',
      operation,
      place: whereAbove(this.#procedure.title, this.operate),
      idle: this.#idle,
    }));
  }

  call(procedure: Routine, args: readonly Value[]): Value {
    // As in a loop: what it does belongs to the step that a first operation has begun, and there must be one.
    if (this.#together === 1) this.#refuse(`calls ${procedure.title}`);
    const question = { kind: 'call', procedure, args, joined: this.#together === 2 } as const;
    return this.#receive(question, () => question);
  }

  loop(first: Value, turn: (argument: Value) => unknown): Value {
    // Once a first operation has begun the step, all that a loop does in it belongs to it; without one each turn would begin a step.
    if (this.#together === 1) this.#refuse('enters a loop');
    const log = this.#segments[this.#segment]!.log;
    if (this.#position === log.length && this.#segment + 1 < this.#segments.length) {
      const inner = this.#segments[++this.#segment]!;
      this.#position = 0;
      throw new Stopped(this.ended(turn(inner.argument)));
    }
    const question = { kind: 'loop', first } as const;
    return this.#receive(question, () => question);
  }

  #refuse(does: string): never {
    throw new Error(`[suite bug] ${this.#procedure.title} ${does} atomically`);
  }

  given(name: string): boolean {
    return this.#setting.given(name);
  }

  together<T>(body: () => T, idle: boolean): T {
    if (this.#together > 0) return body();
    this.#together = 1;
    this.#idle = idle;
    const result = body();
    this.#together = 0;
    this.#idle = false;
    return result;
  }

  ended(value: unknown): Pending {
    const log = this.#segments[this.#segment]!.log;
    if (this.#segment + 1 < this.#segments.length || this.#position < log.length)
      throw this.#undetermined(log[this.#position]?.asked, 'return');
    if (value instanceof Again) return { kind: 'again', args: value.args };
    return { kind: 'return', value: value as Value };
  }

  #receive(question: Question, pending: () => Pending): Value {
    const log = this.#segments[this.#segment]!.log;
    if (this.#position === log.length) {
      if (this.#segment + 1 < this.#segments.length) throw this.#undetermined(undefined, told(question));
      return this.#ask(pending());
    }
    const received = log[this.#position++]!;
    if (!sameQuestion(received.asked, question)) throw this.#undetermined(received.asked, told(question));
    return received.value;
  }

  #ask(pending: Pending): Value {
    let answer: ReturnType<Onward>;
    try {
      answer = this.#onward(pending);
    } catch (error) {
      throw new Foreign(error);
    }
    if (answer === null) throw new Stopped(pending);
    return answer.value;
  }

  #undetermined(before: Question | undefined, now: string): Undetermined {
    return undetermined(this.#procedure, before === undefined ? 'loop' : told(before), now);
  }
}

const undetermined = ({ title }: Routine, before: string, now: string): Undetermined =>
  new Undetermined(`${title} is not deterministic: on the same values it did "${before}" once and "${now}" now`);

/** An operation on a record that is NULL is a page fault; one that the record is not made for is the specification's mistake. */
const checked = (operation: Operation): Operation => {
  if (!('record' in operation)) return operation;
  if (operation.record === null) {
    const message = `takes a page fault: ${operation.kind} of a NULL pointer`;
    return { kind: 'fail', failure: { property: 'null-dereference', message }, fused: operation.fused };
  }
  const { name, type } = operation.record.type;
  if ((operation.kind === 'hand over' || operation.kind === 'take over') && !isOwned(type))
    throw new Error(`[suite bug] ${operation.kind}: ${name} has no owned or queued field`);
  return operation;
};

/** Whether the records of a type have owners. */
const isOwned = (type: RecordType): boolean =>
  infoOf(type).fields.some(({ access }) => access === 'owned' || access === 'queued');

const isSamePending = (a: Pending, b: Pending): boolean => {
  if (a.kind === 'return') return b.kind === 'return' && a.value === b.value;
  if (a.kind === 'again') return b.kind === 'again' && sameValues(a.args, b.args);
  if (b.kind === 'return' || b.kind === 'again' || !sameQuestion(a, b)) return false;
  return a.kind !== 'operation' || (b.kind === 'operation' && a.idle === b.idle && samePlace(a.place, b.place));
};

const samePlace = (a: Place, b: Place): boolean => a.file === b.file && a.line === b.line && a.column === b.column;

const sameQuestion = (a: Question, b: Question): boolean => {
  if (a.kind === 'operation') return b.kind === 'operation' && sameOperation(a.operation, b.operation);
  if (a.kind === 'call') return b.kind === 'call' && a.procedure === b.procedure && sameValues(a.args, b.args);
  return b.kind === 'loop' && a.first === b.first;
};

const sameOperation = (a: Operation, b: Operation): boolean => {
  if (a.kind === 'cell')
    return (
      b.kind === 'cell' &&
      a.name === b.name &&
      a.cell.record === b.cell.record &&
      a.cell.field === b.cell.field &&
      sameValues(a.operands, b.operands)
    );
  if (a.kind !== b.kind) return false;
  if ('record' in a) return 'record' in b && a.record === b.record;
  if (a.kind === 'alloc') return b.kind === 'alloc' && a.type === b.type;
  if (a.kind === 'fail') return b.kind === 'fail' && a.failure.message === b.failure.message;
  return a.kind !== 'choose' || (b.kind === 'choose' && a.count === b.count);
};

const sameValues = (a: readonly Value[], b: readonly Value[]): boolean =>
  a.length === b.length && a.every((value, i) => value === b[i]);

const told = (question: Question): string => {
  if (question.kind === 'operation') return describe(question.operation);
  return question.kind === 'call' ? question.procedure.title : 'loop';
};

/** As `told`, with what is returned, so that two ends can be told apart. */
const toldOf = (pending: Pending): string => {
  if (pending.kind === 'return') return `return ${String(pending.value)}`;
  return pending.kind === 'again' ? 'again' : told(pending);
};

const loading = (old: Value) => done(old, old);

/** An operation in a few words, as labels and logs show it. */
export const describe = (operation: Operation): string => {
  switch (operation.kind) {
    case 'cell':
      return `${operation.name} ${operation.cell.field.name}`;
    case 'alloc':
      return `alloc ${operation.type.name}`;
    case 'free':
    case 'hand over':
    case 'take over':
      return `${operation.kind} ${operation.record.type.name}`;
    case 'NET_EPOCH_CALL':
      return `NET_EPOCH_CALL ${operation.callback.title}`;
    case 'fail':
      return operation.failure.property;
    default:
      return operation.kind;
  }
};

/** What is asked when a pending operation, call or loop is answered. */
export const questionOf = (pending: Pending): Question => {
  switch (pending.kind) {
    case 'operation':
      return { kind: 'operation', operation: pending.operation };
    case 'call':
      return { kind: 'call', procedure: pending.procedure, args: pending.args, joined: pending.joined };
    case 'loop':
      return { kind: 'loop', first: pending.first };
    default:
      throw new Error(`[suite bug] nothing is asked by ${pending.kind}`);
  }
};
