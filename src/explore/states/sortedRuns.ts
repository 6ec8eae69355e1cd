/**
 * A file of which pieces are read and written anywhere, in bytes from its beginning. Throws NoRoom when the disk is full.
 */
export type Tape = {
  readonly write: (bytes: Uint8Array, at: number) => void;
  /** Fills `into`; nobody reads what was not written. */
  readonly read: (into: Uint8Array, at: number) => void;
};

/** There is no room on the disk. */
export class NoRoom extends Error {}

/** Keys that are brought together with numbers, one for each; `order`: their indices by ascending `first`, as unsigned. */
export type Keys = { readonly first: Int32Array; readonly second: Int32Array; readonly order: Int32Array };

/**
 * Sorted runs on a tape: entries of two words of a key and a number, in the order of the first word. New keys are not looked up one by one; they are
 * sorted, and each run is read once from its beginning to its end beside them (Stern and Dill, CAV 1998).
 *
 * Cost: 12 bytes an entry on the tape; to look for keys, all of it is read.
 */
export class Runs {
  readonly #tape: Tape;
  readonly #runs: { readonly at: number; readonly count: number }[] = [];
  #end = 0;
  readonly #chunk = new Int32Array(WORDS * CHUNK);

  constructor(tape: Tape) {
    this.#tape = tape;
  }

  /** Writes a run of the keys that are to be `kept`, each with its number. */
  write(keys: Keys, kept: (key: number) => boolean, numberOf: (key: number) => number): void {
    const chunk = this.#chunk;
    const at = this.#end;
    let filled = 0;
    const flush = (): void => {
      const bytes = new Uint8Array(chunk.buffer, 0, 4 * filled);
      this.#tape.write(bytes, this.#end);
      this.#end += bytes.length;
      filled = 0;
    };
    for (const key of keys.order) {
      if (!kept(key)) continue;
      chunk[filled++] = keys.first[key]!;
      chunk[filled++] = keys.second[key]!;
      chunk[filled++] = numberOf(key);
      if (filled === chunk.length) flush();
    }
    flush();
    if (this.#end > at) this.#runs.push({ at, count: (this.#end - at) / (4 * WORDS) });
  }

  /** Tells each entry of which both words are those of one of the keys. */
  meet(keys: Keys, met: (key: number, number: number) => void): void {
    const chunk = this.#chunk;
    const { first, second, order } = keys;
    for (const { at, count } of this.#runs) {
      let next = 0;
      for (let read = 0; read < count && next < order.length; read += CHUNK) {
        const entries = Math.min(CHUNK, count - read);
        this.#tape.read(new Uint8Array(chunk.buffer, 0, 4 * WORDS * entries), at + 4 * WORDS * read);
        for (let entry = 0; entry < WORDS * entries; entry += WORDS) {
          const hash = chunk[entry]! >>> 0;
          while (next < order.length && first[order[next]!]! >>> 0 < hash) next++;
          // Several keys and several entries can have the same first word.
          for (let i = next; i < order.length && first[order[i]!] === chunk[entry]; i++)
            if (second[order[i]!] === chunk[entry + 1]) met(order[i]!, chunk[entry + 2]!);
        }
      }
    }
  }
}

const WORDS = 3;
/** Entries that are read and written at a time. */
const CHUNK = 1 << 14;

/** The indices of words by their ascending values, as unsigned; those of equal ones stay as they are. Cost: O(n), 8 bytes each. */
export const ascending = (words: Int32Array): Int32Array => {
  let order = Int32Array.from(words, (_, i) => i);
  let other = new Int32Array(words.length);
  for (let shift = 0; shift < 32; shift += 8) {
    const starts = new Int32Array(257);
    for (let i = 0; i < words.length; i++) starts[((words[i]! >>> shift) & 255) + 1]!++;
    for (let digit = 0; digit < 256; digit++) starts[digit + 1]! += starts[digit]!;
    for (let i = 0; i < order.length; i++) other[starts[(words[order[i]!]! >>> shift) & 255]!++] = order[i]!;
    [order, other] = [other, order];
  }
  return order;
};
