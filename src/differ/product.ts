import type { Model } from '../explore/model/model.ts';
import { Fault } from '../netgraph/index.ts';
import { accessText, isPossible, onlyReads, perform, type Access } from './access.ts';
import { Control, type Point } from './control.ts';
import { ModelSide } from './modelSide.ts';
import { Realm } from './realm.ts';
import { Showing } from './showing.ts';
import { MOST_STANDS, textOf, type Stand, type Way } from './stand.ts';
import type { Made, Subject } from './subject.ts';

/**
 * The implementation and the model, step by step together: a thread does an access; the steps that it means must be what the CPU of the
 * model is about to do, and must be possible; afterwards both must show the same. It is no function from arenas to states of the model,
 * for there may be none: whom a grace period waits for is history, not memory. So the state of the model is carried along.
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
  readonly side: ModelSide;
  readonly #showing: Showing;
  /** Accesses done since the product was made, and how many of them were a step of the model. */
  steps = 0;
  visible = 0;
  /** By CPU of the model, the steps that it does before the first access of anybody. */
  readonly begun: (readonly string[])[] = [];
  /**
   * Where else the model can be; null: only one place is followed, in which a load that the implementation has no access for is done just before the next step that
   * an access means. That can be too late: what it loads can have changed since the implementation knew it. So where the two part ways, the same way is
   * gone again with all places that differ in when such loads were done: right after each access of their thread. A load that the implementation does is done
   * with that. They part ways when no place is left.
   */
  #others: readonly Stand[] | null = null;
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
    this.side = new ModelSide(subject, model);
    this.#showing = new Showing(subject, model);
  }

  /** Puts everything to its beginning. */
  begin(): Divergence | null {
    return this.#begin(this.followsAll);
  }

  #begin(all: boolean): Divergence | null {
    const { stepper } = this.model;
    const side = this.side;
    for (const address of this.written) this.words[address] = this.subject.initial[address]!;
    this.controls.forEach(({ start }, thread) => (this.points[thread] = start));
    side.begin();
    this.#others = null;
    this.#way = null;
    for (let cpu = 0; cpu < stepper.cpus; cpu++) {
      side.forgetTaken();
      const stuck = side.settle(cpu);
      this.begun[cpu] = [...side.taken];
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

  /** What of the arena the records have become that are made in the run; null: not yet. */
  get made(): readonly (Made | null)[] {
    return this.side.made;
  }

  /** Names of the steps of the model that the last access was, or led on to; and by which CPUs of the model. */
  get taken(): readonly string[] {
    return this.side.taken;
  }

  get takenBy(): readonly number[] {
    return this.side.takenBy;
  }

  /** The name of the step that the CPU of the model would do next; null: it has nothing more to do. */
  due(cpu: number): string | null {
    return this.side.due(cpu);
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
      if (!meant.every((one) => cpu !== null && this.side.isQuiet(cpu, one))) return false;
      const after = this.#after(thread, point, answer);
      return !(after instanceof Fault) && (after.pending !== null || cpu === null || this.side.isAtEnd(cpu));
    };
    const isQuiet = this.#others === null ? isSo() : this.#everywhere(isSo);
    this.words[access.address] = held;
    return isQuiet;
  }

  /** Whether something is so wherever the model can be. */
  #everywhere(isSo: () => boolean): boolean {
    const here = this.side.stand();
    const all = [here, ...this.#others!].every((stand) => {
      this.side.take(stand);
      return isSo();
    });
    this.side.take(here);
    return all;
  }

  isOver(): boolean {
    return this.points.every(({ pending }) => pending === null);
  }

  mark(): Mark {
    return { ...this.side.stand(), points: [...this.points], others: this.#others, way: this.#way };
  }

  /** Goes back to a mark. */
  restore(mark: Mark): void {
    this.side.take(mark);
    this.#others = mark.others;
    this.#way = mark.way;
    for (let thread = 0; thread < mark.points.length; thread++) this.points[thread] = mark.points[thread]!;
  }

  /** Where else the model can be, as text; empty: nowhere, or nobody asks. */
  get elsewhere(): string {
    return this.#others === null ? '' : this.#others.map(textOf).toSorted().join('\n');
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
    this.side.forgetTaken();
    if (this.#isWritten[access.address] === 0 && !onlyReads(access, answer)) {
      this.#isWritten[access.address] = 1;
      this.written.push(access.address);
    }
    const goOn = (): Divergence | null => this.#goOn(thread, point, access, answer, held);
    return this.#others === null ? goOn() : this.#followAll(this.subject.threads[thread]!.cpu, goOn);
  }

  /** What an access means, in the model. */
  #goOn(thread: number, point: Point, access: Access, answer: number, held: number): Divergence | null {
    this.side.atBound = false;
    const meant = this.subject.meaning(access, answer, thread, point.operation, held, this);
    const { cpu } = this.subject.threads[thread]!;
    this.side.lend(thread);
    for (let i = 0; i < meant.length; i++) {
      const refused = this.side.follow(meant[i]!, cpu);
      if (refused !== null) return this.#divergence(thread, point, refused);
    }
    const untrue = this.side.untrue(access, cpu, this);
    if (untrue !== null) return this.#divergence(thread, point, untrue);
    this.side.takeBack(thread);
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
    for (const stand of [this.side.stand(), ...(this.#others ?? [])]) {
      this.side.take(stand);
      this.side.forgetTaken();
      const divergence = goOn();
      if (divergence?.atBound !== undefined) return divergence;
      refused ??= divergence;
      if (divergence !== null) continue;
      if (left.size === 0) taken = [[...this.side.taken], [...this.side.takenBy]];
      this.#keep(cpu, left);
      if (left.size > MOST_STANDS) return TOO_MANY;
    }
    [this.side.taken, this.side.takenBy] = [[...taken[0]], [...taken[1]]];
    const [first, ...others] = left.values();
    if (first === undefined) return refused;
    this.side.take(first);
    this.#others = others;
    return null;
  }

  /** Where the model is, and where it is when it does its next loads now. */
  #keep(cpu: number | null, left: Map<string, Stand>): void {
    for (;;) {
      const stand = this.side.stand();
      const text = textOf(stand);
      if (left.has(text)) return;
      left.set(text, stand);
      if (cpu === null || !this.side.loadEarly(cpu)) return;
    }
  }

  #divergence(thread: number, { pending }: Point, reason: string): Divergence {
    const { threads, wordName } = this.subject;
    return {
      ...(this.side.atBound ? { atBound: NO_MEMORY } : {}),
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

  #ends(thread: number, point: Point): Divergence | null {
    const { cpu } = this.subject.threads[thread]!;
    const undone = cpu === null ? null : this.side.undone(cpu);
    return undone === null ? null : this.#divergence(thread, point, undone);
  }
}
