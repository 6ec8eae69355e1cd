import type { Observer } from './conduct.ts';
import { Crew, type Done, type Together } from './crew.ts';
import { Gathered } from './gathered.ts';
import type { Model } from './model.ts';
import type { Symmetry } from './symmetry.ts';
import type { Reached } from './visited.ts';
import type { Watch } from './watch.ts';

/** Decides which levels of a search several threads go through. They are hired when there is a level that is worth it. */
export class Company {
  readonly #together: Together;
  #crew: Crew | null = null;

  constructor(together: Together) {
    this.#together = together;
  }

  /** The states in memory that all threads see, when a level of so many is worth more than one thread; else as they are. */
  gather(
    visited: Reached,
    states: number,
    model: Model,
    watch: Watch,
    observer: Observer | null,
    symmetry: Symmetry | null,
    late: () => boolean,
  ): Reached {
    if (this.#crew !== null || states < this.#together.from) return visited;
    const gathered = new Gathered(visited, model.layout.words);
    this.#crew = new Crew(this.#together, gathered, model, watch, observer, symmetry, late);
    return gathered;
  }

  /** Goes through a level together. Null: one thread must; nothing has happened. */
  level(from: number, to: number, most: number): Done | null {
    if (this.#crew?.ready !== true || this.#crew.lost || to - from < this.#together.from) return null;
    return this.#crew.level(from, to, most);
  }

  dismiss(): void {
    this.#crew?.dismiss();
  }
}
