import { withPerformer, type Performer } from './performer.ts';
import { Again } from './procedure.ts';
import { done, type Failure, type Operation, type Routine, type Value } from './operation.ts';
import { storing, type Field, type Shared } from './record.ts';
import { whereStopped, type Place } from './place.ts';

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

/** What a procedure does next. */
export type Pending =
  | { readonly kind: 'operation'; readonly operation: Operation; readonly place: Place; readonly idle: boolean }
  | { readonly kind: 'call'; readonly procedure: Routine; readonly args: readonly Value[]; readonly place: Place }
  | { readonly kind: 'loop'; readonly first: Value; readonly place: Place }
  | { readonly kind: 'again'; readonly args: readonly Value[] }
  | { readonly kind: 'return'; readonly value: Value };

/** An entry of a log: the value, and what was asked when it was received (for the determinism check). */
export type Received = { readonly value: Value; readonly asked: string };

export type Segment = { readonly argument: Value; readonly log: readonly Received[] };

/** A procedure did something else on the same values: it depends on something hidden. */
export class Undetermined extends Error {}

class Stopped {
  readonly pending: Pending;
  constructor(pending: Pending) {
    this.pending = pending;
  }
}

/** In what setting procedures run: the switches of the design, and the values of constants. */
export type Setting = {
  readonly given: (name: string) => boolean;
  readonly constant: (record: Shared, field: Field) => Value;
  /** Whether owned, guarded and ghost accesses are done together with the step before them. */
  readonly fuse: boolean;
};

/** The result of running `procedure(...args)` along the segments, up to what it does next. */
export const run = (
  procedure: Routine,
  args: readonly Value[],
  segments: readonly Segment[],
  setting: Setting,
): Pending => {
  const replay = new Replay(procedure, segments, setting);
  try {
    const value = withPerformer(replay, () => procedure.body(...(args as never[])));
    return replay.ended(value);
  } catch (thrown) {
    if (thrown instanceof Stopped) return thrown.pending;
    const fault = pageFault(thrown);
    if (fault === null) throw thrown;
    return {
      kind: 'operation',
      operation: { kind: 'fail', failure: fault, fused: true },
      place: whereStopped(procedure.title, thrown as Error),
      idle: false,
    };
  }
};

/**
 * What the kernel would say of a TypeError, or null when the error is something else. A function pointer can hold nothing but
 * NULL or a procedure (Field.admits), so a call of what is no function is a call through NULL.
 */
const pageFault = (thrown: unknown): Failure | null => {
  if (!(thrown instanceof TypeError)) return null;
  const match = /of null \((?:reading|setting) '(\w+)'\)/.exec(thrown.message);
  if (match !== null)
    return { property: 'null-dereference', message: `takes a page fault: ${match[1]} of a NULL pointer` };
  return thrown.message.endsWith('is not a function')
    ? { property: 'null-dereference', message: 'takes a page fault: calls through a NULL pointer' }
    : null;
};

class Replay implements Performer {
  readonly #procedure: Routine;
  readonly #segments: readonly Segment[];
  readonly #setting: Setting;
  #segment = 0;
  #position = 0;
  /** Inside `atomically`: 0 outside, 1 before its first operation, 2 after it. */
  #together = 0;
  #idle = false;

  constructor(procedure: Routine, segments: readonly Segment[], setting: Setting) {
    this.#procedure = procedure;
    this.#segments = segments;
    this.#setting = setting;
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
      fused: this.#setting.fuse && field.access !== 'shared',
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
      fused: this.#setting.fuse && field.access !== 'shared',
    });
  }

  operate(operation: Operation): Value {
    const first = this.#together === 1;
    if (first) this.#together = 2;
    return this.#receive(describe(operation), () => ({
      kind: 'operation',
      operation: this.#together === 2 && !first ? ({ ...operation, fused: true } as Operation) : operation,
      place: whereStopped(this.#procedure.title),
      idle: this.#idle,
    }));
  }

  call(procedure: Routine, args: readonly Value[]): Value {
    if (this.#together > 0) throw new Error(`[suite bug] ${this.#procedure.title} calls ${procedure.title} atomically`);
    return this.#receive(procedure.title, () => ({
      kind: 'call',
      procedure,
      args,
      place: whereStopped(this.#procedure.title),
    }));
  }

  loop(first: Value, turn: (argument: Value) => unknown): Value {
    const log = this.#segments[this.#segment]!.log;
    if (this.#position === log.length && this.#segment + 1 < this.#segments.length) {
      const inner = this.#segments[++this.#segment]!;
      this.#position = 0;
      throw new Stopped(this.ended(turn(inner.argument)));
    }
    return this.#receive('loop', () => ({ kind: 'loop', first, place: whereStopped(this.#procedure.title) }));
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
      throw this.#undetermined(log[this.#position]?.asked ?? 'loop', 'return');
    if (value instanceof Again) return { kind: 'again', args: value.args };
    return { kind: 'return', value: value as Value };
  }

  #receive(asking: string, pending: () => Pending): Value {
    const log = this.#segments[this.#segment]!.log;
    if (this.#position === log.length) {
      if (this.#segment + 1 < this.#segments.length) throw this.#undetermined('loop', asking);
      throw new Stopped(pending());
    }
    const received = log[this.#position++]!;
    if (received.asked !== asking) throw this.#undetermined(received.asked, asking);
    return received.value;
  }

  #undetermined(before: string, now: string): Undetermined {
    return new Undetermined(
      `${this.#procedure.title} is not deterministic: on the same values it did "${before}" once and "${now}" now`,
    );
  }
}

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
export const askedBy = (pending: Pending): string => {
  switch (pending.kind) {
    case 'operation':
      return describe(pending.operation);
    case 'call':
      return pending.procedure.title;
    default:
      return 'loop';
  }
};
