import { isOfStates, type Claim } from '../../machine/conduct.ts';
import type { Property } from '../../machine/property.ts';
import { stepAlone, type Ample } from './ample.ts';
import type { Bound } from './bound.ts';
import { Company } from '../levels/company.ts';
import { CompiledLoop } from '../levels/compiledLoop.ts';
import type { CompiledTree } from '../states/compiledTree.ts';
import { observerOf } from '../model/conduct.ts';
import { exhausted } from './exhausted.ts';
import { Failures } from './failures.ts';
import { failedLabel, findingOf, type Finding } from '../model/failure.ts';
import { Fingerprints, type Walk } from '../states/fingerprints.ts';
import { leavingOut } from './leavingOut.ts';
import type { Label } from '../automata/label.ts';
import type { Model } from '../model/model.ts';
import { LOOK, pastTime, PROGRESS, type Ending, type Found, type Search, type Watcher } from './search.ts';
import { writeSearch, type Begun } from './snapshot.ts';
import { AT_BOUND, DONE, FAILED } from '../model/stepper.ts';
import { Spilled } from '../states/spilled.ts';
import type { Form, Symmetry } from '../symmetry/symmetry.ts';
import { Visited, type Reached } from '../states/visited.ts';
import { Watch } from '../model/watch.ts';
import { counted } from '../automata/number.ts';

/**
 * Every state that can be reached, each once, in order of distance; so the first violation is one with the fewest steps. Ends
 * at that violation, when there is nothing new, or at a bound, which is never called a success.
 *
 * The file is long because the order in which things are asked of a state is one loop, whoever goes through the states: it by itself, the compiled loop
 * (levels/compiledLoop.ts), or several threads (levels/company.ts).
 */
export const breadthFirst = (model: Model, claims: readonly Claim[], watcher: Watcher): Search => {
  const properties = claims.filter(isOfStates);
  const watch = new Watch(model, properties);
  return leavingOut(model, claims, watcher, watch, ({ ample, symmetry, begun }) => {
    const alone = watcher.together === undefined || watcher.allFailures === true || ample !== null;
    const company = alone ? null : new Company(watcher.together);
    try {
      return explore(model, properties, watcher, watch, ample, symmetry, begun, company);
    } finally {
      company?.dismiss();
    }
  });
};

const explore = (
  model: Model,
  properties: readonly Property[],
  watcher: Watcher,
  watch: Watch,
  ample: Ample | null,
  symmetry: Form | null,
  begun: Begun | null,
  company: Company | null,
): Search => {
  const { stepper } = model;
  const { state, advance, cpus } = stepper;
  const visited: Reached = begun?.visited ?? emptySet(model, watcher, symmetry);
  const spilled = visited instanceof Spilled ? visited : null;
  const from = new Int32Array(model.layout.words);
  const started = performance.now() - 1000 * (watcher.spent ?? 0);
  const maxStates = watcher.budget.maxStates ?? Infinity;
  let transitions = begun?.position.transitions ?? 0;
  let ends = begun?.position.ends ?? 0;
  let depth = begun?.position.depth ?? 0;
  /** The first state of the next level. */
  let levelEnd = begun?.position.levelEnd ?? 1;
  let at = begun?.position.at ?? 0;
  let nextProgress = started + PROGRESS;
  const failures = watcher.allFailures === true ? new Failures(model) : null;
  const hashed = watcher.fingerprints === true;
  const observer = observerOf(model);
  /** Where a part of the states is on a disk, some were counted twice. Returns what number a state has now. */
  const settle = (): ((number: number) => number) => {
    if (spilled === null) return (number) => number;
    const settled = spilled.settle({ at, transitions, ends });
    ({ at, transitions, ends, depth, levelEnd } = settled);
    return settled.now;
  };
  const over = (ending: Ending, bounds: readonly Bound[] = []): Search => {
    const now = settle();
    return {
      ending: ending.kind === 'found' && ending.at >= 0 ? { ...ending, at: now(ending.at) } : ending,
      bounds,
      symmetry,
      failures: failures?.found() ?? [],
      visited,
      transitions,
      depth: visited.count > levelEnd ? depth + 1 : depth,
    };
  };

  /** What is wrong with a state, step or end ends the search, unless all failures are searched for: then it is null. */
  const wrongState = (finding: Finding | null, number: number): Found | null => {
    if (finding === null) return null;
    const found: Found = { kind: 'found', finding, at: number, by: null };
    failures?.inState(found);
    return failures === null ? found : null;
  };
  const wrongEnd = (finding: Finding | null, number: number): Found | null => {
    if (finding === null) return null;
    const found: Found = { kind: 'found', finding, at: number, by: null, over: true };
    failures?.atEnd(found);
    return failures === null ? found : null;
  };
  /** Why the step just tried is none. */
  const wrongStep = (cpu: number, number: number): Ending => {
    const by = { cpu, picks: stepper.picksTaken() };
    const { property, message } = findingOf(model, cpu);
    return property === null
      ? { kind: 'bound', message }
      : { kind: 'found', finding: { property, message }, at: number, by };
  };

  const keep = (): void => {
    settle();
    watcher.keeping?.keep((sink) => {
      const position = { at, transitions, ends, depth, levelEnd };
      writeSearch(sink, model, watch, { position, visited, assumed: ample?.assumed ?? null });
    });
  };

  stepper.begin();
  model.peek.askOnce(properties, state);
  const ofRuns = model.conduct.length > 0 || properties.some(({ kind }) => kind === 'eventually');
  if (ofRuns && (hashed || spilled !== null))
    return over({
      kind: 'bound',
      message: `what is claimed of infinite runs needs the states in memory, not ${hashed ? 'their fingerprints' : 'on a disk'}`,
    });
  if (begun === null) {
    if (watcher.beginning !== undefined) state.set(watcher.beginning);
    visited.add(state, -1);
    const initially = wrongState(watch.look(state, null), 0);
    if (initially !== null) return over(initially);
  }

  const mayRun = observer === null && ample === null;
  let loop: CompiledLoop<{ readonly ending: Ending; readonly label: Label | null }> | null = null;
  /** How the compiled loop has ended the search. */
  let halted: Ending | null = null;
  const loopOver = (tree: CompiledTree): typeof loop =>
    new CompiledLoop(model, tree, symmetry, watch, {
      inState: (finding) => (halted = wrongState(finding, tree.count - 1)) !== null,
      failing: (cpu, number) => {
        const ending = wrongStep(cpu, number);
        return { ending, label: failures === null || ending.kind !== 'found' ? null : failedLabel(model) };
      },
      atStep: ({ ending, label }) => {
        if (failures === null) halted = ending;
        failures?.atStep(ending, label);
        return halted !== null;
      },
      atEnd: (now, number) => (halted = wrongEnd(watch.atEnd(now), number)) !== null,
    });

  const report = (): void => {
    if (watcher.onProgress === undefined || performance.now() <= nextProgress) return;
    nextProgress = performance.now() + PROGRESS;
    watcher.onProgress({
      states: visited.count,
      transitions,
      depth,
      frontier: visited.count - at,
      seconds: (performance.now() - started) / 1000,
      bytes: visited.bytes(),
    });
  };
  /** Keeps the search if it is time to; why it is to end, or null. */
  const outOfTime = (): string | null => {
    const bound = pastTime(watcher, performance.now() - started);
    if (bound !== null || watcher.keeping?.due() === true) keep();
    return bound;
  };
  const late = (): boolean => pastTime(watcher, performance.now() - started) !== null;
  let levelStart = 0;
  for (; at < visited.count; at++) {
    if (spilled !== null && (spilled.isFull() || visited.count > maxStates)) {
      settle();
      if (at === visited.count) break;
    }
    if (at === levelEnd) {
      depth++;
      levelStart = at;
      levelEnd = visited.count;
    }
    if (visited.count > maxStates) {
      keep();
      return over({ kind: 'bound', message: `the budget of ${counted(maxStates, 'state')} is used up` });
    }
    if (at % LOOK === 0 || (company !== null && at === levelStart)) {
      const bound = outOfTime();
      if (bound !== null) return over({ kind: 'bound', message: bound });
      model.locals.mayGoOn(visited.count);
      if (at === visited.count) break;
      report();
    }

    const tree = visited instanceof Visited ? visited.compiled : null;
    if (mayRun && tree !== null && tree !== loop?.tree) loop = loopOver(tree);
    if (company !== null && at === levelStart && visited instanceof Visited) {
      company.hire(levelEnd - at, model, watch, observer, symmetry, late);
      const done = company.level(visited, loop, { from: at, to: levelEnd, most: maxStates });
      // What was found on the way is found again.
      halted = null;
      if (done !== null) {
        transitions += done.transitions;
        ends += done.ends;
        at = levelEnd - 1;
        continue;
      }
      if (late()) {
        at--;
        continue;
      }
    }
    if (failures?.isDead(at) === true) continue;
    if (loop !== null && visited instanceof Visited && visited.compiled === loop.tree) {
      // Up to where something else is to be done first; one by one where the budget of states may be used up in between.
      const stop = Math.min(levelEnd, at - (at % LOOK) + LOOK);
      const run = loop.run(at, visited.count + MARGIN > maxStates ? at + 1 : (failures?.nextDead(at, stop) ?? stop));
      visited.follow(run.parents);
      transitions += run.transitions;
      ends += run.ends;
      if (halted !== null) return over(halted);
      if (run.next > at) {
        at = run.next - 1;
        continue;
      }
      const hasRoom = visited.makeRoom(() => {
        report();
        return !late();
      });
      const bound = hasRoom ? null : outOfTime();
      if (bound !== null) return over({ kind: 'bound', message: bound });
    }
    visited.read(at, from);
    if (ample !== null) {
      const known = visited.count;
      if (stepAlone(model, visited, { ample, symmetry }, from, at)) {
        transitions++;
        const finding = watch.look(state, from);
        if (finding !== null) return over({ kind: 'found', finding, at: known, by: null });
        continue;
      }
    }
    const before = transitions;
    let failed = false;
    for (let cpu = 0; cpu < cpus; cpu++) {
      do {
        for (let i = 0; i < from.length; i++) state[i] = from[i]!;
        const outcome = advance(cpu);
        if (observer !== null)
          for (const breach of observer.look(outcome, from)) {
            const by = { cpu, picks: stepper.picksTaken(), upTo: breach.upTo };
            const tell = (): Found => ({ kind: 'found', finding: observer.tell(cpu, breach), at, by });
            if (failures === null) return over(tell());
            failures.inConduct(breach, tell);
          }
        if (outcome === DONE) {
          transitions++;
          const known = visited.count;
          if (symmetry !== null) symmetry.normalize(state);
          visited.add(state, at);
          if (visited.count === known) continue;
          const found = wrongState(watch.look(state, from), known);
          if (found !== null) return over(found);
        } else if (outcome === FAILED || outcome === AT_BOUND) {
          const ending = wrongStep(cpu, at);
          if (failures === null) return over(ending);
          failures.atStep(ending);
          failed = true;
        }
      } while (stepper.nextPicks());
    }
    if (transitions === before && !failed) {
      ends++;
      const found = wrongEnd(watch.atEnd(from), at);
      if (found !== null) return over(found);
    }
  }
  const { ending, bounds } = exhausted(model, visited, { properties, watch, symmetry, ends, failures, hashed });
  return over(ending, bounds);
};

const emptySet = (model: Model, { fingerprints, disk, compiling }: Watcher, symmetry: Symmetry | null): Reached => {
  const { words } = model.layout;
  if (disk !== undefined) return new Spilled(words, disk);
  return fingerprints === true ? new Fingerprints(words, walkOn(model, symmetry)) : new Visited(words, compiling);
};

/** More states than one run of the compiled loop adds. */
const MARGIN = 1 << 14;

/** The steps of the search loop once more. */
const walkOn = ({ stepper }: Model, symmetry: Symmetry | null): Walk => {
  const from = stepper.state.slice();
  return (state, step) => {
    from.set(state);
    let left = step;
    stepper.resetPicks();
    for (let cpu = 0; cpu < stepper.cpus; cpu++)
      do {
        stepper.state.set(from);
        if (stepper.advance(cpu) !== DONE || left-- > 0) continue;
        symmetry?.normalize(stepper.state);
        state.set(stepper.state);
        stepper.resetPicks();
        return;
      } while (stepper.nextPicks());
    throw new Error('[suite bug] a state has fewer steps than when it was found');
  };
};
