import type { Access } from './access.ts';

/**
 * Which words each thread has ever come to, in some run, and in which operation of its program last: so whom a thread that is about to do an
 * access can still meet there. A thread that was never seen to come to a word is taken for one that never will.
 */
export class Reach {
  readonly #threads: number;
  /** By address, for each thread the number of the last operation in which it changed the word, and in which it touched it; -1: in none. */
  readonly #words = new Map<number, Int32Array>();
  /** How much was learned: as long as it stays the same, what was taken for granted was right. */
  learned = 0;

  constructor(threads: number) {
    this.#threads = threads;
  }

  /** `reads`: whether it has changed nothing. */
  note(thread: number, operation: number, address: number, reads: boolean): void {
    let last = this.#words.get(address);
    if (last === undefined) this.#words.set(address, (last = new Int32Array(2 * this.#threads).fill(-1)));
    if (operation > last[2 * thread + 1]!) {
      last[2 * thread + 1] = operation;
      this.learned++;
    }
    if (reads || operation <= last[2 * thread]!) return;
    last[2 * thread] = operation;
    this.learned++;
  }

  /** Whether another thread can come to the word of the access in what it has still to do, so that it matters who comes first. */
  isMet(thread: number, { kind, address }: Access, points: readonly { readonly operation: number }[]): boolean {
    const last = this.#words.get(address);
    if (last === undefined) return false;
    const which = kind === 'load' ? 0 : 1;
    for (let other = 0; other < this.#threads; other++)
      if (other !== thread && last[2 * other + which]! >= points[other]!.operation) return true;
    return false;
  }
}
