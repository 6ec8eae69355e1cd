/**
 * Numbers by index, all 0 at first, as many as are written. What is written stays where it is: to grow is to begin another block.
 * Cost: that of a typed array, in whole blocks.
 */
export class Column<Block extends Float64Array | Int32Array | Int8Array> {
  readonly #empty: new (length: number) => Block;
  readonly #blocks: Block[] = [];

  constructor(empty: new (length: number) => Block) {
    this.#empty = empty;
  }

  /** Of an index that was written, or one below such a one. */
  get(index: number): number {
    return this.#blocks[index >>> BLOCK]![index & IN_BLOCK]!;
  }

  set(index: number, number: number): void {
    while (index >>> BLOCK >= this.#blocks.length) this.#blocks.push(new this.#empty(1 << BLOCK));
    this.#blocks[index >>> BLOCK]![index & IN_BLOCK] = number;
  }

  bytes(): number {
    return this.#blocks.reduce((sum, { byteLength }) => sum + byteLength, 0);
  }
}

const BLOCK = 16;
const IN_BLOCK = (1 << BLOCK) - 1;
