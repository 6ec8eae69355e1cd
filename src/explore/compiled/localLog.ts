import { sharedWords } from './together.ts';

/**
 * The numbers of local states where several threads give them: one list of what has been numbered, in the order of the numbers, to which
 * one thread at a time appends, after it has read what the others have. Local states are few and soon all known, so nobody waits long.
 */
export class LocalLog {
  readonly words: Int32Array<SharedArrayBuffer>;

  constructor(words: Int32Array<SharedArrayBuffer> = sharedWords(FIRST + 2 * MOST)) {
    this.words = words;
  }

  get length(): number {
    return Atomics.load(this.words, LENGTH);
  }

  locked<T>(doing: () => T): T {
    for (let left = PATIENCE; Atomics.compareExchange(this.words, LOCK, 0, 1) !== 0; left--) {
      if (left === 0) throw new Lost();
      Atomics.wait(this.words, LOCK, 1, 1);
    }
    try {
      return doing();
    } finally {
      Atomics.store(this.words, LOCK, 0);
      Atomics.notify(this.words, LOCK, 1);
    }
  }

  /** Entry `i`: a stack (its parent, then a class) or a local state (a stack, then a class), the first word of which is negative then. */
  first(i: number): number {
    return this.words[FIRST + 2 * i]!;
  }

  second(i: number): number {
    return this.words[FIRST + 2 * i + 1]!;
  }

  /** Only by who has the lock. */
  append(first: number, second: number): void {
    const i = this.length;
    if (i === MOST) throw new Error('[suite bug] more local states than several threads can number');
    this.words[FIRST + 2 * i] = first;
    this.words[FIRST + 2 * i + 1] = second;
    Atomics.store(this.words, LENGTH, i + 1);
  }
}

/** Another thread has died, or is so slow that it may have: whoever waits for it goes on without it. */
export class Lost extends Error {
  constructor() {
    super('a searching thread has not been heard of for too long');
  }
}

/** Milliseconds, at the least, after which who has the lock is given up for lost. */
const PATIENCE = 3000;

const LOCK = 0;
const LENGTH = 1;
const FIRST = 2;
const MOST = 1 << 21;
