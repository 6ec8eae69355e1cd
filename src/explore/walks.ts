import { isConduct, type Claim } from '../machine/conduct.ts';
import type { World } from '../machine/world.ts';
import { pastTime, type Watcher } from './search.ts';
import { firing, nothingSeen } from './check.ts';
import { Judge, type Attempt } from './judge.ts';
import { withModel, type Model, type ModelOptions } from './model.ts';
import { NotClosed } from './automaton.ts';
import type { Choice } from './next.ts';
import { chance, pct, sticky, type Scheduler } from './scheduler.ts';
import { DISABLED } from './stepper.ts';
import { Narrator } from './trace.ts';
import type { Trace, Verdict } from './verdict.ts';
import { counted, grouped } from './number.ts';

/** Runs at random: how many, and what they are drawn from. */
export type Walks = { readonly count: number; readonly seed: number };

export type WalkOptions = Omit<ModelOptions, 'conduct'> & Pick<Watcher, 'budget' | 'interrupted' | 'onProgress'>;

/**
 * Looks for a failure on runs at random, where there are too many states to visit each. Ends at the first run that fails, which need not be
 * a short one, or in `unknown`: that no run failed says nothing of the others. What must be reached in some run, or on every run
 * for ever, is not judged. The same seed draws the same runs; run `i` is the same however many there are before it.
 *
 * Every second run is sticky and every second one PCT (scheduler.ts): the first finds what needs a switch at many places, the second what
 * needs few at the right ones.
 */
export const walkAtRandom = (world: World, claims: readonly Claim[], walks: Walks, options: WalkOptions): Verdict => {
  const started = performance.now();
  const late = (): string | null => pastTime(options, performance.now() - started);
  try {
    const judge = (model: Model): Verdict => new Wanderer(model, claims).wander(walks, late, options.onProgress);
    const verdict = withModel(world, { ...options, conduct: claims.filter(isConduct) }, judge, late);
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
};

class Wanderer {
  readonly #model: Model;
  readonly #claims: readonly Claim[];
  readonly #begin: Int32Array;
  /** Which steps have been taken, while others are looked at. */
  readonly #fired: Uint8Array;
  #steps = 0;
  #longest = 0;

  constructor(model: Model, claims: readonly Claim[]) {
    this.#model = model;
    this.#claims = claims;
    model.stepper.begin();
    this.#begin = model.stepper.state.slice();
    this.#fired = model.stepper.fired.slice();
  }

  wander({ count, seed }: Walks, late: () => string | null, onProgress: WalkOptions['onProgress']): Verdict {
    const judge = new Judge(this.#model, this.#claims);
    const initially = judge.initially(this.#begin);
    if (initially !== null) return this.#violated(initially, { choices: [], last: null, over: false });
    const began = performance.now();
    let told = began;
    for (let walk = 1; walk <= count; walk++) {
      const reason = late();
      if (reason !== null) return this.#unknown(`${reason}, after ${grouped(walk - 1)} of ${counted(count, 'run')}`);
      const random = chance(Math.imul(seed, 0x9e3779b1) ^ Math.imul(walk, 0x85ebca6b));
      const { choices, last, over } = this.#run(judge, this.#scheduler(walk, random), random);
      if (last !== null && (last.kind === 'failed' || (last.kind === 'done' && last.finding !== null)))
        return this.#violated(last.finding!, { choices, last, over });
      if (performance.now() > told + TELL) {
        told = performance.now();
        onProgress?.({ ...this.#seen(), frontier: count - walk, seconds: (told - began) / 1000, bytes: 0 });
      }
    }
    return this.#unknown(
      `none of ${counted(count, 'run')} at random failed (seed ${seed}), the longest of ${counted(this.#longest, 'step')}`,
    );
  }

  #scheduler(walk: number, random: () => number): Scheduler {
    if (walk % 2 === 1) return sticky(random, 2 ** (1 + Math.floor(random() * 6)));
    return pct(random, this.#model.stepper.cpus, Math.max(this.#longest, 100), PCT_DEPTH);
  }

  #run(judge: Judge, scheduler: Scheduler, random: () => number): End {
    const choices: Choice[] = [];
    let state = this.#begin;
    let cpu = -1;
    for (let step = 0; step < LONGEST; step++) {
      this.#longest = Math.max(this.#longest, step);
      const possible = this.#possible(state);
      const enabled = possible.map((ways) => ways.length > 0);
      if (!enabled.includes(true)) {
        const finding = judge.atEnd(state);
        return { choices, last: finding === null ? null : { kind: 'done', after: state, finding }, over: true };
      }
      cpu = scheduler(step, cpu, enabled);
      const ways = possible[cpu]!;
      const choice = ways.length === 1 ? ways[0]! : ways[Math.floor(random() * ways.length)]!;
      choices.push(choice);
      const attempt = judge.attempt(state, choice);
      this.#steps++;
      if (attempt.kind !== 'done' || attempt.finding !== null) return { choices, last: attempt, over: false };
      state = attempt.after;
    }
    return { choices, last: null, over: false };
  }

  /** By CPU: the alternatives of its next step; none where it waits or is over. To look at a step is not to take it. */
  #possible(state: Int32Array): readonly (readonly Choice[])[] {
    const { stepper } = this.#model;
    this.#fired.set(stepper.fired);
    const possible = Array.from({ length: stepper.cpus }, (_, cpu) => {
      const ways: Choice[] = [];
      do {
        stepper.state.set(state);
        if (stepper.advance(cpu) !== DISABLED) ways.push({ cpu, picks: stepper.picksTaken() });
      } while (stepper.nextPicks());
      return ways;
    });
    stepper.fired.set(this.#fired);
    return possible;
  }

  #violated(finding: { property: string; message: string }, end: End): Verdict {
    return {
      ...nothingSeen,
      ...this.#seen(),
      ...firing(this.#model),
      verdict: 'violated',
      property: finding.property,
      message: finding.message,
      trace: this.#trace(end),
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
  #seen(): Pick<Verdict, 'states' | 'transitions' | 'depth'> {
    return { states: 0, transitions: this.#steps, depth: this.#longest };
  }
}

/** Milliseconds between two reports of progress. */
const TELL = 250;
