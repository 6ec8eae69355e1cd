import { isConduct, isOfStates, type Claim } from '../machine/conduct.ts';
import type { World } from '../machine/world.ts';
import { observerOf, type Observer } from './conduct.ts';
import { findingOf } from './failure.ts';
import { usualModel, withModel, type Model } from './model.ts';
import { DISABLED, DONE } from './stepper.ts';
import { CALLBACK, Narrator } from './trace.ts';
import type { Step, Trace } from './verdict.ts';
import { Watch } from './watch.ts';

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
  withModel(world, { ...usualModel, conduct: claims.filter(isConduct) }, (model) =>
    new Walker(model, claims).follow(schedule),
  );

class Walker {
  readonly #model: Model;
  readonly #watch: Watch;
  readonly #observer: Observer | null;
  readonly #narrator: Narrator;
  readonly #steps: Step[] = [];
  readonly #state: Int32Array;

  constructor(model: Model, claims: readonly Claim[]) {
    this.#model = model;
    this.#watch = new Watch(model, claims.filter(isOfStates));
    this.#observer = observerOf(model);
    this.#narrator = new Narrator(model);
    model.stepper.begin();
    this.#state = model.stepper.state.slice();
  }

  follow(schedule: readonly ScheduleStep[]): Walk {
    const initially = this.#watch.look(this.#state, null);
    if (initially !== null) return this.#over({ kind: 'violated', ...initially });
    for (const [at, wanted] of schedule.entries()) {
      const end = this.#step(at, wanted);
      if (end !== null) return this.#over(end);
    }
    if (this.#enabled().length > 0) return this.#over({ kind: 'finished' });
    const finding = this.#watch.atEnd(this.#state);
    return this.#over(finding === null ? { kind: 'finished' } : { kind: 'violated', ...finding });
  }

  #over(end: WalkEnd): Walk {
    return { trace: { cpus: this.#model.cpuNames, steps: this.#steps, circle: null }, end };
  }

  #step(at: number, wanted: ScheduleStep): WalkEnd | null {
    const { stepper, cpuNames, labels } = this.#model;
    if (wanted.step !== CALLBACK && !labels.some(({ name }) => name === wanted.step))
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
    const next = this.#nextStep(cpu);
    if (next !== wanted.step)
      return this.#part(at, `${wanted.cpu} is about to do "${next ?? 'nothing: its program is over'}" instead`);

    stepper.state.set(this.#state);
    stepper.setPicks(wanted.picks);
    const outcome = stepper.advance(cpu);
    stepper.resetPicks();
    const [breach] = this.#observer?.look(outcome, this.#state) ?? [];
    if (breach !== undefined) {
      const finding = this.#observer!.tell(cpu, breach);
      this.#steps.push(this.#narrator.along({ cpu, picks: wanted.picks, upTo: breach.upTo }, null));
      return { kind: 'violated', ...finding };
    }
    if (outcome === DISABLED) return this.#part(at, `${wanted.cpu} has to wait before "${wanted.step}"`);
    const failure = outcome === DONE ? null : findingOf(this.#model, cpu);
    const after = stepper.state.slice();
    this.#steps.push(this.#narrator.along({ cpu, picks: wanted.picks }, failure === null ? after : null));
    if (failure !== null) {
      const { property, message } = failure;
      return property === null ? this.#part(at, message) : { kind: 'violated', property, message };
    }
    const finding = this.#watch.look(after, this.#state);
    this.#state.set(after);
    return finding === null ? null : { kind: 'violated', ...finding };
  }

  #part(at: number, reason: string): WalkEnd {
    return { kind: 'parted', at, reason, enabled: this.#enabled() };
  }

  /** The name of what a CPU is about to do, possible or not; null when its program is over. */
  #nextStep(cpu: number): string | null {
    const { stepper, locals, labelOf, cpuNames, automata } = this.#model;
    stepper.state.set(this.#state);
    const top = locals.topClass[stepper.local(cpu)]!;
    if (top >= 0) return labelOf(top).name;
    return automata.usesEpoch && cpu === cpuNames.length - 1 ? CALLBACK : null;
  }

  #enabled(): readonly { cpu: string; step: string }[] {
    const { stepper, cpuNames } = this.#model;
    return cpuNames.flatMap((name, cpu) => {
      stepper.state.set(this.#state);
      stepper.resetPicks();
      const step = this.#nextStep(cpu);
      stepper.state.set(this.#state);
      const possible = stepper.advance(cpu) !== DISABLED;
      stepper.resetPicks();
      return possible && step !== null ? [{ cpu: name, step }] : [];
    });
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
