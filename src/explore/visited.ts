/**
 * The states found so far, each once, numbered in the order of their finding.
 *
 * One append-only store of packed states is at once the breadth-first queue and the memory of the search; beside it the number
 * of the state that each was first reached from. A hash table with open addressing holds, in one word an entry, the number of
 * the state in as many low bits as the table needs and the rest of the hash above them, so that most of the entries of other
 * states are passed over without looking into the store. The comparison is exact.
 */
export class Visited {
  readonly words: number;
  count = 0;
  /** The store in blocks of 2^BLOCK states: growing copies nothing. */
  readonly blocks: Int32Array[] = [];
  readonly #parents: Int32Array[] = [];
  #table = new Int32Array(1 << 12).fill(-1);
  #bits = 12;

  constructor(words: number) {
    this.words = words;
  }

  /** The number of the state in `state`, which is added if it is new. Cost: O(words), no allocation but for growth. */
  add(state: Int32Array, parent: number): number {
    const hash = hashOf(state, this.words);
    const low = (1 << this.#bits) - 1;
    const table = this.#table;
    const tag = tagOf(hash, low);
    let at = hash & low;
    for (let entry = table[at]!; entry !== -1; entry = table[at]!) {
      if ((entry & ~low) === tag) {
        const index = entry & low;
        if (this.#equals(index, state)) return index;
      }
      at = (at + 1) & low;
    }
    const index = this.count++;
    table[at] = tag | index;
    this.#append(index, state, parent);
    if (this.count > (low + 1) * FULL) this.#grow();
    return index;
  }

  /** The number of a state that was added before; -1 if it was not. */
  find(state: Int32Array): number {
    const hash = hashOf(state, this.words);
    const low = (1 << this.#bits) - 1;
    const tag = tagOf(hash, low);
    for (let at = hash & low; this.#table[at] !== -1; at = (at + 1) & low) {
      const entry = this.#table[at]!;
      if ((entry & ~low) === tag && this.#equals(entry & low, state)) return entry & low;
    }
    return -1;
  }

  #equals(index: number, state: Int32Array): boolean {
    const block = this.blocks[index >>> BLOCK]!;
    const base = (index & IN_BLOCK) * this.words;
    for (let i = 0; i < this.words; i++) if (block[base + i] !== state[i]) return false;
    return true;
  }

  #append(index: number, state: Int32Array, parent: number): void {
    const number = index >>> BLOCK;
    if (number === this.blocks.length) {
      this.blocks.push(new Int32Array(this.words << BLOCK));
      this.#parents.push(new Int32Array(1 << BLOCK));
    }
    const block = this.blocks[number]!;
    const base = (index & IN_BLOCK) * this.words;
    for (let i = 0; i < this.words; i++) block[base + i] = state[i]!;
    this.#parents[number]![index & IN_BLOCK] = parent;
  }

  /** Copies state `index` into `into`. */
  read(index: number, into: Int32Array): void {
    const block = this.blocks[index >>> BLOCK]!;
    const base = (index & IN_BLOCK) * this.words;
    for (let i = 0; i < this.words; i++) into[i] = block[base + i]!;
  }

  parent(index: number): number {
    return this.#parents[index >>> BLOCK]![index & IN_BLOCK]!;
  }

  /** What store, parents and table take. */
  bytes(): number {
    return this.blocks.length * ((this.words + 1) << BLOCK) * 4 + this.#table.byteLength;
  }

  #grow(): void {
    this.#bits++;
    const low = (1 << this.#bits) - 1;
    const table = new Int32Array(low + 1).fill(-1);
    const state = new Int32Array(this.words);
    for (let index = 0; index < this.count; index++) {
      this.read(index, state);
      const hash = hashOf(state, this.words);
      let at = hash & low;
      while (table[at] !== -1) at = (at + 1) & low;
      table[at] = tagOf(hash, low) | index;
    }
    this.#table = table;
  }
}

const BLOCK = 12;
const IN_BLOCK = (1 << BLOCK) - 1;
/** The share of the table that is filled before it doubles. */
const FULL = 0.75;

/** The high bits of an entry: those of a second mix, so that they tell states apart whose low bits agree. */
const tagOf = (hash: number, low: number): number => Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) & ~low;

/** MurmurHash3's mixing over the words of a state. */
const hashOf = (state: Int32Array, words: number): number => {
  let h = words;
  for (let i = 0; i < words; i++) {
    let k = Math.imul(state[i]!, 0xcc9e2d51);
    k = (k << 15) | (k >>> 17);
    h ^= Math.imul(k, 0x1b873593);
    h = (h << 13) | (h >>> 19);
    h = (Math.imul(h, 5) + 0xe6546b64) | 0;
  }
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
};
