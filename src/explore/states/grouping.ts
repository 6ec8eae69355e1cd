import { mixed } from './fingerprints.ts';
import type { Tree } from './tree.ts';

/** How the words of a state stand in a tree: a word is a leaf, two groups stand below one node. */
export type Grouping = number | readonly [Grouping, Grouping];

/** The first words, the last words: as good as any while nothing is known. */
export const inOrder = (words: number): Grouping => {
  const over = (from: number, to: number): Grouping => {
    const middle = (from + to) >>> 1;
    return to - from === 1 ? from : [over(from, middle), over(middle, to)];
  };
  return over(0, words);
};

/**
 * Two groups such that the states of a tree have few different halves, and each of them in two groups likewise, down to the words.
 *
 * Where the two halves vary independently, n states have about √n of each; where one of them says nearly all of the state, it has
 * nearly n, and a tree gains nothing. That is so when all program counters stand on one side: most of the memory
 * follows from them. Which words belong together is seen on the states themselves: from two beginnings, one word at a
 * time changes sides unless that makes the halves more, as long as that makes them fewer in the end: of words that follow from each other, it is
 * the last one that does. With a grouping that is not the best, states take more memory;
 * nothing else depends on it.
 *
 * Cost: some hundred passes over the states, 4 × (words + 6) bytes a state while it lasts.
 */
export const groupingOf = (tree: Pick<Tree, 'count' | 'read'>, words: number): Grouping => {
  if (words < 3) return inOrder(words);
  const sample = sampleOf(tree, words);
  const all = Array.from({ length: words }, (_, word) => word);
  return below(sample, best(sample, descents(sample, all)));
};

/** Within a half it may be best to leave one word by itself, which has no node. The halves of all, though, must grow slower than the states. */
const grouped = (sample: Sample, words: readonly number[]): Grouping => {
  if (words.length === 1) return words[0]!;
  const alone = words.map((_, one) => splitOf(words, (i) => i === one));
  return below(sample, best(sample, [...alone, ...descents(sample, words)]));
};

const below = (sample: Sample, { left, right }: Split): Grouping => [
  grouped(sample.only(left), left),
  grouped(sample.only(right), right),
];

const best = (sample: Sample, splits: readonly Split[]): Split => {
  const nodes = (group: readonly number[]): number => (group.length === 1 ? 0 : sample.different(group));
  const costs = splits.map(({ left, right }) => nodes(left) + nodes(right));
  return splits[costs.indexOf(Math.min(...costs))]!;
};

type Split = { readonly left: readonly number[]; readonly right: readonly number[] };

const splitOf = (words: readonly number[], isLeft: (i: number) => boolean): Split => ({
  left: words.filter((_, i) => isLeft(i)),
  right: words.filter((_, i) => !isLeft(i)),
});

const descents = (sample: Sample, words: readonly number[]): readonly Split[] =>
  [0, 1].map((first) => descend(sample, words, first));

const descend = (sample: Sample, words: readonly number[], first: number): Split => {
  const isLeft = words.map((_, i) => i === first);
  const split = (): Split => splitOf(words, (i) => isLeft[i]!);
  const [left, right] = [sample.sums(split().left), sample.sums(split().right)];
  const change = (i: number): void => {
    sample.move(words[i]!, isLeft[i] === true ? left : right, isLeft[i] === true ? right : left);
    isLeft[i] = !isLeft[i];
  };
  const costNow = (): number => sample.count(left) + sample.count(right);
  let cost = costNow();
  for (let before = Infinity; cost < before;) {
    before = cost;
    for (let i = 0; i < words.length; i++) {
      change(i);
      const now = new Set(isLeft).size === 2 ? costNow() : Infinity;
      if (now <= cost) cost = now;
      else change(i);
    }
  }
  return split();
};

/** Rows of words, by 32-bit hashes of each: a rough count will do. The hash of several words is the sum of theirs. */
class Sample {
  readonly #hashes: readonly Int32Array[];
  readonly #table: Int32Array;
  /** The first of the rows that are alike. */
  readonly #first: Int32Array;

  /** `hashes`: by word, of each row. */
  constructor(hashes: readonly Int32Array[]) {
    this.#hashes = hashes;
    const rows = hashes[0]!.length;
    this.#first = new Int32Array(rows);
    this.#table = new Int32Array(4 << (32 - Math.clz32(rows)));
  }

  /** How many different rows there are of these words. */
  different(words: readonly number[]): number {
    return this.count(this.sums(words));
  }

  /** Of each row, the hash of these words. */
  sums(words: readonly number[]): Int32Array {
    const sums = new Int32Array(this.#first.length);
    for (const word of words) this.move(word, null, sums);
    return sums;
  }

  move(word: number, from: Int32Array | null, to: Int32Array): void {
    const hashes = this.#hashes[word]!;
    for (let row = 0; row < to.length; row++) to[row]! += hashes[row]!;
    if (from !== null) for (let row = 0; row < from.length; row++) from[row]! -= hashes[row]!;
  }

  /** How many of the hashes differ. The first rows of each are noted in `#first`. */
  count(sums: Int32Array): number {
    const table = this.#table.fill(0);
    const last = table.length - 1;
    const first = this.#first;
    let count = 0;
    for (let row = 0; row < sums.length; row++) {
      const hash = sums[row]! | 1;
      let slot = (hash >>> 4) & last;
      while (table[slot] !== 0 && table[slot] !== hash) slot = (slot + 1) & last;
      if (table[slot] === hash) continue;
      table[slot] = hash;
      first[count++] = row;
    }
    return count;
  }

  /** The rows that differ in these words, each once. */
  only(words: readonly number[]): Sample {
    const rows = this.#first.subarray(0, this.different(words));
    return new Sample(this.#hashes.map((hashes) => rows.map((row) => hashes[row]!)));
  }
}

const sampleOf = (tree: Pick<Tree, 'count' | 'read'>, words: number): Sample => {
  const state = new Int32Array(words);
  const hashes = Array.from({ length: words }, () => new Int32Array(tree.count));
  for (let row = 0; row < tree.count; row++) {
    tree.read(row, state);
    hashes.forEach((of, word) => (of[row] = mixed(state[word]! ^ Math.imul(word + 1, 0x9e3779b9))));
  }
  return new Sample(hashes);
};
