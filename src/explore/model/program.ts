import { isByThread, slot, type Shared } from '../../machine/record.ts';
import type { Cell, Failure, Operation, RecordType, Value } from '../../machine/operation.ts';
import type { World } from '../../machine/world.ts';
import { type Automata, homeOf } from '../automata/automaton.ts';
import type { Frame } from '../automata/frame.ts';
import { NOTHING, type Bits, type Layout } from './layout.ts';
import type { Quotient } from '../automata/quotient.ts';

/**
 * The closed automata as tables for the state loop: one row for each class of frames that is about to do an operation.
 * All that depends on the meaning of an operation is decided here, once; the loop only looks things up.
 */

/** What a row does. `CELL` covers every load, store, atomic, count and lock: all of them map an old value to a new one. */
export const CELL = 0;
export const ALLOC = 1;
export const FREE = 2;
export const HAND_OVER = 3;
export const TAKE_OVER = 4;
export const EPOCH_ENTER = 5;
export const EPOCH_EXIT = 6;
export const EPOCH_CALL = 7;
export const MAY_SLEEP = 8;
export const CHOOSE = 9;
export const BLOCKED = 10;
export const FAIL = 11;

/** Entries of `outcome` below zero. */
export const IMPOSSIBLE = -1;
const FAILURES = -2;

export type Row = {
  readonly frame: Frame;
  readonly opcode: number;
  readonly fused: boolean;
  readonly idle: boolean;
  /** Which record must be alive for this, or null. */
  readonly touches: Shared | null;
  readonly bits: Bits;
  readonly life: Bits;
  readonly generationBits: Bits;
  readonly generation: number;
  /** Who must own the record: bits of the owner, or NOTHING; `ownerOrNobody` lets a queued record pass. */
  readonly owner: Bits;
  readonly ownerOrNobody: boolean;
  /** The mutex that must be held: its bits, and for each CPU the stored number that means "held by it". */
  readonly guard: Bits;
  readonly guardedBy: Int32Array | null;
  /** For CELL: for each CPU and old number, the new number and which result (or IMPOSSIBLE, or a failure). */
  readonly stride: number;
  readonly perCpu: boolean;
  readonly becomes: Int32Array;
  readonly outcome: Int32Array;
  /** The values it can return, in the order in which `outcome` and the loop number them. */
  readonly results: readonly Value[];
  /** For ALLOC: the slots in the order in which they are tried. */
  readonly candidates: readonly Shared[];
  readonly callback: number;
  readonly count: number;
};

export type Program = {
  readonly rows: readonly (Row | null)[];
  /** The failures and bounds that `outcome` names. */
  readonly failureOf: (code: number) => Failure | string;
};

export const compile = (world: World, automata: Automata, { representative }: Quotient, layout: Layout): Program => {
  const failures: (Failure | string)[] = [];
  const numberOf = (failure: Failure | string): number => FAILURES - (failures.push(failure) - 1);
  const compiler = new Compiler(world, automata, layout, numberOf);
  const rows = representative.map((frame) =>
    frame.pending.kind === 'operation' ? compiler.row(frame, frame.pending.operation, frame.pending.idle) : null,
  );
  return { rows, failureOf: (code) => failures[FAILURES - code]! };
};

class Compiler {
  readonly #world: World;
  readonly #automata: Automata;
  readonly #layout: Layout;
  readonly #numberOf: (failure: Failure | string) => number;

  constructor(world: World, automata: Automata, layout: Layout, numberOf: (failure: Failure | string) => number) {
    this.#world = world;
    this.#automata = automata;
    this.#layout = layout;
    this.#numberOf = numberOf;
  }

  row(frame: Frame, operation: Operation, idle: boolean): Row {
    const touches = touched(operation);
    const bits = touches === null ? null : this.#layout.recordBits(touches);
    const base: Row = {
      frame,
      opcode: opcodes[operation.kind],
      fused: operation.fused,
      idle,
      touches,
      bits: NOTHING,
      life: bits?.life ?? NOTHING,
      generationBits: bits?.generation ?? NOTHING,
      generation: touches?.generation ?? 0,
      owner: NOTHING,
      ownerOrNobody: false,
      guard: NOTHING,
      guardedBy: null,
      stride: 0,
      perCpu: false,
      becomes: new Int32Array(0),
      outcome: new Int32Array(0),
      results: [undefined],
      candidates: [],
      callback: 0,
      count: 0,
    };
    switch (operation.kind) {
      case 'cell':
        return { ...base, ...this.#access(operation.cell), ...this.#cell(frame, operation) };
      case 'alloc':
        return { ...base, ...this.#alloc(frame, operation.type) };
      case 'choose':
        return { ...base, count: operation.count, results: Array.from({ length: operation.count }, (_, i) => i) };
      case 'NET_EPOCH_CALL':
        return {
          ...base,
          callback: this.#automata.callbacks.get(homeOf(operation.record))!.indexOf(operation.callback),
        };
      case 'free':
      case 'hand over':
      case 'take over':
        return { ...base, owner: bits?.owner ?? NOTHING, ownerOrNobody: operation.kind === 'take over' };
      case 'fail':
        return { ...base, count: this.#numberOf(operation.failure) };
      default:
        return base;
    }
  }

  /** Who may touch the field. */
  #access({ record, field }: Cell): Partial<Row> {
    if (field.access === 'owned' || field.access === 'queued')
      return { owner: this.#layout.recordBits(record).owner!, ownerOrNobody: field.access === 'queued' };
    if (field.access !== 'guarded') return {};
    const lock = this.#automata.cellOf({ record, field: record.type.byName.get(field.guard!)! });
    const cpus = Array.from({ length: this.#world.cpus.length + 1 }, (_, cpu) => lock.index.get(cpu) ?? -1);
    return { guard: this.#layout.cellBits(lock) ?? NOTHING, guardedBy: Int32Array.from(cpus) };
  }

  #cell(frame: Frame, operation: Extract<Operation, { kind: 'cell' }>): Partial<Row> {
    const cell = this.#automata.cellOf(operation.cell);
    const perCpu = isByThread(cell.field);
    const stride = cell.values.length;
    const cpus = perCpu ? this.#world.cpus.length + 1 : 1;
    const becomes = new Int32Array(cpus * stride);
    const outcome = new Int32Array(cpus * stride);
    const results = [...frame.successors.keys()];
    for (let cpu = 0; cpu < cpus; cpu++)
      cell.values.forEach((old, i) => {
        const at = cpu * stride + i;
        const effect = operation.effect(old, cpu);
        becomes[at] = effect.kind === 'done' ? cell.index.get(effect.now)! : i;
        outcome[at] =
          effect.kind === 'done'
            ? results.indexOf(effect.result)
            : effect.kind === 'disabled'
              ? IMPOSSIBLE
              : this.#numberOf(effect.kind === 'failed' ? effect.failure : effect.message);
      });
    return { bits: this.#layout.cellBits(cell), stride, perCpu, becomes, outcome, results };
  }

  #alloc(frame: Frame, type: RecordType): Partial<Row> {
    const heap = Array.from({ length: this.#world.slots(type) }, (_, i) => slot(type, i));
    return {
      candidates: heap.filter((record) => this.#automata.mortal.has(record)),
      results: [...frame.successors.keys()],
    };
  }
}

const opcodes: Readonly<Record<Operation['kind'], number>> = {
  cell: CELL,
  alloc: ALLOC,
  free: FREE,
  'hand over': HAND_OVER,
  'take over': TAKE_OVER,
  NET_EPOCH_ENTER: EPOCH_ENTER,
  NET_EPOCH_EXIT: EPOCH_EXIT,
  NET_EPOCH_CALL: EPOCH_CALL,
  'may sleep': MAY_SLEEP,
  choose: CHOOSE,
  blocked: BLOCKED,
  fail: FAIL,
};

const touched = (operation: Operation): Shared | null => {
  if (operation.kind === 'cell') return operation.cell.record;
  return 'record' in operation ? operation.record : null;
};

/** What becomes of the words of a state when a record is zeroed: bits to keep and bits to set. */
export type Zeroing = { readonly word: number; readonly keep: number; readonly put: number };

/** The stores that zero a freed record, all but its life. */
export const zeroing = (layout: Layout, record: Shared): readonly Zeroing[] => {
  const bits = layout.recordBits(record);
  const stores = new Map<number, { keep: number; put: number }>();
  const put = ({ word, shift, mask }: Bits, value: number) => {
    const store = stores.get(word) ?? { keep: -1, put: 0 };
    stores.set(word, { keep: store.keep & ~(mask << shift), put: store.put | (value << shift) });
  };
  for (const { cell, bits: at } of bits.cells) put(at, cell.index.get(cell.field.zero)!);
  for (const at of [bits.owner, bits.grace, bits.callback]) if (at !== null) put(at, 0);
  return [...stores].map(([word, { keep, put: set }]) => ({ word, keep, put: set }));
};
