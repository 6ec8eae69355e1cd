import { callbackEntry, resolve } from './imported';
import { allocate as take, BLOCK, oneMore } from './memory';

/**
 * One step of one CPU: ../../model/stepper.ts, which says what each part is, and does the same. What is seldom, has alternatives, or goes wrong is not done
 * here but there: ASK. The file is long because a step is one loop over all operations that there are.
 */
export const DONE: i32 = 0;
export const DISABLED: i32 = 1;
export const ASK: i32 = 2;
/** The CPU rests, and there are callbacks that it may begin with. */
export const BEGINS: i32 = 3;

const EXITED: i32 = 0;
const RESTING: i32 = 1;

const UNUSED: i32 = 0;
const LIVE: i32 = 1;
const FREED: i32 = 2;
const HANDED_OVER: i32 = 3;
const RUNNING: i32 = 4;

const CELL: i32 = 0;
const ALLOC: i32 = 1;
const FREE: i32 = 2;
const HAND_OVER: i32 = 3;
const TAKE_OVER: i32 = 4;
const EPOCH_ENTER: i32 = 5;
const EPOCH_EXIT: i32 = 6;
const EPOCH_CALL: i32 = 7;
const MAY_SLEEP: i32 = 8;
const BLOCKED: i32 = 10;

/** Where some bits of a state are: the word as an offset in bytes. */
@unmanaged
export class Bits {
  word: usize;
  shift: i32;
  mask: i32;
}

/** A row of the program, ROW bytes: as in ../../model/stepper.ts, but that words are offsets in bytes, and lists are addresses. */
@unmanaged
export class Row {
  opcode: i32;
  fused: i32;
  lifeWord: usize;
  lifeShift: i32;
  lifeMask: i32;
  generationWord: usize;
  generationShift: i32;
  generationMask: i32;
  generation: i32;
  ownerWord: usize;
  ownerShift: i32;
  ownerMask: i32;
  ownerOrNobody: i32;
  guardWord: usize;
  guardShift: i32;
  guardMask: i32;
  /** By CPU: the number that means that it holds the lock. 0: there is no guard. */
  guard: usize;
  word: usize;
  shift: i32;
  mask: i32;
  /** By CPU, if `stride` is not zero, and number: the new number, and which result. */
  effects: usize;
  stride: i32;
  record: usize;
  callback: i32;
  /** For ALLOC: the candidates and how many, each with its record and the result for each generation. */
  candidates: usize;
  candidateCount: i32;
  /** Whether an operation of the class was ever done. */
  fired: i32;
  classNumber: i32;
}
export const ROW: i32 = 128;

@unmanaged
class Record {
  lifeWord: usize;
  lifeShift: i32;
  lifeMask: i32;
  generationWord: usize;
  generationShift: i32;
  generationMask: i32;
  ownerWord: usize;
  ownerShift: i32;
  ownerMask: i32;
  graceWord: usize;
  graceShift: i32;
  graceMask: i32;
  callbackWord: usize;
  callbackShift: i32;
  callbackMask: i32;
  /** What becomes of words when it is zeroed: each a word, bits to keep and bits to set. */
  zeroings: usize;
  zeroingCount: i32;
  /** Its locks: each its bits, and by CPU and number whether that means that nobody else holds it. */
  locks: usize;
  lockCount: i32;
  /** Which of the records it is; and if it can be handed over, by callback and generation the local state in which the callback begins; -1: not known yet. */
  number: i32;
  entries: usize;
}

/** A lock: its bits, and a byte for each number, by CPU if it has one for each. */
@unmanaged
class Lock {
  word: usize;
  shift: i32;
  mask: i32;
  says: usize;
}

/** A local state: the row of its class, and which local state follows each result; -1: not known yet. */
@unmanaged
export class Local {
  row: usize;
  next: usize;
  /** The places that it refers to (form.ts); 0: not known yet. */
  mentions: usize;
  /** Where it is (cpuForm.ts); 0: not known yet. */
  whereabouts: usize;
}

/** Local states of a block, as a power of two. */
const LOCALS: i32 = BLOCK - 4;
const IN_LOCALS: i32 = (1 << LOCALS) - 1;

let generations: i32 = 0;
let runner: i32 = -1;
export let localBits: usize = 0;
let sections: usize = 0;
let cpus: i32 = 0;
/** Addresses of records that can be handed over. */
let deferrable: usize = 0;
export let deferrableCount: i32 = 0;
/** By CPU: its locks as it must not hold them at its end, and how many. */
let exits: usize = 0;
let locals: usize = 0;
let localCount: i32 = 0;
let trail: usize = 0;
export let trailLength: i32 = 0;

const TRAIL: i32 = 1024;

export function equip(
  cpuCount: i32,
  callbackRunner: i32,
  generationCount: i32,
  localBitsAt: usize,
  sectionsAt: usize,
  deferrableAt: usize,
  deferrables: i32,
  exitsAt: usize,
): void {
  cpus = cpuCount;
  runner = callbackRunner;
  generations = generationCount;
  localBits = localBitsAt;
  sections = sectionsAt;
  deferrable = deferrableAt;
  deferrableCount = deferrables;
  exits = exitsAt;
  trail = take(TRAIL << 2);
  locals = 0;
  localCount = 0;
}

// @inline
export function localAt(local: i32): Local {
  return changetype<Local>(load<usize>(locals + ((local >>> LOCALS) << 2)) + ((local & IN_LOCALS) << 4));
}

/** The next local state. */
export function learn(row: usize, next: usize): void {
  if ((localCount & IN_LOCALS) == 0) locals = oneMore(locals, localCount >>> LOCALS);
  const local = localAt(localCount++);
  local.row = row;
  local.next = next;
  local.mentions = 0;
  local.whereabouts = 0;
}

export function note(local: i32, result: i32, after: i32): void {
  store<i32>(localAt(local).next + (result << 2), after);
}

export function trailAt(i: i32): usize {
  return load<usize>(trail + (i << 2));
}

// @inline
export function get(state: usize, word: usize, shift: i32, mask: i32): i32 {
  return (load<i32>(state + word) >>> shift) & mask;
}

// @inline
export function put(state: usize, word: usize, shift: i32, mask: i32, value: i32): void {
  store<i32>(state + word, (load<i32>(state + word) & ~(mask << shift)) | (value << shift));
}

/** The bits with that number of a list. */
// @inline
export function bitsOf(all: usize, number: i32): Bits {
  return changetype<Bits>(all + number * 12);
}

/** The local state that a CPU is in. */
// @inline
export function localIn(state: usize, cpu: i32): i32 {
  const bits = bitsOf(localBits, cpu);
  return get(state, bits.word, bits.shift, bits.mask);
}

/** Copies the words of a state. */
// @inline
export function copyWords(from: usize, to: usize, words: i32): void {
  for (let i = 0, end = words << 2; i < end; i += 4) store<i32>(to + i, load<i32>(from + i));
}

// @inline
export function sectionsOf(state: usize, cpu: i32): i32 {
  const bits = bitsOf(sections, cpu);
  return get(state, bits.word, bits.shift, bits.mask);
}

export function advance(cpu: i32, state: usize): i32 {
  const where = bitsOf(localBits, cpu);
  const localMask = where.mask;
  let local = get(state, where.word, where.shift, localMask);
  let length = 0;
  trailLength = 0;
  if (local <= RESTING) return local == EXITED || !isAnyReady(state) ? DISABLED : BEGINS;
  let here = localAt(local);
  for (;;) {
    const row = changetype<Row>(here.row);
    if (length == TRAIL) return ASK;
    store<usize>(trail + (length << 2), changetype<usize>(row));
    length++;

    // Is the record alive, and is it the life that the reference was made in?
    if (row.lifeMask != 0) {
      const life = get(state, row.lifeWord, row.lifeShift, row.lifeMask);
      if (life == UNUSED || life == FREED) return ASK;
      if (
        row.generationMask != 0 &&
        get(state, row.generationWord, row.generationShift, row.generationMask) != row.generation
      )
        return ASK;
    }
    // May this CPU touch it?
    if (row.ownerMask != 0) {
      const owner = get(state, row.ownerWord, row.ownerShift, row.ownerMask);
      if (owner != cpu + 1 && !(owner == 0 && row.ownerOrNobody == 1)) return ASK;
    }
    if (row.guard != 0) {
      const holder = get(state, row.guardWord, row.guardShift, row.guardMask);
      if (holder != load<i32>(row.guard + (cpu << 2))) return ASK;
    }

    let result = 0;
    const opcode = row.opcode;
    if (opcode == CELL) {
      const word = state + row.word;
      const shift = row.shift;
      const mask = row.mask;
      const all = load<i32>(word);
      const effect = row.effects + ((cpu * row.stride + ((all >>> shift) & mask)) << 3);
      result = load<i32>(effect + 4);
      if (result < 0) return result == -1 ? DISABLED : ASK;
      store<i32>(word, (all & ~(mask << shift)) | (load<i32>(effect) << shift));
    } else {
      switch (opcode) {
        case ALLOC:
          result = allocate(row, cpu, state);
          if (result < 0) return ASK;
          break;
        case FREE: {
          const record = changetype<Record>(row.record);
          if (get(state, record.lifeWord, record.lifeShift, record.lifeMask) == HANDED_OVER) return ASK;
          if (isHeld(record, cpu, state)) return ASK;
          put(state, record.lifeWord, record.lifeShift, record.lifeMask, FREED);
          for (let i = 0, at = record.zeroings; i < record.zeroingCount; i++, at += 12) {
            const word = state + load<usize>(at);
            store<i32>(word, (load<i32>(word) & load<i32>(at + 4)) | load<i32>(at + 8));
          }
          break;
        }
        case HAND_OVER:
        case TAKE_OVER: {
          const record = changetype<Record>(row.record);
          const owner = opcode == HAND_OVER ? 0 : cpu + 1;
          put(state, record.ownerWord, record.ownerShift, record.ownerMask, owner);
          break;
        }
        case EPOCH_ENTER: {
          const bits = bitsOf(sections, cpu);
          const open = get(state, bits.word, bits.shift, bits.mask) + 1;
          if (open > bits.mask) return ASK;
          put(state, bits.word, bits.shift, bits.mask, open);
          break;
        }
        case EPOCH_EXIT: {
          const bits = bitsOf(sections, cpu);
          const open = get(state, bits.word, bits.shift, bits.mask);
          if (open == 0) return ASK;
          put(state, bits.word, bits.shift, bits.mask, open - 1);
          // The last section of this CPU closes: nobody waits for it any more.
          if (open == 1)
            for (let i = 0; i < deferrableCount; i++) {
              const record = changetype<Record>(load<usize>(deferrable + (i << 2)));
              const word = state + record.graceWord;
              store<i32>(word, load<i32>(word) & ~(1 << (record.graceShift + cpu)));
            }
          break;
        }
        case EPOCH_CALL: {
          const record = changetype<Record>(row.record);
          if (get(state, record.lifeWord, record.lifeShift, record.lifeMask) != LIVE) return ASK;
          put(state, record.lifeWord, record.lifeShift, record.lifeMask, HANDED_OVER);
          put(state, record.callbackWord, record.callbackShift, record.callbackMask, row.callback);
          let waits = 0;
          for (let other = 0; other < cpus; other++) if (sectionsOf(state, other) > 0) waits |= 1 << other;
          put(state, record.graceWord, record.graceShift, record.graceMask, waits);
          break;
        }
        case MAY_SLEEP:
          if (sectionsOf(state, cpu) > 0) return ASK;
          break;
        case BLOCKED:
          return DISABLED;
        default:
          return ASK;
      }
    }

    // Who goes on where?
    let after = load<i32>(here.next + (result << 2));
    if (after < 0) after = resolve(local, result);
    if (after == EXITED) {
      if (!mayEnd(cpu, state)) return ASK;
      if (cpu == runner) after = RESTING;
    }
    local = after;
    if (local <= RESTING) break;
    here = localAt(local);
    if (changetype<Row>(here.row).fused == 0) break;
  }
  put(state, where.word, where.shift, localMask, local);
  trailLength = length;
  return DONE;
}

function isAnyReady(state: usize): bool {
  for (let i = 0; i < deferrableCount; i++) if (isReady(i, state)) return true;
  return false;
}

/** Whether the callback of a record that can be handed over may begin. */
// @inline
export function isReady(which: i32, state: usize): bool {
  const record = changetype<Record>(load<usize>(deferrable + (which << 2)));
  return (
    get(state, record.lifeWord, record.lifeShift, record.lifeMask) == HANDED_OVER &&
    get(state, record.graceWord, record.graceShift, record.graceMask) == 0
  );
}

/** Begins with the callback of such a record. */
export function begin(which: i32, cpu: i32, state: usize): void {
  const record = changetype<Record>(load<usize>(deferrable + (which << 2)));
  const callback = get(state, record.callbackWord, record.callbackShift, record.callbackMask);
  const generation = get(state, record.generationWord, record.generationShift, record.generationMask);
  const entry = record.entries + ((callback * generations + generation) << 2);
  if (load<i32>(entry) < 0) store<i32>(entry, callbackEntry(record.number, callback, generation));
  put(state, record.lifeWord, record.lifeShift, record.lifeMask, RUNNING);
  const where = bitsOf(localBits, cpu);
  put(state, where.word, where.shift, where.mask, load<i32>(entry));
}

function allocate(row: Row, cpu: i32, state: usize): i32 {
  for (let i = 0, at = row.candidates; i < row.candidateCount; i++, at += 8) {
    const record = changetype<Record>(load<usize>(at));
    const life = get(state, record.lifeWord, record.lifeShift, record.lifeMask);
    let generation = get(state, record.generationWord, record.generationShift, record.generationMask);
    if (life == FREED && generation + 1 < generations) generation++;
    else if (life != UNUSED) continue;
    put(state, record.lifeWord, record.lifeShift, record.lifeMask, LIVE);
    put(state, record.generationWord, record.generationShift, record.generationMask, generation);
    if (record.ownerMask != 0) put(state, record.ownerWord, record.ownerShift, record.ownerMask, cpu + 1);
    return load<i32>(load<usize>(at + 4) + (generation << 2));
  }
  return -1;
}

/** Whether another CPU holds a lock in a record. */
function isHeld(record: Record, cpu: i32, state: usize): bool {
  for (let i = 0, at = record.locks; i < record.lockCount; i++, at += 16) {
    const lock = changetype<Lock>(at);
    const held = get(state, lock.word, lock.shift, lock.mask);
    if (load<u8>(load<usize>(lock.says + (cpu << 2)) + held) == 0) return true;
  }
  return false;
}

/** Whether a CPU holds no lock and is in no section. */
function mayEnd(cpu: i32, state: usize): bool {
  const at = exits + (cpu << 3);
  const count = load<i32>(at + 4);
  for (let i = 0, lockAt = load<usize>(at); i < count; i++, lockAt += 16) {
    const lock = changetype<Lock>(lockAt);
    if (load<u8>(lock.says + get(state, lock.word, lock.shift, lock.mask)) == 1) return false;
  }
  return sectionsOf(state, cpu) == 0;
}
