import { Rows } from './rows.ts';

/**
 * Pairs of 32-bit integers, each once, numbered in the order of their coming.
 *
 * The pairs are rows to which one only appends. Beside them is a hash table with open addressing. It holds in one word an entry the
 * number of the pair in as many low bits as that takes, and what is left of a second hash above them, so that most entries of other
 * pairs are passed over without looking at these. The comparison is exact.
 *
 * The table grows by a quarter and not to the double, so it is never less than two thirds full; and since all that is in it follows from the pairs, the
 * old one is let go before the new one is made. So growing never needs the memory of both.
 *
 * Cost: 4 to 8 bytes a pair (Rows), and 4.7 to 5.9 in the table.
 */
export class Pairs {
  count = 0;
  readonly #rows = new Rows();
  #table: Int32Array<ArrayBuffer> = new Int32Array(SMALLEST).fill(-1);
  #room = roomIn(SMALLEST);
  /** Slots of the table for each value that a hash can have. */
  #scale = SMALLEST / 2 ** 32;
  /** The bits of an entry that are the number. */
  #low = lowBits(SMALLEST);

  /** The number of a pair, which is added if it is new: then it is what `count` was. */
  add(left: number, right: number): number {
    const hash = hashOf(left, right);
    const table = this.#table;
    const low = this.#low;
    const tag = tagOf(hash) & ~low;
    let at = ((hash >>> 0) * this.#scale) | 0;
    for (let entry = table[at]!; entry !== -1; entry = table[at]!) {
      if ((entry & ~low) === tag && this.#rows.is(entry & low, left, right)) return entry & low;
      if (++at === table.length) at = 0;
    }
    const index = this.count++;
    table[at] = tag | index;
    this.#rows.push(left, right);
    if (this.count > this.#room) this.#grow();
    return index;
  }

  /** The number of a pair; -1 if it was never added. */
  find(left: number, right: number): number {
    const hash = hashOf(left, right);
    const table = this.#table;
    const tag = tagOf(hash) & ~this.#low;
    let at = ((hash >>> 0) * this.#scale) | 0;
    for (let entry = table[at]!; entry !== -1; entry = table[at]!) {
      if ((entry & ~this.#low) === tag && this.#rows.is(entry & this.#low, left, right)) return entry & this.#low;
      if (++at === table.length) at = 0;
    }
    return -1;
  }

  left(index: number): number {
    return this.#rows.left(index);
  }

  right(index: number): number {
    return this.#rows.right(index);
  }

  bytes(): number {
    return this.#rows.bytes() + this.#table.byteLength;
  }

  #grow(): void {
    const size = Math.ceil(this.#table.length * GROWTH);
    this.#table = new Int32Array(0);
    const table = new Int32Array(size).fill(-1);
    const scale = size / 2 ** 32;
    const low = lowBits(size);
    for (let index = 0; index < this.count; index++) {
      const hash = hashOf(this.left(index), this.right(index));
      let at = ((hash >>> 0) * scale) | 0;
      while (table[at] !== -1) if (++at === size) at = 0;
      table[at] = (tagOf(hash) & ~low) | index;
    }
    this.#table = table;
    this.#room = roomIn(size);
    this.#scale = scale;
    this.#low = low;
  }
}

const SMALLEST = 64;
const GROWTH = 1.25;
const FULL = 0.85;

/** How many entries a table of so many slots takes before it grows: with linear probing, more would make it slow. */
const roomIn = (size: number): number => Math.floor(size * FULL);

/** As many low bits as the numbers below `size` take, and room for one more: so no entry is -1, which means an empty slot. */
const lowBits = (size: number): number => (1 << (32 - Math.clz32(size))) - 1;

/** What of the hash decides where an entry stands are its high bits; those of a second mix tell entries apart. */
const tagOf = (hash: number): number => Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);

/** The two words mixed as MurmurHash3 does. */
export const hashOf = (left: number, right: number): number => {
  let h = Math.imul(left, 0xcc9e2d51);
  h = Math.imul((h << 15) | (h >>> 17), 0x1b873593);
  let k = Math.imul(right, 0x85ebca6b);
  k = Math.imul((k << 13) | (k >>> 19), 0xc2b2ae35);
  h = Math.imul(h ^ k ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
};
