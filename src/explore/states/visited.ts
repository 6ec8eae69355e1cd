import type { CompiledTree } from './compiledTree.ts';
import { Parents } from './parents.ts';
import { States, type Compiling } from './states.ts';

/** What a search needs of the states that it has found: see Visited. */
export type Reached = Pick<Visited, 'count' | 'find' | 'read' | 'parent' | 'bytes'> & {
  readonly add: (state: Int32Array, parent: number) => unknown;
};

/**
 * The states found so far, each once, numbered in the order of their finding, and from which each was first reached. It is at once
 * the queue of a breadth-first search and its memory: states must be gone on from in the order of their numbers.
 *
 * Cost: 4 to 8 bytes a state (5 for a million), 4.7 to 5.9 for the table, a quarter for the parent, and what the inner nodes of the tree
 * take, which is usually 3 to 4; see Rows, Pairs, Parents and Tree.
 */
export class Visited {
  readonly #states: States;
  readonly #parents = new Parents();

  constructor(words: number, compiling?: Compiling) {
    this.#states = new States(words, compiling);
  }

  /** Where a compiled loop adds states itself, as long as their parents `follow` at once; null: it may not. */
  get compiled(): CompiledTree | null {
    return this.#states.compiled;
  }

  /** The parents of states that were added to `compiled`, in their order. */
  follow(parents: Int32Array): void {
    for (let i = 0; i < parents.length; i++) this.#parents.add(parents[i]!);
    this.#states.followed();
  }

  /** Goes on with the first `count` states in other memory, where threads that have that of `compiled` change nothing. */
  renew(count: number): void {
    this.#states.renew(count);
  }

  /** See States. */
  makeRoom(goesOn: () => boolean): boolean {
    return this.#states.makeRoom(goesOn);
  }

  get count(): number {
    return this.#states.count;
  }

  /** The number of the state in `state`, which is added if it is new. Cost: O(words), no allocation but for growth. */
  add(state: Int32Array, parent: number): number {
    const known = this.#states.count;
    const index = this.#states.add(state);
    if (index === known) this.#parents.add(parent);
    return index;
  }

  /** The number of a state that was added before; -1 if it was not. */
  find(state: Int32Array): number {
    return this.#states.find(state);
  }

  /** Copies state `index` into `into`. */
  read(index: number, into: Int32Array): void {
    this.#states.read(index, into);
  }

  parent(index: number): number {
    return this.#parents.of(index);
  }

  bytes(): number {
    return this.#states.bytes() + this.#parents.bytes();
  }
}
