import { enter, leave, pause } from './alone';
import { hasPeers, normalize as normalizeAll } from './cpuForm';
import { isFormed, normalize } from './form';
import { ask, ended, failed, look } from './imported';
import { reached } from './level';
import { allocate } from './memory';
import { append } from './order';
import { glance, glanceBehind, hashOf, isNew } from './pairs';
import { glanceBeyond, isOpen, offerState, root } from './root';
import {
  advance,
  ASK,
  begin,
  BEGINS,
  copyWords,
  deferrableCount,
  DONE,
  isReady,
  ROW,
  Row,
  trailAt,
  trailLength,
} from './step';
import { affected, climbAll, hasRoom, leftTop, readAll, RECORD, rightTop } from './tree';
import { isSeen, see } from './watch';

/**
 * The loop of ../../search/breadthFirst.ts over a batch of states: first all steps from them, as a queue of what happened; then what happened is gone through in its
 * order. The places of the table at which one will look are loaded in between, for all of the batch at once: so the processor waits
 * for memory once and not for each. The file is long because
 * what happened is told of, queued and gone through in one order.
 */

/** What happened, in `kind`: a step was taken, an operation of a class was done for the first time, a step failed, no step was possible. */
const STEP: i32 = 0;
const FIRED: i32 = 1;
const FAILED: i32 = 2;
const ENDED: i32 = 3;

/** The record of the state stepped to comes after it. */
@unmanaged
class Happening {
  /** The inner nodes that are to be looked up. */
  affected: u64;
  kind: i32;
  /** The record of the state that it is from. */
  from: usize;
  /** The number of that state. */
  at: i32;
  /** Of a step, that of the pair at the root; else the number of what happened. */
  hash: i32;
  entry: i32;
  unused: i32;
}
const HEAD: i32 = 32;

/** What may be found to be wrong with a new state. */
const NOTHING: i32 = 0;
const OVER: i32 = 1;

/** States of a batch, and room in the queue. */
const BATCH: i32 = 32;
export const QUEUE: i32 = 1024;
/** New states after which `run` returns. */
const MANY: i32 = 4096;

let words: i32 = 0;
let stride: i32 = 0;
let cpus: i32 = 0;
let froms: usize = 0;
let queue: usize = 0;
let queued: i32 = 0;
let rows: usize = 0;
let fired: usize = 0;
let classCount: i32 = 0;
let parents: usize = 0;
/** How many there is room for. */
let parentRoom: i32 = 0;
let added: i32 = 0;
let current: i32 = 0;
let record: usize = 0;
let stirred: bool = false;
let stopped: bool = false;
/** Whether other threads go through the level too. */
let isShared: bool = false;
let transitions: i32 = 0;
let ends: i32 = 0;
/** Keeps what is loaded ahead from being left out. */
export let loaded: u32 = 0;

export function prepare(stateWords: i32, cpuCount: i32, rowsAt: usize, classes: i32): void {
  words = stateWords;
  cpus = cpuCount;
  rows = rowsAt;
  stride = HEAD + RECORD;
  froms = allocate(BATCH * RECORD);
  queue = allocate((QUEUE + 1) * stride);
  classCount = classes;
  fired = allocate(classes);
  memory.fill(fired, 0, classes);
  parentRoom = MANY + 2 * QUEUE;
  parents = allocate(parentRoom << 2);
}

export function firedAt(): usize {
  return fired;
}
export function parentsAt(): usize {
  return parents;
}
export function addedCount(): i32 {
  return added;
}
export function transitionCount(): i32 {
  return transitions;
}
export function endCount(): i32 {
  return ends;
}
/** Where the words of the next state stepped to are to stand. */
export function nextAt(): usize {
  return queue + queued * stride + HEAD;
}

/** Goes on from states until `end`, and returns the one to go on from next: an earlier one if many were new, or memory is short. */
export function run(from: i32, end: i32): i32 {
  // The level was forgotten in which something was done for the first time, or another thread has done it.
  if (isShared) for (let i = 0; i < classCount; i++) changetype<Row>(rows + i * ROW).fired = load<u8>(fired + i);
  isShared = false;
  added = 0;
  enter();
  const next = goThrough(from, end, 2 * QUEUE);
  leave();
  return next;
}

/**
 * The same of a part of a level that several threads go through (level.ts). When it comes to something that is to be said, it says that the search is
 * over. `threads`: how many do, which all need room.
 */
export function share(from: i32, end: i32, threads: i32): i32 {
  isShared = true;
  added = 0;
  enter();
  const next = goThrough(from, end, 2 * QUEUE * threads);
  leave();
  return next;
}

function goThrough(from: i32, end: i32, room: i32): i32 {
  transitions = 0;
  ends = 0;
  stopped = false;
  let at = from;
  while (at < end && added < MANY && hasRoom(room)) {
    pause();
    const next = min(end, at + BATCH);
    readAll(at, next - at, froms);
    queued = 0;
    record = froms;
    for (current = at; current < next && !stopped; current++, record += RECORD) expand();
    if (!stopped && !settle()) stopped = true;
    if (stopped) return next;
    at = next;
  }
  return at;
}

function expand(): void {
  const from = record;
  stirred = false;
  for (let cpu = 0; cpu < cpus; cpu++) {
    const state = nextAt();
    copyWords(from, state, words);
    const outcome = advance(cpu, state);
    if (outcome == DONE) {
      for (let i = 0; i < trailLength; i++) {
        const row = trailAt(i);
        if (changetype<Row>(row).fired == 0) fire(row);
      }
      emit();
    } else if (outcome == BEGINS) beginAll(cpu, from);
    else if (outcome == ASK) ask(cpu, from, current);
  }
  if (!stirred) happen(ENDED, 0);
}

function beginAll(cpu: i32, from: usize): void {
  for (let i = 0; i < deferrableCount; i++) {
    if (!isReady(i, from)) continue;
    const state = nextAt();
    copyWords(from, state, words);
    begin(i, cpu, state);
    emit();
  }
}

/** The state at `nextAt()` has been stepped to. */
export function emit(): void {
  const happening = changetype<Happening>(queue + queued * stride);
  const state = changetype<usize>(happening) + HEAD;
  if (hasPeers) normalizeAll(state);
  else if (isFormed) normalize(state);
  happening.kind = STEP;
  happening.affected = affected(state, record, words);
  happening.from = record;
  happening.at = current;
  stirred = true;
  next();
}

export function emitFailure(which: i32): void {
  stirred = true;
  happen(FAILED, which);
}

/** An operation of a class was done, in the step that leads to the state at `nextAt()`. */
export function fireClass(number: i32): void {
  const row = rows + number * ROW;
  if (changetype<Row>(row).fired == 0) fire(row);
}

function fire(row: usize): void {
  const state = nextAt();
  changetype<Row>(row).fired = 1;
  copyWords(state, state + stride, words);
  happen(FIRED, changetype<Row>(row).classNumber);
}

function happen(kind: i32, which: i32): void {
  const happening = changetype<Happening>(queue + queued * stride);
  happening.kind = kind;
  happening.affected = 0;
  happening.from = record;
  happening.at = current;
  happening.hash = which;
  next();
}

function next(): void {
  if (++queued < QUEUE - 1) return;
  // A state has very many steps. What stands at `nextAt()` is kept.
  if (added + 2 * QUEUE > parentRoom) makeRoom();
  const state = nextAt();
  if (!stopped && !settle()) stopped = true;
  queued = 0;
  copyWords(state, nextAt(), words);
}

function makeRoom(): void {
  const larger = allocate(parentRoom << 3);
  memory.copy(larger, parents, added << 2);
  parents = larger;
  parentRoom <<= 1;
}

/** Goes through what happened. False: the search is over. */
function settle(): bool {
  const end = queue + queued * stride;
  const top = root;
  climbAll(queue, end, stride, HEAD);
  for (let at = queue; at < end; at += stride) {
    const happening = changetype<Happening>(at);
    if (happening.kind != STEP) continue;
    happening.hash = hashOf(leftTop(at + HEAD), rightTop(at + HEAD));
    happening.entry = glance(top, happening.hash);
  }
  let sum: u32 = 0;
  for (let at = queue; at < end; at += stride) {
    const happening = changetype<Happening>(at);
    if (happening.kind == STEP) sum ^= glanceBehind(top, happening.hash, happening.entry);
  }
  if (!isOpen())
    for (let at = queue; at < end; at += stride) {
      const happening = changetype<Happening>(at);
      if (happening.kind == STEP) sum ^= glanceBeyond(happening.hash);
    }
  loaded = sum;
  for (let at = queue; at < end; at += stride) {
    const happening = changetype<Happening>(at);
    const from = happening.from;
    if (happening.kind == STEP) {
      transitions++;
      const index = offerState(leftTop(at + HEAD), rightTop(at + HEAD), happening.hash);
      if (isShared) {
        if (!reached(index, happening.at)) continue;
      } else {
        if (!isNew) continue;
        append(index);
        store<i32>(parents + (added++ << 2), happening.at);
      }
      if (isSeen(at + HEAD, from)) continue;
      const found = look(at + HEAD, from);
      if (found == OVER) return false;
      if (found == NOTHING) see(at + HEAD, from);
    } else if (happening.kind == FIRED) {
      store<u8>(fired + happening.hash, 1);
    } else if (happening.kind == FAILED) {
      if (failed(happening.hash) != 0) return false;
    } else {
      ends++;
      if (ended(from, happening.at) != 0) return false;
    }
  }
  return true;
}
