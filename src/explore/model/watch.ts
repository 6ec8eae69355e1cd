import type { Property } from '../../machine/property.ts';
import type { Finding } from './failure.ts';
import type { Model } from './model.ts';
import type { Renaming } from './peers.ts';
import { Projections } from '../states/projections.ts';
import type { Sink, Source } from '../states/words.ts';

/**
 * The properties of a check, looked at in each new state, but only where something that they read has changed to what it was not
 * found to be true of before.
 */
export class Watch {
  readonly #model: Model;
  readonly #always: readonly Watched[];
  readonly #finally: readonly Property[];
  readonly #sometimes: readonly Watched[];
  /** Those that are looked at in new states. */
  readonly #all: readonly Watched[];
  /** Those of `sometimes` that no state has shown yet. */
  #wanted: readonly Watched[];
  readonly #scratch: Int32Array;
  /** All bits that one of them has ever read. */
  readonly #read: Int32Array;
  /** The bits that each has read that is still looked at; null: these have changed. */
  #reading: readonly Int32Array[] | null = null;
  #renamings: readonly Renaming[] = [];
  /** Whether a property was seen to say different things of peers. */
  tellsApart = false;

  constructor(model: Model, properties: readonly Property[]) {
    this.#model = model;
    const { words } = model.layout;
    const watched = (kind: Property['kind']) =>
      properties.filter((p) => p.kind === kind).map((property) => new Watched(property, words));
    this.#always = watched('always');
    this.#sometimes = watched('sometimes');
    this.#wanted = this.#sometimes;
    this.#finally = properties.filter(({ kind }) => kind === 'finally');
    this.#all = [...this.#always, ...this.#sometimes];
    this.#scratch = new Int32Array(words);
    this.#read = new Int32Array(words);
  }

  /** What is wrong with a new state; `parent` is the state that it was reached from, in which nothing was wrong. */
  look(state: Int32Array, parent: Int32Array | null): Finding | null {
    if (this.#isInVain()) return null;
    if (parent !== null && agree(state, parent, this.#read)) return null;
    for (const watched of this.#always) {
      if (parent !== null && agree(state, parent, watched.read)) continue;
      const said = this.#said(watched, state);
      if (said !== true) return { property: watched.property.name, message: said };
    }
    if (this.#wanted.length > 0)
      this.#want(
        this.#wanted.filter(
          (watched) => (parent !== null && agree(state, parent, watched.read)) || this.#said(watched, state) !== true,
        ),
      );
    return null;
  }

  /** A CPU may be held back amid what it does at once, and stay there. */
  #isInVain(): boolean {
    return this.#model.locals.held.size > 0;
  }

  #want(wanted: readonly Watched[]): void {
    if (wanted.length !== this.#wanted.length) this.#reading = null;
    this.#wanted = wanted;
  }

  #said(watched: Watched, state: Int32Array): true | string {
    if (watched.true.has(state)) return true;
    const { property, read } = watched;
    const said = this.#ask(property, state, read);
    this.#note(read);
    if (watched.hasReadMore()) this.#reading = null;
    if (said === true) watched.true.add(state);
    return said;
  }

  /** What the property says, and would say of the peers in any other order. */
  #ask(property: Property, state: Int32Array, read: Int32Array): true | string {
    const { peek } = this.#model;
    const said = peek.evaluate(property, state, read);
    if (!peek.namesCpus) return said;
    for (const by of this.#renamings)
      if ((peek.evaluateRenamed(property, state, read, by) === true) !== (said === true)) {
        this.tellsApart = true;
        throw new TellsApart(property);
      }
    return said;
  }

  #note(read: Int32Array): void {
    read.forEach((mask, word) => (this.#read[word]! |= mask));
  }

  /** The bits that `always` and `sometimes` properties have read so far: a step that changes one of them is visible. */
  visible(): Int32Array {
    return this.#read.slice();
  }

  /**
   * The bits of each property that new states are still shown to; another list when they are others. Where none of them has changed, or all that have are what
   * they were when the property had nothing to say, a state need not be looked at.
   */
  reading(): readonly Int32Array[] {
    return (this.#reading ??= [...this.#always, ...this.#wanted].map(({ read }) => read));
  }

  /** How many properties these may be. */
  get most(): number {
    return this.#always.length + this.#sometimes.length;
  }

  /** Begins a search anew: nothing has been seen yet, but what the properties read is remembered. */
  restart(): void {
    this.#want(this.#sometimes);
  }

  /** The states are forms from now on, with peers that could be called otherwise by any of these. */
  rename(renamings: readonly Renaming[]): void {
    this.#renamings = renamings;
  }

  /** What has been read so far, and what has not been seen. */
  write(sink: Sink): void {
    for (const { read } of this.#all) read.forEach((mask) => sink(mask));
    for (const watched of this.#sometimes) sink(this.#wanted.includes(watched) ? 1 : 0);
    sink(this.tellsApart ? 1 : 0);
  }

  read(source: Source): void {
    for (const { read } of this.#all) {
      for (let word = 0; word < read.length; word++) read[word] = source();
      this.#note(read);
    }
    this.#wanted = this.#sometimes.filter(() => source() === 1);
    this.#reading = null;
    this.tellsApart = source() === 1;
  }

  /** Words that threads need to tell each other what they have read and seen. */
  get shared(): number {
    return (this.#always.length + this.#sometimes.length) * this.#scratch.length + this.#sometimes.length;
  }

  /** Tells the others, and learns from them. */
  exchange(shared: Int32Array): void {
    let at = 0;
    for (const { read } of this.#all) {
      for (let word = 0; word < read.length; word++, at++) read[word]! |= Atomics.or(shared, at, read[word]!);
      this.#note(read);
    }
    if (this.#all.some((watched) => watched.hasReadMore())) this.#reading = null;
    this.#want(
      this.#sometimes.filter((watched) => {
        const seen = this.#wanted.includes(watched) ? 0 : 1;
        return (Atomics.or(shared, at++, seen) | seen) === 0;
      }),
    );
  }

  /** What is wrong with a state in which no step is possible. */
  atEnd(state: Int32Array): Finding | null {
    if (this.#isInVain()) return null;
    const { stepper, cpuNames } = this.#model;
    stepper.state.set(state);
    const stuck = cpuNames.filter((_, cpu) => !stepper.rests(cpu));
    if (stuck.length > 0)
      return {
        property: 'deadlock',
        message:
          stuck.length === 1 ? `${stuck[0]!} waits for ever` : `${stuck.join(', ')} wait for each other for ever`,
      };
    for (const property of this.#finally) {
      const said = this.#ask(property, state, this.#scratch);
      if (said !== true) return { property: property.name, message: said };
    }
    return null;
  }

  /** A `sometimes` that no state has shown, once all states have been seen. */
  unseen(): Finding | null {
    const [first] = this.#wanted;
    return first === undefined
      ? null
      : { property: first.property.name, message: `in no state does it hold that ${first.property.sentence}` };
  }
}

/** A property says something else of a state when peers are called otherwise: then they must not be. */
export class TellsApart extends Error {
  constructor({ name }: Property) {
    super(`${name} tells CPUs apart that are interchangeable otherwise`);
  }
}

/** A property, the bits of a state that it has ever read, and of what in them it was found to be true. */
class Watched {
  readonly property: Property;
  readonly read: Int32Array;
  readonly true: Projections;
  readonly #known: Int32Array;

  constructor(property: Property, words: number) {
    this.property = property;
    this.read = new Int32Array(words);
    this.true = new Projections(this.read);
    this.#known = new Int32Array(words);
  }

  /** Whether it has read more bits than when that was asked last. */
  hasReadMore(): boolean {
    if (this.read.every((mask, word) => mask === this.#known[word])) return false;
    this.#known.set(this.read);
    return true;
  }
}

/** Whether two states agree in the bits that were read. */
const agree = (a: Int32Array, b: Int32Array, read: Int32Array): boolean => {
  for (let i = 0; i < read.length; i++) if (((a[i]! ^ b[i]!) & read[i]!) !== 0) return false;
  return true;
};
