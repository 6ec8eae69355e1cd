import { type Frame, keyOf } from '../automata/frame.ts';
import type { LocalLog } from '../compiled/localLog.ts';
import type { Quotient } from '../automata/quotient.ts';
import type { Routine, Value } from '../../machine/operation.ts';
import type { Sink, Source } from '../states/words.ts';

/**
 * The local state of a CPU is its stack of frames, each by its class, as one small number. The frame on top is always about
 * to do an operation: calls are entered and returns are taken at once, for neither is seen by anybody else.
 *
 * With the quotient, a frame that only hands on what its callee returns is not kept on the stack: what follows is the same. A frame
 * of a procedure that somebody `watches` is kept.
 */
export const EXITED = 0;
/** The callback runner, waiting for a callback that may run. */
export const RESTING = 1;

/** The search has come to frames that are held back, and has seen enough of what it comes to: the automata have to be larger. */
export class Held extends Error {}
/** What it comes to is so many frames. */
const MANY = 1024;

export class LocalStates {
  readonly #quotient: Quotient;
  readonly #tails: Uint8Array;
  readonly #states = new Map<number, number>();
  readonly #stacks = new Map<number, number>();
  readonly #stackParent: number[] = [-1];
  readonly #stackClass: number[] = [-1];
  /** Class of the frame on top, and the stack below it, by local state. */
  readonly topClass: number[] = [-1, -1];
  readonly #below: number[] = [0, 0];
  readonly #stackHeight: number[] = [0];
  /** The lowest height of the stack below the frame on top while the last answer was taken; -1 when the program has ended. */
  #lowest = 0;
  #log: LocalLog | null = null;
  /** How much of the log it knows. */
  #seen = 0;
  /** The frames on top of local states that are held back; where there is one, whatever is found is found in vain. */
  readonly held = new Set<Frame>();
  /** How many states there were when one was seen first. */
  #first = 0;

  constructor(quotient: Quotient, dropTails: boolean, watched: ReadonlySet<Routine>) {
    this.#quotient = quotient;
    this.#tails = Uint8Array.from(quotient.representative, (frame) =>
      dropTails && !watched.has(frame.instance.procedure) && isTail(frame, quotient) ? 1 : 0,
    );
  }

  get count(): number {
    return this.topClass.length;
  }

  /** The local state at the beginning of a program or callback. */
  entry(frame: Frame): number {
    return this.#settle(0, this.#quotient.classOf[frame.id]!);
  }

  /** The local state after `state` has received `value`. */
  after(state: number, value: Value): number {
    return this.#settle(this.#below[state]!, this.#successor(this.topClass[state]!, value));
  }

  /** The frames on the stack, outermost first, one representative each. */
  frames(state: number): readonly Frame[] {
    if (state <= RESTING) return [];
    const frames = [this.#quotient.representative[this.topClass[state]!]!];
    for (let stack = this.#below[state]!; stack > 0; stack = this.#stackParent[stack]!)
      frames.unshift(this.#quotient.representative[this.#stackClass[stack]!]!);
    return frames;
  }

  /** The classes on the stack, outermost first. */
  classes(state: number): readonly number[] {
    if (state <= RESTING) return [];
    const classes = [this.topClass[state]!];
    for (let stack = this.#below[state]!; stack > 0; stack = this.#stackParent[stack]!)
      classes.unshift(this.#stackClass[stack]!);
    return classes;
  }

  /** The local state with each class exchanged for the one that the table has for it. */
  renumbered(state: number, table: Int32Array): number {
    const classes = this.classes(state).map((c) => table[c]!);
    if (classes.length === 0) return state;
    const stack = classes.slice(0, -1).reduce((below, c) => this.#stack(below, c), 0);
    return this.#state(stack, classes.at(-1)!);
  }

  /** Those procedures of a list that are running in a local state, outermost first. */
  running(state: number, among: readonly Routine[]): readonly Routine[] {
    return this.frames(state)
      .filter(({ instance }) => instance.within === null && among.includes(instance.procedure))
      .map(({ instance }) => instance.procedure);
  }

  /** How many frames of `state`, from the outermost on, do not return and are not gone back to when it receives `value`. */
  left(state: number, value: Value): number {
    this.after(state, value);
    return this.#lowest;
  }

  /** Everything that has a number, in the order of the numbers. */
  write(sink: Sink): void {
    sink(this.#stackClass.length);
    for (let stack = 1; stack < this.#stackClass.length; stack++) {
      sink(this.#stackParent[stack]!);
      sink(this.#stackClass[stack]!);
    }
    sink(this.count);
    for (let state = RESTING + 1; state < this.count; state++) {
      sink(this.#below[state]!);
      sink(this.topClass[state]!);
    }
  }

  /** Gives the numbers that were written. Those that are given already are among them. */
  read(source: Source): void {
    const stacks = source();
    for (let stack = 1; stack < stacks; stack++) this.#same(stack, this.#stack(source(), source()));
    const states = source();
    for (let state = RESTING + 1; state < states; state++) this.#same(state, this.#state(source(), source()));
  }

  #same(wanted: number, given: number): void {
    if (wanted !== given) throw new Error('[suite bug] local states have other numbers than when the search was kept');
  }

  #settle(stack: number, top: number): number {
    this.#lowest = this.#stackHeight[stack]!;
    for (let turns = 0; turns < 100_000; turns++) {
      const { pending, target } = this.#quotient.representative[top]!;
      if (pending.kind === 'operation') return this.#state(stack, top);
      if (pending.kind === 'return') {
        if (stack === 0) {
          this.#lowest = -1;
          return EXITED;
        }
        top = this.#successor(this.#stackClass[stack]!, pending.value);
        stack = this.#stackParent[stack]!;
        this.#lowest = Math.min(this.#lowest, this.#stackHeight[stack]!);
        continue;
      }
      if (pending.kind !== 'again' && this.#tails[top] === 0) stack = this.#stack(stack, top);
      top = this.#quotient.classOf[target!.entry.id]!;
    }
    const { procedure } = this.#quotient.representative[top]!.instance;
    throw new Error(`[suite bug] ${procedure.title} loops without touching shared memory`);
  }

  #successor(top: number, value: Value): number {
    const frame = this.#quotient.representative[top]!;
    const next = frame.successors.get(value);
    if (next === undefined)
      throw new Error(
        `[suite bug] ${frame.instance.procedure.title} received ${keyOf(value)}, which its closure lacks`,
      );
    return this.#quotient.classOf[next.id]!;
  }

  #state(stack: number, top: number): number {
    return this.#states.get(this.#key(stack, top)) ?? this.#numbered(~stack, top);
  }

  #stack(parent: number, top: number): number {
    return this.#stacks.get(this.#key(parent, top)) ?? this.#numbered(parent, top);
  }

  #key(stack: number, top: number): number {
    return stack * this.#quotient.representative.length + top;
  }

  /** The next number, for a stack on `first`; for a local state if `first` is negative, on `~first`. */
  #numbered(first: number, top: number): number {
    const log = this.#log;
    if (log === null) return this.#add(first, top);
    return log.locked(() => {
      this.#catchUp(log);
      const known = first < 0 ? this.#states.get(this.#key(~first, top)) : this.#stacks.get(this.#key(first, top));
      if (known !== undefined) return known;
      log.append(first, top);
      this.#seen++;
      return this.#add(first, top);
    });
  }

  #add(first: number, top: number): number {
    if (first < 0) {
      const state = this.topClass.length;
      this.#states.set(this.#key(~first, top), state);
      this.topClass.push(top);
      this.#below.push(~first);
      const frame = this.#quotient.representative[top]!;
      if (frame.held) this.#hold(frame);
      return state;
    }
    const stack = this.#stackClass.length;
    this.#stacks.set(this.#key(first, top), stack);
    this.#stackParent.push(first);
    this.#stackClass.push(top);
    this.#stackHeight.push(this.#stackHeight[first]! + 1);
    return stack;
  }

  #hold(frame: Frame): void {
    this.held.add(frame);
    if (this.held.size === MANY) throw new Held();
  }

  /**
   * Asked now and then by a search that has so many states. Throws Held when it is better begun anew than gone on with: with twice the states that it had
   * when it came to a frame that is held back. The next one is at least as long before it comes to any.
   */
  mayGoOn(states: number): void {
    if (this.held.size === 0) return;
    if (this.#first === 0) this.#first = states;
    else if (states >= 2 * this.#first) throw new Held();
  }

  /** Numbers together with other threads from now on: the first of them tells what it has numbered, the others have begun nothing. */
  share(log: LocalLog): void {
    if (log.length === 0) {
      for (let stack = 1; stack < this.#stackClass.length; stack++)
        log.append(this.#stackParent[stack]!, this.#stackClass[stack]!);
      for (let state = RESTING + 1; state < this.count; state++)
        log.append(~this.#below[state]!, this.topClass[state]!);
      this.#seen = log.length;
    }
    this.#log = log;
    this.catchUp();
  }

  /** Learns what other threads have numbered. */
  catchUp(): void {
    if (this.#log !== null) this.#catchUp(this.#log);
  }

  /** Numbers alone again. Who shared the log may have died with its lock. */
  leave(): void {
    this.catchUp();
    this.#log = null;
  }

  #catchUp(log: LocalLog): void {
    for (const end = log.length; this.#seen < end; this.#seen++)
      this.#add(log.first(this.#seen), log.second(this.#seen));
  }
}

/** Whether the frame calls and then returns just what it was returned. */
const isTail = (frame: Frame, { representative, classOf }: Quotient): boolean => {
  if (frame.pending.kind !== 'call' && frame.pending.kind !== 'loop') return false;
  for (const [value, next] of frame.successors) {
    const { pending } = representative[classOf[next.id]!]!;
    if (pending.kind !== 'return' || pending.value !== value) return false;
  }
  return true;
};
