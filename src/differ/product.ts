import { findingOf } from '../explore/failure.ts';
import { RUNNING, UNUSED } from '../explore/layout.ts';
import type { Model } from '../explore/model.ts';
import { CALLBACK } from '../explore/next.ts';
import { AT_BOUND, DONE, FAILED, put } from '../explore/stepper.ts';
import { EXITED, RESTING } from '../explore/local.ts';
import { describe } from '../machine/replay.ts';
import type { Shared } from '../machine/record.ts';
import { Fault } from '../netgraph/index.ts';
import { accessText, isPossible, onlyReads, perform, type Access } from './access.ts';
import { Control, type Point } from './control.ts';
import { Realm } from './realm.ts';
import { Showing } from './showing.ts';
import { MOST_STANDS, textOf, type Early, type Stand, type Way } from './stand.ts';
import type { Draft, Made, Meant, See, Silence, Subject } from './subject.ts';

/**
 * The implementation and the model, step by step together: a thread does an access; the steps that it means must be what the CPU of the
 * model is about to do, and must be possible; afterwards both must show the same. It is no function from arenas to states of the model,
 * for there may be none: whom a grace period waits for is history, not memory. So the state of the model is carried along.
 * This file is long because a step is one thing: what an access means, where the model can be then, and whether both show the same.
 *
 * The model must be made without fusing: the implementation's accesses to what it owns come one by one.
 */
export const lockstepModel = { quotient: true, fuse: false } as const;

/** Where implementation and model parted ways. */
export type Divergence = {
  readonly thread: string;
  /** The access of the implementation after which they differ; null: they differ before the first one, or at the end. */
  readonly access: string | null;
  readonly reason: string;
  /**
   * A bound that was come to instead, which says nothing of the implementation: the scenario reserves no more memory for the model, or there are more
   * places in which the model could be than are followed.
   */
  readonly atBound?: string;
};

/** A product state to come back to, but for the arena: a step writes to one word at most, which who goes back puts right. */
export type Mark = Stand & {
  readonly points: readonly Point[];
  readonly others: readonly Stand[] | null;
  readonly way: Way | null;
};

const NO_ANSWER: Draft = [];
const NOT_GIVEN = 'its program is over, but it has not given the answer that it gives in the model';

const NO_MEMORY = 'the scenario has not the memory for all runs';
const TOO_MANY: Divergence = {
  thread: '',
  access: null,
  reason: 'it is not known where the model is',
  atBound: `the model could be in more than ${MOST_STANDS} places`,
};

export class Product {
  readonly subject: Subject;
  readonly model: Model;
  /** The arena. Nobody but `step` writes to it, and who goes back. */
  readonly words: Int32Array;
  /** The words that were ever written to, in the order in which that was first done: all others are as at the beginning. */
  readonly written: number[] = [];
  readonly #isWritten: Uint8Array;
  readonly points: Point[];
  readonly controls: readonly Control[];
  /**
   * By thread, where the model stands in the callback that the thread runs. The model has one CPU for callbacks, an implementation can
   * run one on each thread at a time; so that CPU is lent to the thread that does an access, and rests in between.
   */
  readonly callbacks: Int32Array;
  /** What of the arena the records have become that are made in the run; null: not yet. */
  readonly made: (Made | null)[];
  /** By CPU of the model, what the answer must say that it is about to give. */
  readonly drafts: Draft[];
  /** The CPU of the model that runs callbacks, or -1. */
  readonly #runner: number;
  readonly #showing: Showing;
  /** By class of frames: what the CPU is about to do, and on which record. */
  readonly #doing: readonly (string | null)[];
  readonly #on: readonly (Shared | null)[];
  readonly #names: readonly string[];
  readonly #silence: readonly (Silence | null)[];
  /** Whether the step adds something to the draft of an answer. */
  readonly #isNoted: readonly boolean[];
  /** Accesses done since the product was made, and how many of them were a step of the model. */
  steps = 0;
  visible = 0;
  /** Names of the steps of the model that the last access was, or led on to. */
  taken: string[] = [];
  /** By which CPUs of the model. */
  takenBy: number[] = [];
  /** By CPU of the model, the steps that it does before the first access of anybody. */
  readonly begun: (readonly string[])[] = [];
  /** Whether the model came to the end of the scenario's memory in the last step. */
  #atBound = false;
  /**
   * Where else the model can be; null: only one place is followed, in which a load that the implementation has no access for is done just before the next step that
   * an access means. That can be too late: what it loads can have changed since the implementation knew it. So where the two part ways, the same way is
   * gone again with all places that differ in when such loads were done: right after each access of their thread. A load that the implementation does is done
   * with that. They part ways when no place is left.
   */
  #others: readonly Stand[] | null = null;
  /** Of the present place, which loads have been done so. */
  #early: readonly Early[] = [];
  /** How the present state was come to. */
  #way: Way | null = null;
  /** Whether all places are followed from the beginning. */
  followsAll = false;
  /** How often the two did not part ways although they did in the one place that was followed. */
  excused = 0;
  /** Whether the last step was a turn of a loop that found nothing new: the thread is where it was a turn before. */
  triedInVain = false;

  constructor(subject: Subject, model: Model) {
    this.subject = subject;
    this.model = model;
    this.words = Int32Array.from(subject.initial);
    this.#isWritten = new Uint8Array(this.words.length);
    const realm = new Realm(subject.initial.length);
    this.controls = subject.threads.map(({ program }) => new Control(realm, program));
    this.points = this.controls.map(({ start }) => start);
    this.callbacks = new Int32Array(this.points.length).fill(RESTING);
    this.made = subject.made.map(() => null);
    this.drafts = subject.answers === undefined ? [] : model.cpuNames.map(() => NO_ANSWER);
    this.#runner = model.automata.usesEpoch ? model.stepper.cpus - 1 : -1;
    this.#showing = new Showing(subject, model);
    const operations = model.quotient.representative.map(({ pending }) =>
      pending.kind === 'operation' ? pending.operation : null,
    );
    this.#doing = operations.map((operation) => (operation === null ? null : describe(operation)));
    this.#names = operations.map((operation, c) => (operation === null ? '' : model.labelOf(c).name));
    this.#isNoted = this.#names.map((name) => subject.answers?.isNoted(name) ?? false);
    this.#on = operations.map((operation) =>
      operation === null
        ? null
        : operation.kind === 'cell'
          ? operation.cell.record
          : 'record' in operation
            ? operation.record
            : null,
    );
    this.#silence = operations.map((operation, c) => {
      if (operation === null) return null;
      const isGhost = operation.kind === 'cell' && operation.cell.field.access === 'ghost';
      return isGhost ? 'at once' : (subject.silence?.(model.labelOf(c).name, this.#doing[c]!, this.#on[c]!) ?? null);
    });
  }

  /** Puts everything to its beginning. */
  begin(): Divergence | null {
    return this.#begin(this.followsAll);
  }

  #begin(all: boolean): Divergence | null {
    const { stepper } = this.model;
    for (const address of this.written) this.words[address] = this.subject.initial[address]!;
    this.controls.forEach(({ start }, thread) => (this.points[thread] = start));
    this.callbacks.fill(RESTING);
    this.made.fill(null);
    this.drafts.fill(NO_ANSWER);
    this.#others = null;
    this.#way = null;
    this.#early = [];
    stepper.resetPicks();
    stepper.begin();
    for (let cpu = 0; cpu < stepper.cpus; cpu++) {
      this.taken.length = this.takenBy.length = 0;
      const stuck = this.#silently(cpu);
      this.begun[cpu] = [...this.taken];
      if (stuck !== null) return { thread: this.model.cpuNames[cpu]!, access: null, reason: stuck };
    }
    const row = this.#showing.differs(this.words, stepper.state, this.made);
    if (row >= 0)
      return { thread: '', access: null, reason: this.#showing.text(row, this.words, stepper.state, this.made) };
    for (let cpu = 0; all && cpu < stepper.cpus; cpu++) {
      const bound = this.#followAll(cpu, () => null);
      if (bound !== null) return bound;
    }
    return null;
  }

  /** Whether a thread can do its next access. */
  isEnabled(thread: number): boolean {
    const { pending } = this.points[thread]!;
    return pending !== null && isPossible(this.words, pending);
  }

  /**
   * Whether the next access of a thread, which can be done, means nothing, or no more than that the model loads the same, or opens or closes a section;
   * and the model does nothing when the thread is over after it. What the model does behind such a step is seen only when it is done.
   */
  isQuiet(thread: number): boolean {
    const point = this.points[thread]!;
    const access = point.pending!;
    const held = this.words[access.address]!;
    const answer = perform(this.words, access);
    const { cpu } = this.subject.threads[thread]!;
    const isSo = (): boolean => {
      const meant = this.subject.meaning(access, answer, thread, point.operation, held, this);
      if (!meant.every((one) => cpu !== null && this.#isQuiet(cpu, one))) return false;
      const after = this.#after(thread, point, answer);
      return !(after instanceof Fault) && (after.pending !== null || cpu === null || this.#isAtEnd(cpu));
    };
    const isQuiet = this.#others === null ? isSo() : this.#everywhere(isSo);
    this.words[access.address] = held;
    return isQuiet;
  }

  /** Whether something is so wherever the model can be. */
  #everywhere(isSo: () => boolean): boolean {
    const here = this.#stand();
    const all = [here, ...this.#others!].every((stand) => {
      this.#take(stand);
      return isSo();
    });
    this.#take(here);
    return all;
  }

  /** Who opens and closes sections matters to those who look at that; where nobody does any more, no callback is run either. */
  #isQuiet(cpu: number, meant: Meant): boolean {
    if (meant.cpu !== undefined || meant.orCpu !== undefined) return false;
    if (meant.does === 'NET_EPOCH_ENTER' || meant.does === 'NET_EPOCH_EXIT') return true;
    if (meant.ifDue !== true) return false;
    if (!this.#isMeant(cpu, meant)) return true;
    // What is made in the run is given some of its fields late, by the model alone.
    return meant.does.startsWith('load ') && meant.of !== undefined && !this.subject.made.includes(meant.of);
  }

  #isAtEnd(cpu: number): boolean {
    return this.model.stepper.local(cpu) === EXITED || this.model.stepper.rests(cpu);
  }

  isOver(): boolean {
    return this.points.every(({ pending }) => pending === null);
  }

  mark(): Mark {
    return { ...this.#stand(), points: [...this.points], others: this.#others, way: this.#way };
  }

  /** Goes back to a mark. */
  restore(mark: Mark): void {
    this.#take(mark);
    this.#others = mark.others;
    this.#way = mark.way;
    for (let thread = 0; thread < mark.points.length; thread++) this.points[thread] = mark.points[thread]!;
  }

  /** Where else the model can be, as text; empty: nowhere, or nobody asks. */
  get elsewhere(): string {
    return this.#others === null ? '' : this.#others.map(textOf).toSorted().join('\n');
  }

  #stand(): Stand {
    return {
      state: this.model.stepper.state.slice(),
      callbacks: this.callbacks.slice(),
      made: [...this.made],
      drafts: [...this.drafts],
      early: this.#early,
    };
  }

  #take({ state, callbacks, made, drafts, early }: Stand): void {
    this.#early = early;
    this.model.stepper.state.set(state);
    this.callbacks.set(callbacks);
    for (let i = 0; i < made.length; i++) this.made[i] = made[i]!;
    for (let cpu = 0; cpu < drafts.length; cpu++) this.drafts[cpu] = drafts[cpu]!;
  }

  /** The next access of a thread, in both. Null: they agree. After a divergence the product is spoilt. */
  step(thread: number): Divergence | null {
    const way = { thread, before: this.#way };
    const divergence = this.#step(thread);
    if (divergence !== null) {
      if (divergence.atBound !== undefined || this.#others !== null) return divergence;
      const still = this.#again(way);
      if (still !== null) return still.atBound === undefined ? divergence : still;
    }
    this.#way = way;
    return null;
  }

  /**
   * Goes the whole way again with all places in which the model can be, and stays there. Null: the two do not part ways. Cost: as many steps, each as often as
   * there are places.
   */
  #again(way: Way): Divergence | null {
    const { steps, visible } = this;
    const threads: number[] = [];
    for (let at: Way | null = way; at !== null; at = at.before) threads.push(at.thread);
    let parted = this.#begin(true);
    for (let i = threads.length - 1; parted === null && i >= 0; i--) parted = this.#step(threads[i]!);
    this.steps = steps;
    this.visible = visible;
    if (parted === null) this.excused++;
    return parted;
  }

  #step(thread: number): Divergence | null {
    const point = this.points[thread]!;
    const access = point.pending!;
    const held = this.words[access.address]!;
    const answer = perform(this.words, access);
    this.steps++;
    this.taken.length = this.takenBy.length = 0;
    if (this.#isWritten[access.address] === 0 && !onlyReads(access, answer)) {
      this.#isWritten[access.address] = 1;
      this.written.push(access.address);
    }
    const goOn = (): Divergence | null => this.#goOn(thread, point, access, answer, held);
    return this.#others === null ? goOn() : this.#followAll(this.subject.threads[thread]!.cpu, goOn);
  }

  /** What an access means, in the model. */
  #goOn(thread: number, point: Point, access: Access, answer: number, held: number): Divergence | null {
    this.#atBound = false;
    const meant = this.subject.meaning(access, answer, thread, point.operation, held, this);
    this.#lend(this.callbacks[thread]!);
    for (let i = 0; i < meant.length; i++) {
      const refused = this.#follow(meant[i]!, thread);
      if (refused !== null) return this.#divergence(thread, point, refused);
    }
    const untrue = this.#untrue(access, thread);
    if (untrue !== null) return this.#divergence(thread, point, untrue);
    this.callbacks[thread] = this.#runner < 0 ? RESTING : this.model.stepper.local(this.#runner);
    this.#lend(RESTING);
    if (meant.length > 0) this.visible++;
    const after = this.#after(thread, point, answer);
    if (after instanceof Fault) return this.#divergence(thread, point, `the library finds a fault: ${after.message}`);
    this.points[thread] = after;
    this.triedInVain = after.id <= point.id && after.operation === point.operation;
    const { state } = this.model.stepper;
    const row = this.#showing.differs(this.words, state, this.made);
    if (row >= 0) return this.#divergence(thread, point, this.#showing.text(row, this.words, state, this.made));
    return this.points[thread]!.pending === null ? this.#ends(thread, point) : null;
  }

  /**
   * Goes on from each place in which the model can be, and from there with the loads that the CPU can do now for which no access need come. Null: some place is
   * left. `taken` is what was done from the first of those that are.
   */
  #followAll(cpu: number | null, goOn: () => Divergence | null): Divergence | null {
    const left = new Map<string, Stand>();
    let refused: Divergence | null = null;
    let taken: readonly [readonly string[], readonly number[]] = [[], []];
    for (const stand of [this.#stand(), ...(this.#others ?? [])]) {
      this.#take(stand);
      this.taken.length = this.takenBy.length = 0;
      const divergence = goOn();
      if (divergence?.atBound !== undefined) return divergence;
      refused ??= divergence;
      if (divergence !== null) continue;
      if (left.size === 0) taken = [[...this.taken], [...this.takenBy]];
      this.#keep(cpu, left);
      if (left.size > MOST_STANDS) return TOO_MANY;
    }
    [this.taken, this.takenBy] = [[...taken[0]], [...taken[1]]];
    const [first, ...others] = left.values();
    if (first === undefined) return refused;
    this.#take(first);
    this.#others = others;
    return null;
  }

  /** Where the model is, and where it is when it does its next loads now. */
  #keep(cpu: number | null, left: Map<string, Stand>): void {
    for (;;) {
      const stand = this.#stand();
      const text = textOf(stand);
      if (left.has(text)) return;
      left.set(text, stand);
      if (cpu === null || !this.#isLateLoad(cpu)) return;
      this.#early = [...this.#early, { cpu, top: this.model.locals.topClass[this.model.stepper.local(cpu)]! }];
      this.#note(cpu);
      if (this.model.stepper.advance(cpu) !== DONE || this.#silently(cpu) !== null) return;
    }
  }

  /** Whether the CPU is about to load what no access of the implementation need mean. */
  #isLateLoad(cpu: number): boolean {
    const top = this.model.locals.topClass[this.model.stepper.local(cpu)]!;
    return top >= 0 && this.#silence[top] === 'late' && this.#doing[top]!.startsWith('load ');
  }

  /** Lets the CPU for callbacks stand there. */
  #lend(local: number): void {
    if (this.#runner < 0) return;
    const { stepper, layout } = this.model;
    put(stepper.state, layout.locals[this.#runner]!, local);
  }

  #divergence(thread: number, { pending }: Point, reason: string): Divergence {
    const { threads, wordName } = this.subject;
    return {
      ...(this.#atBound ? { atBound: NO_MEMORY } : {}),
      thread: threads[thread]!.name,
      access: accessText(pending!, wordName(pending!.address)),
      reason,
    };
  }

  /** Where the answer leads; a fault that the library finds itself is one that the model does not have. */
  #after(thread: number, point: Point, answer: number): Point | Fault {
    try {
      return this.controls[thread]!.after(point, answer);
    } catch (thrown) {
      if (thrown instanceof Fault) return thrown;
      throw thrown;
    }
  }

  /** A thread that is over must have done all that its CPU does, and given all answers. */
  #ends(thread: number, point: Point): Divergence | null {
    const { cpu } = this.subject.threads[thread]!;
    const refused = cpu === null ? null : this.#catchUp(cpu, null);
    if (refused !== null) return this.#divergence(thread, point, refused);
    if (cpu === null) return null;
    if (!this.#isAtEnd(cpu))
      return this.#divergence(thread, point, `its program is over, but the model ${this.#aboutTo(cpu)}`);
    const isGiven = (this.drafts[cpu] ?? NO_ANSWER).length === 0;
    return isGiven ? null : this.#divergence(thread, point, NOT_GIVEN);
  }

  #follow(meant: Meant, thread: number): string | null {
    const { stepper } = this.model;
    const own = meant.cpu ?? this.subject.threads[thread]!.cpu!;
    if (meant.ifDue === true && !this.#isMeant(own, meant)) {
      if (this.#isEarly(own, meant)) return `"${this.#told(meant)}" was done in the model before`;
      this.#look(own, meant);
      return null;
    }
    const isOther = meant.orCpu !== undefined && !this.#isMeant(own, meant) && this.#isMeant(meant.orCpu, meant);
    const cpu = isOther ? meant.orCpu! : own;
    const late = this.#catchUp(cpu, meant);
    if (late !== null) return late;
    const local = stepper.local(cpu);
    if (local === RESTING && meant.does === CALLBACK) return this.#callback(cpu, meant);
    if (!this.#isMeant(cpu, meant)) return `it means "${this.#told(meant)}", but the model ${this.#aboutTo(cpu)}`;
    this.#note(cpu);
    const outcome = stepper.advance(cpu);
    if (outcome !== DONE) return `the model does not allow "${this.#told(meant)}": ${this.#whyNot(cpu, outcome)}`;
    if (meant.makes !== undefined) this.made[this.subject.made.indexOf(stepper.answer(0) as Shared)] = meant.makes;
    if (meant.gets !== undefined && stepper.answer(0) !== meant.gets)
      return `"${this.#told(meant)}" is answered differently in the model`;
    if (meant.ifDue !== true && this.#early.length > 0) this.#early = this.#early.filter(({ cpu: one }) => one !== cpu);
    return this.#silently(cpu);
  }

  #isMeant(cpu: number, meant: Meant): boolean {
    const top = this.model.locals.topClass[this.model.stepper.local(cpu)]!;
    return top >= 0 && this.#isClass(top, meant);
  }

  /** Whether a load has been done early that the implementation does as well: then it should have been done with that. */
  #isEarly(cpu: number, meant: Meant): boolean {
    return this.#early.some((one) => one.cpu === cpu && this.#isClass(one.top, meant));
  }

  #isClass(top: number, { does, or, of, step, but }: Meant): boolean {
    const name = this.#names[top];
    if (name === but || (step !== undefined && name !== step)) return false;
    const doing = this.#doing[top];
    return (
      (doing === does || (or !== undefined && doing != null && or.includes(doing))) &&
      (of === undefined || this.#on[top] === of)
    );
  }

  /** The runner takes up the callback of the record that is meant. */
  #callback(cpu: number, { of }: Meant): string | null {
    const { stepper, layout } = this.model;
    const before = stepper.state.slice();
    const life = layout.recordBits(of!).life!;
    const lives = (): number => (stepper.state[life.word]! >>> life.shift) & life.mask;
    do {
      stepper.state.set(before);
      if (stepper.advance(cpu) !== DONE) break;
      if (lives() === RUNNING) {
        stepper.resetPicks();
        return this.#silently(cpu);
      }
    } while (stepper.nextPicks());
    stepper.resetPicks();
    stepper.state.set(before);
    const why =
      lives() === UNUSED
        ? 'was never allocated'
        : 'is not due: a section that was open when it was handed over has not closed';
    return `the model does not allow to take up the callback of ${this.model.world.title(of!)}: it ${why}`;
  }

  /** Does what the implementation has no access for. */
  #silently(cpu: number): string | null {
    return this.#advance(cpu, (top) => this.#silence[top] === 'at once');
  }

  /** Does what the implementation has had no access for, up to the step that is meant. */
  #catchUp(cpu: number, meant: Meant | null): string | null {
    return this.#advance(cpu, (top) => this.#silence[top] !== null && (meant === null || !this.#isMeant(cpu, meant)));
  }

  #advance(cpu: number, while_: (top: number) => boolean): string | null {
    const { stepper, locals } = this.model;
    for (;;) {
      const top = locals.topClass[stepper.local(cpu)]!;
      if (top < 0 || !while_(top)) return null;
      this.#note(cpu);
      const outcome = stepper.advance(cpu);
      if (outcome !== DONE) return `the model does not allow "${this.#doing[top]!}": ${this.#whyNot(cpu, outcome)}`;
    }
  }

  /** The name of the step that the CPU of the model would do next; null: it has nothing more to do. */
  due(cpu: number): string | null {
    const top = this.model.locals.topClass[this.model.stepper.local(cpu)]!;
    return top < 0 ? null : this.#names[top]!;
  }

  #note(cpu: number): void {
    const top = this.model.locals.topClass[this.model.stepper.local(cpu)]!;
    const step = this.#names[top]!;
    this.takenBy.push(cpu);
    this.taken.push(step);
    if (this.#isNoted[top] === true)
      this.drafts[cpu] = this.subject.answers!.noted(this.drafts[cpu]!, step, this.#on[top]!, this.#see);
  }

  /** The implementation looks at what it will tell, and the model has no step of its own for that. */
  #look(cpu: number, { does, of }: Meant): void {
    const draft = this.drafts[cpu];
    if (draft === undefined || draft === NO_ANSWER || of === undefined) return;
    this.drafts[cpu] = this.subject.answers!.looked(draft, does, of, this.#see);
  }

  /** What is wrong with the answer that an access hands over. What the model has loaded for its own, and nobody for the other, it loads now. */
  #untrue(access: Access, thread: number): string | null {
    const { answers, threads } = this.subject;
    const { cpu } = threads[thread]!;
    const said = cpu === null ? null : (answers?.handedOver(access, this) ?? null);
    if (said === null) return null;
    const late = this.#catchUp(cpu!, null);
    if (late !== null) return late;
    const differing = answers!.differs(this.drafts[cpu!]!, said);
    this.drafts[cpu!] = NO_ANSWER;
    return differing === null
      ? null
      : `the answer says "${differing.told}", but in the model it is "${differing.wanted}"`;
  }

  readonly #see: See = (record, field) =>
    this.model.peek.valueIn(this.model.stepper.state, record, record.type.byName.get(field)!);

  #whyNot(cpu: number, outcome: number): string {
    this.#atBound = outcome === AT_BOUND;
    if (this.#atBound) return 'the scenario reserves no more memory';
    return outcome === FAILED ? findingOf(this.model, cpu).message : 'it has to wait there';
  }

  #aboutTo(cpu: number): string {
    const { stepper, locals, labelOf } = this.model;
    const top = locals.topClass[stepper.local(cpu)]!;
    if (top < 0) return 'has nothing more to do';
    const record = this.#on[top];
    return `is about to do "${labelOf(top).name}"${record === null ? '' : ` of ${this.model.world.title(record)}`}`;
  }

  #told({ does, of }: Meant): string {
    return of === undefined ? does : `${does} of ${this.model.world.title(of)}`;
  }
}
