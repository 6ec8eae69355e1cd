import { actsOf, type Scenario } from '../../spec/scenario.ts';
import type { Label } from '../explore/automata/label.ts';
import type { Divergence, Product } from './product.ts';
import { deadlock } from './run.ts';

/**
 * The order of a saved run, forced upon the implementation. The run is of a model, most often of another design: each of its steps is looked
 * for in what the implementation does, by its place in the text of the specification, which both designs share. Steps that the implementation's
 * design does not have are passed over; the first that it has and does not come to is where the two part ways. From there on the threads go on in the order of the run, an access for
 * each of its steps, and at last each to its end.
 */
export type SavedStep = {
  readonly cpu: string;
  readonly step: string;
  /** What the design of the implementation calls it; null: it has no such step. */
  readonly meant: string | null;
};

/** The steps of a run of one model, with what they are called in another one. */
export const meantBy = (
  schedule: readonly { readonly cpu: string; readonly step: string }[],
  own: readonly Label[],
  other: readonly Label[],
): readonly SavedStep[] => {
  const placeOf = new Map(own.map(({ name, at }) => [name, at]));
  const nameAt = new Map(other.map(({ name, at }) => [at, name]));
  return schedule.map(({ cpu, step }) => ({ cpu, step, meant: nameAt.get(placeOf.get(step) ?? '') ?? null }));
};

/**
 * The scenario of a saved run with memory for the walk to go on from where the run ends: one that was made minimal has room for what fails, and
 * for no more.
 */
export const withRoom = (scenario: Scenario): Scenario => {
  const operations = scenario.cpus.flatMap(({ run }) => run.flatMap(actsOf));
  const links = operations.filter((operation) => 'connect' in operation || 'mkpeer' in operation).length;
  const nodes = operations.filter((operation) => 'mkpeer' in operation).length;
  const { items, packets, hooks = 0, newNodes = 0 } = scenario;
  return {
    ...scenario,
    items: items + ROOM,
    packets: packets === 0 ? 0 : packets + 1,
    hooks: Math.max(hooks, 2 * links),
    newNodes: Math.max(newNodes, nodes),
  };
};
/** Messages and functions that a walk may need beside those of the run. */
const ROOM = 6;

export type SavedWalk = {
  /** What went wrong in the implementation; null: nothing did. */
  readonly divergence: Divergence | null;
  /** Number of the step at which the run could no longer be followed, and why; null: it was followed to its end. */
  readonly parted: { readonly at: number; readonly reason: string } | null;
  /** Steps that its design does not have: how many, and the first of them. */
  readonly absent: number;
  readonly firstAbsent: { readonly at: number; readonly step: string } | null;
  /** It was given up before the threads came to their ends: that nothing went wrong says nothing. */
  readonly cutShort: boolean;
  /** Who did each access. */
  readonly schedule: readonly number[];
};

/** `most`: accesses after which the walk is given up. */
export const walkSaved = (product: Product, steps: readonly SavedStep[], most = 100_000): SavedWalk =>
  new SavedWalker(product, most).walk(steps);

class SavedWalker {
  readonly #product: Product;
  readonly #most: number;
  readonly #schedule: number[] = [];
  /** By thread, the steps that it has done beyond those of the saved run. */
  readonly #ahead: string[][];
  #divergence: Divergence | null;
  /** A step was looked for in more accesses than that, or a bound of the model was come to. */
  #givenUp = false;

  constructor(product: Product, most: number) {
    this.#product = product;
    this.#most = most;
    this.#divergence = product.begin();
    this.#ahead = product.subject.threads.map(({ cpu }) => [
      ...((cpu === null ? undefined : product.begun[cpu]) ?? []),
    ]);
  }

  walk(steps: readonly SavedStep[]): SavedWalk {
    let parted: SavedWalk['parted'] = null;
    const absent: { readonly at: number; readonly step: string }[] = [];
    for (const [i, saved] of steps.entries()) {
      if (this.#divergence !== null || this.#givenUp) break;
      const thread = this.#product.subject.threads.findIndex(({ name }) => name === saved.cpu);
      // Callbacks are run by the threads of the implementation, when it pleases them.
      if (thread < 0) continue;
      if (saved.meant === null) absent.push({ at: i + 1, step: saved.step });
      else if (parted === null) {
        const reason = this.#follow(thread, saved.cpu, saved.meant);
        parted = reason === null ? null : { at: i + 1, reason };
      } else if (this.#product.isEnabled(thread)) this.#step(thread);
    }
    this.#finish();
    const [firstAbsent = null] = absent;
    return {
      divergence: this.#divergence,
      parted,
      absent: absent.length,
      firstAbsent,
      cutShort: this.#divergence === null && (this.#givenUp || !this.#product.isOver()),
      schedule: this.#schedule,
    };
  }

  /** Lets the thread go on until it has done the step. Null, or why it does not; then nothing was done. */
  #follow(thread: number, cpu: string, step: string): string | null {
    const product = this.#product;
    const ahead = this.#ahead[thread]!;
    const before = {
      mark: product.mark(),
      words: product.words.slice(),
      ahead: [...ahead],
      length: this.#schedule.length,
    };
    while (!ahead.includes(step)) {
      const ends = product.points[thread]!.pending === null;
      if (ends || !product.isEnabled(thread) || product.triedInVain || this.#schedule.length >= this.#most) {
        this.#givenUp ||= this.#schedule.length >= this.#most;
        const instead = ahead[before.ahead.length];
        product.restore(before.mark);
        product.words.set(before.words);
        ahead.splice(0, ahead.length, ...before.ahead);
        this.#schedule.length = before.length;
        if (instead !== undefined) return `${cpu} goes on with "${instead}", and never comes to "${step}"`;
        return `${cpu} ${ends ? 'is over' : 'has to wait'} before "${step}"`;
      }
      this.#step(thread);
      if (this.#divergence !== null || this.#givenUp) return null;
    }
    ahead.splice(0, ahead.indexOf(step) + 1);
    return null;
  }

  #step(thread: number): void {
    this.#schedule.push(thread);
    const divergence = this.#product.step(thread);
    if (divergence?.atBound !== undefined) this.#givenUp = true;
    else this.#divergence = divergence;
    this.#ahead[thread]!.push(...this.#product.taken);
  }

  /** Each to its end; who tries in vain lets the others go on. */
  #finish(): void {
    const product = this.#product;
    let thread = 0;
    let waited = 0;
    while (this.#divergence === null && !this.#givenUp && !product.isOver() && this.#schedule.length < this.#most) {
      if (waited > product.points.length) {
        this.#divergence = deadlock(product);
        return;
      }
      if (product.isEnabled(thread)) {
        this.#step(thread);
        if (!product.triedInVain) {
          waited = 0;
          continue;
        }
      }
      waited++;
      thread = (thread + 1) % product.points.length;
    }
  }
}
