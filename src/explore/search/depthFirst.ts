import { isOfStates, type Claim } from '../../machine/conduct.ts';
import type { Property } from '../../machine/property.ts';
import { stepAlone } from './ample.ts';
import { observerOf } from '../model/conduct.ts';
import { exhausted } from './exhausted.ts';
import { findingOf } from '../model/failure.ts';
import { leavingOut, type LeftOut } from './leavingOut.ts';
import type { Model } from '../model/model.ts';
import { Path } from './path.ts';
import { LOOK, pastTime, PROGRESS, type Ending, type Search, type Watcher } from './search.ts';
import { States } from '../states/states.ts';
import { AT_BOUND, DONE, FAILED } from '../model/stepper.ts';
import type { Symmetry } from '../symmetry/symmetry.ts';
import type { Reached } from '../states/visited.ts';
import { Watch } from '../model/watch.ts';
import { counted } from '../automata/number.ts';

/** A search that neither is kept nor goes on after failures, with one thread, and the states themselves in memory. */
export type DepthWatcher = Omit<
  Watcher,
  'beginning' | 'fingerprints' | 'disk' | 'allFailures' | 'keeping' | 'together' | 'resumed'
>;

/**
 * Every state that can be reached, each once: along one run as far as it goes, then back to the last state from which something else
 * can be done. Ends as `breadthFirst` does, and with the same states, transitions and verdict where nothing fails. What fails after
 * many steps is met before all that needs fewer has been seen; so the run to it is seldom a shortest one.
 *
 * `depth` is the number of steps of the longest run that the search was on.
 *
 * Cost: that of the states (14 to 16 bytes each, without their parents), and 9 to 14 bytes for each step of the longest run
 * (Path). A run that goes on for ever, if there is one, is led up to by a shortest way, which is then looked for: 8 bytes a
 * state.
 */
export const depthFirst = (model: Model, claims: readonly Claim[], watcher: DepthWatcher): Search => {
  const properties = claims.filter(isOfStates);
  const watch = new Watch(model, properties);
  return leavingOut(model, claims, watcher, watch, (leftOut) => explore(model, properties, watcher, watch, leftOut));
};

const explore = (
  model: Model,
  properties: readonly Property[],
  watcher: DepthWatcher,
  watch: Watch,
  { ample, symmetry }: LeftOut,
): Search => {
  const { stepper } = model;
  const { state, advance, cpus } = stepper;
  const states = new States(model.layout.words);
  const path = new Path();
  const visited = reached(states, path, () => path.parents());
  const from = new Int32Array(model.layout.words);
  const observer = observerOf(model);
  const started = performance.now() - 1000 * (watcher.spent ?? 0);
  const maxStates = watcher.budget.maxStates ?? Infinity;
  let nextProgress = started + PROGRESS;
  let transitions = 0;
  let ends = 0;
  let depth = 0;
  const over = (ending: Ending): Search => ({
    ending,
    bounds: [],
    symmetry,
    failures: [],
    visited,
    transitions,
    depth,
  });

  stepper.begin();
  states.add(state);
  path.push(0);
  const initially = watch.look(state, null);
  if (initially !== null) return over({ kind: 'found', finding: initially, at: 0, by: null });

  for (let visits = 0; path.length > 0; visits++) {
    if (states.count > maxStates)
      return over({ kind: 'bound', message: `the budget of ${counted(maxStates, 'state')} is used up` });
    if (visits % LOOK === 0) {
      const elapsed = performance.now() - started;
      const bound = pastTime(watcher, elapsed);
      if (bound !== null) return over({ kind: 'bound', message: bound });
      model.locals.mayGoOn(states.count);
      if (watcher.onProgress !== undefined && started + elapsed > nextProgress) {
        nextProgress = started + elapsed + PROGRESS;
        const seen = { states: states.count, transitions, depth, frontier: path.length };
        watcher.onProgress({ ...seen, seconds: elapsed / 1000, bytes: visited.bytes() });
      }
    }

    // The state is come upon, or come back to from one that a step of it has led to.
    const at = path.last;
    let { cpu, turn } = path;
    const isBack = cpu > 0 || turn > 0;
    const known = states.count;
    const before = transitions;
    states.read(at, from);
    if (ample !== null && !isBack && stepAlone(model, visited, { ample, symmetry }, from, at)) {
      transitions++;
      cpu = cpus;
    } else pickUp(model, from, cpu, turn);

    while (cpu < cpus && states.count === known) {
      for (let i = 0; i < from.length; i++) state[i] = from[i]!;
      const outcome = advance(cpu);
      const [breach] = observer?.look(outcome, from) ?? [];
      if (breach !== undefined) {
        const by = { cpu, picks: stepper.picksTaken(), upTo: breach.upTo };
        return over({ kind: 'found', finding: observer!.tell(cpu, breach), at, by });
      }
      if (outcome === FAILED || outcome === AT_BOUND) {
        const { property, message } = findingOf(model, cpu);
        if (property === null) return over({ kind: 'bound', message });
        return over({ kind: 'found', finding: { property, message }, at, by: { cpu, picks: stepper.picksTaken() } });
      }
      if (outcome === DONE) {
        transitions++;
        if (symmetry !== null) symmetry.normalize(state);
        states.add(state);
      }
      if (stepper.nextPicks()) turn++;
      else [cpu, turn] = [cpu + 1, 0];
    }

    path.note(cpu, turn);
    if (states.count > known) {
      path.push(known);
      if (path.length > depth + 1) depth = path.length - 1;
      const finding = watch.look(state, from);
      if (finding !== null) return over({ kind: 'found', finding, at: known, by: null });
      continue;
    }
    if (!isBack && transitions === before) {
      ends++;
      const finding = watch.atEnd(from);
      if (finding !== null) return over({ kind: 'found', finding, at, by: null, over: true });
    }
    path.pop();
  }
  const whole = reached(states, path, () => shortestWays(model, states, symmetry));
  const { ending, bounds } = exhausted(model, whole, {
    properties,
    watch,
    symmetry,
    ends,
    failures: null,
    hashed: false,
  });
  return { ...over(ending), bounds, visited: whole };
};

/** Puts the stepper before the alternative with that number of the next step of a CPU. */
const pickUp = ({ stepper }: Model, from: Int32Array, cpu: number, turn: number): void => {
  stepper.resetPicks();
  for (; turn > 0; turn--) {
    stepper.state.set(from);
    stepper.advance(cpu);
    stepper.nextPicks();
  }
};

/** The states as whoever asks for the run to one of them sees them. `parents`: asked once, when somebody does. */
const reached = (states: States, path: Path, parents: () => ReadonlyMap<number, number> | Int32Array): Reached => {
  let known: ReadonlyMap<number, number> | Int32Array | null = null;
  return {
    get count() {
      return states.count;
    },
    add: (state) => states.add(state),
    find: (state) => states.find(state),
    read: (index, into) => states.read(index, into),
    parent: (index) => {
      known ??= parents();
      return (known instanceof Int32Array ? known[index] : known.get(index)) ?? -1;
    },
    bytes: () => states.bytes() + path.bytes(),
  };
};

/** The state before each on a shortest way to it. */
const shortestWays = ({ stepper }: Model, states: States, symmetry: Symmetry | null): Int32Array => {
  const UNSEEN = -2;
  const parents = new Int32Array(states.count).fill(UNSEEN);
  const queue = new Int32Array(states.count);
  let queued = 1;
  parents[0] = -1;
  stepper.resetPicks();
  for (let i = 0; i < queued; i++)
    for (let cpu = 0; cpu < stepper.cpus; cpu++)
      do {
        states.read(queue[i]!, stepper.state);
        if (stepper.advance(cpu) !== DONE) continue;
        symmetry?.normalize(stepper.state);
        const to = states.find(stepper.state);
        if (parents[to] !== UNSEEN) continue;
        parents[to] = queue[i]!;
        queue[queued++] = to;
      } while (stepper.nextPicks());
  return parents;
};
