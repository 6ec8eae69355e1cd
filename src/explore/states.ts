import { groupingOf, inOrder } from './grouping.ts';
import { Tree } from './tree.ts';

/**
 * Packed states, each once, numbered in the order of their coming. They are kept in a tree whose groups are chosen once, when there
 * are enough of them to choose by; the numbers stay what they were.
 */
export class States {
  readonly #words: number;
  #tree: Tree;

  constructor(words: number) {
    this.#words = words;
    this.#tree = new Tree(inOrder(words));
  }

  get count(): number {
    return this.#tree.count;
  }

  /** The number of a state, which is added if it is new: then it is what `count` was. Cost: O(words), allocates only to grow. */
  add(state: Int32Array): number {
    const known = this.#tree.count;
    const index = this.#tree.add(state);
    if (index === known && known + 1 === ENOUGH) this.#regroup();
    return index;
  }

  /** The number of a state that was added before; -1 if it was not. */
  find(state: Int32Array): number {
    return this.#tree.find(state);
  }

  /** Copies state `index` into `into`. */
  read(index: number, into: Int32Array): void {
    this.#tree.read(index, into);
  }

  bytes(): number {
    return this.#tree.bytes();
  }

  #regroup(): void {
    const tree = new Tree(groupingOf(this.#tree, this.#words));
    const state = new Int32Array(this.#words);
    for (let index = 0; index < this.#tree.count; index++) {
      this.#tree.read(index, state);
      tree.add(state);
    }
    this.#tree = tree;
  }
}

/** With fewer states, those near the beginning outweigh, and they say little about the others; and memory is no concern yet. */
const ENOUGH = 1 << 16;
