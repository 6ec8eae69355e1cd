import { isOfStates, type Claim } from '../../machine/conduct.ts';
import type { Property } from '../../machine/property.ts';
import { LOOK, pastTime, PROGRESS, type FailedStep, type Watcher } from '../search/search.ts';
import { observerOf } from '../model/conduct.ts';
import { Column } from './column.ts';
import { failedLabel, findingOf, type Finding } from '../model/failure.ts';
import { keyOfFailure } from '../search/failures.ts';
import type { Label } from '../automata/label.ts';
import type { Model } from '../model/model.ts';
import { siteOfBreach, siteOfFailure, siteOfState, siteOfStep, type Site } from '../search/site.ts';
import { AT_BOUND, DISABLED, DONE, FAILED } from '../model/stepper.ts';
import { Narrator } from './trace.ts';
import type { Trace } from '../search/verdict.ts';
import { States } from '../states/states.ts';
import { Watch } from '../model/watch.ts';
import { counted } from '../automata/number.ts';

/**
 * The search for a run to one failure, past all others; or for one to each.
 *
 * A run with few pre-emptions is one that people can follow (Musuvathi and Qadeer 2007): each CPU goes on for as long as it
 * can, but for a few places. It is a pre-emption when another CPU makes the next step although the one that made the last
 * could go on. One that is blocked, has ended or waits for work (an empty queue; no callback to run) is left for nothing.
 *
 * So a state is not enough to say what it took to get there; a state and who ran last is. Over these pairs the search is
 * Dijkstra's, with the price of a run in two places: pre-emptions first, then steps. Prices come up in order, and each step
 * raises the price, so a run to the failure whose price comes up has the fewest pre-emptions, and the fewest steps among
 * those. Where pre-emptions are not counted the pairs are the states, and the search is breadth-first.
 *
 * A run ends at its first failure, as a replay of it does: other failures are not gone beyond. Where each failure is looked for, a claim about the
 * conduct of a step is gone beyond, as it is by any search for all failures (search/failures.ts).
 *
 * The search is one long function: what it goes on from, what it has reached and what it has caught belong together, and it is
 * hot.
 */
export type Quarry = {
  readonly properties: readonly Claim[];
  /** Which failure is looked for. */
  readonly wanted: (site: Site) => boolean;
  /**
   * Whether the fewest pre-emptions are wanted, and not only the fewest steps. Then a step that meets a bound just leads nowhere;
   * otherwise it ends the search, as it ends a check.
   */
  readonly countPreemptions: boolean;
  /** Only runs with so many pre-emptions at most; none: however many. */
  readonly mostPreemptions?: number;
  /** Look for a run to each distinct failure that is wanted, and not only to the one that costs least. */
  readonly allFailures?: boolean;
};

/** `key`: what tells it from others. `label`: the access that fails, or null where a state or an end is wrong. */
export type Catch = {
  readonly key: string;
  readonly finding: Finding;
  readonly label: Label | null;
  readonly trace: Trace;
  readonly preemptions: number;
};

export type Chase =
  /** `others`: where each is looked for, those that cost more. `cut`: why not all were, or null. */
  (
    | (Catch & { readonly kind: 'found'; readonly others: readonly Catch[]; readonly cut: string | null })
    /** No run comes to the failure, or none before a bound is met. */
    | { readonly kind: 'none' }
    | { readonly kind: 'given up'; readonly reason: string }
  ) &
    Seen;

/** What was gone through: pairs, the steps between them, the most steps of a run. */
type Seen = {
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  /** The first bound of the model that a run met and was not gone on with; null: none did. */
  readonly bound: string | null;
  /** Whether some run was not gone on with since it would have needed one more pre-emption. */
  readonly beyond: boolean;
};

export const nothingGoneThrough: Seen = { states: 0, transitions: 0, depth: 0, bound: null, beyond: false };

/** A run that ends in the failure: from a pair by one more step, or in the pair itself. */
type Caught = {
  readonly price: number;
  readonly at: number;
  readonly finding: Finding;
  readonly label: Label | null;
  /** Whether no step is possible from there, and that is what is wrong. */
  readonly over: boolean;
  readonly last: LastStep | null;
};
type LastStep = FailedStep & { readonly after: Int32Array | null };

/** The price of a pre-emption, in steps: more than any run has. */
const PREEMPTION = 2 ** 26;

export const chase = (model: Model, quarry: Quarry, watcher: Watcher): Chase => {
  const { stepper } = model;
  const { state, advance, cpus } = stepper;
  const { words } = model.layout;
  const { wanted, countPreemptions, mostPreemptions = Infinity, allFailures = false } = quarry;
  const observer = observerOf(model);
  const watch = new Watch(model, quarry.properties.filter(isOfStates).filter(isOfOneState));
  // A pair: the state and, in one word more, 1 + the CPU that ran last.
  const visited = new States(words + 1);
  const pair = new Int32Array(words + 1);
  const from = new Int32Array(words + 1);
  const fromState = from.subarray(0, words);
  /** By number of the pair: the price, the pair before, the CPU that made the step between the two. */
  const prices = new Column(Float64Array);
  const parents = new Column(Int32Array);
  const movers = new Column(Int8Array);
  /** The pairs whose state is wrong: no run goes on from there. */
  const wrong = new Map<number, Finding>();
  /** What is to be gone on from, by pre-emptions and steps. A pair that was reached anew for less stands in both places. */
  const rounds: number[][][] = [[[0]]];
  /** What costs least of what has been caught; where each is looked for, by what tells it from the others. */
  const caught = new Map<string, Caught>();
  const keys = new Map<string, string>();
  let bound: string | null = null;
  let beyond = false;
  let transitions = 0;
  let depth = 0;
  const seen = (): Seen => ({ states: visited.count, transitions, depth, bound, beyond });

  /** Of states and ends that are wrong there may be many, and what is said of them comes again and again. */
  const keyOf = (finding: Finding, label: Label | null): string => {
    if (!allFailures) return '';
    if (label !== null) return keyOfFailure(model, finding, label);
    const said = `${finding.property}: ${finding.message}`;
    const key = keys.get(said) ?? keyOfFailure(model, finding, null);
    keys.set(said, key);
    return key;
  };

  /** `last`: null where it is an end that is wrong. */
  const offer = (price: number, at: number, finding: Finding, label: Label | null, last: LastStep | null): void => {
    const key = keyOf(finding, label);
    if (price < (caught.get(key)?.price ?? Infinity))
      caught.set(key, { price, at, finding, label, last, over: last === null });
  };

  /** `cpu` has stepped from pair `at` to `state`. */
  const reach = (cpu: number, at: number, price: number): void => {
    transitions++;
    for (let i = 0; i < words; i++) pair[i] = state[i]!;
    pair[words] = countPreemptions ? cpu + 1 : 0;
    const known = visited.count;
    const index = visited.add(pair);
    if (index === known) {
      prices.set(index, Infinity);
      const finding = watch.look(state, from);
      if (finding !== null) wrong.set(index, finding);
    }
    const finding = wrong.get(index);
    if (finding !== undefined) {
      if (!wanted(siteOfStep(model, finding))) return;
      return offer(price, at, finding, null, { cpu, picks: stepper.picksTaken(), after: state.slice() });
    }
    if (price >= prices.get(index)) return;
    prices.set(index, price);
    parents.set(index, at);
    movers.set(index, cpu);
    const round = (rounds[Math.floor(price / PREEMPTION)] ??= []);
    (round[price % PREEMPTION] ??= []).push(index);
  };

  /**
   * Most failures are met very often, each time at the same local state for the same reason: the least price for which each was offered; below any
   * price where it is not wanted.
   */
  const met = new Map<string, number>();
  const fail = (cpu: number, at: number, price: number): void => {
    const { kind, code, local } = stepper.why();
    const key = `${kind} ${code} ${local}`;
    const known = met.get(key) ?? (wanted(siteOfFailure(model, cpu)) ? Infinity : -1);
    met.set(key, Math.min(known, price));
    if (price >= known) return;
    const last = { cpu, picks: stepper.picksTaken(), after: null };
    offer(price, at, findingOf(model, cpu) as Finding, failedLabel(model), last);
  };

  /** Tries all that `cpu` can do next; says whether it can do anything. */
  const tryAll = (cpu: number, at: number, price: number): boolean => {
    let possible = false;
    do {
      for (let i = 0; i < words; i++) state[i] = from[i]!;
      const outcome = advance(cpu);
      if (outcome !== DISABLED) possible = true;
      const breaches = observer?.look(outcome, fromState) ?? [];
      for (const breach of allFailures ? breaches : breaches.slice(0, 1)) {
        if (!wanted(siteOfBreach(model, breach))) continue;
        const by = { cpu, picks: stepper.picksTaken(), upTo: breach.upTo };
        const label = model.labelOf(model.locals.topClass[breach.local]!);
        offer(price, at, observer!.tell(cpu, breach), label, { ...by, after: null });
      }
      if (outcome === DISABLED || (breaches.length > 0 && !allFailures)) continue;
      if (outcome === DONE) reach(cpu, at, price);
      else if (outcome === AT_BOUND) bound ??= findingOf(model, cpu).message;
      else if (outcome === FAILED) fail(cpu, at, price);
    } while (stepper.nextPicks());
    return possible;
  };

  const goOnFrom = (at: number): void => {
    visited.read(at, from);
    const price = prices.get(at);
    const last = from[words]! - 1;
    for (let i = 0; i < words; i++) state[i] = from[i]!;
    const rests = last < 0 || stepper.rests(last);
    let possible = last >= 0 && tryAll(last, at, price + 1);
    const preempts = possible && !rests;
    if (preempts && Math.floor(price / PREEMPTION) >= mostPreemptions) {
      beyond = true;
      return;
    }
    const step = preempts ? PREEMPTION + 1 : 1;
    for (let cpu = 0; cpu < cpus; cpu++) if (cpu !== last && tryAll(cpu, at, price + step)) possible = true;
    if (possible) return;
    const finding = watch.atEnd(fromState);
    if (finding !== null && wanted(siteOfState(model, fromState, finding))) offer(price, at, finding, null, null);
  };

  const shown = ({ price, at, finding, label, last, over }: Caught): Catch => {
    const trace = { ...told(model, visited, { parents, movers }, at, last), over };
    const key = keyOfFailure(model, finding, label);
    return { key, finding, label, trace, preemptions: Math.floor(price / PREEMPTION) };
  };
  const found = (cut: string | null): Chase => {
    const [least, ...others] = [...caught.values()].toSorted((a, b) => a.price - b.price).map(shown) as [Catch];
    return { kind: 'found', ...least, others, cut, ...seen() };
  };

  const givenUp = giveUp(watcher, () =>
    [visited, prices, parents, movers].reduce((sum, table) => sum + table.bytes(), 0),
  );
  stepper.begin();
  pair.set(state);
  visited.add(pair);
  prices.set(0, 0);
  const initially = watch.look(state, null);
  if (initially !== null) {
    if (!wanted(siteOfState(model, state.slice(), initially))) return { kind: 'none', ...seen() };
    caught.set('', { price: 0, at: 0, finding: initially, label: null, last: null, over: false });
    return found(null);
  }
  // Each step is one round further on, so no round grows while it is gone through.
  for (let preemptions = 0; preemptions < rounds.length; preemptions++)
    for (let steps = 0; steps < rounds[preemptions]!.length; steps++) {
      const price = preemptions * PREEMPTION + steps;
      depth = Math.max(depth, steps);
      for (const at of rounds[preemptions]![steps] ?? []) {
        if (!allFailures && (caught.get('')?.price ?? Infinity) <= price) return found(null);
        if (prices.get(at) !== price) continue;
        const reason = givenUp(visited.count, transitions, steps);
        if (reason !== null)
          return allFailures && caught.size > 0 ? found(reason) : { kind: 'given up', reason, ...seen() };
        model.locals.mayGoOn(visited.count);
        goOnFrom(at);
        if (bound !== null && caught.size === 0 && !countPreemptions) return { kind: 'none', ...seen() };
      }
      rounds[preemptions]![steps] = [];
    }
  return caught.size === 0 ? { kind: 'none', ...seen() } : found(null);
};

/** A cover, or what comes to hold at last, is not about one run with an end. */
const isOfOneState = ({ kind }: Property): boolean => kind === 'always' || kind === 'finally';

/** How each pair was reached for least. */
type Ways = { readonly parents: Column<Int32Array>; readonly movers: Column<Int8Array> };

const told = (model: Model, visited: States, ways: Ways, end: number, last: LastStep | null): Omit<Trace, 'over'> => {
  const indices: number[] = [];
  for (let at = end; at > 0; at = ways.parents.get(at)) indices.push(at);
  indices.reverse();
  const narrator = new Narrator(model);
  let before = stateOf(model, visited, 0);
  const steps = indices.map((index) => {
    const [cpu, after] = [ways.movers.get(index), stateOf(model, visited, index)];
    const picks = picksTo(model, before, cpu, after);
    before = after;
    return narrator.along({ cpu, picks }, after);
  });
  if (last !== null) steps.push(narrator.along(last, last.after));
  return { cpus: model.cpuNames, steps, circle: null };
};

const stateOf = ({ layout }: Model, visited: States, index: number): Int32Array => {
  const pair = new Int32Array(layout.words + 1);
  visited.read(index, pair);
  return pair.subarray(0, layout.words);
};

/** The first alternatives with which the CPU steps from one state to the other. */
const picksTo = ({ stepper }: Model, before: Int32Array, cpu: number, after: Int32Array): readonly number[] => {
  stepper.resetPicks();
  do {
    stepper.state.set(before);
    if (stepper.advance(cpu) === DONE && stepper.state.every((word, i) => word === after[i])) {
      const picks = stepper.picksTaken();
      stepper.resetPicks();
      return picks;
    }
  } while (stepper.nextPicks());
  throw new Error('[suite bug] a pair has no step that leads to it from the one before');
};

/** Asked before each pair: why to give up, or null. */
const giveUp = (
  watcher: Watcher,
  bytes: () => number,
): ((states: number, transitions: number, depth: number) => string | null) => {
  const { spent = 0, budget, onProgress } = watcher;
  const started = performance.now() - 1000 * spent;
  const maxStates = budget.maxStates ?? Infinity;
  let asked = 0;
  let reported = started;
  return (states, transitions, depth) => {
    if (states > maxStates) return `the budget of ${counted(maxStates, 'state')} is used up`;
    if (asked++ % LOOK !== 0) return null;
    const elapsed = performance.now() - started;
    if (onProgress !== undefined && elapsed + started > reported + PROGRESS) {
      reported = elapsed + started;
      const frontier = states - asked;
      onProgress({ states, transitions, depth, frontier, seconds: elapsed / 1000, bytes: bytes() });
    }
    return pastTime(watcher, elapsed);
  };
};
