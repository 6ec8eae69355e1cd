import { claims, claimsMade } from '../../spec/properties.ts';
import { ScenarioError, type Scenario } from '../../spec/scenario.ts';
import { worldOf, type Job } from '../command/jobs/job.ts';
import { NotClosed } from '../explore/automata/automaton.ts';
import type { Watcher } from '../explore/search/search.ts';
import type { Finding } from '../explore/model/failure.ts';
import { usualModel, usualNeed, withModel, type Model, type ModelOptions } from '../explore/model/model.ts';
import { chase, nothingGoneThrough, type Chase } from '../explore/runs/preemption.ts';
import { retrace, type Retraced } from '../explore/runs/retrace.ts';
import { sameSite, type Site } from '../explore/search/site.ts';
import type { Progress, Trace } from '../explore/search/verdict.ts';
import { isConduct, type Claim } from '../machine/conduct.ts';
import type { World } from '../machine/world.ts';
import { kinds, type Kind } from './cut.ts';
import { sizeOf, type Size } from './size.ts';
import { counted } from '../explore/automata/number.ts';

/**
 * Makes a run that fails minimal, in two phases, and keeps its failure: the same property at the same site (site.ts), so that no
 * other fault slips in.
 *
 * 1. The scenario: pieces are taken away, the largest first, as long as what is left still fails in the same way (delta
 *    debugging, Zeller and Hildebrandt 2002), until no single piece can be taken away any more. Every scenario tried is explored
 *    breadth-first; one that meets a bound before it fails is not taken, for a check would call it unknown.
 * 2. The run: of all runs of what is left that come to the failure, one with the fewest pre-emptions, and the shortest of those
 *    (preemption.ts).
 */
export type Failing = Pick<Job, 'scenario' | 'design' | 'off' | 'conduct'> & {
  /** The run, as a check with `fuse` shows it or a replay walks it. */
  readonly trace: Trace;
};

export type Limits = {
  /** States of one scenario; of a run with few pre-emptions, for each CPU that can have run last. */
  readonly maxStates: number;
  /** Seconds for everything. */
  readonly seconds?: number;
  readonly interrupted?: () => boolean;
  readonly onProgress?: (progress: Progress) => void;
  /** Told at the beginning, and whenever something could be taken away: what there is if nothing more comes of it. */
  readonly onKept?: (minimum: Minimum) => void;
};

export type Minimum = {
  /** `unknown`: it fails in the same way, but whether it can be made smaller still was not found out. */
  readonly outcome: 'minimal' | 'unknown';
  /** Why it is not known, one sentence without its full stop; '' if it is minimal. */
  readonly reason: string;
  readonly scenario: Scenario;
  readonly property: string;
  readonly message: string;
  readonly site: Site;
  readonly trace: Trace;
  readonly before: Size;
  readonly after: Size;
  /** What was taken away, in this order, each in a few words. */
  readonly leftOut: readonly string[];
};

/** The default of Limits.maxStates. */
export const manyStates = 2_000_000;

/** A text says why there is nothing: the run does not fail where it ends, or it was stopped before that was known. */
export const minimize = (failing: Failing, limits: Limits): Minimum | string => new Descent(failing, limits).go();

/** A scenario that fails, and the run that shows it. */
type Kept = {
  readonly scenario: Scenario;
  readonly finding: Finding;
  readonly trace: Trace;
  readonly preemptions: number;
};

/** What became of a smaller scenario. */
type Answer = Kept | 'does not fail' | 'not decided';

class Descent {
  readonly #failing: Failing;
  readonly #limits: Limits;
  readonly #started = performance.now();
  /** By scenario, as JSON: each is tried once. */
  readonly #tried = new Map<string, Answer>();
  readonly #leftOut: string[] = [];
  #kinds!: readonly Kind[];
  #first!: Retraced;
  #best!: Kept;
  /** Scenarios of the last round that would be smaller, but could not be explored to the end. */
  #undecided = 0;

  constructor(failing: Failing, limits: Limits) {
    this.#failing = failing;
    this.#limits = limits;
  }

  go(): Minimum | string {
    const { scenario, trace } = this.#failing;
    const first = this.#retraced();
    if (typeof first === 'string') return first;
    this.#first = first;
    this.#kinds = kinds(leastThreads(first.site));
    this.#best = { scenario, trace, ...first };
    this.#keep();
    while (this.#round());
    const found = this.#stopped() === null ? this.#chase(this.#best.scenario, true) : null;
    if (found?.kind === 'found') this.#best = { scenario: this.#best.scenario, ...found };
    return this.#minimum(this.#stopped() ?? this.#doubt(found));
  }

  #retraced(): Retraced | string {
    const { scenario, trace } = this.#failing;
    try {
      const follow = (model: Model): Retraced | null => retrace(model, this.#claims(scenario), trace);
      const first = withModel(this.#world(scenario), this.#whole(scenario), follow, () => this.#stopped());
      return first ?? 'the run does not fail where it ends';
    } catch (thrown) {
      if (thrown instanceof NotClosed) return thrown.message;
      throw thrown;
    }
  }

  #keep(): void {
    this.#limits.onKept?.(this.#minimum('it was stopped before the end'));
  }

  /** Tries all cuts once; whether one was kept. */
  #round(): boolean {
    this.#undecided = 0;
    const before = this.#leftOut.length;
    for (const kind of this.#kinds) while (this.#cut(kind));
    return this.#leftOut.length > before && this.#stopped() === null;
  }

  /** Takes away the first piece of this kind that is not needed. */
  #cut(kind: Kind): boolean {
    for (const { what, scenario } of kind(this.#best.scenario)) {
      if (this.#stopped() !== null) return false;
      const answer = this.#answer(scenario);
      if (answer === 'not decided') this.#undecided++;
      if (typeof answer === 'string') continue;
      this.#best = answer;
      this.#leftOut.push(what);
      this.#keep();
      return true;
    }
    return false;
  }

  #answer(scenario: Scenario): Answer {
    const key = JSON.stringify(scenario);
    const known = this.#tried.get(key);
    if (known !== undefined) return known;
    const answer = this.#explored(scenario);
    this.#tried.set(key, answer);
    return answer;
  }

  #explored(scenario: Scenario): Answer {
    const outcome = this.#chase(scenario, false);
    if (outcome === null || outcome.kind === 'none') return 'does not fail';
    return outcome.kind === 'found' ? { scenario, ...outcome } : 'not decided';
  }

  /** Null when the scenario cannot be built. */
  #chase(scenario: Scenario, countPreemptions: boolean): Chase | null {
    const world = this.#built(scenario);
    if (world === null) return null;
    const wanted = (site: Site): boolean => sameSite(site, this.#first.site);
    const properties = this.#claims(scenario);
    const { maxStates, onProgress } = this.#limits;
    const budget = { maxStates: countPreemptions ? maxStates * world.cpus.length : maxStates };
    const watcher: Watcher = { budget, onProgress, interrupted: () => this.#stopped() !== null };
    try {
      return withModel(
        world,
        this.#whole(scenario),
        (model): Chase => {
          const outcome = chase(model, { properties, wanted, countPreemptions }, watcher);
          if (outcome.kind !== 'found' || countPreemptions) return outcome;
          return { ...outcome, preemptions: retrace(model, properties, outcome.trace)!.preemptions };
        },
        () => this.#stopped(),
        () => this.#stopped() !== null,
      );
    } catch (thrown) {
      if (!(thrown instanceof NotClosed)) throw thrown;
      return { kind: 'given up', reason: thrown.message, ...nothingGoneThrough };
    }
  }

  #built(scenario: Scenario): World | null {
    if (Object.keys(scenario.nodes).length === 0) return null;
    try {
      return this.#world(scenario);
    } catch (error) {
      if (error instanceof ScenarioError) return null;
      throw error;
    }
  }

  #claims(scenario: Scenario): readonly Claim[] {
    return claimsMade(scenario, this.#failing.conduct);
  }

  /** As a check explores by default. */
  #whole(scenario: Scenario): ModelOptions {
    return { ...usualModel, conduct: this.#claims(scenario).filter(isConduct), byNeed: usualNeed };
  }

  #world(scenario: Scenario): World {
    return worldOf({ ...this.#failing, scenario });
  }

  /** Why everything is to stop, or null. */
  #stopped(): string | null {
    const { seconds, interrupted } = this.#limits;
    if (interrupted?.() === true) return 'it was interrupted';
    if (seconds !== undefined && performance.now() - this.#started > 1000 * seconds)
      return `the budget of ${seconds} s is used up`;
    return null;
  }

  #doubt(found: Chase | null): string {
    const { maxStates } = this.#limits;
    if (this.#undecided > 0)
      return `whether ${counted(this.#undecided, 'smaller scenario')} ${this.#undecided === 1 ? 'fails' : 'fail'} was not found out, each within ${counted(maxStates, 'state')}`;
    if (found?.kind === 'found') return '';
    return found?.kind === 'given up'
      ? `the fewest pre-emptions were not found: ${found.reason}`
      : 'the failure was not found again';
  }

  #minimum(reason: string): Minimum {
    const { scenario, trace } = this.#failing;
    const { finding, ...best } = this.#best;
    return {
      outcome: reason === '' ? 'minimal' : 'unknown',
      reason,
      scenario: best.scenario,
      ...finding,
      site: this.#first.site,
      trace: best.trace,
      before: sizeOf(scenario, trace, this.#first.preemptions),
      after: sizeOf(best.scenario, best.trace, best.preemptions),
      leftOut: [...this.#leftOut],
    };
  }
}

/**
 * A queue that nobody works on is never emptied: if the last ngthread were taken away, ends would be wrong for that reason and
 * not for the one that is to be kept.
 */
const leastThreads = ({ property }: Site): number => {
  const kind = claims.find(({ name }) => name === property)?.kind;
  return kind === 'finally' || property === 'deadlock' ? 1 : 0;
};
