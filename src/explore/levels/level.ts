import type { Observer } from '../model/conduct.ts';
import type { Model } from '../model/model.ts';
import { AT_BOUND, DONE, FAILED } from '../model/stepper.ts';
import type { Symmetry } from '../symmetry/symmetry.ts';
import { CHUNK, FROM, NEXT_CHUNK, STOP, TO } from '../compiled/together.ts';
import type { Sharing } from './compiledLoop.ts';
import type { CompiledTree } from '../states/compiledTree.ts';
import type { Watch } from '../model/watch.ts';

/** What one thread has done of a level. */
export type Share = {
  /** Of each chunk that it took: its number, and how many candidates it has. */
  readonly chunks: readonly number[];
  /** Where in the memory of the tree they are. */
  readonly candidates: number;
  readonly transitions: number;
  readonly ends: number;
};

/** What a thread goes through a level with. `loop`: what does it, if it can; else the steps are taken here. */
export type Tools = {
  readonly model: Model;
  readonly watch: Watch;
  readonly observer: Observer | null;
  readonly symmetry: Symmetry | null;
  readonly control: Int32Array;
  readonly threads: number;
  readonly tree: CompiledTree;
  readonly loop: Sharing | null;
};

/**
 * Takes chunks of the level until there are none. Wherever one thread would have something to say (a failure, a bound, no room) it
 * only stops everybody: the level is then gone through again by one thread, which says it. `late`: asked for each chunk, whether to stop.
 */
export const shareOf = (tools: Tools, late: () => boolean): Share => {
  const { control, tree } = tools;
  const [from, to] = [Atomics.load(control, FROM), Atomics.load(control, TO)];
  const size = Atomics.load(control, CHUNK);
  const chunks: number[] = [];
  let [transitions, ends, candidates] = [0, 0, 0];
  tree.calls.beginShare();
  for (;;) {
    const chunk = Atomics.add(control, NEXT_CHUNK, 1);
    const first = from + chunk * size;
    if (first >= to || Atomics.load(control, STOP) !== 0) break;
    const done = late() ? null : goThrough(tools, first, Math.min(first + size, to));
    if (done === null) {
      Atomics.store(control, STOP, 1);
      break;
    }
    transitions += done.transitions;
    ends += done.ends;
    const before = candidates;
    candidates = tree.calls.candidateCount();
    chunks.push(chunk, candidates - before);
  }
  return { chunks, candidates: tree.calls.candidatesAt(), transitions, ends };
};

/** The search loop of search/breadthFirst.ts, for those states in which nothing is found. Null: something is, or there is no room. */
const goThrough = (tools: Tools, first: number, end: number): { transitions: number; ends: number } | null => {
  const { model, watch, observer, symmetry, threads, tree, loop } = tools;
  if (loop !== null) return loop.share(first, end, threads);
  const { stepper } = model;
  const { state, advance, cpus } = stepper;
  const from = new Int32Array(state.length);
  const sums = { transitions: 0, ends: 0 };
  for (let at = first; at < end; at++) {
    if (tree.isFull(ROOM * threads)) return null;
    tree.read(at, from);
    const before = sums.transitions;
    for (let cpu = 0; cpu < cpus; cpu++) {
      do {
        for (let i = 0; i < from.length; i++) state[i] = from[i]!;
        const outcome = advance(cpu);
        if (observer !== null && observer.look(outcome, from).length > 0) return null;
        if (outcome === FAILED || outcome === AT_BOUND) return null;
        if (outcome !== DONE) continue;
        sums.transitions++;
        if (symmetry !== null) symmetry.normalize(state);
        if (tree.offer(state, at) && watch.look(state, from) !== null) return null;
      } while (stepper.nextPicks());
    }
    if (sums.transitions > before) continue;
    sums.ends++;
    if (watch.atEnd(from) !== null) return null;
  }
  return sums;
};

/** More states than are reached from one. */
const ROOM = 2048;
