/**
 * Rows of two 32-bit integers, to which one only appends, each in as few bytes as two numbers need of which none has more bits than any so far.
 *
 * Of the bytes of a row, the left number has the lowest bits of the first four, the right one the highest bits of the last four; where a row
 * has less than eight bytes, these are partly the same. So either number is one load, though it ends within a byte. A number with more
 * bits than any before has all rows written anew, block by block; numbers of what comes anew take one bit more each time that there are
 * twice as many, so that is seldom.
 *
 * Cost: 4 to 8 bytes a row; 5 if each number is less than a million.
 */
export class Rows {
  #count = 0;
  readonly #blocks: DataView[] = [];
  #stride = 4;
  #leftBits = 1;
  #rightBits = 1;
  /** The bits of the first four bytes that are the left number; how far the right one is shifted within the last four. */
  #mask = lowest(1);
  #shift = 31;

  push(left: number, right: number): void {
    const [leftBits, rightBits] = [bitsOf(left), bitsOf(right)];
    if (leftBits > this.#leftBits || rightBits > this.#rightBits) this.#widen(leftBits, rightBits);
    const index = this.#count++;
    if (index >>> BLOCK === this.#blocks.length) this.#blocks.push(emptyBlock(this.#stride));
    write(this.#blocks[index >>> BLOCK]!, (index & IN_BLOCK) * this.#stride, this.#stride, left, right << this.#shift);
  }

  left(index: number): number {
    return this.#blocks[index >>> BLOCK]!.getInt32((index & IN_BLOCK) * this.#stride, true) & this.#mask;
  }

  right(index: number): number {
    const stride = this.#stride;
    const last = this.#blocks[index >>> BLOCK]!.getInt32((index & IN_BLOCK) * stride + stride - 4, true);
    return (last >>> this.#shift) | 0;
  }

  is(index: number, left: number, right: number): boolean {
    const stride = this.#stride;
    const block = this.#blocks[index >>> BLOCK]!;
    const at = (index & IN_BLOCK) * stride;
    if ((block.getInt32(at, true) & this.#mask) !== left) return false;
    return ((block.getInt32(at + stride - 4, true) >>> this.#shift) | 0) === right;
  }

  bytes(): number {
    return this.#blocks.length * (this.#stride << BLOCK);
  }

  /** Never more than one block is there twice. */
  #widen(leftBits: number, rightBits: number): void {
    const [mask, shift, from] = [this.#mask, this.#shift, this.#stride];
    this.#leftBits = Math.max(this.#leftBits, leftBits);
    this.#rightBits = Math.max(this.#rightBits, rightBits);
    this.#mask = lowest(this.#leftBits);
    this.#shift = 32 - this.#rightBits;
    const to = Math.max(4, (this.#leftBits + this.#rightBits + 7) >>> 3);
    this.#stride = to;
    this.#blocks.forEach((old, number) => {
      const block = (this.#blocks[number] = emptyBlock(to));
      const rows = Math.min(1 << BLOCK, this.#count - (number << BLOCK));
      for (let row = 0; row < rows; row++) {
        const left = old.getInt32(row * from, true) & mask;
        const right = old.getInt32(row * from + from - 4, true) >>> shift;
        write(block, row * to, to, left, right << this.#shift);
      }
    });
  }
}

const BLOCK = 10;
const IN_BLOCK = (1 << BLOCK) - 1;

const emptyBlock = (stride: number): DataView => new DataView(new ArrayBuffer(stride << BLOCK));

/** Writes a row where all is zero yet; the right number is already in its place among the last four bytes. */
const write = (block: DataView, at: number, stride: number, left: number, right: number): void => {
  block.setInt32(at, left, true);
  const last = at + stride - 4;
  block.setInt32(last, block.getInt32(last, true) | right, true);
};

/** The bits that a number takes, at least one: a shift by 32 would be none. */
const bitsOf = (number: number): number => Math.max(1, 32 - Math.clz32(number));

const lowest = (bits: number): number => (bits === 32 ? -1 : (1 << bits) - 1);
