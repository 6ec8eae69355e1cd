import type { Property } from '../machine/property.ts';
import type { Finding } from './failure.ts';
import type { Model } from './model.ts';

/** The properties of a check, looked at in each new state, but only where something that they read has changed. */
export class Watch {
  readonly #model: Model;
  readonly #always: readonly Watched[];
  readonly #finally: readonly Property[];
  #wanted: readonly Watched[];
  readonly #scratch: Uint8Array;

  constructor(model: Model, properties: readonly Property[]) {
    this.#model = model;
    const { words } = model.layout;
    const watched = (kind: Property['kind']) =>
      properties.filter((p) => p.kind === kind).map((property) => ({ property, words: new Uint8Array(words) }));
    this.#always = watched('always');
    this.#wanted = watched('sometimes');
    this.#finally = properties.filter(({ kind }) => kind === 'finally');
    this.#scratch = new Uint8Array(words);
  }

  /** What is wrong with a new state; `parent` is the state that it was reached from, in which nothing was wrong. */
  look(state: Int32Array, parent: Int32Array | null): Finding | null {
    for (const { property, words } of this.#always) {
      if (parent !== null && same(state, parent, words)) continue;
      const said = this.#model.peek.evaluate(property, state, words);
      if (said !== true) return { property: property.name, message: said };
    }
    if (this.#wanted.length > 0)
      this.#wanted = this.#wanted.filter(
        ({ property, words }) =>
          (parent !== null && same(state, parent, words)) || this.#model.peek.evaluate(property, state, words) !== true,
      );
    return null;
  }

  /** What is wrong with a state in which no step is possible. */
  atEnd(state: Int32Array): Finding | null {
    const { stepper, cpuNames, peek } = this.#model;
    stepper.state.set(state);
    const stuck = cpuNames.filter((_, cpu) => !stepper.rests(cpu));
    if (stuck.length > 0) return { property: 'deadlock', message: `${stuck.join(', ')} wait for each other for ever` };
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

type Watched = { readonly property: Property; readonly words: Uint8Array };

/** Whether two states agree in all words that are marked. */
const same = (a: Int32Array, b: Int32Array, words: Uint8Array): boolean => {
  for (let i = 0; i < words.length; i++) if (words[i] === 1 && a[i] !== b[i]) return false;
  return true;
};
