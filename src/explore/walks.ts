import { isConduct, type Claim } from '../machine/conduct.ts';
import type { World } from '../machine/world.ts';
import { pastTime, PROGRESS, type Watcher } from './search/search.ts';
import { firing } from './check.ts';
import type { Finding } from './model/failure.ts';
import { keyOfFailure } from './search/failures.ts';
import { Judge, type Attempt } from './runs/judge.ts';
import type { Label } from './automata/label.ts';
import { withModel, type Model, type ModelOptions } from './model/model.ts';
import { NotClosed } from './automata/automaton.ts';
import type { Choice } from './search/next.ts';
import { chance, pct, sticky, type Scheduler } from './runs/scheduler.ts';
import { DISABLED } from './model/stepper.ts';
import { Narrator } from './runs/trace.ts';
import { nothingSeen, type Trace, type Verdict } from './search/verdict.ts';
import { counted, grouped } from './automata/number.ts';

/** Runs at random: how many, and what they are drawn from. */
export type Walks = { readonly count: number; readonly seed: number };

/** `allFailures`: go on after a run that fails, and find each distinct way in which one does. */
export type WalkOptions = Omit<ModelOptions, 'conduct'> &
  Pick<Watcher, 'budget' | 'interrupted' | 'onProgress' | 'allFailures'>;

/**
 * Looks for a failure on runs at random, where there are too many states to visit each. Ends at the first run that fails, which need not be
 * a short one, or in `unknown`: that no run failed says nothing of the others. With `allFailures` all runs are made, and of those that fail in the
 * same way (Failures says which do) the shortest is shown. Unlike a search, a run ends where a claim about the conduct of a step is broken. What must be reached in some run, or on every run
 * for ever, is not judged. The same seed draws the same runs; run `i` is the same however many there are before it.
 *
 * Every second run is sticky and every second one PCT (runs/scheduler.ts): the first finds what needs a switch at many places, the second what
 * needs few at the right ones.
 */
export const walkAtRandom = (world: World, claims: readonly Claim[], walks: Walks, options: WalkOptions): Verdict => {
  const started = performance.now();
  const late = (): string | null => pastTime(options, performance.now() - started);
  try {
    const isOutOfTime = ({ verdict, runs }: Verdict): boolean => verdict === 'unknown' && runs!.made < walks.count;
    const judge = (model: Model): Verdict => new Wanderer(model, claims).wander(walks, late, options);
    const verdict = withModel(world, { ...options, conduct: claims.filter(isConduct) }, judge, late, isOutOfTime);
    return { ...verdict, seconds: Math.round(performance.now() - started) / 1000 };
  } catch (thrown) {
    if (!(thrown instanceof NotClosed)) throw thrown;
    return { ...nothingSeen, message: thrown.message };
  }
};

/** A run that has more steps goes in a circle, or nearly. */
const LONGEST = 10_000;
/** The order in which PCT finds what needs so many switches at the right places. */
const PCT_DEPTH = 3;

/** How a run ended. */
type End = {
  readonly choices: readonly Choice[];
  readonly last: Attempt | null;
  /** Whether no step was possible any more, and `last` says what is wrong with that. */
  readonly over: boolean;
  /** Why it was not followed to its end, though nothing had gone wrong; else null. */
  readonly cut: string | null;
};

/** A way in which runs fail, told apart from the others by `key`, and the shortest of them. */
type Failing = { readonly key: string; readonly finding: Finding; readonly label: Label | null; readonly end: End };

class Wanderer {
  readonly #model: Model;
  readonly #claims: readonly Claim[];
  readonly #begin: Int32Array;
  /** Which steps have been taken, while others are looked at. */
  readonly #fired: Uint8Array;
  #steps = 0;
  #longest = 0;
  #made = 0;
  #cut = 0;
  /** Why the first of them was cut short. */
  #whyCut = '';

  constructor(model: Model, claims: readonly Claim[]) {
    this.#model = model;
    this.#claims = claims;
    model.stepper.begin();
    this.#begin = model.stepper.state.slice();
    this.#fired = model.stepper.fired.slice();
  }

  wander({ count, seed }: Walks, late: () => string | null, { allFailures, onProgress }: WalkOptions): Verdict {
    const judge = new Judge(this.#model, this.#claims);
    const initially = judge.initially(this.#begin);
    if (initially !== null) {
      const end = {
        choices: [],
        last: { kind: 'done', after: this.#begin, finding: initially },
        over: false,
        cut: null,
      } as const;
      return this.#violated([this.#failing(end)!], allFailures === true ? '' : null);
    }
    const failing = new Map<string, Failing>();
    const began = performance.now();
    let told = began;
    let reason: string | null = null;
    while (this.#made < count && (allFailures === true || failing.size === 0) && (reason = late()) === null) {
      const walk = ++this.#made;
      const random = chance(Math.imul(seed, 0x9e3779b1) ^ Math.imul(walk, 0x85ebca6b));
      const end = this.#run(judge, this.#scheduler(walk, random), random);
      this.#model.locals.mayGoOn(walk);
      if (end.cut !== null && this.#cut++ === 0) this.#whyCut = end.cut;
      const failed = this.#failing(end);
      const known = failed === null ? undefined : failing.get(failed.key);
      if (failed !== null && (known === undefined || failed.end.choices.length < known.end.choices.length))
        failing.set(failed.key, failed);
      if (performance.now() > told + PROGRESS) {
        told = performance.now();
        onProgress?.({ ...this.#seen(), frontier: count - walk, seconds: (told - began) / 1000, bytes: 0 });
      }
    }
    const cut =
      this.#cut === 0 ? '' : `; ${grouped(this.#cut)} did not come to an end, the first since ${this.#whyCut}`;
    const made =
      reason === null
        ? `${counted(count, 'run')} at random (seed ${seed})`
        : `${reason}, after ${grouped(this.#made)} of ${counted(count, 'run')}`;
    if (failing.size > 0) {
      const shortestFirst = [...failing.values()].toSorted((a, b) => a.end.choices.length - b.end.choices.length);
      return this.#violated(shortestFirst, allFailures === true ? `${made}${cut}` : null);
    }
    return this.#unknown(
      `${reason === null ? `none of ${made} failed, the longest of ${counted(this.#longest, 'step')}` : made}${cut}`,
    );
  }

  #scheduler(walk: number, random: () => number): Scheduler {
    const { cpus } = this.#model.stepper;
    if (walk % 2 === 1) return sticky(random, cpus, 2 ** (1 + Math.floor(random() * 6)));
    return pct(random, cpus, Math.max(this.#longest, 100), PCT_DEPTH);
  }

  #run(judge: Judge, scheduler: Scheduler, random: () => number): End {
    const choices: Choice[] = [];
    let state = this.#begin;
    const known: (readonly Choice[] | null)[] = Array.from({ length: this.#model.stepper.cpus }, () => null);
    const waysOf = (thread: number): readonly Choice[] => (known[thread] ??= this.#ways(state, thread));
    const can = (thread: number): boolean => waysOf(thread).length > 0;
    let cpu = -1;
    for (let step = 0; step < LONGEST; step++) {
      this.#longest = Math.max(this.#longest, step);
      known.fill(null);
      cpu = scheduler(step, cpu, can);
      if (cpu < 0) {
        const finding = judge.atEnd(state);
        return {
          choices,
          last: finding === null ? null : { kind: 'done', after: state, finding },
          over: true,
          cut: null,
        };
      }
      const ways = waysOf(cpu);
      const choice = ways.length === 1 ? ways[0]! : ways[Math.floor(random() * ways.length)]!;
      choices.push(choice);
      const attempt = judge.attempt(state, choice);
      this.#steps++;
      if (attempt.kind !== 'done' || attempt.finding !== null)
        return { choices, last: attempt, over: false, cut: attempt.kind === 'bound' ? attempt.message : null };
      state = attempt.after;
    }
    return { choices, last: null, over: false, cut: `it had more than ${counted(LONGEST, 'step')}` };
  }

  /** The alternatives of the next step of a CPU; none where it waits or is over. To look at a step is not to take it. */
  #ways(state: Int32Array, cpu: number): readonly Choice[] {
    const { stepper } = this.#model;
    this.#fired.set(stepper.fired);
    const ways: Choice[] = [];
    do {
      stepper.state.set(state);
      if (stepper.advance(cpu) !== DISABLED) ways.push({ cpu, picks: stepper.picksTaken() });
    } while (stepper.nextPicks());
    stepper.fired.set(this.#fired);
    return ways;
  }

  /** In which way the run fails; null where it does not. */
  #failing(end: End): Failing | null {
    const { last } = end;
    if (last?.kind === 'failed') {
      const { finding, label } = last;
      return { key: keyOfFailure(this.#model, finding, label), finding, label, end };
    }
    if (last?.kind !== 'done' || last.finding === null) return null;
    const { finding } = last;
    return { key: keyOfFailure(this.#model, finding, null), finding, label: null, end };
  }

  /** `made`: where all failures were asked for, how many runs were made, beyond which there may be more; else null. */
  #violated(failing: readonly Failing[], made: string | null): Verdict {
    const [{ finding, end }] = failing as [Failing];
    return {
      ...nothingSeen,
      ...this.#seen(),
      ...firing(this.#model),
      verdict: 'violated',
      property: finding.property,
      message: finding.message,
      trace: this.#trace(end),
      ...(made === null
        ? {}
        : {
            failures: failing.map((each) => ({
              key: each.key,
              ...each.finding,
              step: each.label?.name ?? null,
              c: each.label?.c ?? '',
              trace: this.#trace(each.end),
            })),
            cutShort: made,
          }),
    };
  }

  #trace({ choices, last, over }: End): Trace {
    const narrator = new Narrator(this.#model);
    const fails = last?.kind === 'failed';
    const steps = choices.map((choice, i) => {
      if (!fails || i < choices.length - 1) return narrator.onward(choice);
      return narrator.failing(last.upTo === undefined ? choice : { ...choice, upTo: last.upTo });
    });
    return { cpus: this.#model.cpuNames, steps, circle: null, over };
  }

  #unknown(message: string): Verdict {
    return { ...nothingSeen, ...this.#seen(), ...firing(this.#model), message };
  }

  /** No states are counted: nobody knows which of them came again. */
  #seen(): Pick<Verdict, 'states' | 'transitions' | 'depth' | 'runs'> {
    return { states: 0, transitions: this.#steps, depth: this.#longest, runs: { made: this.#made, cut: this.#cut } };
  }
}
