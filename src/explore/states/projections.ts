/**
 * What some bits of states were: a table in which one takes the place of another that falls on the same entry, so it forgets, and is
 * never wrong. When a bit is added to those that count, all is forgotten: it says nothing about that bit.
 *
 * Cost: an entry has a word for each word of a state in which a bit counts; nothing is allocated but for that.
 */
export class Projections {
  readonly #bits: Int32Array;
  /** The words in which bits count, and which of them. */
  #words = new Int32Array(0);
  #masks = new Int32Array(0);
  #entries = new Int32Array(0);
  #filled = new Uint8Array(0);

  /** `bits`: those that count. More can be set later, none taken away. */
  constructor(bits: Int32Array) {
    this.#bits = bits;
  }

  /** Whether a state that agrees in the bits has been added, and not been forgotten. */
  has(state: Int32Array): boolean {
    const words = this.#words;
    const masks = this.#masks;
    if (words.length === 0) return false;
    const entry = this.#entryOf(state);
    if (this.#filled[entry] === 0) return false;
    let at = entry * words.length;
    for (let i = 0; i < words.length; i++) if (this.#entries[at++] !== (state[words[i]!]! & masks[i]!)) return false;
    return true;
  }

  /** To be called when the bits are set that were read in the state. */
  add(state: Int32Array): void {
    this.#renew();
    const words = this.#words;
    if (words.length === 0) return;
    const entry = this.#entryOf(state);
    this.#filled[entry] = 1;
    let at = entry * words.length;
    for (let i = 0; i < words.length; i++) this.#entries[at++] = state[words[i]!]! & this.#masks[i]!;
  }

  #entryOf(state: Int32Array): number {
    let hash = 0;
    for (let i = 0; i < this.#words.length; i++) {
      hash = Math.imul(hash ^ (state[this.#words[i]!]! & this.#masks[i]!), 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    return Math.imul(hash, 0x85ebca6b) >>> (32 - SIZE);
  }

  #renew(): void {
    if (this.#bits.every((mask, word) => mask === this.#maskOf(word))) return;
    this.#words = Int32Array.from([...this.#bits.keys()].filter((word) => this.#bits[word] !== 0));
    this.#masks = this.#words.map((word) => this.#bits[word]!);
    this.#entries = new Int32Array(this.#words.length << SIZE);
    this.#filled = new Uint8Array(1 << SIZE);
  }

  #maskOf(word: number): number {
    const at = this.#words.indexOf(word);
    return at < 0 ? 0 : this.#masks[at]!;
  }
}

/** Entries, as a power of two. */
const SIZE = 12;
