import { GROWTH, Remainders } from './remainders.ts';

/**
 * Hashes of 64 bits, each once, in two words.
 *
 * There is a table for each value of the first bits, so these need not be stored: 56 bits of each in 256 tables, 48 bits in 65,536 once there are
 * enough hashes for so many. Tables grow each by itself, so next to nothing is ever there twice; and their sizes differ from the
 * beginning, so that at any time some have just grown and some are about to.
 *
 * Cost: about 8.9 bytes a hash; from 134 million on 7.6, and a quarter for the tables as objects, which is less when there are more.
 */
export class Hashes {
  /** How many of the first bits decide on a table, and the tables that are needed so far. */
  #bits = 8;
  #tables: (Remainders | undefined)[] = Array.from({ length: 1 << 8 }, () => undefined);
  #count = 0;
  readonly #most: number;
  /** First words where the second one is zero, which in a table would mean an empty entry. */
  readonly #beforeZero = new Set<number>();

  /** `most`: how many hashes 256 tables are there for. */
  constructor(most = 2 ** 27) {
    this.#most = most;
  }

  /** Whether a hash is new; then it is added. */
  add(first: number, second: number): boolean {
    if (second === 0) return this.#addBeforeZero(first);
    const bits = this.#bits;
    const which = first >>> (32 - bits);
    const table = (this.#tables[which] ??= new Remainders(inPhase(64, which), bits === 8 ? 3 : 2));
    if (!table.add((first << bits) >>> bits, second)) return false;
    if (++this.#count > this.#most && bits === 8) this.#split();
    return true;
  }

  bytes(): number {
    return this.#tables.reduce((sum, table) => sum + (table?.bytes() ?? 0), 0);
  }

  #addBeforeZero(first: number): boolean {
    const known = this.#beforeZero.size;
    return this.#beforeZero.add(first).size > known;
  }

  /** Each table into 256, one after the other. */
  #split(): void {
    this.#tables = this.#tables.flatMap((table, i) => {
      const size = (table?.count ?? 0) / 256 + 1;
      const parts = Array.from({ length: 1 << 8 }, (_, part) => new Remainders(inPhase(size, part), 2));
      table?.each((rest, second) => parts[rest >>> 16]!.add(rest & 0xffff, second));
      this.#tables[i] = undefined;
      return parts;
    });
    this.#bits = 16;
  }
}

/** A size from which a table begins to grow, so that not all grow at the same time. */
const inPhase = (size: number, table: number): number => Math.ceil(size * GROWTH ** ((table & 255) / 256));
