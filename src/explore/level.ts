import type { Observer } from './conduct.ts';
import type { Model } from './model.ts';
import { AT_BOUND, DONE, FAILED } from './stepper.ts';
import type { Symmetry } from './symmetry.ts';
import { FROM, NEXT_CHUNK, STOP, TO, type Hand, type Memory } from './together.ts';
import type { Watch } from './watch.ts';

/** What one thread has done of a level. */
export type Share = {
  /** Of each chunk that it took: its number, and how many candidates it has. */
  readonly chunks: readonly number[];
  /** The cells that were new, or reached from a lower parent than before, each with that parent, in the order of the steps. */
  readonly candidates: Int32Array<ArrayBuffer>;
  readonly transitions: number;
  readonly ends: number;
};

/** States that a thread takes at a time: few, so that all are done at about the same time. */
export const CHUNK = 64;

/** What a thread goes through a level with. */
export type Tools = {
  readonly model: Model;
  readonly watch: Watch;
  readonly observer: Observer | null;
  readonly symmetry: Symmetry | null;
  readonly memory: Memory;
  readonly hand: Hand;
};

/**
 * Takes chunks of the level until there are none. Wherever one thread would have something to say (a failure, a bound, no room) it
 * only stops everybody: the level is then gone through again by one thread, which says it. `late`: asked for each chunk, whether to stop.
 */
export const shareOf = (tools: Tools, late: () => boolean): Share => {
  const { memory } = tools;
  const { control } = memory;
  const [from, to] = [Atomics.load(control, FROM), Atomics.load(control, TO)];
  const chunks: number[] = [];
  const tally = { transitions: 0, ends: 0 };
  const found = new Candidates();
  for (;;) {
    const chunk = Atomics.add(control, NEXT_CHUNK, 1);
    const first = from + chunk * CHUNK;
    if (first >= to || Atomics.load(control, STOP) !== 0) break;
    const before = found.count;
    if (late() || !goThrough(tools, first, Math.min(first + CHUNK, to), found, tally)) {
      Atomics.store(control, STOP, 1);
      break;
    }
    chunks.push(chunk, found.count - before);
  }
  return { chunks, candidates: found.taken(), ...tally };
};

/** The search loop of breadthFirst.ts, for those states in which nothing is found. False: something is. */
const goThrough = (
  { model, watch, observer, symmetry, memory, hand }: Tools,
  first: number,
  end: number,
  found: Candidates,
  tally: { transitions: number; ends: number },
): boolean => {
  const { stepper } = model;
  const { state, advance, cpus } = stepper;
  const from = new Int32Array(memory.words);
  for (let at = first; at < end; at++) {
    hand.read(memory.queue[at]!, from);
    let transitions = 0;
    for (let cpu = 0; cpu < cpus; cpu++) {
      do {
        for (let i = 0; i < from.length; i++) state[i] = from[i]!;
        const outcome = advance(cpu);
        if (observer !== null && observer.look(outcome, from).length > 0) return false;
        if (outcome === FAILED || outcome === AT_BOUND) return false;
        if (outcome !== DONE) continue;
        transitions++;
        if (symmetry !== null) symmetry.normalize(state);
        const cell = hand.add(state, at);
        if (cell === -1) continue;
        if (cell < 0 || watch.look(state, from) !== null) return false;
        found.push(cell, at);
      } while (stepper.nextPicks());
    }
    tally.transitions += transitions;
    if (transitions > 0) continue;
    tally.ends++;
    if (watch.atEnd(from) !== null) return false;
  }
  return true;
};

class Candidates {
  count = 0;
  #pairs = new Int32Array(1 << 12);

  push(cell: number, parent: number): void {
    if (2 * this.count === this.#pairs.length) {
      const larger = new Int32Array(2 * this.#pairs.length);
      larger.set(this.#pairs);
      this.#pairs = larger;
    }
    this.#pairs[2 * this.count] = cell;
    this.#pairs[2 * this.count++ + 1] = parent;
  }

  taken(): Int32Array<ArrayBuffer> {
    return this.#pairs.slice(0, 2 * this.count);
  }
}
