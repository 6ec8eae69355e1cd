import type { World } from '../../machine/world.ts';
import type { Value } from '../../machine/operation.ts';
import type { Automata } from '../automata/automaton.ts';
import { FREED, HANDED_OVER, LIVE, RUNNING, UNUSED, type Bits, type Layout, type RecordBits } from './layout.ts';
import { EXITED, RESTING, type LocalStates } from './local.ts';
import { holdersOf, isLock } from './lock.ts';
import {
  ALLOC, BLOCKED, CELL, CHOOSE, EPOCH_CALL, EPOCH_ENTER, EPOCH_EXIT, FAIL, FREE, HAND_OVER, IMPOSSIBLE, MAY_SLEEP, TAKE_OVER,
  zeroing, type Program, type Row, type Zeroing,
} from './program.ts'; // prettier-ignore

/**
 * The state loop: one step of one CPU on a packed state. It is long because it is the whole machine in one place, and hot
 * because everything else waits for it: it allocates nothing and looks everything up in one table of integers.
 *
 * A step is the operation that the CPU is about to do and the fused ones that follow it. If one of those cannot be done (the
 * condition of `wait_until` is false) the whole step is not possible, and the state it was tried on is as it was.
 */

/** What came of a step. */
export const DONE = 0;
export const DISABLED = 1;
export const FAILED = 2;
export const AT_BOUND = 3;

/** Kinds of failures that the loop itself finds; the texts are in `failure.ts`. */
export const NOT_INITIALISED = 1;
export const AFTER_FREE = 2;
export const NOT_OWNED = 3;
export const NOT_GUARDED = 4;
export const DOUBLE_FREE = 5;
export const DOUBLE_CALL = 6;
export const NO_SECTION = 7;
export const SLEEPS = 8;
export const HOLDS_LOCK = 9;
export const LEAKS_SECTION = 10;
export const NO_MEMORY = 11;
export const TOO_DEEP = 12;
/** The operation's own effect says what went wrong: `code` is for Program.failureOf. */
export const BY_EFFECT = 13;
export const FREES_HELD = 14;

export type Stepper = {
  /** The state to step from and, after `DONE`, the state stepped to. */
  readonly state: Int32Array;
  readonly cpus: number;
  /** Puts the initial state into `state`. */
  readonly begin: () => void;
  /** Tries a step of a CPU on `state`, along the alternatives of `picks`. After anything but DONE, `state` is spoilt. */
  readonly advance: (cpu: number) => number;
  /** Moves `picks` to the next combination of alternatives of the step just tried. False: that was the last. */
  readonly nextPicks: () => boolean;
  readonly resetPicks: () => void;
  /** Which alternatives were taken in the step just tried. */
  readonly picksTaken: () => readonly number[];
  readonly setPicks: (picks: readonly number[]) => void;
  /** Local states that did an operation in the step just tried, in order: the first `pathLength()` entries of `trail`. */
  readonly trail: Int32Array;
  readonly pathLength: () => number;
  /** What the `i`-th operation of the step just tried was answered with. */
  readonly answer: (i: number) => Value;
  /** How many choices the step just tried made. */
  readonly alternatives: () => number;
  /** Why the step just tried failed or hit a bound. */
  readonly why: () => { readonly kind: number; readonly code: number; readonly local: number };
  /** By class: 1 if an operation of it was ever done. */
  readonly fired: Uint8Array;
  readonly local: (cpu: number) => number;
  /** Makes all local states known that have a number. */
  readonly learn: () => void;
  /** The local state that follows when `local` receives the `result`-th value of its row. */
  readonly resolve: (local: number, result: number) => number;
  /** The local state in which a callback of a record begins, by its number and the generation of the record. */
  readonly callbackEntry: (record: number, callback: number, generation: number) => number;
  /** What the loop looks things up in. */
  readonly tables: Tables;
  /** Makes a local state known that no step has led to yet. */
  readonly admit: (local: number) => void;
  /** Whether the CPU has ended or waits for work. */
  readonly rests: (cpu: number) => boolean;
};

/** The program and the layout, flattened. */
export type Tables = {
  /** ROW integers for each class: see `rowIntegers`. */
  readonly table: Int32Array;
  /** By row, CPU and old number: the new number, and which result. */
  readonly effects: Int32Array;
  /** By row and CPU: the stored number that means that the CPU holds the lock. */
  readonly guards: Int32Array;
  /** By record. */
  readonly zeroings: readonly (readonly Zeroing[])[];
  readonly locks: readonly (readonly { bits: Bits; harmless: readonly Uint8Array[] }[])[];
  /** The records that a callback is called for. */
  readonly deferrable: readonly number[];
  /** By CPU. */
  readonly exits: readonly (readonly { bits: Bits; mine: Uint8Array }[])[];
  /** The CPU that runs callbacks, or -1. */
  readonly runner: number;
};

const get = (state: Int32Array, { word, shift, mask }: Bits): number => (state[word]! >>> shift) & mask;
export const put = (state: Int32Array, { word, shift, mask }: Bits, value: number): void => {
  state[word] = (state[word]! & ~(mask << shift)) | (value << shift);
};

/** Integers of a row, at `class * ROW`. */
export const ROW = 24;
const rowIntegers = (row: Row, recordNumber: number, effects: number, guards: number): readonly number[] => [
  row.opcode,
  row.fused ? 1 : 0,
  row.life.word, row.life.shift, row.life.mask,
  row.generationBits.word, row.generationBits.shift, row.generationBits.mask, row.generation,
  row.owner.word, row.owner.shift, row.owner.mask, row.ownerOrNobody ? 1 : 0,
  row.guard.word, row.guard.shift, row.guard.mask, row.guardedBy === null ? -1 : guards,
  row.bits.word, row.bits.shift, row.bits.mask,
  effects,
  row.perCpu ? row.stride : 0,
  recordNumber,
  row.opcode === EPOCH_CALL ? row.callback : row.count,
]; // prettier-ignore

export const makeStepper = (
  world: World,
  automata: Automata,
  layout: Layout,
  program: Program,
  locals: LocalStates,
): Stepper => {
  const cpus = layout.locals.length;
  const runner = automata.usesEpoch ? cpus - 1 : -1;
  const state = new Int32Array(layout.words);
  const { rows } = program;

  // Flatten the rows.
  const table = new Int32Array(rows.length * ROW);
  const effectList: number[] = [];
  const guardList: number[] = [];
  const recordNumber = new Map(layout.records.map(({ record }, i) => [record, i]));
  rows.forEach((row, c) => {
    if (row === null) return;
    const home = row.touches === null ? -1 : recordNumber.get(layout.recordBits(row.touches).record)!;
    table.set(rowIntegers(row, home, effectList.length, guardList.length), c * ROW);
    row.outcome.forEach((outcome, i) => effectList.push(row.becomes[i]!, outcome));
    if (row.guardedBy !== null) guardList.push(...row.guardedBy);
  });
  const effects = Int32Array.from(effectList);
  const guards = Int32Array.from(guardList);

  const records = layout.records;
  const zeroings: readonly (readonly Zeroing[])[] = records.map(({ record, life }) =>
    life === null ? [] : zeroing(layout, record),
  );
  const deferrable = records.map((_, i) => i).filter((i) => records[i]!.grace !== null);
  const localWord = Int32Array.from(layout.locals, ({ word }) => word);
  const localShift = Int32Array.from(layout.locals, ({ shift }) => shift);
  const localMask = layout.locals[0]?.mask ?? 0;

  // Local states grow while the search runs; so do these.
  let topClass = new Int32Array(1024);
  let nextBase = new Int32Array(1024);
  let next = new Int32Array(4096).fill(-1);
  let nextCount = 0;
  let known = 0;
  const learn = (): void => {
    for (; known < locals.count; known++) {
      if (known === topClass.length) {
        topClass = grown(topClass);
        nextBase = grown(nextBase);
      }
      const c = locals.topClass[known]!;
      topClass[known] = c;
      nextBase[known] = nextCount;
      nextCount += c < 0 ? 0 : rows[c]!.results.length;
      while (nextCount > next.length) {
        const filled = next.length;
        next = grown(next).fill(-1, filled);
      }
    }
  };
  const fitting = (local: number): number => {
    if (local > localMask) throw new TooManyLocalStates(local);
    learn();
    return local;
  };
  const resolve = (local: number, result: number): number => {
    const value = rows[topClass[local]!]!.results[result] as Value;
    const after = fitting(locals.after(local, value));
    return (next[nextBase[local]! + result] = after);
  };
  const callbackEntries = new Map<number, number>();
  const callbackEntry = (record: number, callback: number, generation: number): number => {
    const key = (record * 64 + callback) * 64 + generation;
    let entry = callbackEntries.get(key);
    if (entry === undefined) {
      const home = records[record]!.record;
      const procedure = automata.callbacks.get(home)![callback]!;
      entry = fitting(locals.entry(automata.callback(procedure, world.inLife(home, generation))));
      // A callback that does nothing is over at once.
      if (entry === EXITED) entry = RESTING;
      callbackEntries.set(key, entry);
    }
    return entry;
  };

  let picks = new Int32Array(16);
  let alternatives = new Int32Array(16);
  let depth = 0;
  const pick = (count: number): number => {
    if (depth === picks.length) {
      picks = grown(picks);
      alternatives = grown(alternatives);
    }
    alternatives[depth] = count;
    return Math.min(picks[depth++]!, count - 1);
  };

  const fired = new Uint8Array(rows.length);
  const trail = new Int32Array(4096);
  const answers = new Int32Array(4096);
  let trailLength = 0;
  let whyKind = 0;
  let whyCode = 0;
  let whyLocal = 0;
  const fail = (kind: number, code: number, local: number): number => {
    whyKind = kind;
    whyCode = code;
    whyLocal = local;
    return FAILED;
  };

  const lockCells = records.map((record) => locksIn(record, cpus));

  /** What a CPU must not hold when its program is over. */
  const leaves = exitChecks(cpus, layout);

  const atEnd = (cpu: number, local: number): number => {
    for (const { bits, mine } of leaves[cpu]!) if (mine[get(state, bits)] === 1) return fail(HOLDS_LOCK, 0, local);
    return get(state, layout.sections[cpu]!) === 0 ? DONE : fail(LEAKS_SECTION, 0, local);
  };

  const startCallback = (): number => {
    let ready = 0;
    for (const i of deferrable) if (isReady(i)) ready++;
    if (ready === 0) return -1;
    let wanted = pick(ready);
    for (const i of deferrable) {
      if (!isReady(i) || wanted-- > 0) continue;
      const { life, generation, callback } = records[i]!;
      put(state, life!, RUNNING);
      return callbackEntry(i, get(state, callback), get(state, generation));
    }
    return -1;
  };
  const isReady = (i: number): boolean =>
    get(state, records[i]!.life!) === HANDED_OVER && get(state, records[i]!.grace!) === 0;

  const advance = (cpu: number): number => {
    const word = localWord[cpu]!;
    const shift = localShift[cpu]!;
    let local = (state[word]! >>> shift) & localMask;
    depth = 0;
    trailLength = 0;
    if (local === EXITED) return DISABLED;
    if (local === RESTING) {
      local = startCallback();
      if (local < 0) return DISABLED;
      state[word] = (state[word]! & ~(localMask << shift)) | (local << shift);
      return DONE;
    }
    for (;;) {
      const c = topClass[local]!;
      const row = c * ROW;
      if (trailLength === trail.length) throw new Error('[suite bug] a step without end: fused operations in a circle');
      trail[trailLength++] = local;
      const opcode = table[row]!;

      // Is the record alive, and is it the life that the reference was made in?
      const lifeMask = table[row + 4]!;
      if (lifeMask !== 0) {
        const life = (state[table[row + 2]!]! >>> table[row + 3]!) & lifeMask;
        if (life === UNUSED) return fail(NOT_INITIALISED, 0, local);
        if (life === FREED) return fail(opcode === FREE ? DOUBLE_FREE : AFTER_FREE, 0, local);
        const generationMask = table[row + 7]!;
        if (
          generationMask !== 0 &&
          ((state[table[row + 5]!]! >>> table[row + 6]!) & generationMask) !== table[row + 8]!
        )
          return fail(opcode === FREE ? DOUBLE_FREE : AFTER_FREE, 0, local);
      }
      // May this CPU touch it?
      const ownerMask = table[row + 11]!;
      if (ownerMask !== 0) {
        const owner = (state[table[row + 9]!]! >>> table[row + 10]!) & ownerMask;
        if (owner !== cpu + 1 && !(owner === 0 && table[row + 12] === 1)) return fail(NOT_OWNED, 0, local);
      }
      const guard = table[row + 16]!;
      if (guard >= 0) {
        const holder = (state[table[row + 13]!]! >>> table[row + 14]!) & table[row + 15]!;
        if (holder !== guards[guard + cpu]) return fail(NOT_GUARDED, 0, local);
      }

      let result = 0;
      switch (opcode) {
        case CELL: {
          const w = table[row + 17]!;
          const s = table[row + 18]!;
          const mask = table[row + 19]!;
          const old = (state[w]! >>> s) & mask;
          const at = table[row + 20]! + 2 * (cpu * table[row + 21]! + old);
          result = effects[at + 1]!;
          if (result < 0) {
            if (result === IMPOSSIBLE) return DISABLED;
            const failure = program.failureOf(result);
            fail(BY_EFFECT, result, local);
            return typeof failure === 'string' ? AT_BOUND : FAILED;
          }
          state[w] = (state[w]! & ~(mask << s)) | (effects[at]! << s);
          break;
        }
        case ALLOC:
          result = allocate(rows[c]!, cpu, local);
          if (result < 0) return AT_BOUND;
          break;
        case FREE: {
          const { life } = records[table[row + 22]!]!;
          if (get(state, life!) === HANDED_OVER) return fail(DOUBLE_FREE, 0, local);
          if (isHeld(table[row + 22]!, cpu)) return fail(FREES_HELD, 0, local);
          put(state, life!, FREED);
          for (const { word: w, keep, put: set } of zeroings[table[row + 22]!]!) state[w] = (state[w]! & keep) | set;
          break;
        }
        case HAND_OVER:
          put(state, records[table[row + 22]!]!.owner!, 0);
          break;
        case TAKE_OVER:
          put(state, records[table[row + 22]!]!.owner!, cpu + 1);
          break;
        case EPOCH_ENTER: {
          const open = get(state, layout.sections[cpu]!) + 1;
          if (open > layout.sections[cpu]!.mask) {
            fail(TOO_DEEP, 0, local);
            return AT_BOUND;
          }
          put(state, layout.sections[cpu]!, open);
          break;
        }
        case EPOCH_EXIT: {
          const open = get(state, layout.sections[cpu]!);
          if (open === 0) return fail(NO_SECTION, 0, local);
          put(state, layout.sections[cpu]!, open - 1);
          // The last section of this CPU closes: nobody waits for it any more.
          if (open === 1)
            for (const i of deferrable) {
              const { word: w, shift: s } = records[i]!.grace!;
              state[w]! &= ~(1 << (s + cpu));
            }
          break;
        }
        case EPOCH_CALL: {
          const record = records[table[row + 22]!]!;
          if (get(state, record.life!) !== LIVE) return fail(DOUBLE_CALL, 0, local);
          put(state, record.life!, HANDED_OVER);
          put(state, record.callback, table[row + 23]!);
          let waits = 0;
          for (let other = 0; other < layout.sections.length; other++)
            if (get(state, layout.sections[other]!) > 0) waits |= 1 << other;
          put(state, record.grace!, waits);
          break;
        }
        case MAY_SLEEP:
          if (get(state, layout.sections[cpu]!) > 0) return fail(SLEEPS, 0, local);
          break;
        case CHOOSE:
          if (table[row + 23] === 0) return DISABLED;
          result = pick(table[row + 23]!);
          break;
        case BLOCKED:
          return DISABLED;
        case FAIL:
          return fail(BY_EFFECT, table[row + 23]!, local);
      }
      answers[trailLength - 1] = result;

      // Who goes on where?
      let after = next[nextBase[local]! + result]!;
      if (after < 0) after = resolve(local, result);
      if (after === EXITED) {
        const end = atEnd(cpu, local);
        if (end !== DONE) return end;
        if (cpu === runner) after = RESTING;
      }
      local = after;
      if (local <= RESTING || table[topClass[local]! * ROW + 1] === 0) break;
    }
    state[word] = (state[word]! & ~(localMask << shift)) | (local << shift);
    for (let i = 0; i < trailLength; i++) fired[topClass[trail[i]!]!] = 1;
    return DONE;
  };

  /** Whether another CPU holds a lock in a record: then what the lock guards is still in use. */
  const isHeld = (record: number, cpu: number): boolean => {
    for (const { bits, harmless } of lockCells[record]!) if (harmless[cpu]![get(state, bits)] === 0) return true;
    return false;
  };

  const allocate = (row: Row, cpu: number, local: number): number => {
    for (const record of row.candidates) {
      const bits = layout.recordBits(record);
      const life = get(state, bits.life!);
      let generation = get(state, bits.generation);
      if (life === FREED && generation + 1 < world.generations) generation++;
      else if (life !== UNUSED) continue;
      put(state, bits.life!, LIVE);
      put(state, bits.generation, generation);
      if (bits.owner !== null) put(state, bits.owner, cpu + 1);
      return row.results.indexOf(world.inLife(record, generation));
    }
    fail(NO_MEMORY, 0, local);
    return -1;
  };

  const begin = (): void => {
    picks.fill(0);
    state.fill(0);
    for (const { record, life, cells } of records) {
      if (life !== null && world.isLive(record)) put(state, life, LIVE);
      for (const { cell, bits } of cells) put(state, bits, cell.index.get(world.initial(record, cell.field))!);
    }
    for (let cpu = 0; cpu < world.cpus.length; cpu++)
      put(state, layout.locals[cpu]!, fitting(locals.entry(automata.entries[cpu]!)));
    if (runner >= 0) put(state, layout.locals[runner]!, RESTING);
    learn();
  };

  return {
    state,
    cpus,
    begin,
    advance,
    nextPicks: () => {
      while (depth > 0) {
        const last = depth - 1;
        if (++picks[last]! < alternatives[last]!) return true;
        picks[last] = 0;
        depth--;
      }
      return false;
    },
    resetPicks: () => void picks.fill(0),
    picksTaken: () => [...picks.subarray(0, depth)],
    setPicks: (wanted) => {
      while (wanted.length > picks.length) {
        picks = grown(picks);
        alternatives = grown(alternatives);
      }
      picks.fill(0);
      picks.set(wanted);
    },
    trail,
    pathLength: () => trailLength,
    answer: (i) => rows[topClass[trail[i]!]!]!.results[answers[i]!],
    alternatives: () => depth,
    why: () => ({ kind: whyKind, code: whyCode, local: whyLocal }),
    fired,
    resolve,
    callbackEntry,
    tables: { table, effects, guards, zeroings, locks: lockCells, deferrable, exits: leaves, runner },
    local: (cpu) => get(state, layout.locals[cpu]!),
    learn,
    admit: (local) => void fitting(local),
    rests: (cpu) => {
      const local = get(state, layout.locals[cpu]!);
      return local <= RESTING || rows[locals.topClass[local]!]!.idle;
    },
  };
};

/** More local states than the bits of the layout can number: lay out anew with more bits. */
export class TooManyLocalStates extends Error {
  readonly needed: number;
  constructor(needed: number) {
    super('more local states than the layout has numbers for');
    this.needed = needed;
  }
}

const grown = (array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> => {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
};

/** The locks of a record: for each CPU, which stored numbers mean that nobody else holds it. */
const locksIn = ({ cells }: RecordBits, cpus: number): readonly { bits: Bits; harmless: readonly Uint8Array[] }[] =>
  cells
    .filter(({ cell: { field } }) => isLock(field))
    .map(({ cell, bits }) => ({
      bits,
      harmless: Array.from({ length: cpus }, (_, cpu) =>
        Uint8Array.from(cell.values, (held) => (holdersOf(cell.field, held).every((holder) => holder === cpu) ? 1 : 0)),
      ),
    }));

/** By CPU: the bits of each lock, and for each stored number whether it means that this CPU holds it. */
const exitChecks = (cpus: number, layout: Layout): readonly { bits: Bits; mine: Uint8Array }[][] =>
  Array.from({ length: cpus }, (_, cpu) =>
    layout.records.flatMap(({ cells }) =>
      cells
        .filter(({ cell: { field } }) => isLock(field))
        .map(({ cell, bits }) => ({
          bits,
          mine: Uint8Array.from(cell.values, (held) => (holdersOf(cell.field, held).includes(cpu) ? 1 : 0)),
        })),
    ),
  );
