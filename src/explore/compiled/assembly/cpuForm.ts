import { copyAll } from './copies';
import { isFormed, normalize as normalizeRecords } from './form';
import { whereabouts } from './imported';
import { allocate } from './memory';
import { copyWords, localAt, localIn, sectionsOf } from './step';

/** Puts peers into the order of where they are, and then numbers the records: ../../symmetry/cpuForm.ts, which says how, and does the same. */

/** An order of the CPUs. `pairs`: CPUs of which the first must not come after the second. */
@unmanaged
class Order {
  pairs: usize;
  pairCount: i32;
  copies: usize;
  copyCount: i32;
}
const ORDER: i32 = 16;

/** Where a local state is, whatever the records are called; and a hash of its classes. */
@unmanaged
class Whereabouts {
  place: i32;
  hash: i32;
}

export let hasPeers: bool = false;
let words: i32 = 0;
let cpus: i32 = 0;
let orders: usize = 0;
let orderCount: i32 = 0;
/** By word: the bits that are not of a local state, whose number depends on when it was met. */
let others: usize = 0;
/** By CPU, of the state that is brought into its form. */
let keys: usize = 0;
let before: usize = 0;
let tried: usize = 0;

/** No CPUs are put into order unless this is called. */
export function beginPeers(wordCount: i32, cpuCount: i32, ordersAt: usize, ordersIn: i32, othersAt: usize): void {
  hasPeers = true;
  words = wordCount;
  cpus = cpuCount;
  orders = ordersAt;
  orderCount = ordersIn;
  others = othersAt;
  keys = allocate(cpus << 2);
  before = allocate(words << 2);
  tried = allocate(words << 2);
}

export function normalize(state: usize): void {
  for (let cpu = 0; cpu < cpus; cpu++)
    store<i32>(keys + (cpu << 2), mixed(whereOf(localIn(state, cpu)).place, sectionsOf(state, cpu)));
  copyWords(state, before, words);
  let isMade = false;
  for (let i = 0; i < orderCount; i++) {
    const order = changetype<Order>(orders + i * ORDER);
    if (!isSorted(order)) continue;
    if (!isMade) {
      make(order, state);
      isMade = true;
      continue;
    }
    make(order, tried);
    if (isBefore(tried, state)) copyWords(tried, state, words);
  }
}

function make(order: Order, state: usize): void {
  copyWords(before, state, words);
  copyAll(order.copies, order.copyCount, before, state);
  if (isFormed) normalizeRecords(state);
}

function isSorted(order: Order): bool {
  for (let at = order.pairs, end = at + (order.pairCount << 3); at < end; at += 8)
    if (load<i32>(keys + (load<i32>(at) << 2)) > load<i32>(keys + (load<i32>(at + 4) << 2))) return false;
  return true;
}

function isBefore(one: usize, other: usize): bool {
  for (let i = 0, end = words << 2; i < end; i += 4) {
    const mask = load<i32>(others + i);
    const a = load<i32>(one + i) & mask;
    const b = load<i32>(other + i) & mask;
    if (a != b) return a < b;
  }
  for (let cpu = 0; cpu < cpus; cpu++) {
    const a = localIn(one, cpu);
    const b = localIn(other, cpu);
    if (a != b) return whereOf(a).hash < whereOf(b).hash;
  }
  return false;
}

// @inline
function whereOf(number: i32): Whereabouts {
  const local = localAt(number);
  if (local.whereabouts == 0) local.whereabouts = whereabouts(number);
  return changetype<Whereabouts>(local.whereabouts);
}

// @inline
function mixed(hash: i32, number: i32): i32 {
  const h = (hash ^ number) * 0x9e3779b1;
  return h ^ (h >>> 15);
}
