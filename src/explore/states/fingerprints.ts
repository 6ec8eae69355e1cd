import { Hashes } from './hashes.ts';
import { Nibbles } from './nibbles.ts';
import { Parents } from './parents.ts';
import type { Reached } from './visited.ts';

/**
 * The states found so far, by 64 bits of a hash each, as TLC keeps them (Yu, Manolios, Lamport, CHARME 1999). Two states with the same hash are taken for
 * one, so one may be left out, and what only it leads to: `omission` says how probable that is at most. A run that goes wrong is none the less one; that something is in
 * no state is not known then (search/exhausted.ts).
 *
 * The states themselves are kept only until the search has gone on from them. Of each is noted beside its parent which step of the parent first
 * led to it, so a state is made again by walking from the beginning.
 *
 * Cost: 8.9 bytes a state for the hash (Hashes), half a one for the step, a quarter for the parent, and the words of the states that wait.
 */
export class Fingerprints implements Reached {
  count = 0;
  readonly #words: number;
  readonly #walk: Walk;
  readonly #parents = new Parents();
  /** By state: its place among the steps of its parent that lead anywhere. */
  readonly #steps = new Nibbles();
  /** The parent that states were added of last, and how many steps of it have been. */
  #latest = -2;
  #taken = 0;
  readonly #hashes = new Hashes();
  readonly #waiting: (Int32Array | undefined)[] = [];
  /** The first block of states that is still there. */
  #first = 0;
  readonly #beginning: Int32Array;

  constructor(words: number, walk: Walk) {
    this.#words = words;
    this.#walk = walk;
    this.#beginning = new Int32Array(words);
  }

  /** To be called once for each step that leads anywhere, in the order in which a walk takes them. */
  add(state: Int32Array, parent: number): void {
    if (parent !== this.#latest) {
      this.#latest = parent;
      this.#taken = 0;
    }
    const step = this.#taken++;
    const [first, second] = fingerprintOf(state);
    if (!this.#hashes.add(first, second)) return;
    const index = this.count++;
    if (index === 0) this.#beginning.set(state);
    this.#parents.add(parent);
    this.#steps.push(step);
    const block = (this.#waiting[index >>> BLOCK] ??= new Int32Array(this.#words << BLOCK));
    block.set(state, (index & IN_BLOCK) * this.#words);
  }

  /** Copies state `index` into `into`. Cheap for one that the search has not gone on from yet; else a walk of as many steps as it is deep. */
  read(index: number, into: Int32Array): void {
    const block = this.#waiting[index >>> BLOCK];
    if (block === undefined) return this.#again(index, into);
    const at = (index & IN_BLOCK) * this.#words;
    for (let i = 0; i < into.length; i++) into[i] = block[at + i]!;
    while (this.#first < index >>> BLOCK) this.#waiting[this.#first++] = undefined;
  }

  /** Who needs the numbers of states needs the states: see search/breadthFirst.ts. */
  find(): never {
    throw new Error('[suite bug] fingerprints do not tell the number of a state');
  }

  parent(index: number): number {
    return this.#parents.of(index);
  }

  bytes(): number {
    const waiting = this.#waiting.length - this.#first;
    return this.#hashes.bytes() + this.#parents.bytes() + this.#steps.bytes() + waiting * ((4 * this.#words) << BLOCK);
  }

  #again(index: number, into: Int32Array): void {
    const path: number[] = [];
    for (let at = index; at > 0; at = this.parent(at)) path.unshift(this.#steps.at(at));
    into.set(this.#beginning);
    for (const step of path) this.#walk(into, step);
  }
}

/** Changes a state to the one that its `step`-th step leads to, counted from 0 among those that lead anywhere. */
export type Walk = (state: Int32Array, step: number) => void;

/**
 * How probable it is, at most, that of so many states one was taken for another: that of a pair is 2^-64 if the hash is as good as chance, and there are
 * n (n - 1) / 2 pairs.
 */
export const omission = (states: number): number => Math.min(1, (states * (states - 1)) / 2 / 2 ** 64);

const BLOCK = 10;
const IN_BLOCK = (1 << BLOCK) - 1;

/** Two lanes as in MurmurHash3_x86, each word into both, which stir each other. */
export const fingerprintOf = (state: Int32Array): readonly [number, number] => {
  let a = 0x239b961b;
  let b = 0x38b34ae5;
  for (let i = 0; i < state.length; i++) {
    const word = state[i]!;
    let k = Math.imul(word, 0xcc9e2d51);
    k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
    a ^= k;
    a = (Math.imul((a << 13) | (a >>> 19), 5) + b) | 0;
    let l = Math.imul(word ^ 0x5bd1e995, 0xab0e9789);
    l = Math.imul((l << 16) | (l >>> 16), 0xa1e38b93);
    b ^= l;
    b = (Math.imul((b << 17) | (b >>> 15), 9) + a) | 0;
  }
  a = mixed(a);
  b = mixed((b + a) | 0);
  a = mixed((a + b) | 0);
  return [a, b];
};

/** The finish of MurmurHash3. */
export const mixed = (word: number): number => {
  const h = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  const k = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return k ^ (k >>> 16);
};
