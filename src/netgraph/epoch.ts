import { at, bases, counts, globals, ifnet_, ngsock_, node_, pointerTo, td_, THREADS, type Pointer } from './layout.ts';
import { holdsTables } from './nat.ts';
import { free, generationAt } from './pool.ts';
import { ng_kill_hook, ng_kill_node } from './reference.ts';
import { ng_socket_kill_priv } from './socket.ts';
import { EBUSY, EINVAL, type Td } from './td.ts';

/**
 * Epoch sections, and memory that is given back when all sections have closed that were open when it was handed over.
 *
 * The word `er_section` of a thread is 0 outside; inside it is the epoch that the thread has seen when it came in, and below
 * that, in 8 bits, in how many sections it is. The epoch moves on by one when each thread is outside or has seen the present one.
 * What was handed over in epoch e is given back from e + 2 on. Why that is late enough though nobody looks again whether the epoch that
 * he stores is still the present one:
 *
 *     reader                                   others
 *     loads epoch 5                            move on to 6, 7, 8
 *     stores section 5: at this moment the epoch is x = 8
 *     loads a pointer to A                     have begun to move on to 9 before the store: can do it
 *                                              cannot begin to move on to 10: they find 5, which is not 9
 *                                              unlink A, hand it over in e >= x, give it back in e + 2 >= 10
 *
 * So what is unlinked after the store is kept while the reader stays in, and what was unlinked before it cannot find. The epoch has 24
 * bits and is compared round the corner.
 *
 * A list of what a thread has handed over is its own, oldest first: no two threads meet in it.
 */

/** Kinds of records that are handed over, in the order in which they lie. */
const freedLater = ['node', 'hook', 'ifnet', 'ngsock'] as const;
type Deferred = (typeof freedLater)[number];

const DEPTH = 0xff;
const EPOCH_BITS = 8;
const EPOCH_MASK = 0xffffff;
const GRACE = 2;

/** Cost: 3 accesses, 2 within another section; no loop. */
export function NET_EPOCH_ENTER({ arena, thread }: Td): void {
  const section = Atomics.load(arena, at(thread, td_.er_section));
  if (section !== 0) Atomics.store(arena, at(thread, td_.er_section), section + 1);
  else {
    const epoch = Atomics.load(arena, globals.epoch);
    Atomics.store(arena, at(thread, td_.er_section), (epoch << EPOCH_BITS) | 1);
  }
}

/** Cost: 2 accesses. */
export function NET_EPOCH_EXIT({ arena, thread }: Td): void {
  const section = Atomics.load(arena, at(thread, td_.er_section));
  Atomics.store(arena, at(thread, td_.er_section), (section & DEPTH) === 1 ? 0 : section - 1);
}

/** Hands a record over: it is freed when nobody can be looking at it any more. Cost: 6 accesses. */
export function NET_EPOCH_CALL({ arena, thread }: Td, kind: Deferred, p: Pointer): void {
  const record = generationAt(kind, p);
  Atomics.store(arena, record + 2, 0);
  Atomics.store(arena, record + 3, Atomics.load(arena, globals.epoch));
  append(arena, thread, record, record);
  const deferred = Atomics.load(arena, at(thread, td_.er_deferred)) + 1;
  Atomics.store(arena, at(thread, td_.er_deferred), deferred);
  if (deferred > Atomics.load(arena, at(thread, td_.er_most))) Atomics.store(arena, at(thread, td_.er_most), deferred);
}

function append(arena: Int32Array, thread: number, first: number, last: number): void {
  const end = Atomics.load(arena, at(thread, td_.er_last));
  Atomics.store(arena, end === 0 ? at(thread, td_.er_first) : end + 2, first);
  Atomics.store(arena, at(thread, td_.er_last), last);
}

/**
 * Waits until all sections have closed that are open now. To be called outside sections, and where something has been unlinked, after that: what was unlinked can be freed
 * then. The epoch that is loaded here is that of a record which is handed over now. A thread in a section whose worker has ended is waited for until `closeThread`
 * closes it.
 */
export function NET_EPOCH_WAIT(td: Td): void {
  const { arena } = td;
  const begun = Atomics.load(arena, globals.epoch);
  while (((Atomics.load(arena, globals.epoch) - begun) & EPOCH_MASK) < GRACE) {
    if (advance(td)) continue;
    const thread = blocker(td);
    if (thread >= 0) awaitExit(arena, at(thread, td_.er_section));
  }
}

/** Sleeps until the thread has opened or closed a section; nobody wakes who sleeps here, so that to close one stays two accesses. */
function awaitExit(arena: Int32Array, er_section: number): void {
  const section = Atomics.load(arena, er_section);
  if (section !== 0) Atomics.wait(arena, er_section, section, 1);
}

/** Moves the epoch on, if nobody is in a section that began in an older one. Returns whether it did. */
export function advance({ arena }: Td): boolean {
  const epoch = Atomics.load(arena, globals.epoch);
  for (let thread = 0; thread < THREADS; thread++) {
    const section = Atomics.load(arena, at(thread, td_.er_section));
    if (section !== 0 && section >>> EPOCH_BITS !== epoch) return false;
  }
  return Atomics.compareExchange(arena, globals.epoch, epoch, (epoch + 1) & EPOCH_MASK) === epoch;
}

/**
 * Runs what the thread has handed over and is due, moving the epoch on if that can be. Returns how many callbacks it ran. To be
 * called outside sections, now and then, by each thread that restructures; `serviceQueue` does.
 */
export function runCallbacks(td: Td): number {
  const { arena, thread } = td;
  if (Atomics.load(arena, at(thread, td_.er_first)) === 0) return 0;
  if (advance(td)) advance(td);
  let ran = 0;
  for (;;) {
    const record = Atomics.load(arena, at(thread, td_.er_first));
    if (record === 0 || !isDue(arena, record)) return ran;
    const next = Atomics.load(arena, record + 2);
    Atomics.store(arena, at(thread, td_.er_first), next);
    if (next === 0) Atomics.store(arena, at(thread, td_.er_last), 0);
    Atomics.sub(arena, at(thread, td_.er_deferred), 1);
    callBack(td, record);
    ran++;
  }
}

function isDue(arena: Int32Array, record: number): boolean {
  const age = Atomics.load(arena, globals.epoch) - Atomics.load(arena, record + 3);
  return (age & EPOCH_MASK) >= GRACE;
}

function callBack(td: Td, record: number): void {
  const kind = freedLater.findLast((one) => bases[one] <= record)!;
  const p = pointerTo((record - bases[kind]) >> 5, Atomics.load(td.arena, record));
  if (kind === 'node') ng_kill_node(td, p);
  else if (kind === 'hook') ng_kill_hook(td, p);
  else if (kind === 'ngsock') ng_socket_kill_priv(td, p);
  else free(td, kind, p);
}

/** The thread that keeps the epoch from moving on, or -1. It may only be slow; that its worker has ended is for the owner to know. */
export function blocker({ arena }: Td): number {
  const epoch = Atomics.load(arena, globals.epoch);
  for (let thread = 0; thread < THREADS; thread++) {
    const section = Atomics.load(arena, at(thread, td_.er_section));
    if (section !== 0 && section >>> EPOCH_BITS !== epoch) return thread;
  }
  return -1;
}

/**
 * Closes the section of a thread whose worker has ended, and takes over what it has handed over. The worker must have ended: a thread
 * that goes on afterwards would use what is freed.
 * @returns 0; EINVAL for the caller's own or a thread that is not there; EBUSY when it has died with a mutex, and what the mutex
 * guards can be half changed: then the arena is lost. A reader/writer lock does not say who holds it, nor does the wheel of callouts or the task queue say who is running what stands there: whoever died with one
 * is not seen here, and who takes it next, or waits for it, waits for ever.
 */
export function closeThread(td: Td, dead: number): number {
  const { arena, thread } = td;
  if (dead === thread || !(dead >= 0 && dead < THREADS) || Atomics.load(arena, at(dead, td_.td_alive)) === 0)
    return EINVAL;
  for (const mutex of mutexes()) if (Math.abs(Atomics.load(arena, mutex)) === dead + 1) return EBUSY;
  for (let slot = 2; slot < counts.node; slot++) if (holdsTables(td, slot, dead)) return EBUSY;
  const first = Atomics.load(arena, at(dead, td_.er_first));
  if (first !== 0) {
    append(arena, thread, first, Atomics.load(arena, at(dead, td_.er_last)));
    Atomics.add(arena, at(thread, td_.er_deferred), Atomics.exchange(arena, at(dead, td_.er_deferred), 0));
    Atomics.store(arena, at(dead, td_.er_first), 0);
    Atomics.store(arena, at(dead, td_.er_last), 0);
  }
  Atomics.store(arena, at(dead, td_.er_section), 0);
  Atomics.store(arena, at(dead, td_.td_alive), 0);
  return 0;
}

function mutexes(): readonly number[] {
  const ofNodes = Array.from({ length: counts.node - 2 }, (_, i) => at(i + 2, node_.q_mtx));
  const ofSockets = Array.from({ length: counts.ngsock - 1 }, (_, i) => at(i + 1, ngsock_.mtx));
  const ofInterfaces = Array.from({ length: counts.ifnet - 1 }, (_, i) => at(i + 1, ifnet_.if_addr_lock));
  return [
    globals.ng_worklist_mtx,
    globals.names_mtx,
    globals.cc_mtx,
    globals.tq_mtx,
    ...ofNodes,
    ...ofSockets,
    ...ofInterfaces,
  ];
}
