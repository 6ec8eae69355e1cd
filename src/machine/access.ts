import { perform } from './performer.ts';
import {
  disabled,
  done,
  failed,
  type Cell,
  type Effect,
  type Order,
  type RecordType,
  type Value,
} from './operation.ts';
import {
  cellOf, isRecord, isStatic, MOST_THREADS, NoField, ownOf, storing, withOwn,
  type Mutex, type PerThread, type RefCount, type RwLock, type Shared,
} from './record.ts'; // prettier-ignore
import type { Procedure } from './procedure.ts';

/** The operations that a procedure has beside reading and assigning fields, under the names that the kernel gives them. */

type NumberField<T> = { [K in keyof T]: T[K] extends number ? K : never }[keyof T] & string;

const cellOperation = (
  name: string,
  cell: Cell,
  operands: readonly Value[],
  effect: (old: Value, cpu: number) => Effect,
  order: Order = 'plain',
): Value => perform().operate({ kind: 'cell', name, cell, operands, effect, order, fused: false });

const field = (record: Shared, name: string): Cell => {
  const found = record.type.byName.get(name);
  if (found === undefined) throw new NoField(record, name);
  return { record, field: found };
};

/* ---- atomic(9) ---- */

/** If the word is `expect`, makes it `value`; one step. Returns whether it did. Pointers are compared as addresses. */
export const atomic_cmpset = <T extends Shared, K extends keyof T & string>(
  record: T,
  name: K,
  expect: T[K],
  value: T[K],
  order: Order = 'plain',
): boolean => {
  const cell = field(record, name);
  return cellOperation(
    'atomic_cmpset',
    cell,
    [expect as Value, value as Value],
    (old) => (sameAddress(old, expect as Value) ? storing(cell.field, value as Value, true) : done(old, false)),
    order,
  ) as boolean;
};

const update =
  (name: string, change: (old: number, by: number) => number, returnsOld: boolean) =>
  <T extends Shared>(record: T, word: NumberField<T>, by: number, order: Order = 'plain'): number => {
    const cell = field(record, word);
    return cellOperation(
      name,
      cell,
      [by],
      (old) => storing(cell.field, change(old as number, by), returnsOld ? old : undefined),
      order,
    ) as number;
  };

/** Adds atomically; returns nothing. */
export const atomic_add = update('atomic_add', (old, by) => old + by, false);
/** Adds atomically and returns the old value. */
export const atomic_fetchadd = update('atomic_fetchadd', (old, by) => old + by, true);
/** Subtracts atomically; returns nothing. */
export const atomic_subtract = update('atomic_subtract', (old, by) => old - by, false);
/** Sets bits atomically; returns nothing. */
export const atomic_set = update('atomic_set', (old, bits) => old | bits, false);
/** Clears bits atomically; returns nothing. */
export const atomic_clear = update('atomic_clear', (old, bits) => old & ~bits, false);

/** Whether two pointers hold one address, whatever life of it they were made in. */
export const sameAddress = (a: Value, b: Value): boolean =>
  a === b || (isRecord(a) && isRecord(b) && a.type === b.type && a.slot === b.slot);

/* ---- refcount(9) ---- */

const counted = (cell: Cell): boolean => !isStatic(cell.record);

/** One more reference; raising the count from zero is a failure. The counts of static records are not kept. */
export const refcount_acquire = (handle: RefCount): void => {
  const cell = cellOf(handle);
  cellOperation('refcount_acquire', cell, [], (old) => {
    if (!counted(cell)) return done(old);
    if (old === 0) return failed('refcount-resurrection', `raises ${cell.field.name} from 0: it was about to be freed`);
    return storing(cell.field, (old as number) + 1);
  });
};

/** One more reference if there is one; returns whether there was. */
export const refcount_acquire_if_not_zero = (handle: RefCount): boolean => {
  const cell = cellOf(handle);
  return cellOperation('refcount_acquire_if_not_zero', cell, [], (old) => {
    if (!counted(cell)) return done(old, true);
    return old === 0 ? done(old, false) : storing(cell.field, (old as number) + 1, true);
  }) as boolean;
};

/** One reference less; returns whether it was the last. Below zero is a failure. */
export const refcount_release = (handle: RefCount): boolean => {
  const cell = cellOf(handle);
  return cellOperation('refcount_release', cell, [], (old) => {
    if (!counted(cell)) return done(old, false);
    if (old === 0) return failed('refcount-underflow', `lowers ${cell.field.name} below 0`);
    return done((old as number) - 1, old === 1);
  }) as boolean;
};

/* ---- mutex(9), rwlock(9) ---- */

const lockOperation = (
  name: string,
  handle: Mutex | RwLock,
  effect: (old: Value, cpu: number, what: string) => Effect,
) => {
  const cell = cellOf(handle);
  cellOperation(name, cell, [], (old, cpu) =>
    old === 'destroyed'
      ? failed('lock-destroyed', `calls ${name} on ${cell.field.name}, which has been destroyed`)
      : effect(old, cpu, cell.field.name),
  );
};

const notOwned = (name: string, what: string): Effect =>
  failed('lock-not-owned', `calls ${name} on ${what} without holding it`);
const recursed = (what: string): Effect => failed('lock-recursion', `takes ${what}, which it holds already`);

export const mtx_lock = (lock: Mutex): void =>
  lockOperation('mtx_lock', lock, (old, cpu, what) =>
    old === null ? done(cpu) : old === cpu ? recursed(what) : disabled,
  );
export const mtx_unlock = (lock: Mutex): void =>
  lockOperation('mtx_unlock', lock, (old, cpu, what) => (old === cpu ? done(null) : notOwned('mtx_unlock', what)));
/** Destroys a mutex that nobody holds, or that the caller holds (mutex(9) allows it). */
export const mtx_destroy = (lock: Mutex): void =>
  lockOperation('mtx_destroy', lock, (old, cpu, what) =>
    old === null || old === cpu
      ? done('destroyed')
      : failed('lock-destroyed', `destroys ${what} while CPU ${String(old)} holds it`),
  );

/** A read lock keeps the set of its readers, so that only they can give it back; one reader twice is beyond what it can say. */
export const rw_rlock = (lock: RwLock): void =>
  lockOperation('rw_rlock', lock, (old, cpu, what) => {
    if (typeof old === 'string') return old === `writer ${cpu}` ? recursed(what) : disabled;
    const readers = (old as number | null) ?? 0;
    if ((readers & (1 << cpu)) !== 0) return { kind: 'bound', message: `takes ${what} for reading twice` };
    return done(readers | (1 << cpu));
  });
export const rw_runlock = (lock: RwLock): void =>
  lockOperation('rw_runlock', lock, (old, cpu, what) => {
    if (typeof old !== 'number' || (old & (1 << cpu)) === 0) return notOwned('rw_runlock', what);
    const left = old & ~(1 << cpu);
    return done(left === 0 ? null : left);
  });
export const rw_wlock = (lock: RwLock): void =>
  lockOperation('rw_wlock', lock, (old, cpu, what) =>
    old === null ? done(`writer ${cpu}`) : old === `writer ${cpu}` ? recursed(what) : disabled,
  );
export const rw_wunlock = (lock: RwLock): void =>
  lockOperation('rw_wunlock', lock, (old, cpu, what) =>
    old === `writer ${cpu}` ? done(null) : notOwned('rw_wunlock', what),
  );

/* ---- what each thread has for itself ---- */

/** The thread's own number; no step. */
export const ownLoad = (handle: PerThread): number => ownOperation('ownLoad', handle, 0, 0) as number;

/** Changes the thread's own number; no step. To go beyond `most`, or below 0, stops the check at a bound. */
export const ownAdd = (handle: PerThread, by: number, most: number): void =>
  void ownOperation('ownAdd', handle, by, most);

const ownOperation = (name: string, handle: PerThread, by: number, most: number): Value => {
  const cell = cellOf(handle);
  const effect = (old: Value, cpu: number): Effect => {
    const now = ownOf(old as number, cpu) + by;
    if (by === 0 && cpu < MOST_THREADS) return done(old, now);
    return now >= 0 && now <= most && cpu < MOST_THREADS
      ? done(withOwn(old as number, cpu, now))
      : { kind: 'bound', message: `${cell.field.name} of a thread cannot be ${now} within the bounds of this check` };
  };
  return perform().operate({ kind: 'cell', name, cell, operands: [by, most], order: 'plain', effect, fused: true });
};

/* ---- memory ---- */

/** A zeroed record; the lowest slot that is not in use. */
export const alloc = <T extends Shared>(type: RecordType<T>): T =>
  perform().operate({ kind: 'alloc', type, fused: false }) as T;

/** Gives a record back at once; of NULL there is nothing to give back (free(9)). */
export const free = (record: Shared | null): void => {
  if (record !== null) perform().operate({ kind: 'free', record, fused: false });
};

/** As `alloc`, for a record that only its owner may touch: no step of its own. */
export const allocOwned = <T extends Shared>(type: RecordType<T>): T =>
  perform().operate({ kind: 'alloc', type, fused: true }) as T;
export const freeOwned = (record: Shared): void => void perform().operate({ kind: 'free', record, fused: true });
/** The record is on a queue now: nobody owns it. */
export const handOver = (record: Shared): void => void perform().operate({ kind: 'hand over', record, fused: true });
/** The record was taken off a queue: the caller owns it. */
export const takeOver = (record: Shared): void => void perform().operate({ kind: 'take over', record, fused: true });

/* ---- epoch(9) ---- */

export const NET_EPOCH_ENTER = (): void => void perform().operate({ kind: 'NET_EPOCH_ENTER', fused: false });
export const NET_EPOCH_EXIT = (): void => void perform().operate({ kind: 'NET_EPOCH_EXIT', fused: false });
/** Runs `callback(record)` once every section that is open now has closed. */
export const NET_EPOCH_CALL = <T extends Shared>(callback: Procedure<[T], void>, record: T): void =>
  void perform().operate({ kind: 'NET_EPOCH_CALL', record, callback, fused: false });
/** The caller does something that can sleep (M_WAITOK, msleep): not inside an epoch section. */
export const maySleep = (): void => void perform().operate({ kind: 'may sleep', fused: true });

/* ---- control ---- */

/** Any number from 0 to `count - 1`; every one is tried. */
export const choose = (count: number): number => perform().operate({ kind: 'choose', count, fused: false }) as number;

/** Several accesses as one step: for what a lock of the C really covers, or for models with a coarser grain. */
export const atomically = <T>(body: () => T): T => perform().together(body, false);

/** Waits until the condition holds; what it reads is read in one step. */
export const wait_until = (condition: () => boolean): void => waiting(condition, false);

/** As `wait_until`, for a thread that has nothing to do meanwhile: waiting here for ever is no deadlock. */
export const idle_until = (condition: () => boolean): void => waiting(condition, true);

const waiting = (condition: () => boolean, idle: boolean): void =>
  perform().together(() => {
    if (condition()) return;
    if (idle) maySleep();
    perform().operate({ kind: 'blocked', fused: true });
  }, idle);

export const panic = (message: string): never => {
  perform().operate({ kind: 'fail', failure: { property: 'panic', message: `panics: ${message}` }, fused: true });
  throw new Error('[suite bug] a panic returned');
};

/**
 * A pointer taken for one to a record of that type, as by a cast. No step. It fails if the memory is of another type: here already, and
 * not where it is used, for two types may have fields of one name.
 */
export const cast = <T extends Shared>(type: RecordType<T>, record: Shared | null): T => {
  if (record !== null && !(record instanceof type)) {
    const message = `takes memory of another type for ${type.name}`;
    perform().operate({ kind: 'fail', failure: { property: 'wrong-type', message }, fused: true });
  }
  return record as T;
};

export const KASSERT = (condition: boolean, message: string): void => {
  if (condition) return;
  perform().operate({
    kind: 'fail',
    failure: { property: 'kassert', message: `fails KASSERT: ${message}` },
    fused: true,
  });
};

/** A memory fence. Under sequential consistency there is nothing to order, so it is no step. */
export const fence = (_order: Order): void => {};

/** Whether the design under check has the named switch on. */
export const given = (name: string): boolean => perform().given(name);
