/**
 * From which state each state was first reached, in about two bits a state.
 *
 * A breadth-first search goes on from its states in the order of their numbers, so the parents of states in their order never go
 * down. State `i` with parent `p` is the bit `i + p` of a long row of bits (one more, for the beginning has no parent, which is -1): these
 * positions go strictly up, so they tell the parents, and for n states none is above 2n (Elias 1974, Fano 1971). The parent of state
 * `i` is found by counting bits; where the counting begins is noted every so often.
 */
export class Parents {
  #count = 0;
  #latest = -1;
  readonly #blocks: Int32Array[] = [];
  /** The word in which the bit of every 2^NOTED-th state stands, and how many bits are set in the words before it. */
  readonly #noted: number[] = [];
  readonly #before: number[] = [];
  /** The word that was written last, and the bits that were set before it. */
  #word = 0;
  #passed = 0;

  /** The next state. Throws when its parent is before that of the last one. */
  add(parent: number): void {
    if (parent < this.#latest) throw new Error('[suite bug] a breadth-first search has gone back to an earlier state');
    this.#latest = parent;
    const position = this.#count + parent + 1;
    // Not `>>>`: with more than a milliard states, positions have more than 31 bits.
    const word = Math.floor(position / 32);
    if (word !== this.#word) {
      this.#word = word;
      this.#passed = this.#count;
    }
    if ((this.#count & ((1 << NOTED) - 1)) === 0) {
      this.#noted.push(word);
      this.#before.push(this.#passed);
    }
    while (word >>> BLOCK >= this.#blocks.length) this.#blocks.push(new Int32Array(1 << BLOCK));
    this.#blocks[word >>> BLOCK]![word & IN_BLOCK]! |= 1 << (position % 32);
    this.#count++;
  }

  /** The parent of a state; -1 for the first one. */
  of(index: number): number {
    let word = this.#noted[index >>> NOTED]!;
    let left = index - this.#before[index >>> NOTED]!;
    for (;;) {
      const bits = this.#blocks[word >>> BLOCK]![word & IN_BLOCK]!;
      const here = ones(bits);
      if (left < here) return word * 32 + placeOf(bits, left) - index - 1;
      left -= here;
      word++;
    }
  }

  bytes(): number {
    return this.#blocks.length * (4 << BLOCK) + 16 * this.#noted.length;
  }
}

const NOTED = 9;
const BLOCK = 10;
const IN_BLOCK = (1 << BLOCK) - 1;

/** How many bits of a word are set. */
const ones = (bits: number): number => {
  let sum = bits - ((bits >>> 1) & 0x55555555);
  sum = (sum & 0x33333333) + ((sum >>> 2) & 0x33333333);
  return Math.imul((sum + (sum >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
};

/** Where in a word the set bit stands before which `left` others are set. */
const placeOf = (bits: number, left: number): number => {
  for (; left > 0; left--) bits &= bits - 1;
  return 31 - Math.clz32(bits & -bits);
};
