import { sameAccess, type Access, type Kind } from './access.ts';

/**
 * The realm in which an implementation is stopped at each access: `globalThis.Atomics` is exchanged, and nothing is built into the
 * implementation. An operation is run from its start along a log of answers; at the first access past the log it is thrown out of, and
 * what it was about to do is known. Whoever drives it does the access when it pleases, and runs the operation again, one answer further.
 *
 * What an operation must keep for this to be sound, each refused where it is not kept:
 * - it depends on nothing but its arguments and the answers: along the same log it must ask the same again;
 * - it touches the arena by `Atomics` only: the arena that it is given is a proxy that refuses every plain access;
 * - it catches nothing that it has not thrown itself.
 */

/** An access and what it was answered. */
export type Answered = { readonly access: Access; readonly answer: number };

/** Something that runs in a realm: it returns an error number, a handle, or nothing. */
export type Operation = (arena: Int32Array) => number | void;

/** Where an operation stands: about to do an access, or over. */
export type Stop =
  /** `site`: the calls and lines that it is in. */
  | { readonly kind: 'access'; readonly access: Access; readonly site: string }
  | { readonly kind: 'returned'; readonly value: number };

/** The implementation does what cannot be compared; the message says what, and how it could be put right. */
export class Unfit extends Error {
  override readonly name = 'Unfit';
}

class Suspended extends Error {}
const suspended = new Suspended('an operation is stopped here; nobody but the realm may catch this');

type Run = { readonly log: readonly Answered[]; at: number; stop: Access | null; site: string };

/** An arena of so many words, and the only place where operations on it are run. */
export class Realm {
  readonly #arena: Int32Array;
  readonly #atomics: typeof Atomics;
  #run: Run | null = null;

  constructor(words: number) {
    this.#arena = guarded(words);
    this.#atomics = shimOf((...asked) => this.#answer(...asked));
  }

  /** Runs the operation along the log, up to its next access or its end. Cost: all its accesses so far once more. */
  run(operation: Operation, log: readonly Answered[]): Stop {
    const run: Run = (this.#run = { log, at: 0, stop: null, site: '' });
    const real = globalThis.Atomics;
    globalThis.Atomics = this.#atomics;
    try {
      const value = operation(this.#arena) ?? 0;
      if (run.stop !== null)
        throw new Unfit('an operation caught what it was stopped by; it must not catch everything');
      if (run.at < log.length) throw otherwise(log[run.at]!.access, 'returned');
      return { kind: 'returned', value: value | 0 };
    } catch (thrown) {
      if (thrown !== suspended) throw thrown;
      return { kind: 'access', access: run.stop!, site: run.site };
    } finally {
      globalThis.Atomics = real;
      this.#run = null;
    }
  }

  #answer(arena: unknown, kind: Kind, address: number, operand: number, replacement: number): number {
    const run = this.#run;
    if (run === null) throw new Error('[suite bug] the Atomics of a realm were called outside it');
    if (run.stop !== null) throw suspended;
    if (arena !== this.#arena) throw new Unfit('an operation uses Atomics on an array that is not the arena');
    if (!(address >= 0 && address < this.#arena.length)) throw new RangeError(`the arena has no word ${address}`);
    const access = { kind, address, operand: operand | 0, replacement: replacement | 0 };
    const before = run.log[run.at];
    if (before === undefined) {
      run.stop = access;
      run.site = whereNow();
      throw suspended;
    }
    if (!sameAccess(before.access, access)) throw otherwise(before.access, `${kind} of word ${address}`);
    run.at += 1;
    return before.answer;
  }
}

const otherwise = ({ kind, address }: Access, now: string): Unfit =>
  new Unfit(
    `an operation is not deterministic: on the same answers it once did ${kind} of word ${address}, and now ${now}`,
  );

/** An arena of which nothing but its size can be seen. */
const guarded = (words: number): Int32Array => {
  const word = (key: string | symbol): boolean => typeof key === 'string' && /^\d+$/.test(key);
  const refuse = (key: string | symbol): never => {
    throw new Unfit(`an operation touches word ${String(key)} of the arena without Atomics`);
  };
  return new Proxy(new Int32Array(new SharedArrayBuffer(4 * words)), {
    get: (target, key) => (word(key) ? refuse(key) : Reflect.get(target, key, target)),
    set: (_, key) => refuse(key),
    has: (target, key) => (word(key) ? refuse(key) : Reflect.has(target, key)),
  });
};

/** Deep enough for all calls of an operation. */
const DEEP = 200;
const whereNow = (): string => {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = DEEP;
  const { stack = '' } = new Error();
  Error.stackTraceLimit = before;
  // Who drives the realm is no part of it.
  return stack.slice(0, stack.indexOf('Realm.run'));
};

type Asked = (arena: unknown, kind: Kind, address: number, operand: number, replacement: number) => number;

/** `Atomics` whose accesses are handed to `ask`. `pause` and `notify` change no word, so they are no access. */
export const shimOf = (ask: Asked): typeof Atomics => {
  const one = (kind: Kind) => (arena: unknown, address: number, operand: number) =>
    ask(arena, kind, address, operand, 0);
  const refuse = () => {
    throw new Unfit('an operation calls Atomics.waitAsync: what is compared must be synchronous');
  };
  return {
    load: (arena: unknown, address: number) => ask(arena, 'load', address, 0, 0),
    store: one('store'),
    add: one('add'),
    sub: one('sub'),
    and: one('and'),
    or: one('or'),
    xor: one('xor'),
    exchange: one('exchange'),
    compareExchange: (arena: unknown, address: number, expected: number, replacement: number) =>
      ask(arena, 'compareExchange', address, expected, replacement),
    wait: (arena: unknown, address: number, value: number) => {
      ask(arena, 'wait', address, value, 0);
      return 'not-equal';
    },
    notify: () => 0,
    pause: () => {},
    isLockFree: Atomics.isLockFree,
    waitAsync: refuse,
    [Symbol.toStringTag]: 'Atomics',
  } as unknown as typeof Atomics;
};
