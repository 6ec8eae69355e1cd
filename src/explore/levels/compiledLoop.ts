import { CompiledForm } from './compiledForm.ts';
import { ROW, writeTables } from './compiledTables.ts';
import type { CompiledTree } from '../states/compiledTree.ts';
import type { Finding } from '../model/failure.ts';
import type { Model } from '../model/model.ts';
import { DISABLED, DONE } from '../model/stepper.ts';
import type { Form } from '../symmetry/symmetry.ts';
import type { Watch } from '../model/watch.ts';

/** Who is told what a search comes upon, in the order in which search/breadthFirst.ts would. True: the search is over. */
export type Listener<Failure> = {
  /** What is wrong with a new state, which is the last one. */
  readonly inState: (finding: Finding) => boolean;
  /** The step of `cpu` from state `at` that the stepper has just tried; what it says is told to `atStep` when it is its turn. */
  readonly failing: (cpu: number, at: number) => Failure;
  readonly atStep: (failure: Failure) => boolean;
  /** A state from which no step is possible. */
  readonly atEnd: (from: Int32Array, at: number) => boolean;
};

/** What goes through a level in the company of other threads. */
export type Sharing = Pick<CompiledLoop<unknown>, 'share'>;

/** How far a run has come: all steps have been taken from the states before `next`, unless it is over. */
export type Run = {
  readonly next: number;
  readonly transitions: number;
  readonly ends: number;
  /** The parents of the states that are new, in their order. */
  readonly parents: Int32Array;
};

/**
 * The loop of search/breadthFirst.ts in WebAssembly, over many states at a time: the same states, numbers, transitions and failures. What
 * the compiled stepper does not do itself, model/stepper.ts does here.
 */
export class CompiledLoop<Failure> {
  readonly tree: CompiledTree;
  readonly #model: Model;
  readonly #watch: Watch;
  readonly #listener: Listener<Failure>;
  readonly #rows: number;
  readonly #form: CompiledForm | null;
  #known = 0;
  /** What `failing` has said since the run began. */
  readonly #failures: Failure[] = [];
  /** Where the bits are written that properties have read, and those that are. */
  readonly #watched: number;
  #told: readonly Int32Array[] = [];
  /** What the listener has said last. */
  #isOver = false;
  readonly #from: Int32Array;
  readonly #state: Int32Array;
  readonly #asked: Int32Array;

  /** `symmetry`: brings states into their forms; null: they stay as they are. */
  constructor(model: Model, tree: CompiledTree, symmetry: Form | null, watch: Watch, listener: Listener<Failure>) {
    const { words } = model.layout;
    const { cpus, fired } = model.stepper;
    this.tree = tree;
    this.#model = model;
    this.#watch = watch;
    this.#listener = listener;
    this.#from = new Int32Array(words);
    this.#state = new Int32Array(words);
    this.#asked = new Int32Array(words);
    tree.called = {
      resolve: (local, result) => this.#resolve(local, result),
      callbackEntry: (record, callback, generation) => this.#callbackEntry(record, callback, generation),
      ask: (cpu, from, at) => this.#ask(cpu, from, at),
      whereabouts: (local) => tree.beside(() => this.#form!.whereabouts(local)),
      mention: (local) => tree.beside(() => this.#form!.mention(local)),
      prepare: (order) => tree.beside(() => this.#form!.prepare(order)),
      renumber: (which, local) => {
        const after = this.#form!.renumber(which, local);
        this.#learn();
        return after;
      },
      look: (state, from) => this.#look(state, from),
      ended: (from, at) => {
        tree.copy(from, this.#from);
        return this.#over(listener.atEnd(this.#from, at));
      },
      failed: (failure) => this.#over(listener.atStep(this.#failures[failure]!)),
    };
    this.#rows = tree.beside(() => {
      const rows = writeTables(tree, model);
      tree.calls.prepare(words, cpus, rows, fired.length);
      return rows;
    });
    this.#form = tree.beside(() => (symmetry === null ? null : new CompiledForm(tree, model, symmetry)));
    this.#watched = tree.beside(() => tree.calls.beginWatch(words, watch.most)) >>> 2;
    this.#fired().set(fired);
    this.#learn();
  }

  /** Goes on from the states `at` up to `end`, or to an earlier one; from none if the memory is full. */
  run(at: number, end: number): Run {
    const { tree } = this;
    const { calls } = tree;
    this.#begin();
    const next = calls.run(at, end);
    // Not what was asked of the stepper and has not been gone through.
    this.#model.stepper.fired.set(this.#fired());
    const parents = calls.parentsAt() >>> 2;
    return {
      next,
      transitions: calls.transitionCount(),
      ends: calls.endCount(),
      parents: tree.ints.subarray(parents, parents + calls.addedCount()),
    };
  }

  /**
   * The same of states of a level that several threads go through, who all add to the tree (level.ts). Null: the listener said that the search is over, or there may
   * be no room.
   */
  share(at: number, end: number, threads: number): Pick<Run, 'transitions' | 'ends'> | null {
    const { calls } = this.tree;
    this.#begin();
    const next = this.tree.working(() => calls.share(at, end, threads));
    this.#model.stepper.fired.set(this.#fired());
    return next < end || this.#isOver ? null : { transitions: calls.transitionCount(), ends: calls.endCount() };
  }

  /** By class, whether an operation of it was done in a step that has been gone through. */
  #fired(): Uint8Array {
    return new Uint8Array(this.tree.ints.buffer, this.tree.calls.firedAt() >>> 0, this.#model.stepper.fired.length);
  }

  /** The plain loop may have gone on in between. */
  #begin(): void {
    this.#failures.length = 0;
    this.#isOver = false;
    this.#tellWatched();
    this.#fired().set(this.#model.stepper.fired);
    this.#learn();
  }

  #resolve(local: number, result: number): number {
    const after = this.#model.stepper.resolve(local, result);
    this.#learn();
    this.tree.calls.note(local, result, after);
    return after;
  }

  #callbackEntry(record: number, callback: number, generation: number): number {
    const entry = this.#model.stepper.callbackEntry(record, callback, generation);
    this.#learn();
    return entry;
  }

  /** Tells of the local states that have come up. */
  #learn(): void {
    const { locals, program } = this.#model;
    const { tree } = this;
    tree.beside(() => {
      for (; this.#known < locals.count; this.#known++) {
        const c = locals.topClass[this.#known]!;
        if (c < 0) tree.calls.learn(0, 0);
        else tree.calls.learn(this.#rows + 4 * ROW * c, tree.put(program.rows[c]!.results.map(() => -1)));
      }
    });
  }

  #ask(cpu: number, fromAt: number, at: number): void {
    const { stepper, locals } = this.#model;
    const { state } = stepper;
    const { tree } = this;
    // What happens may be gone through in between, which has states of its own to copy.
    const from = this.#asked;
    tree.copy(fromAt, from);
    do {
      for (let i = 0; i < state.length; i++) state[i] = from[i]!;
      const outcome = stepper.advance(cpu);
      if (outcome === DONE) {
        this.#learn();
        tree.ints.set(state, tree.calls.nextAt() >>> 2);
        for (let i = 0; i < stepper.pathLength(); i++) tree.calls.fireClass(locals.topClass[stepper.trail[i]!]!);
        tree.calls.emit();
      } else if (outcome !== DISABLED) {
        tree.calls.emitFailure(this.#failures.push(this.#listener.failing(cpu, at)) - 1);
      }
    } while (stepper.nextPicks());
  }

  #look(state: number, from: number): number {
    const { tree } = this;
    tree.copy(state, this.#state);
    tree.copy(from, this.#from);
    const finding = this.#watch.look(this.#state, this.#from);
    this.#tellWatched();
    if (finding === null) return NOTHING;
    return this.#over(this.#listener.inState(finding)) === 1 ? OVER : SOMETHING;
  }

  /** Tells which bits the properties have read, if these are others than before. */
  #tellWatched(): void {
    const reading = this.#watch.reading();
    if (reading === this.#told) return;
    this.#told = reading;
    const { tree } = this;
    const words = this.#state.length;
    tree.ints.set(this.#watch.visible(), this.#watched);
    reading.forEach((read, i) => {
      const bits = [...read.entries()].filter(([, mask]) => mask !== 0).flatMap(([word, mask]) => [4 * word, mask]);
      tree.ints.set([bits.length / 2, ...bits], this.#watched + words + i * (1 + 2 * words));
    });
    tree.calls.watchAnew(reading.length);
  }

  #over(isOver: boolean): number {
    this.#isOver = isOver;
    return isOver ? 1 : 0;
  }
}

/** What may be wrong with a new state (compiled/assembly/search.ts). */
const NOTHING = 0;
const OVER = 1;
const SOMETHING = 2;
