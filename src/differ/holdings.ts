import { at, bases, globals, placeOf, pointerTo, POISON, SLOT } from '../netgraph/index.ts';
import { onlyReads, type Access } from './access.ts';

/**
 * The memory of the library that only one thread can be in: what it has taken from a pool, or out of a queue, until it shows it to others, and what it
 * poisons until that is in the pool.
 */
export class Holdings {
  #held: readonly Holding[] = [];
  /** By what is held, as text, its number. */
  readonly #numbers = new Map<string, number>([['', 0]]);

  /** By record, what is held now. It is never changed, so it can be kept to come back to. */
  get held(): readonly Holding[] {
    return this.#held;
  }

  set held(held: readonly Holding[]) {
    this.#held = held;
  }

  /** The same for what is held now as whenever just that is held: it is part of the state. */
  get number(): number {
    if (this.#held.length === 0) return 0;
    const key = this.#held.map(({ record, thread }) => `${record} ${thread}`).join();
    let number = this.#numbers.get(key);
    if (number === undefined) this.#numbers.set(key, (number = this.#numbers.size));
    return number;
  }

  /** Whether the word is in what the thread holds. */
  isHeld(thread: number, address: number): boolean {
    return this.#held.length > 0 && this.#holder(recordOf(address)) === thread;
  }

  /** Takes note of an access that was done, where the word held `before`. False: it went to what another thread holds. */
  note(thread: number, access: Access, answer: number, before: number, words: Int32Array): boolean {
    const { kind, address, operand } = access;
    const pool = pools.get(address);
    if (pool !== undefined) {
      if (!onlyReads(access, answer)) this.#noteExchange(thread, access, pool);
      return true;
    }
    const record = recordOf(address);
    const holder = record < 0 ? undefined : this.#holder(record);
    if (holder !== undefined) return holder === thread;
    if (record >= 0 && kind === 'store' && operand === POISON) this.#hold({ record, thread });
    else if (kind === 'store' && before !== 0 && isQueue(address))
      this.#hold({ record: at(before, bases.item), thread });
    else if (this.#held.length > 0 && !onlyReads(access, answer)) this.#noteShown(thread, access, words);
    return true;
  }

  /** The head of a pool was exchanged: what the thread holds was given back, or what was on top of the pool has been taken. */
  #noteExchange(thread: number, { operand, replacement }: Access, pool: number): void {
    const given = at(replacement & SLOT, pool);
    if (this.#holder(given) === thread) this.#held = this.#held.filter(({ record }) => record !== given);
    else this.#hold({ record: at(operand & SLOT, pool), thread });
  }

  /**
   * A pointer to what the thread holds was stored where others can find it: so it holds nothing of that any more, nor of all that can be
   * reached from there. What else it holds it gives up as well: that costs states, and nothing is said that is not so.
   */
  #noteShown(thread: number, { kind, operand, replacement }: Access, words: Int32Array): void {
    const stored = kind === 'compareExchange' ? replacement : operand;
    const isShown = ({ record, thread: holder }: Holding): boolean =>
      holder === thread && stored === pointerTo(placeOf(record).slot, words[record]!);
    if (this.#held.some(isShown)) this.#held = this.#held.filter((one) => one.thread !== thread);
  }

  #holder(record: number): number | undefined {
    for (const one of this.#held) if (one.record === record) return one.thread;
    return undefined;
  }

  #hold(holding: Holding): void {
    this.#held = [...this.#held, holding].toSorted((a, b) => a.record - b.record);
  }
}

/** `record`: its address, which is that of its generation. */
export type Holding = { readonly record: number; readonly thread: number };

/** Whether a word is the head of a queue of items: who stores another one there has taken out the first. */
const isQueue = (address: number): boolean => placeOf(address).field === 'queue_first';

/** By the address of its head, where record 0 of a pool would be. */
const pools: ReadonlyMap<number, number> = new Map([
  [globals.free_node, bases.node],
  [globals.free_hook, bases.hook],
  [globals.free_item, bases.item],
  [globals.free_dataitem, bases.item],
  [globals.free_private, bases.private],
  [globals.free_mesg, bases.mesg],
  [globals.free_apply, bases.apply],
]);

const kinds = ['node', 'hook', 'item', 'private', 'mesg', 'apply'] as const;
const isKind = (kind: string): kind is (typeof kinds)[number] => (kinds as readonly string[]).includes(kind);

const records = new Map<number, number>();

/** The record that a word is in and goes with, or -1. Who takes a record has read `free_next` before he knows whether he gets it. */
const recordOf = (address: number): number => {
  let record = records.get(address);
  if (record === undefined) {
    const { kind, slot, field } = placeOf(address);
    records.set(address, (record = isKind(kind) && field !== 'free_next' ? at(slot, bases[kind]) : -1));
  }
  return record;
};
