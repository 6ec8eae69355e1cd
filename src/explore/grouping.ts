import type { Tree } from './tree.ts';

/** The words of a state in two groups, for the two halves of a tree. */
export type Grouping = { readonly left: readonly number[]; readonly right: readonly number[] };

/** The first words, the last words: as good as any while nothing is known. */
export const inOrder = (words: number): Grouping => {
  const all = Array.from({ length: words }, (_, word) => word);
  const middle = Math.max(1, words >>> 1);
  return { left: all.slice(0, middle), right: all.slice(middle) };
};

/**
 * Two groups such that the states of a tree have few different halves.
 *
 * Where the two halves vary independently, n states have about √n of each; where one of them says nearly all of the state, it has
 * nearly n, and a tree gains nothing. That is so when all program counters stand on one side: most of the memory
 * follows from them. Which words belong together is seen on the states themselves: from two beginnings, one word at a
 * time changes sides as long as that makes the halves fewer. With a grouping that is not the best, states take more memory;
 * nothing else depends on it.
 *
 * Cost: some hundred passes over the states, 4 × (words + 6) bytes a state while it lasts.
 */
export const groupingOf = (tree: Tree, words: number): Grouping => {
  if (words < 3) return inOrder(words);
  const halves = new Halves(tree, words);
  const [a, b] = [0, 1].map((first) => descend(halves, first, words)) as [Descent, Descent];
  const { isLeft } = a.cost <= b.cost ? a : b;
  const all = Array.from({ length: words }, (_, word) => word);
  return { left: all.filter((word) => isLeft[word]), right: all.filter((word) => !isLeft[word]) };
};

type Descent = { readonly isLeft: readonly boolean[]; readonly cost: number };

const descend = (halves: Halves, first: number, words: number): Descent => {
  const isLeft = Array.from({ length: words }, (_, word) => word === first);
  let cost = halves.count(isLeft);
  for (let fewer = true; fewer;) {
    fewer = false;
    for (let word = 0; word < words; word++) {
      isLeft[word] = !isLeft[word];
      const now = new Set(isLeft).size === 2 ? halves.count(isLeft) : Infinity;
      if (now < cost) {
        cost = now;
        fewer = true;
      } else isLeft[word] = !isLeft[word];
    }
  }
  return { isLeft, cost };
};

/** Counts different halves by 32-bit hashes: a rough count will do. The hash of a half is the sum of those of its words. */
class Halves {
  readonly #states: number;
  readonly #hashes: readonly Int32Array[];
  readonly #sums: Int32Array;
  readonly #table: Int32Array;

  constructor(tree: Tree, words: number) {
    const state = new Int32Array(words);
    this.#states = tree.count;
    this.#hashes = Array.from({ length: words }, () => new Int32Array(tree.count));
    for (let at = 0; at < tree.count; at++) {
      tree.read(at, state);
      this.#hashes.forEach((hashes, word) => (hashes[at] = mixed(state[word]! ^ Math.imul(word + 1, 0x9e3779b9))));
    }
    this.#sums = new Int32Array(tree.count);
    this.#table = new Int32Array(4 << (32 - Math.clz32(tree.count)));
  }

  /** How many different left and right halves there are, together. */
  count(isLeft: readonly boolean[]): number {
    return this.#different(isLeft, true) + this.#different(isLeft, false);
  }

  #different(isLeft: readonly boolean[], side: boolean): number {
    const sums = this.#sums.fill(0);
    this.#hashes.forEach((hashes, word) => {
      if (isLeft[word] === side) for (let at = 0; at < this.#states; at++) sums[at]! += hashes[at]!;
    });
    const table = this.#table.fill(0);
    const last = table.length - 1;
    let count = 0;
    for (let at = 0; at < this.#states; at++) {
      const hash = sums[at]! | 1;
      let slot = (hash >>> 4) & last;
      while (table[slot] !== 0 && table[slot] !== hash) slot = (slot + 1) & last;
      if (table[slot] === hash) continue;
      table[slot] = hash;
      count++;
    }
    return count;
  }
}

/** The finish of MurmurHash3. */
const mixed = (word: number): number => {
  const h = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  const k = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return k ^ (k >>> 16);
};
