import type { Failure, Operation, RecordType, Routine, Value } from '../../src/machine/operation.ts';
import { slot, type Field, type Shared } from '../../src/machine/record.ts';
import { questionOf, run, type Pending, type Received, type Setting } from '../../src/machine/replay.ts';
import type { World } from '../../src/machine/world.ts';

/**
 * One step of the reference explorer: what src/machine says that an operation means, on plain objects, each step a copy. It
 * shares nothing with src/explore: no closure, no table, no packing, no quotient, no numbers for local states. It is here to be
 * read beside the documentation and to be right, and may be as slow as it likes; it is
 * long because it is a whole machine.
 */

/** One call of a procedure, or one turn of the loop that the frame below it has come to. */
export type Frame = {
  readonly procedure: Routine;
  readonly args: readonly Value[];
  readonly turn: boolean;
  /** Whether all that it does belongs to the step of its caller. */
  readonly joined: boolean;
  readonly log: readonly Received[];
};

export type Memory = {
  readonly record: Shared;
  readonly life: 'static' | 'unused' | 'live' | 'handed over' | 'running' | 'freed';
  readonly generation: number;
  readonly owner: number | null;
  /** The CPUs whose sections must close before the callback may run. */
  readonly waitsFor: readonly number[];
  readonly callback: Routine | null;
  readonly fields: Readonly<Record<string, Value>>;
};

/** A stack without frames: the program is over; for the callback runner: it rests. */
export type Processor = { readonly sections: number; readonly stack: readonly Frame[] };

export type State = { readonly memory: readonly Memory[]; readonly cpus: readonly Processor[] };

/** What a step leads to. A step that is not possible leads to nothing. */
export type Outcome =
  | { readonly kind: 'state'; readonly state: State; readonly did?: readonly Deed[] }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly by?: Pending; readonly did?: readonly Deed[] }
  | { readonly kind: 'bound'; readonly message: string; readonly did?: readonly Deed[] };

/** An access that was done, and what was running then. */
export type Deed = { readonly pending: Extract<Pending, { kind: 'operation' }>; readonly stack: readonly Frame[] };

/** A step that is not possible: the access that it waits before, with the memory at that moment. */
export type Waiting = Deed & { readonly kind: 'waits'; readonly state: State };

type Answer = Outcome & { readonly result?: Value };

/** A section can be nested so deep; deeper is beyond what a check can count. */
const DEEPEST = 15;

export class Machine {
  readonly #world: World;
  readonly #types: readonly RecordType[];
  readonly #setting: Setting;
  readonly #pendings = new WeakMap<readonly Frame[], Pending>();
  /** Number of the callback runner. */
  readonly runner: number;

  /** `statics`: the types that have static records only. */
  constructor(world: World, fuse: boolean, statics: readonly RecordType[]) {
    this.#world = world;
    this.#types = [...new Set([...world.types(), ...statics])];
    this.#setting = {
      given: (name) => world.given(name),
      constant: (record, field) => world.initial(record, field),
      fuse,
      reuse: world.generations > 1,
    };
    this.runner = world.cpus.length;
  }

  begin(): State {
    const memory = this.#types.flatMap((type) =>
      Array.from({ length: this.#world.slots(type) }, (_, i) => this.#fresh(slot(type, i))),
    );
    const programs = this.#world.cpus.map(({ procedure, args }) => this.settle([frame(procedure, args)]));
    return { memory, cpus: [...programs, []].map((stack) => ({ sections: 0, stack })) };
  }

  #fresh(record: Shared): Memory {
    const fields = record.type.fields.map((field) => [field.name, this.#world.initial(record, field)]);
    const life = record.slot < record.type.statics ? 'static' : this.#world.isLive(record) ? 'live' : 'unused';
    return { ...blank(record), life, fields: Object.fromEntries(fields) as Record<string, Value> };
  }

  /** Everything that a step of `cpu` can lead to, in the order of the alternatives. */
  steps(state: State, cpu: number): readonly Outcome[] {
    return this.tries(state, cpu).filter((outcome) => outcome.kind !== 'waits');
  }

  /** The same, with those that are not possible. */
  tries(state: State, cpu: number): readonly (Outcome | Waiting)[] {
    const { stack } = state.cpus[cpu]!;
    if (stack.length > 0) return this.#proceed(state, cpu, this.pending(stack), []);
    return cpu === this.runner ? this.#startCallbacks(state) : [];
  }

  #startCallbacks(state: State): readonly Outcome[] {
    return state.memory.flatMap((memory): readonly Outcome[] => {
      if (memory.life !== 'handed over' || memory.waitsFor.length > 0) return [];
      const argument = slot(memory.record.type.type, memory.record.slot, memory.generation);
      const running = replaced(state, { ...memory, life: 'running' });
      return [this.#goOn(running, this.runner, this.settle([frame(memory.callback!, [argument])]))];
    });
  }

  /** The operation, and those after it that belong to the same step. */
  #proceed(state: State, cpu: number, pending: Pending, did: readonly Deed[]): readonly (Outcome | Waiting)[] {
    if (pending.kind !== 'operation') throw new Error(`a stack is left at a ${pending.kind}`);
    const deed: Deed = { pending, stack: state.cpus[cpu]!.stack };
    const answers = this.#perform(state, cpu, pending.operation);
    if (answers.length === 0) return [{ kind: 'waits', state, ...deed }];
    return answers.flatMap((answer): readonly (Outcome | Waiting)[] => {
      if (answer.kind === 'failed') return [{ ...answer, by: pending, did }];
      if (answer.kind !== 'state') return [{ ...answer, did }];
      const stack = this.settle(received(answer.state.cpus[cpu]!.stack, answer.result, pending));
      const after = this.#goOn(answer.state, cpu, stack);
      if (after.kind === 'failed') return [{ ...after, by: pending, did }];
      if (after.kind !== 'state') return [after];
      const done = [...did, deed];
      if (stack.length === 0) return [{ ...after, did: done }];
      const next = this.pending(stack);
      return next.kind === 'operation' && next.operation.fused
        ? this.#proceed(after.state, cpu, next, done)
        : [{ ...after, did: done }];
    });
  }

  #goOn(state: State, cpu: number, stack: readonly Frame[]): Outcome {
    const after = withCpu(state, cpu, { ...state.cpus[cpu]!, stack });
    if (stack.length > 0) return { kind: 'state', state: after };
    const holds = after.memory.some(({ record, fields }) =>
      record.type.fields.some(({ name, kind }) =>
        kind === 'mutex' || kind === 'rwlock' ? holders(kind, fields[name]).includes(cpu) : false,
      ),
    );
    if (holds) return failure('lock-held-at-exit');
    return after.cpus[cpu]!.sections > 0 ? failure('epoch-section-leaked') : { kind: 'state', state: after };
  }

  /** What the frame on top does next; asked once for one and the same stack. */
  pending(stack: readonly Frame[]): Pending {
    let pending = this.#pendings.get(stack);
    if (pending === undefined) this.#pendings.set(stack, (pending = this.#replayed(stack)));
    return pending;
  }

  #replayed(stack: readonly Frame[]): Pending {
    const bottom = stack.findLastIndex(({ turn }) => !turn);
    const called = stack[bottom]!;
    const segments = stack.slice(bottom).map((part) => ({ argument: part.args[0], log: part.log }));
    return run(called, segments, this.#setting);
  }

  /** Enters calls and loops and takes returns until an operation is next or nothing is left. */
  settle(stack: readonly Frame[]): readonly Frame[] {
    if (stack.length === 0) return stack;
    const pending = this.pending(stack);
    const top = stack.at(-1)!;
    const below = stack.slice(0, -1);
    switch (pending.kind) {
      case 'operation':
        return stack;
      case 'call':
        return this.settle([...stack, { ...frame(pending.procedure, pending.args), joined: pending.joined }]);
      case 'loop':
        return this.settle([...stack, { ...frame(top.procedure, [pending.first]), turn: true }]);
      case 'again':
        return this.settle([...below, { ...top, args: pending.args, log: [] }]);
      case 'return':
        return below.length === 0 ? [] : this.settle(received(below, pending.value, this.pending(below)));
    }
  }

  #perform(state: State, cpu: number, operation: Operation): readonly Answer[] {
    const wrong = this.#forbidden(state, cpu, operation);
    if (wrong !== null) return [wrong];
    const { sections } = state.cpus[cpu]!;
    const inSections = (depth: number): State => withCpu(state, cpu, { ...state.cpus[cpu]!, sections: depth });
    switch (operation.kind) {
      case 'cell':
        return this.#cell(state, cpu, operation);
      case 'alloc':
        return [this.#alloc(state, cpu, operation)];
      case 'free':
        return [ok(replaced(state, zeroed(memoryOf(state, operation.record))))];
      case 'hand over':
        return [ok(replaced(state, { ...memoryOf(state, operation.record), owner: null }))];
      case 'take over':
        return [ok(replaced(state, { ...memoryOf(state, operation.record), owner: cpu }))];
      case 'NET_EPOCH_ENTER':
        return [sections < DEEPEST ? ok(inSections(sections + 1)) : { kind: 'bound', message: 'too many sections' }];
      case 'NET_EPOCH_EXIT':
        if (sections === 0) return [failure('epoch-section-leaked')];
        return [ok(sections === 1 ? closed(inSections(0), cpu) : inSections(sections - 1))];
      case 'NET_EPOCH_CALL': {
        const waitsFor = state.cpus.flatMap((other, number) => (other.sections > 0 ? [number] : []));
        const { callback } = operation;
        return [ok(replaced(state, { ...memoryOf(state, operation.record), life: 'handed over', callback, waitsFor }))];
      }
      case 'may sleep':
        return [sections > 0 ? failure('sleep-in-epoch') : ok(state)];
      case 'choose':
        return Array.from({ length: operation.count }, (_, i) => ok(state, i));
      case 'blocked':
        return [];
      case 'fail':
        return [{ kind: 'failed', failure: operation.failure }];
    }
  }

  /** What the machine has against the operation before it is done. */
  #forbidden(state: State, cpu: number, operation: Operation): Answer | null {
    const record = operation.kind === 'cell' ? operation.cell.record : 'record' in operation ? operation.record : null;
    if (record === null) return null;
    const { life, generation, owner, fields } = memoryOf(state, record);
    const frees = operation.kind === 'free';
    if (life === 'unused') return failure('use-before-init');
    if (life === 'freed' || generation !== record.generation) return failure(frees ? 'double-free' : 'use-after-free');
    const nobodys = owner === null && mayBeNobodys(operation);
    if (needsOwner(operation, record) && owner !== cpu && !nobodys) return failure('item-not-owned');
    if (operation.kind === 'cell' && operation.cell.field.access === 'guarded')
      return fields[operation.cell.field.guard!] === cpu ? null : failure('lock-not-owned');
    if (frees && life === 'handed over') return failure('double-free');
    if (frees && record.type.fields.some(({ kind, name }) => isHeldByAnother(kind, fields[name], cpu)))
      return failure('lock-destroyed');
    return operation.kind === 'NET_EPOCH_CALL' && life !== 'live' ? failure('double-epoch-call') : null;
  }

  #cell(state: State, cpu: number, { cell, effect }: Extract<Operation, { kind: 'cell' }>): readonly Answer[] {
    const memory = memoryOf(state, cell.record);
    const { name } = cell.field;
    const outcome = effect(memory.fields[name], cpu);
    if (outcome.kind === 'disabled') return [];
    if (outcome.kind !== 'done') return [outcome];
    const fields = { ...memory.fields, [name]: outcome.now };
    return [ok(replaced(state, { ...memory, fields }), outcome.result)];
  }

  /** The lowest slot that was never used or, where memory is used again, has a life left. */
  #alloc(state: State, cpu: number, { type }: Extract<Operation, { kind: 'alloc' }>): Answer {
    for (const memory of state.memory) {
      const reused = memory.life === 'freed' && memory.generation + 1 < this.#world.generations;
      if (memory.record.type.type !== type || (memory.life !== 'unused' && !reused)) continue;
      const generation = memory.generation + (reused ? 1 : 0);
      const owner = hasOwner(memory.record) ? cpu : null;
      const born: Memory = { ...zeroed(memory), life: 'live', generation, owner };
      return ok(replaced(state, born), slot(type, memory.record.slot, generation));
    }
    return { kind: 'bound', message: `no memory for one more ${type.name}` };
  }
}

const ok = (state: State, result?: Value): Answer => ({ kind: 'state', state, result });
const failure = (property: Failure['property']): Answer & Outcome => ({
  kind: 'failed',
  failure: { property, message: property },
});

const frame = (procedure: Routine, args: readonly Value[]): Frame => ({
  procedure,
  args,
  turn: false,
  joined: false,
  log: [],
});

/** The frame on top has received the answer to what it was about to do. */
const received = (stack: readonly Frame[], value: Value, pending: Pending): readonly Frame[] => {
  const top = stack.at(-1)!;
  return [...stack.slice(0, -1), { ...top, log: [...top.log, { value, asked: questionOf(pending) }] }];
};

const withCpu = (state: State, cpu: number, now: Processor): State => ({
  ...state,
  cpus: state.cpus.map((was, i) => (i === cpu ? now : was)),
});

const isOf = (memory: Memory, record: Shared): boolean =>
  memory.record.type === record.type && memory.record.slot === record.slot;
export const memoryOf = (state: State, record: Shared): Memory => state.memory.find((memory) => isOf(memory, record))!;
const replaced = (state: State, now: Memory): State => ({
  ...state,
  memory: state.memory.map((was) => (isOf(was, now.record) ? now : was)),
});

/** Nobody waits any more for the sections of this CPU. */
const closed = (state: State, cpu: number): State => ({
  ...state,
  memory: state.memory.map((was) => ({ ...was, waitsFor: was.waitsFor.filter((other) => other !== cpu) })),
});

const blank = (record: Shared): Memory => ({
  record,
  life: 'unused',
  generation: 0,
  owner: null,
  waitsFor: [],
  callback: null,
  fields: {},
});

const zeroed = ({ record, generation }: Memory): Memory => ({
  ...blank(record),
  life: 'freed',
  generation,
  fields: Object.fromEntries(record.type.fields.map(({ name, zero }) => [name, zero])),
});

const isOwned = ({ access }: Field): boolean => access === 'owned' || access === 'queued';
const hasOwner = (record: Shared): boolean => record.type.fields.some(isOwned);

/** Whether the field is a lock that somebody else holds: a record must not be freed then. */
const isHeldByAnother = (kind: Field['kind'], held: Value, cpu: number): boolean => {
  if (kind !== 'mutex' && kind !== 'rwlock') return false;
  return holders(kind, held).some((holder) => holder !== cpu);
};

/** Who holds a lock: a mutex names its CPU, an rwlock its writer, or its readers as bits. */
export const holders = (kind: 'mutex' | 'rwlock', held: Value): readonly number[] => {
  if (typeof held === 'string') return held.startsWith('writer ') ? [Number(held.split(' ')[1])] : [];
  if (typeof held !== 'number') return [];
  return kind === 'mutex' ? [held] : [...held.toString(2)].toReversed().flatMap((bit, i) => (bit === '1' ? [i] : []));
};

const needsOwner = (operation: Operation, record: Shared): boolean => {
  if (operation.kind === 'cell') return isOwned(operation.cell.field);
  return operation.kind !== 'NET_EPOCH_CALL' && hasOwner(record);
};
const mayBeNobodys = (operation: Operation): boolean =>
  operation.kind === 'take over' || (operation.kind === 'cell' && operation.cell.field.access === 'queued');
