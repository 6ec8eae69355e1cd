/** Something that a CPU is in for a while: a section, or holding a lock. It counts as open in the step that opens it and in the one that closes it. */
export type Span = 'outside' | 'enters' | 'inside' | 'leaves';

/** What one CPU is in during a step, or between two of its steps. */
export type Standing = { readonly section: Span; readonly lock: Span };

/** Keeps the account of one CPU by its own steps. */
export class Ledger {
  #sections = 0;
  #locks: readonly string[] = [];

  /** Between two steps. */
  standing(): Standing {
    return { section: span(this.#sections, this.#sections), lock: span(this.#locks.length, this.#locks.length) };
  }

  /** During a step that consists of these operations. */
  perform(operations: readonly string[]): Standing {
    const [sections, locks] = [this.#sections, this.#locks.length];
    for (const operation of operations) this.#book(operation);
    return { section: span(sections, this.#sections), lock: span(locks, this.#locks.length) };
  }

  #book(operation: string): void {
    const verb = operation.split(' ', 1)[0]!;
    const lock = operation.slice(verb.length + 1);
    if (verb === 'NET_EPOCH_ENTER') this.#sections++;
    if (verb === 'NET_EPOCH_EXIT') this.#sections = Math.max(0, this.#sections - 1);
    if (takes.has(verb)) this.#locks = [...this.#locks, lock];
    if (gives.has(verb) && this.#locks.includes(lock))
      this.#locks = this.#locks.toSpliced(this.#locks.lastIndexOf(lock), 1);
  }
}

const span = (before: number, after: number): Span =>
  before > 0 ? (after > 0 ? 'inside' : 'leaves') : after > 0 ? 'enters' : 'outside';

const takes = new Set(['mtx_lock', 'rw_rlock', 'rw_wlock']);
const gives = new Set(['mtx_unlock', 'rw_runlock', 'rw_wunlock', 'mtx_destroy']);
