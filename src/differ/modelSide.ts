import { findingOf } from '../explore/model/failure.ts';
import { FREED, RUNNING, UNUSED } from '../explore/model/layout.ts';
import { EXITED, RESTING } from '../explore/model/local.ts';
import type { Model } from '../explore/model/model.ts';
import { CALLBACK } from '../explore/search/next.ts';
import { AT_BOUND, DONE, FAILED, put } from '../explore/model/stepper.ts';
import type { Shared } from '../machine/record.ts';
import { describe } from '../machine/replay.ts';
import type { Access } from './access.ts';
import type { Early, Stand } from './stand.ts';
import type { Draft, Look, Made, Meant, See, Silence, Subject } from './subject.ts';

const NO_ANSWER: Draft = [];
const NOT_GIVEN = 'its program is over, but it has not given the answer that it gives in the model';

/**
 * The model in a product: where it stands, what of the arena its records have become, what it will answer; and whether it can do the steps that
 * an access means.
 */
export class ModelSide {
  readonly #subject: Subject;
  readonly #model: Model;
  /**
   * By thread, where the model stands in the callback that the thread runs. The model has one CPU for callbacks, an implementation can
   * run one on each thread at a time; so that CPU is lent to the thread that does an access, and rests in between.
   */
  readonly callbacks: Int32Array;
  /** What of the arena the records have become that are made in the run; null: not yet. */
  readonly made: (Made | null)[];
  /** By CPU of the model, what the answer must say that it is about to give. */
  readonly drafts: Draft[];
  /** Which loads have been done early (Product). */
  #early: readonly Early[] = [];
  /** The CPU of the model that runs callbacks, or -1. */
  readonly #runner: number;
  /** By class of frames: what the CPU is about to do, and on which record. */
  readonly #doing: readonly (string | null)[];
  readonly #on: readonly (Shared | null)[];
  readonly #names: readonly string[];
  readonly #silence: readonly (Silence | null)[];
  /** Whether the step adds something to the draft of an answer. */
  readonly #isNoted: readonly boolean[];
  /** Names of the steps that it has done since this was emptied, and by which of its CPUs. */
  taken: string[] = [];
  takenBy: number[] = [];
  /** Whether it came to the end of the scenario's memory in the last step. */
  atBound = false;

  constructor(subject: Subject, model: Model) {
    this.#subject = subject;
    this.#model = model;
    this.callbacks = new Int32Array(subject.threads.length).fill(RESTING);
    this.made = subject.made.map(() => null);
    this.drafts = subject.answers === undefined ? [] : model.cpuNames.map(() => NO_ANSWER);
    this.#runner = model.automata.usesEpoch ? model.stepper.cpus - 1 : -1;
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

  /** Puts it to its beginning. */
  begin(): void {
    this.callbacks.fill(RESTING);
    this.made.fill(null);
    this.drafts.fill(NO_ANSWER);
    this.#early = [];
    const { stepper } = this.#model;
    stepper.resetPicks();
    stepper.begin();
  }

  stand(): Stand {
    return {
      state: this.#model.stepper.state.slice(),
      callbacks: this.callbacks.slice(),
      made: [...this.made],
      drafts: [...this.drafts],
      early: this.#early,
    };
  }

  take({ state, callbacks, made, drafts, early }: Stand): void {
    this.#early = early;
    this.#model.stepper.state.set(state);
    this.callbacks.set(callbacks);
    for (let i = 0; i < made.length; i++) this.made[i] = made[i]!;
    for (let cpu = 0; cpu < drafts.length; cpu++) this.drafts[cpu] = drafts[cpu]!;
  }

  /** Forgets which steps it has done. */
  forgetTaken(): void {
    this.taken.length = this.takenBy.length = 0;
  }

  /** Has the CPU for callbacks stand where the thread has left it, until `takeBack`. */
  lend(thread: number): void {
    this.#putRunner(this.callbacks[thread]!);
  }

  takeBack(thread: number): void {
    this.callbacks[thread] = this.#runner < 0 ? RESTING : this.#model.stepper.local(this.#runner);
    this.#putRunner(RESTING);
  }

  #putRunner(local: number): void {
    if (this.#runner < 0) return;
    const { stepper, layout } = this.#model;
    put(stepper.state, layout.locals[this.#runner]!, local);
  }

  /** Who opens and closes sections matters to those who look at that; where nobody does any more, no callback is run either. */
  isQuiet(cpu: number, meant: Meant): boolean {
    if (meant.cpu !== undefined || meant.orCpu !== undefined) return false;
    if (meant.does === 'NET_EPOCH_ENTER' || meant.does === 'NET_EPOCH_EXIT') return true;
    if (meant.ifDue !== true) return false;
    if (!this.#isMeant(cpu, meant)) return true;
    // What is made in the run is given some of its fields late, by the model alone.
    return meant.does.startsWith('load ') && meant.of !== undefined && !this.#subject.made.includes(meant.of);
  }

  isAtEnd(cpu: number): boolean {
    return this.#model.stepper.local(cpu) === EXITED || this.#model.stepper.rests(cpu);
  }

  /** What a CPU has left undone whose thread is over: it must have done all that it does, and given all answers. Null: nothing. */
  undone(cpu: number): string | null {
    const refused = this.#catchUp(cpu, null);
    if (refused !== null) return refused;
    if (!this.isAtEnd(cpu)) return `its program is over, but the model ${this.#aboutTo(cpu)}`;
    return (this.drafts[cpu] ?? NO_ANSWER).length === 0 ? null : NOT_GIVEN;
  }

  /** Does a load now that no access of the implementation need mean. False: the CPU is about to do something else, or the model cannot go on. */
  loadEarly(cpu: number): boolean {
    const top = this.#model.locals.topClass[this.#model.stepper.local(cpu)]!;
    if (top < 0 || this.#silence[top] !== 'late' || !this.#doing[top]!.startsWith('load ')) return false;
    this.#early = [...this.#early, { cpu, top }];
    this.#note(cpu);
    return this.#model.stepper.advance(cpu) === DONE && this.settle(cpu) === null;
  }

  /** Does what is meant, by the CPU `by` where it does not say who. Null: it could be done; else why not. */
  follow(meant: Meant, by: number | null): string | null {
    const { stepper } = this.#model;
    const own = meant.cpu ?? by!;
    if (meant.ifDue === true && !this.#isDue(own, meant)) {
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
    if (meant.makes !== undefined) this.made[this.#subject.made.indexOf(stepper.answer(0) as Shared)] = meant.makes;
    if (meant.gets !== undefined && stepper.answer(0) !== meant.gets)
      return `"${this.#told(meant)}" is answered differently in the model`;
    if (meant.ifDue !== true && this.#early.length > 0) this.#early = this.#early.filter(({ cpu: one }) => one !== cpu);
    return this.settle(cpu);
  }

  /** A callback is not, when the model has freed the record at once: there was nothing to wait for. */
  #isDue(cpu: number, meant: Meant): boolean {
    if (meant.does !== CALLBACK) return this.#isMeant(cpu, meant);
    return this.#lifeOf(meant.of!) !== FREED;
  }

  #lifeOf(record: Shared): number {
    const { stepper, layout } = this.#model;
    const life = layout.recordBits(record).life!;
    return (stepper.state[life.word]! >>> life.shift) & life.mask;
  }

  #isMeant(cpu: number, meant: Meant): boolean {
    const top = this.#model.locals.topClass[this.#model.stepper.local(cpu)]!;
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
    const { stepper } = this.#model;
    const before = stepper.state.slice();
    do {
      stepper.state.set(before);
      if (stepper.advance(cpu) !== DONE) break;
      if (this.#lifeOf(of!) === RUNNING) {
        stepper.resetPicks();
        return this.settle(cpu);
      }
    } while (stepper.nextPicks());
    stepper.resetPicks();
    stepper.state.set(before);
    const why =
      this.#lifeOf(of!) === UNUSED
        ? 'was never allocated'
        : 'is not due: a section that was open when it was handed over has not closed';
    return `the model does not allow to take up the callback of ${this.#model.world.title(of!)}: it ${why}`;
  }

  /** Does what the implementation has no access for. */
  settle(cpu: number): string | null {
    return this.#advance(cpu, (top) => this.#silence[top] === 'at once');
  }

  /** Does what the implementation has had no access for, up to the step that is meant. */
  #catchUp(cpu: number, meant: Meant | null): string | null {
    return this.#advance(cpu, (top) => this.#silence[top] !== null && (meant === null || !this.#isMeant(cpu, meant)));
  }

  #advance(cpu: number, while_: (top: number) => boolean): string | null {
    const { stepper, locals } = this.#model;
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
    const top = this.#model.locals.topClass[this.#model.stepper.local(cpu)]!;
    return top < 0 ? null : this.#names[top]!;
  }

  #note(cpu: number): void {
    const top = this.#model.locals.topClass[this.#model.stepper.local(cpu)]!;
    const step = this.#names[top]!;
    this.takenBy.push(cpu);
    this.taken.push(step);
    if (this.#isNoted[top] === true)
      this.drafts[cpu] = this.#subject.answers!.noted(this.drafts[cpu]!, step, this.#on[top]!, this.#see);
  }

  /** The implementation looks at what it will tell, and the model has no step of its own for that. */
  #look(cpu: number, { does, of }: Meant): void {
    const draft = this.drafts[cpu];
    if (draft === undefined || draft === NO_ANSWER || of === undefined) return;
    this.drafts[cpu] = this.#subject.answers!.looked(draft, does, of, this.#see);
  }

  /** What is wrong with the answer that an access hands over. What the model has loaded for its own, and nobody for the other, it loads now. */
  untrue(access: Access, cpu: number | null, look: Look): string | null {
    const { answers } = this.#subject;
    const said = cpu === null ? null : (answers?.handedOver(access, look) ?? null);
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
    this.#model.peek.valueIn(this.#model.stepper.state, record, record.type.byName.get(field)!);

  #whyNot(cpu: number, outcome: number): string {
    this.atBound = outcome === AT_BOUND;
    if (this.atBound) return 'the scenario reserves no more memory';
    return outcome === FAILED ? findingOf(this.#model, cpu).message : 'it has to wait there';
  }

  #aboutTo(cpu: number): string {
    const { stepper, locals, labelOf } = this.#model;
    const top = locals.topClass[stepper.local(cpu)]!;
    if (top < 0) return 'has nothing more to do';
    const record = this.#on[top];
    return `is about to do "${labelOf(top).name}"${record === null ? '' : ` of ${this.#model.world.title(record)}`}`;
  }

  #told({ does, of }: Meant): string {
    return of === undefined ? does : `${does} of ${this.#model.world.title(of)}`;
  }
}
