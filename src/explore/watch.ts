import type { Property } from '../machine/property.ts';
import type { Finding } from './failure.ts';
import type { Model } from './model.ts';
import type { Sink, Source } from './snapshot.ts';

/** The properties of a check, looked at in each new state, but only where something that they read has changed. */
export class Watch {
  readonly #model: Model;
  readonly #always: readonly Watched[];
  readonly #finally: readonly Property[];
  readonly #sometimes: readonly Watched[];
  /** Those of `sometimes` that no state has shown yet. */
  #wanted: readonly Watched[];
  readonly #scratch: Int32Array;

  constructor(model: Model, properties: readonly Property[]) {
    this.#model = model;
    const { words } = model.layout;
    const watched = (kind: Property['kind']) =>
      properties.filter((p) => p.kind === kind).map((property) => ({ property, read: new Int32Array(words) }));
    this.#always = watched('always');
    this.#sometimes = watched('sometimes');
    this.#wanted = this.#sometimes;
    this.#finally = properties.filter(({ kind }) => kind === 'finally');
    this.#scratch = new Int32Array(words);
  }

  /** What is wrong with a new state; `parent` is the state that it was reached from, in which nothing was wrong. */
  look(state: Int32Array, parent: Int32Array | null): Finding | null {
    for (const { property, read } of this.#always) {
      if (parent !== null && same(state, parent, read)) continue;
      const said = this.#model.peek.evaluate(property, state, read);
      if (said !== true) return { property: property.name, message: said };
    }
    if (this.#wanted.length > 0)
      this.#wanted = this.#wanted.filter(
        ({ property, read }) =>
          (parent !== null && same(state, parent, read)) || this.#model.peek.evaluate(property, state, read) !== true,
      );
    return null;
  }

  /** The bits that `always` and `sometimes` properties have read so far: a step that changes one of them is visible. */
  visible(): Int32Array {
    const bits = new Int32Array(this.#scratch.length);
    for (const { read } of [...this.#always, ...this.#sometimes]) read.forEach((mask, i) => (bits[i]! |= mask));
    return bits;
  }

  /** Begins a search anew: nothing has been seen yet, but what the properties read is remembered. */
  restart(): void {
    this.#wanted = this.#sometimes;
  }

  /** What has been read so far, and what has not been seen. */
  write(sink: Sink): void {
    for (const { read } of [...this.#always, ...this.#sometimes]) read.forEach((mask) => sink(mask));
    for (const watched of this.#sometimes) sink(this.#wanted.includes(watched) ? 1 : 0);
  }

  read(source: Source): void {
    for (const { read } of [...this.#always, ...this.#sometimes])
      for (let word = 0; word < read.length; word++) read[word] = source();
    this.#wanted = this.#sometimes.filter(() => source() === 1);
  }

  /** Words that threads need to tell each other what they have read and seen. */
  get shared(): number {
    return (this.#always.length + this.#sometimes.length) * this.#scratch.length + this.#sometimes.length;
  }

  /** Tells the others, and learns from them. */
  exchange(shared: Int32Array): void {
    let at = 0;
    for (const { read } of [...this.#always, ...this.#sometimes])
      for (let word = 0; word < read.length; word++, at++) read[word]! |= Atomics.or(shared, at, read[word]!);
    this.#wanted = this.#sometimes.filter((watched) => {
      const seen = this.#wanted.includes(watched) ? 0 : 1;
      return (Atomics.or(shared, at++, seen) | seen) === 0;
    });
  }

  /** What is wrong with a state in which no step is possible. */
  atEnd(state: Int32Array): Finding | null {
    const { stepper, cpuNames, peek } = this.#model;
    stepper.state.set(state);
    const stuck = cpuNames.filter((_, cpu) => !stepper.rests(cpu));
    if (stuck.length > 0)
      return {
        property: 'deadlock',
        message:
          stuck.length === 1 ? `${stuck[0]!} waits for ever` : `${stuck.join(', ')} wait for each other for ever`,
      };
    for (const property of this.#finally) {
      const said = peek.evaluate(property, state, this.#scratch);
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

/** A property, and the bits of a state that it has ever read. */
type Watched = { readonly property: Property; readonly read: Int32Array };

/** Whether two states agree in all the bits that were read. */
const same = (a: Int32Array, b: Int32Array, read: Int32Array): boolean => {
  for (let i = 0; i < read.length; i++) if (((a[i]! ^ b[i]!) & read[i]!) !== 0) return false;
  return true;
};
