import { BATCH, BLOCK, CONTROL, Hand, NEXT_CELL, ROOM, hashOf, sharedWords, type Memory } from './together.ts';
import type { Reached } from './visited.ts';

/** The states found so far in memory that other threads see too, with the numbers that one thread would have given them. */
export class Gathered implements Reached {
  readonly memory: Memory;
  readonly #hand: Hand;
  readonly #scratch: Int32Array;
  #numbers: Int32Array | null = null;
  count = 0;

  constructor(before: Reached, words: number) {
    this.memory = {
      words,
      control: sharedWords(CONTROL),
      blocks: [],
      table: sharedWords(1 << 16),
      queue: sharedWords(1 << 16),
    };
    this.#hand = new Hand(this.memory);
    this.#scratch = new Int32Array(words);
    this.makeRoom(before.count);
    const state = new Int32Array(words);
    for (let index = 0; index < before.count; index++) {
      before.read(index, state);
      this.add(state, before.parent(index));
    }
  }

  add(state: Int32Array, parent: number): void {
    let cell = this.#hand.add(state, parent);
    if (cell === -2) {
      this.makeRoom(this.count >>> 1);
      cell = this.#hand.add(state, parent);
    }
    if (cell >= 0) this.number(cell);
  }

  /** Gives the next number to a cell. */
  number(cell: number): void {
    this.memory.queue[this.count++] = cell;
    this.#numbers = null;
  }

  find(state: Int32Array): number {
    const cell = this.#hand.find(state);
    return cell < 0 ? -1 : (this.#numbers ??= this.#byCell())[cell]!;
  }

  read(index: number, into: Int32Array): void {
    this.#hand.read(this.memory.queue[index]!, into);
  }

  parent(index: number): number {
    return this.#hand.parent(this.memory.queue[index]!);
  }

  parentOf(cell: number): number {
    return this.#hand.parent(cell);
  }

  bytes(): number {
    const { blocks, words, table, queue } = this.memory;
    return blocks.length * ((4 * (words + 1)) << BLOCK) + table.byteLength + queue.byteLength;
  }

  /** Room for so many more states, and some. Only while no other thread is at work. */
  makeRoom(more: number): void {
    const { memory } = this;
    const cells = Atomics.load(memory.control, NEXT_CELL) + more + 64 * BATCH;
    while (memory.blocks.length << BLOCK < cells) memory.blocks.push(sharedWords((memory.words + 1) << BLOCK));
    const room = memory.blocks.length << BLOCK;
    Atomics.store(memory.control, ROOM, room);
    if (memory.queue.length < room) {
      const queue = sharedWords(2 * room);
      queue.set(memory.queue.subarray(0, this.count));
      memory.queue = queue;
    }
    if (memory.table.length < 2 * room) this.rebuild(memory.table.length);
  }

  /** Makes the table anew, with what has a number only. */
  rebuild(atLeast = this.memory.table.length): void {
    const { memory } = this;
    let size = atLeast;
    while (size < 2 * memory.control[ROOM]!) size *= 2;
    const table = sharedWords(size);
    const low = size - 1;
    for (let index = 0; index < this.count; index++) {
      this.read(index, this.#scratch);
      const hash = hashOf(this.#scratch);
      let at = hash & low;
      while (table[at] !== 0) at = (at + 1) & low;
      table[at] = (hash & ~low) | (memory.queue[index]! + 1);
    }
    memory.table = table;
  }

  #byCell(): Int32Array {
    const numbers = new Int32Array(this.memory.blocks.length << BLOCK).fill(-1);
    for (let index = 0; index < this.count; index++) numbers[this.memory.queue[index]!] = index;
    return numbers;
  }
}
