import { isConduct, isOfStates, type Claim, type OperationClaim } from '../machine/conduct.ts';
import type { Property } from '../machine/property.ts';
import { Company } from './company.ts';
import type { Together } from './crew.ts';
import { ampleSteps, type Ample } from './ample.ts';
import { boundsOf, type Bound } from './bound.ts';
import { observerOf } from './conduct.ts';
import { Failures, type Failing } from './failures.ts';
import { findingOf, type Finding } from './failure.ts';
import { Fingerprints, type Walk } from './fingerprints.ts';
import { fairCircle, fairLasso, type Move } from './liveness.ts';
import type { Model } from './model.ts';
import { readSearch, writeSearch, type Begun, type Keeping, type Source } from './snapshot.ts';
import { AT_BOUND, DONE, FAILED } from './stepper.ts';
import { symmetryOf, type Symmetry } from './symmetry.ts';
import type { Budget, Progress } from './verdict.ts';
import { Visited, type Reached } from './visited.ts';
import { Watch } from './watch.ts';

/** How a search ended. `at`: the state in which, or on a step from which, it was decided; -1 when that is no one state. */
export type Ending =
  | { readonly kind: 'exhausted' }
  | {
      readonly kind: 'found';
      readonly finding: Finding;
      readonly at: number;
      readonly by: FailedStep | null;
      /** For a run that goes on for ever: the steps from `at` back to `at`. */
      readonly circle?: readonly Move[];
    }
  | { readonly kind: 'bound'; readonly message: string };

/** The step that failed: it leads to no state. `upTo`: at which of its accesses, if that is not the last that was tried. */
export type FailedStep = { readonly cpu: number; readonly picks: readonly number[]; readonly upTo?: number };

export type Found = Extract<Ending, { readonly kind: 'found' }>;

export type Search = {
  readonly ending: Ending;
  /** What a search for all failures found, in the order of their distance; it ends in `exhausted` or at a bound. */
  readonly failures: readonly Failing[];
  readonly visited: Reached;
  readonly transitions: number;
  readonly depth: number;
  /** What the states are forms of each other by; null: they are as they were reached. */
  readonly symmetry: Symmetry | null;
  /** Of an exhausted search for which it was claimed that there are any. */
  readonly bounds: readonly Bound[];
};

export type Watcher = {
  /** The state to search from; none: the one that the world begins in. */
  readonly beginning?: Int32Array;
  /** Take states for one that differ only in the numbers of interchangeable records (symmetry.ts). */
  readonly symmetry?: boolean;
  /** Leave out orders of steps that make no difference (ample.ts). */
  readonly reduce?: boolean;
  /**
   * Keep 64 bits of each state and not the state (fingerprints.ts). What is claimed of infinite runs is not judged then. Not with `reduce`,
   * `allFailures`, `together`, `keeping` and `resumed`.
   */
  readonly fingerprints?: boolean;
  /**
   * Go on after a failure, as if the run ended there, and find each distinct one (failures.ts). The other orders of the same
   * steps are needed then, so nothing is left out.
   */
  readonly allFailures?: boolean;
  readonly budget: Budget;
  /** Seconds of the budget that were used up before the search began. */
  readonly spent?: number;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly interrupted?: (() => boolean) | undefined;
  /** Who keeps the search now and then, and when a bound ends it. Not of a search for all failures. */
  readonly keeping?: Keeping | undefined;
  /** Goes through large levels with several threads. Where orders are left out, or all failures are searched for, one does it. */
  readonly together?: Together | undefined;
  /** Goes on with a search that was kept of the same question. */
  readonly resumed?: (() => Source) | undefined;
};

/** States between two looks at the clock. */
const LOOK = 4096;

/**
 * Every state that can be reached, each once, in order of distance; so the first violation is one with the fewest steps. Ends
 * at that violation, when there is nothing new, or at a bound, which is never called a success.
 */
export const breadthFirst = (model: Model, claims: readonly Claim[], watcher: Watcher): Search => {
  const properties = claims.filter(isOfStates);
  const watch = new Watch(model, properties);
  const wholeGraph =
    watcher.reduce !== true ||
    watcher.allFailures === true ||
    claims.some((claim) => claim.kind === 'eventually' || isConduct(claim));
  let begun = watcher.resumed === undefined ? null : readSearch(watcher.resumed(), model, watch);
  if (wholeGraph) {
    // That runs end is claimed of infinite runs too, but forms tell it: see liveness.ts.
    const ofRuns =
      watcher.allFailures === true ||
      claims.some((claim) => claim.kind === 'eventually' || (isConduct(claim) && claim.kind !== 'ends'));
    const symmetry = watcher.symmetry === true && !ofRuns ? symmetryOf(model) : null;
    const alone = watcher.together === undefined || watcher.allFailures === true;
    const company = alone ? null : new Company(watcher.together);
    try {
      return explore(model, properties, watcher, watch, null, symmetry, begun, company);
    } finally {
      company?.dismiss();
    }
  }
  for (;;) {
    const assumed = begun?.assumed ?? watch.visible();
    if (begun === null) watch.restart();
    const search = explore(model, properties, watcher, watch, ampleSteps(model, assumed), null, begun, null);
    begun = null;
    if (search.ending.kind === 'bound' || watch.visible().every((bits, i) => bits === assumed[i])) return search;
    // A finding that is a run of its own is one whatever was assumed; that there is none is believed on a true assumption only.
    if (search.ending.kind === 'found' && search.ending.at >= 0) return search;
  }
};

const explore = (
  model: Model,
  properties: readonly Property[],
  watcher: Watcher,
  watch: Watch,
  ample: Ample | null,
  symmetry: Symmetry | null,
  begun: Begun | null,
  company: Company | null,
): Search => {
  const { stepper } = model;
  const { state, advance, cpus } = stepper;
  let visited: Reached = begun?.visited ?? emptySet(model, watcher, symmetry);
  const from = new Int32Array(model.layout.words);
  const started = performance.now() - 1000 * (watcher.spent ?? 0);
  const maxStates = watcher.budget.maxStates ?? Infinity;
  let transitions = begun?.position.transitions ?? 0;
  let ends = begun?.position.ends ?? 0;
  let depth = begun?.position.depth ?? 0;
  /** The first state of the next level. */
  let levelEnd = begun?.position.levelEnd ?? 1;
  let nextProgress = started + PROGRESS;
  const failures = watcher.allFailures === true ? new Failures(model) : null;
  const observer = observerOf(model);
  const over = (ending: Ending, bounds: readonly Bound[] = []): Search => ({
    ending,
    bounds,
    symmetry,
    failures: failures?.found() ?? [],
    visited,
    transitions,
    depth: visited.count > levelEnd ? depth + 1 : depth,
  });

  const keep = (at: number): void =>
    watcher.keeping?.keep((sink) => {
      const position = { at, transitions, ends, depth, levelEnd };
      writeSearch(sink, model, watch, { position, visited, assumed: ample?.assumed ?? null });
    });

  stepper.begin();
  if (
    watcher.fingerprints === true &&
    (model.conduct.length > 0 || properties.some(({ kind }) => kind === 'eventually'))
  )
    return over({
      kind: 'bound',
      message: 'what is claimed of infinite runs needs the states, not their fingerprints',
    });
  if (begun === null) {
    if (watcher.beginning !== undefined) state.set(watcher.beginning);
    visited.add(state, -1);
    const initially = watch.look(state, null);
    if (initially !== null) {
      const found: Found = { kind: 'found', finding: initially, at: 0, by: null };
      if (failures === null) return over(found);
      failures.inState(found);
    }
  }

  const late = (): boolean => pastTime(watcher, performance.now() - started) !== null;
  let levelStart = 0;
  for (let at = begun?.position.at ?? 0; at < visited.count; at++) {
    if (at === levelEnd) {
      depth++;
      levelStart = at;
      levelEnd = visited.count;
    }
    if (visited.count > maxStates) {
      keep(at);
      return over({ kind: 'bound', message: `the budget of ${maxStates} states is used up` });
    }
    if (at % LOOK === 0 || (company !== null && at === levelStart)) {
      const bound = pastTime(watcher, performance.now() - started);
      if (bound !== null || watcher.keeping?.due() === true) keep(at);
      if (bound !== null) return over({ kind: 'bound', message: bound });
      if (watcher.onProgress !== undefined && performance.now() > nextProgress) {
        nextProgress = performance.now() + PROGRESS;
        watcher.onProgress({
          states: visited.count,
          transitions,
          depth,
          frontier: visited.count - at,
          seconds: (performance.now() - started) / 1000,
          bytes: visited.bytes(),
        });
      }
    }

    if (company !== null && at === levelStart) {
      visited = company.gather(visited, levelEnd - at, model, watch, observer, symmetry, late);
      const done = company.level(at, levelEnd, maxStates);
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
    visited.read(at, from);
    if (ample !== null) {
      const known = visited.count;
      if (stepAlone(model, visited, ample, from, at)) {
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
          const finding = watch.look(state, from);
          if (finding === null) continue;
          const found: Found = { kind: 'found', finding, at: known, by: null };
          if (failures === null) return over(found);
          failures.inState(found);
        } else if (outcome === FAILED || outcome === AT_BOUND) {
          const by = { cpu, picks: stepper.picksTaken() };
          const { property, message } = findingOf(model, cpu);
          const ending: Ending =
            property === null ? { kind: 'bound', message } : { kind: 'found', finding: { property, message }, at, by };
          if (failures === null) return over(ending);
          failures.atStep(ending);
          failed = true;
        }
      } while (stepper.nextPicks());
    }
    if (transitions === before && !failed) {
      ends++;
      const finding = watch.atEnd(from);
      if (finding === null) continue;
      const found: Found = { kind: 'found', finding, at, by: null };
      if (failures === null) return over(found);
      failures.atEnd(found);
    }
  }
  if (failures?.bound != null) return over({ kind: 'bound', message: failures.bound });
  const bounds = model.conduct
    .filter((claim): claim is OperationClaim => claim.kind === 'bounded')
    .flatMap((claim) => boundsOf(model, visited, claim));
  const endless = bounds.find(({ lasso }) => lasso !== null);
  if (failures !== null && endless !== undefined) failures.atEnd(goingOn(model, endless));
  // What else is claimed of the whole graph is not judged on one that failures have cut off.
  if (failures?.cut === true) return over({ kind: 'exhausted' }, bounds);
  if (ends === 0 && properties.some(({ kind }) => kind === 'finally'))
    return over({ kind: 'bound', message: 'no run ever ends, so what is claimed of ends was never looked at' });
  const unseen = watch.unseen();
  if (unseen !== null && watcher.fingerprints === true)
    return over({
      kind: 'bound',
      message: `${unseen.message}; but only fingerprints of the states were kept, and it could have been left out`,
    });
  const ofGraph: Found | null =
    unseen === null
      ? (forEver(model, visited, properties) ?? withoutEnd(model, visited, symmetry))
      : { kind: 'found', finding: unseen, at: -1, by: null };
  // A circle of forms is a run, but its steps have other numbers each time round.
  if (symmetry !== null && ofGraph?.circle !== undefined)
    return over({ kind: 'bound', message: `${ofGraph.finding.message}; a search without renumbering shows it` });
  if (failures === null && endless !== undefined) return over(ofGraph ?? goingOn(model, endless), bounds);
  if (ofGraph === null || failures === null) return over(ofGraph ?? { kind: 'exhausted' }, bounds);
  failures.atEnd(ofGraph);
  return over({ kind: 'exhausted' }, bounds);
};

const emptySet = (model: Model, { fingerprints }: Watcher, symmetry: Symmetry | null): Reached =>
  fingerprints === true
    ? new Fingerprints(model.layout.words, walkOn(model, symmetry))
    : new Visited(model.layout.words);

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

/** Takes one step that stands for all steps of a state, if there is one: adds the state it leads to, which must be new. */
const stepAlone = (model: Model, visited: Reached, ample: Ample, from: Int32Array, at: number): boolean => {
  const { state, advance, cpus } = model.stepper;
  for (let cpu = 0; cpu < cpus; cpu++) {
    if (!ample.maybe(cpu, from)) continue;
    for (let i = 0; i < from.length; i++) state[i] = from[i]!;
    if (advance(cpu) !== DONE || !ample.stands(cpu, from) || visited.find(state) >= 0) continue;
    visited.add(state, at);
    return true;
  }
  return false;
};

/** The first property that some fair run never comes to satisfy. */
const forEver = (model: Model, visited: Reached, properties: readonly Property[]): Found | null => {
  for (const property of properties) {
    if (property.kind !== 'eventually') continue;
    const lasso = fairLasso(model, visited, property);
    if (lasso === null) continue;
    const message = `a run goes on for ever and it never comes to hold that ${property.sentence}`;
    return {
      kind: 'found',
      finding: { property: property.name, message },
      at: lasso.at,
      by: null,
      circle: lasso.circle,
    };
  }
  return null;
};

/** A run that goes on for ever, where it is claimed that none does. */
const withoutEnd = (model: Model, visited: Reached, symmetry: Symmetry | null): Found | null => {
  const claim = model.conduct.find(({ kind }) => kind === 'ends');
  const lasso = claim === undefined ? null : fairCircle(model, visited, symmetry);
  if (claim === undefined || lasso === null) return null;
  const message = 'a run goes on for ever, though no CPU is kept waiting for ever';
  return { kind: 'found', finding: { property: claim.name, message }, at: lasso.at, by: null, circle: lasso.circle };
};

/** A CPU goes on for ever within an operation. */
const goingOn = ({ cpuNames }: Model, { claim, cpu, lasso }: Bound): Found => ({
  kind: 'found',
  finding: { property: claim.name, message: `${cpuNames[cpu]!} goes on for ever without coming to the end` },
  at: lasso!.at,
  by: null,
  circle: lasso!.circle,
});

/** Milliseconds between two reports of progress. */
const PROGRESS = 250;

/** Why to stop after so many milliseconds, or null. */
export const pastTime = ({ budget, interrupted }: Watcher, elapsed: number): string | null => {
  if (budget.seconds !== undefined && elapsed > budget.seconds * 1000)
    return `the budget of ${budget.seconds} s is used up`;
  return interrupted?.() === true ? 'the run was interrupted' : null;
};
