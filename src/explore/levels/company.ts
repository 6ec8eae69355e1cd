import type { Sharing } from './compiledLoop.ts';
import type { Observer } from '../model/conduct.ts';
import { Crew, type Done, type Range, type Together } from './crew.ts';
import type { Model } from '../model/model.ts';
import type { Symmetry } from '../symmetry/symmetry.ts';
import type { Visited } from '../states/visited.ts';
import type { Watch } from '../model/watch.ts';

/**
 * Decides which levels of a search several threads go through: none before there is a compiled tree, which they share. They are hired when there is a level that is
 * worth it.
 */
export class Company {
  readonly #together: Together;
  #crew: Crew | null = null;

  constructor(together: Together) {
    this.#together = together;
  }

  /** Hires the threads when a level of so many states is worth more than one. */
  hire(
    states: number,
    model: Model,
    watch: Watch,
    observer: Observer | null,
    symmetry: Symmetry | null,
    late: () => boolean,
  ): void {
    if (states >= this.#together.from) this.#crew ??= new Crew(this.#together, model, watch, observer, symmetry, late);
  }

  /** Goes through a level together, as long as one memory has room for all states. Null: one thread must; nothing has happened. */
  level(visited: Visited, loop: Sharing | null, range: Range): Done | null {
    const { compiled } = visited;
    const crew = this.#crew;
    if (
      compiled === null ||
      compiled.memories > 1 ||
      crew?.ready !== true ||
      crew.lost ||
      range.to - range.from < this.#together.from
    )
      return null;
    return crew.level(visited, compiled, loop, range);
  }

  dismiss(): void {
    this.#crew?.dismiss();
  }
}
