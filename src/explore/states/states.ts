import { CompiledTree } from './compiledTree.ts';
import { groupingOf, inOrder, type Grouping } from './grouping.ts';
import { Tree } from './tree.ts';

/** Whether and when a compiled tree is used, for who wants to compare them. */
export type Compiling = {
  /** Pages that each of its memories may have (CompiledTree), in place of as many as there are; 0: there is none. */
  readonly pages?: number;
  /** From the first state on. */
  readonly early?: boolean;
};

/**
 * Packed states, each once, numbered in the order of their coming. They are kept in a tree whose groups are chosen once, when there
 * are enough of them to choose by; the numbers stay what they were. From then on it is a compiled one, as long as the system has memory for it: for fewer states its memory
 * would be more than it is worth.
 */
export class States {
  readonly #words: number;
  readonly #pages: number | undefined;
  #grouping: Grouping;
  #tree: Tree | CompiledTree;
  #isGrouped = false;
  /** How many states there are when one must look again whether the tree is full. */
  #enough = 0;

  constructor(words: number, compiling: Compiling = {}) {
    this.#words = words;
    this.#pages = compiling.pages;
    this.#grouping = inOrder(words);
    this.#tree = compiling.early === true ? this.#planted() : new Tree(this.#grouping);
  }

  get count(): number {
    return this.#tree.count;
  }

  /** None yet, to be kept in the groups that were chosen by these. */
  another(): States {
    const other = new States(this.#words, this.#pages === undefined ? {} : { pages: this.#pages });
    if (!this.#isGrouped) return other;
    other.#isGrouped = true;
    other.#grouping = this.#grouping;
    other.#tree = other.#planted();
    return other;
  }

  /** The tree, if it is a compiled one that more can be added to. */
  get compiled(): CompiledTree | null {
    return this.#tree instanceof CompiledTree ? this.#tree : null;
  }

  /** Goes on with the first `count` states in another tree. */
  renew(count: number): void {
    this.#replant(this.#planted(), count);
  }

  /** The number of a state, which is added if it is new: then it is what `count` was. Cost: O(words), allocates only to grow. */
  add(state: Int32Array): number {
    const known = this.#tree.count;
    if (known >= this.#enough) this.makeRoom(() => true);
    const index = this.#tree.add(state);
    if (index === known) this.followed();
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

  /** States have been added; by `add`, or to the tree itself. */
  followed(): void {
    if (this.#isGrouped || this.#tree.count < ENOUGH) return;
    this.#isGrouped = true;
    this.#grouping = groupingOf(this.#tree, this.#words);
    this.#replant(this.#planted());
  }

  /**
   * Where a compiled tree is full, takes one more memory for it; if that does not help, goes on in a plain one, which takes minutes for some hundred million states. `goesOn` is asked meanwhile,
   * now and then. False: it said no, and nothing can be added until it says yes.
   */
  makeRoom(goesOn: () => boolean): boolean {
    const tree = this.#tree;
    if (tree instanceof CompiledTree && tree.isFull(2 * AHEAD) && !tree.extend(2 * AHEAD)) {
      if (!this.#replant(new Tree(this.#grouping), tree.count, goesOn)) return false;
    }
    this.#enough = this.#tree.count + AHEAD;
    return true;
  }

  #planted(): Tree | CompiledTree {
    if (this.#pages === 0) return new Tree(this.#grouping);
    try {
      return CompiledTree.plant(this.#grouping, this.#pages);
    } catch (error) {
      // The system gives no addresses for so much memory (ulimit -v).
      if (!(error instanceof RangeError)) throw error;
      return new Tree(this.#grouping);
    }
  }

  #replant(tree: Tree | CompiledTree, count = this.#tree.count, goesOn = () => true): boolean {
    const state = new Int32Array(this.#words);
    for (let index = 0; index < count; index++) {
      if (index % MANY === 0 && !goesOn()) return false;
      this.#tree.read(index, state);
      tree.add(state);
    }
    this.#tree = tree;
    return true;
  }
}

/** With fewer states, those near the beginning outweigh, and they say little about the others; and memory is no concern yet. */
const ENOUGH = 1 << 16;

/** States that are put into another tree at a time. */
const MANY = 4096;

/** States that are added without looking whether a compiled tree has room. */
const AHEAD = 1024;
