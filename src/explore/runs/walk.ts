import { isConduct, type Claim } from '../../machine/conduct.ts';
import type { World } from '../../machine/world.ts';
import { Judge } from './judge.ts';
import { unnumbered } from '../automata/label.ts';
import { usualModel, usualNeed, withModel, type Model } from '../model/model.ts';
import { aboutToDo, CALLBACK, isPossible, nextSteps } from '../search/next.ts';
import { Narrator } from './trace.ts';
import type { Step, Trace } from '../search/verdict.ts';

/** One step of a saved run: by the name of the CPU and of the step, never by numbers that a change elsewhere moves. */
export type ScheduleStep = { readonly cpu: string; readonly step: string; readonly picks: readonly number[] };

/** Where a walk along a schedule ended. `at`: index into the schedule. */
export type WalkEnd =
  | { readonly kind: 'violated'; readonly property: string; readonly message: string }
  | { readonly kind: 'finished' }
  | {
      readonly kind: 'parted';
      readonly at: number;
      readonly reason: string;
      readonly enabled: readonly { readonly cpu: string; readonly step: string }[];
    }
  | { readonly kind: 'unknown step'; readonly at: number; readonly step: string; readonly nearest: string | null };

export type Walk = { readonly trace: Trace; readonly end: WalkEnd };

/**
 * Follows a saved schedule on the specification as it is now. Ends in `violated` when a property fails on the way or after the
 * last step, in `parted` at the first step that is not possible, in `unknown step` where the model has no step of that name,
 * and in `finished` when the whole schedule was possible and nothing failed.
 */
export const walk = (world: World, claims: readonly Claim[], schedule: readonly ScheduleStep[]): Walk =>
  withModel(world, { ...usualModel, conduct: claims.filter(isConduct), byNeed: usualNeed }, (model) =>
    new Walker(model, claims).follow(schedule),
  );

class Walker {
  readonly #model: Model;
  readonly #judge: Judge;
  readonly #narrator: Narrator;
  readonly #steps: Step[] = [];
  readonly #state: Int32Array;

  constructor(model: Model, claims: readonly Claim[]) {
    this.#model = model;
    this.#judge = new Judge(model, claims);
    this.#narrator = new Narrator(model);
    model.stepper.begin();
    this.#state = model.stepper.state.slice();
  }

  follow(schedule: readonly ScheduleStep[]): Walk {
    const initially = this.#judge.initially(this.#state);
    if (initially !== null) return this.#over({ kind: 'violated', ...initially });
    for (const [at, wanted] of schedule.entries()) {
      const end = this.#step(at, wanted);
      if (end !== null) return this.#over(end);
    }
    if (this.#enabled().length > 0) return this.#over({ kind: 'finished' });
    const finding = this.#judge.atEnd(this.#state);
    return this.#over(finding === null ? { kind: 'finished' } : { kind: 'violated', ...finding }, true);
  }

  #over(end: WalkEnd, over = false): Walk {
    return { trace: { cpus: this.#model.cpuNames, steps: this.#steps, circle: null, over }, end };
  }

  #step(at: number, wanted: ScheduleStep): WalkEnd | null {
    const { cpuNames, labels, automata } = this.#model;
    if (automata.whole && wanted.step !== CALLBACK && !labels.some(({ name }) => name === wanted.step))
      return {
        kind: 'unknown step',
        at,
        step: wanted.step,
        nearest: nearest(
          wanted.step,
          labels.map(({ name }) => name),
        ),
      };
    const cpu = cpuNames.indexOf(wanted.cpu);
    if (cpu < 0) return { kind: 'unknown step', at, step: `of ${wanted.cpu}`, nearest: nearest(wanted.cpu, cpuNames) };
    const next = aboutToDo(this.#model, this.#state, cpu).step;
    if (next === null || !this.#isSame(next, wanted.step))
      return this.#part(at, `${wanted.cpu} is about to do "${next ?? 'nothing: its program is over'}" instead`);

    const choice = { cpu, picks: wanted.picks };
    const attempt = this.#judge.attempt(this.#state, choice);
    if (attempt.kind === 'waits') return this.#part(at, `${wanted.cpu} has to wait before "${wanted.step}"`);
    if (attempt.kind === 'done') {
      this.#steps.push(this.#narrator.along(choice, attempt.after));
      this.#state.set(attempt.after);
      return attempt.finding === null ? null : { kind: 'violated', ...attempt.finding };
    }
    const last = attempt.kind === 'failed' ? attempt.upTo : undefined;
    this.#steps.push(this.#narrator.along({ ...choice, ...(last === undefined ? {} : { upTo: last }) }, null));
    return attempt.kind === 'bound' ? this.#part(at, attempt.message) : { kind: 'violated', ...attempt.finding };
  }

  /** Where the automata are not whole, neither is it known how many like accesses there are in a text; of a CPU there is but one next step. */
  #isSame(name: string, wanted: string): boolean {
    return name === wanted || (!this.#model.automata.whole && unnumbered(name) === unnumbered(wanted));
  }

  #part(at: number, reason: string): WalkEnd {
    return { kind: 'parted', at, reason, enabled: this.#enabled() };
  }

  #enabled(): readonly { cpu: string; step: string }[] {
    const possible = nextSteps(this.#model, this.#state).filter(isPossible);
    const byCpu = new Map(possible.map(({ cpu, step }) => [cpu, step!]));
    return [...byCpu].map(([cpu, step]) => ({ cpu: this.#model.cpuNames[cpu]!, step }));
  }
}

/** The name that needs the fewest single-letter edits, or null when every one needs more than half of its letters. */
export const nearest = (wanted: string, names: readonly string[]): string | null => {
  let best: string | null = null;
  let distance = wanted.length / 2;
  for (const name of names) {
    const edits = editDistance(wanted, name);
    if (edits > distance || (edits === distance && best !== null)) continue;
    best = name;
    distance = edits;
  }
  return best;
};

/** Levenshtein's distance. Cost: O(a × b). */
const editDistance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
};
