import type { Grouping } from './grouping.ts';
import { Pairs } from './pairs.ts';

/**
 * Packed states, each once, numbered in the order of their coming; kept as trees (Laarman, van de Pol, Weber, SPIN 2011).
 *
 * What two states of one model differ in is little: most of their words come again and again in the same company. So the words of
 * a state are the leaves of a binary tree; of each inner node, the pairs of what stands below it are numbered (Pairs), and a
 * state is the pair at its root. That is 5 bytes for a million states, however many words there are. How much the inner nodes take beside it depends
 * on which words stand together: see grouping.ts.
 *
 * A state differs little from the one before it, too. The nodes of the last state that was read are remembered, and only those above
 * a word that has changed are looked up; first among the pairs that were met last, which are near at hand where the tables are not.
 *
 * The comparison is exact: two states have the same root only if they have the same words.
 */
export class Tree {
  /** The words in the order of the leaves. */
  readonly #order: Int32Array;
  /** What stands below each inner node. The inner nodes come after the leaves, children before their parents, the root last. */
  readonly #left: Int32Array;
  readonly #right: Int32Array;
  readonly #pairs: readonly Pairs[];
  readonly #root: Pairs;
  readonly #leaves: number;
  readonly #last: number;
  /** By node: what stands there in the state that is compared with, and in the one that is looked up. */
  readonly #base: Int32Array;
  readonly #nodes: Int32Array;
  /** By inner node and what falls on an entry: the last pair that did so, and its number. */
  readonly #recent: Int32Array;

  constructor(grouping: Grouping) {
    const order = wordsOf(grouping);
    const shape = shapeOf(grouping, order);
    this.#order = Int32Array.from(order);
    this.#left = Int32Array.from(shape, ([below]) => below);
    this.#right = Int32Array.from(shape, ([, below]) => below);
    this.#pairs = shape.map(() => new Pairs());
    this.#root = this.#pairs.at(-1)!;
    this.#last = shape.length - 1;
    this.#leaves = shape.length + 1;
    this.#recent = new Int32Array((3 * shape.length) << RECENT);
    // The first comparison is with words of zero only. They have their inner nodes, but no root: that is none of the states.
    this.#base = new Int32Array(this.#leaves + this.#last);
    this.#nodes = new Int32Array(this.#leaves + this.#last);
    for (let i = 0; i < this.#last; i++) this.#pairs[i]!.add(0, 0); // number 0, as everything in #recent says
  }

  get count(): number {
    return this.#root.count;
  }

  /** The number of a state, which is added if it is new: then it is what `count` was. Cost: O(words), allocates only to grow. */
  add(state: Int32Array): number {
    this.#climb(state);
    return this.#root.add(this.#nodes[this.#left[this.#last]!]!, this.#nodes[this.#right[this.#last]!]!);
  }

  /** The number of a state that was added before; -1 if it was not. */
  find(state: Int32Array): number {
    this.#climb(state);
    return this.#root.find(this.#nodes[this.#left[this.#last]!]!, this.#nodes[this.#right[this.#last]!]!);
  }

  /** Copies state `index` into `into`. */
  read(index: number, into: Int32Array): void {
    const base = this.#base;
    const leaves = this.#leaves;
    for (let i = this.#last; i >= 0; i--) {
      const pairs = this.#pairs[i]!;
      const at = i === this.#last ? index : base[leaves + i]!;
      base[this.#left[i]!] = pairs.left(at);
      base[this.#right[i]!] = pairs.right(at);
    }
    for (let i = 0; i < this.#order.length; i++) into[this.#order[i]!] = base[i]!;
  }

  bytes(): number {
    return this.#pairs.reduce((sum, pairs) => sum + pairs.bytes(), 0);
  }

  /** Numbers the nodes of a state below the root, from its words upwards. */
  #climb(state: Int32Array): void {
    const base = this.#base;
    const nodes = this.#nodes;
    const leaves = this.#leaves;
    for (let i = 0; i < this.#order.length; i++) nodes[i] = state[this.#order[i]!]!;
    for (let i = 0; i < this.#last; i++) {
      const left = this.#left[i]!;
      const right = this.#right[i]!;
      const changed = nodes[left] !== base[left] || nodes[right] !== base[right];
      nodes[leaves + i] = changed ? this.#number(i, nodes[left]!, nodes[right]!) : base[leaves + i]!;
    }
  }

  #number(node: number, left: number, right: number): number {
    const recent = this.#recent;
    const entry = (Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca6b)) >>> (32 - RECENT);
    const at = 3 * ((node << RECENT) | entry);
    if (recent[at] === left && recent[at + 1] === right) return recent[at + 2]!;
    const number = this.#pairs[node]!.add(left, right);
    recent[at] = left;
    recent[at + 1] = right;
    return (recent[at + 2] = number);
  }
}

/** Pairs that are near at hand for each inner node, as a power of two: few, so that all stay in the cache of the processor. */
const RECENT = 10;

export const wordsOf = (grouping: Grouping): readonly number[] =>
  typeof grouping === 'number' ? [grouping] : grouping.flatMap(wordsOf);

/** The two nodes below each inner node. A single word stands below the root beside a leaf that is always zero. */
export const shapeOf = (grouping: Grouping, order: readonly number[]): readonly (readonly [number, number])[] => {
  if (order.length === 1) return [[0, 1]];
  const nodes: (readonly [number, number])[] = [];
  const below = (group: Grouping): number =>
    typeof group === 'number'
      ? order.indexOf(group)
      : order.length + nodes.push([below(group[0]), below(group[1])]) - 1;
  below(grouping);
  return nodes;
};
