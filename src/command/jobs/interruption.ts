/**
 * The wish to stop, as a word of shared memory: a search never returns to its event loop, so no message would reach it, but
 * it can look at a word. It goes one way: once raised it stays raised.
 */
export class Interruption {
  /** Given to the searching thread. */
  readonly flag = new SharedArrayBuffer(4);
  readonly #word = new Int32Array(this.flag);
  readonly #listeners = new Set<() => void>();

  raise(): void {
    Atomics.store(this.#word, 0, 1);
    for (const listener of this.#listeners) listener();
  }

  get raised(): boolean {
    return isRaised(this.#word);
  }

  /** Calls `listener` when it is raised; returns how to take that back. */
  onRaise(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}

/** For the searching thread, which sees the word only. */
export const isRaised = (word: Int32Array): boolean => Atomics.load(word, 0) !== 0;
