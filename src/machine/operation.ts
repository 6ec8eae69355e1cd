import type { Field, Shared } from './record.ts';

/**
 * What a shared word can hold and what a procedure can be given: numbers, truth values, NULL, names, records, functions.
 * Values are compared by identity; records are interned, so that one record is one value.
 */
export type Value = number | boolean | string | null | undefined | Shared | Routine;

/** A procedure as a value: what a function pointer can hold. */
export interface Routine {
  readonly title: string;
  readonly source: string;
  readonly body: (...args: never[]) => unknown;
}

/** One field of one record: the smallest thing that an operation can touch. */
export type Cell = { readonly record: Shared; readonly field: Field };

/** Memory orders as the C names them. Under sequential consistency they change nothing; they are kept for other models. */
export type Order = 'plain' | 'acquire' | 'release' | 'seq_cst';

/** A way of going wrong that the machine sees by itself, by the name of the property it breaks. */
export type Failure = { readonly property: EngineProperty; readonly message: string };

/**
 * The outcome of an operation on the old value of its cell. Exactly one of:
 * a new value and a result · not possible now (the step is disabled) · a failure · the edge of what the check can represent.
 */
export type Effect =
  | { readonly kind: 'done'; readonly now: Value; readonly result: Value }
  | { readonly kind: 'disabled' }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'bound'; readonly message: string };

/**
 * What a procedure is about to do. `name` and `operands` identify it; `effect` must depend on nothing else.
 * `fused`: the operation belongs to the step before it (see Access in record.ts for when that is sound).
 */
export type Operation =
  | {
      readonly kind: 'cell';
      readonly name: string;
      readonly cell: Cell;
      readonly operands: readonly Value[];
      readonly order: Order;
      /** `cpu` is the number of the CPU that performs it: 0, 1, … */
      readonly effect: (old: Value, cpu: number) => Effect;
      readonly fused: boolean;
    }
  | { readonly kind: 'alloc'; readonly type: RecordType; readonly fused: boolean }
  | { readonly kind: 'free'; readonly record: Shared; readonly fused: boolean }
  | { readonly kind: 'hand over'; readonly record: Shared; readonly fused: true }
  | { readonly kind: 'take over'; readonly record: Shared; readonly fused: true }
  | { readonly kind: 'NET_EPOCH_ENTER'; readonly fused: boolean }
  | { readonly kind: 'NET_EPOCH_EXIT'; readonly fused: boolean }
  | { readonly kind: 'NET_EPOCH_CALL'; readonly record: Shared; readonly callback: Routine; readonly fused: boolean }
  | { readonly kind: 'may sleep'; readonly fused: true }
  | { readonly kind: 'choose'; readonly count: number; readonly fused: boolean }
  | { readonly kind: 'blocked'; readonly fused: boolean }
  | { readonly kind: 'fail'; readonly failure: Failure; readonly fused: boolean };

/** The class of a record, as `alloc` takes it. */
export type RecordType<T extends Shared = Shared> = (new () => T) & { readonly name: string };

/**
 * What the machine watches in every run, whether or not anybody asked. Each with its sentence in the words of C.
 */
export const engineProperties = {
  'use-after-free': 'no access to memory that has been freed',
  'use-before-init': 'no access to memory that was never allocated',
  'double-free': 'no object is freed twice',
  'double-epoch-call': 'NET_EPOCH_CALL is not called again for an object that is already handed over',
  'null-dereference': 'no access through a NULL pointer',
  'wrong-type': 'no memory is taken for a record of another type',
  'refcount-underflow': 'no reference count goes below zero',
  'refcount-resurrection': 'no reference count is raised from zero',
  'lock-destroyed': 'no lock is used after it was destroyed, none is destroyed while held',
  'lock-recursion': 'no thread takes a lock that it holds',
  'lock-not-owned': 'a lock is released, and what it guards is touched, only by its owner',
  'lock-held-at-exit': 'no thread returns to user mode holding a lock',
  'epoch-section-leaked': 'every NET_EPOCH_ENTER has its NET_EPOCH_EXIT',
  'sleep-in-epoch': 'no thread sleeps inside an epoch section',
  'item-not-owned': 'an item is touched only by the one thread that owns it',
  kassert: 'no KASSERT fails',
  panic: 'no panic(9)',
  deadlock: 'no set of threads waits for each other for ever',
} as const satisfies Record<string, string>;

export type EngineProperty = keyof typeof engineProperties;

export const done = (now: Value, result: Value = undefined): Effect => ({ kind: 'done', now, result });
export const disabled: Effect = { kind: 'disabled' };
export const failed = (property: EngineProperty, message: string): Effect => ({
  kind: 'failed',
  failure: { property, message },
});
