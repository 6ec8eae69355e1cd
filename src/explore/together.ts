/**
 * The states found so far, each once, where several threads can look and add at a time (Laarman, van de Pol, Weber, FMCAD 2010): open
 * addressing over shared memory, an empty slot of the table taken by one compare-and-exchange after the state is written. Nobody waits.
 *
 * A state stands in a cell of its own: the number of its parent, then its words. Which thread comes first is chance, so cells are not in the
 * order of anything. The numbers are: a level of a breadth-first search is gone through by all threads, each state keeps the lowest parent that
 * it was reached from (lowered by compare-and-exchange), and when the level is over its states are numbered in the order of their parents and of
 * their steps. That is the order in which one thread would have found them.
 *
 * Cost: 4 × (words + 2) bytes a state, 8 to 16 for the table.
 */
export type Memory = {
  readonly words: number;
  readonly control: Int32Array<SharedArrayBuffer>;
  readonly blocks: Int32Array<SharedArrayBuffer>[];
  table: Int32Array<SharedArrayBuffer>;
  /** Cells by the number of the state. */
  queue: Int32Array<SharedArrayBuffer>;
};

/** Words of `control`. */
export const NEXT_CELL = 0;
export const NEXT_CHUNK = 1;
export const STOP = 2;
export const GO = 3;
export const READY = 4;
export const OVER = 5;
/** The states of the level, and the number of cells that there is room for. */
export const FROM = 6;
export const TO = 7;
export const ROOM = 8;
export const CONTROL = 16;

export const sharedWords = (length: number): Int32Array<SharedArrayBuffer> =>
  new Int32Array(new SharedArrayBuffer(4 * length));

export const BLOCK = 16;
const IN_BLOCK = (1 << BLOCK) - 1;
/** Cells that a thread takes at a time. */
export const BATCH = 64;

/** One thread's way into the memory. */
export class Hand {
  readonly #memory: Memory;
  readonly #stride: number;
  #next = 0;
  #end = 0;

  constructor(memory: Memory) {
    this.#memory = memory;
    this.#stride = memory.words + 1;
  }

  /** The cell of a state that is new, or has not been reached from so low a parent; -1: it has; -2: there is no more room. */
  add(state: Int32Array, parent: number): number {
    const { table } = this.#memory;
    const low = table.length - 1;
    const hash = hashOf(state);
    const tag = hash & ~low;
    let written = false;
    for (let at = hash & low; ; at = (at + 1) & low) {
      let entry = Atomics.load(table, at);
      if (entry === 0) {
        if (!written && !this.#write(state, parent)) return -2;
        written = true;
        entry = Atomics.compareExchange(table, at, 0, tag | (this.#next + 1));
        if (entry === 0) return this.#next++;
      }
      if ((entry & ~low) === tag && this.#is((entry & low) - 1, state)) return this.#lower((entry & low) - 1, parent);
    }
  }

  /** The cell of a state; -1: it was never added. */
  find(state: Int32Array): number {
    const { table } = this.#memory;
    const low = table.length - 1;
    const hash = hashOf(state);
    for (let at = hash & low; ; at = (at + 1) & low) {
      const entry = Atomics.load(table, at);
      if (entry === 0) return -1;
      if ((entry & ~low) === (hash & ~low) && this.#is((entry & low) - 1, state)) return (entry & low) - 1;
    }
  }

  /** Copies the state of a cell. */
  read(cell: number, into: Int32Array): void {
    const block = this.#memory.blocks[cell >>> BLOCK]!;
    const base = (cell & IN_BLOCK) * this.#stride + 1;
    for (let i = 0; i < into.length; i++) into[i] = block[base + i]!;
  }

  parent(cell: number): number {
    return Atomics.load(this.#memory.blocks[cell >>> BLOCK]!, (cell & IN_BLOCK) * this.#stride);
  }

  /** Writes a state into the next cell of its own, which is its own until the table says where it is. */
  #write(state: Int32Array, parent: number): boolean {
    const { control, blocks } = this.#memory;
    if (this.#next === this.#end) {
      const first = Atomics.add(control, NEXT_CELL, BATCH);
      if (first + BATCH > Atomics.load(control, ROOM)) return false;
      this.#next = first;
      this.#end = first + BATCH;
    }
    const block = blocks[this.#next >>> BLOCK]!;
    const base = (this.#next & IN_BLOCK) * this.#stride;
    block[base] = parent;
    for (let i = 0; i < state.length; i++) block[base + 1 + i] = state[i]!;
    return true;
  }

  #is(cell: number, state: Int32Array): boolean {
    const block = this.#memory.blocks[cell >>> BLOCK]!;
    const base = (cell & IN_BLOCK) * this.#stride + 1;
    for (let i = 0; i < state.length; i++) if (block[base + i] !== state[i]) return false;
    return true;
  }

  #lower(cell: number, parent: number): number {
    const block = this.#memory.blocks[cell >>> BLOCK]!;
    const base = (cell & IN_BLOCK) * this.#stride;
    for (let known = Atomics.load(block, base); parent < known;) {
      const was = Atomics.compareExchange(block, base, known, parent);
      if (was === known) return cell;
      known = was;
    }
    return -1;
  }
}

export const hashOf = (state: Int32Array): number => {
  let h = 0;
  for (let i = 0; i < state.length; i++) {
    h = Math.imul(h ^ state[i]!, 0x9e3779b1);
    h ^= h >>> 15;
  }
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
};
