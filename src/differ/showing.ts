import { FREED, HANDED_OVER, LIVE, NOTHING, RUNNING, UNUSED, type Bits } from '../explore/model/layout.ts';
import type { Model } from '../explore/model/model.ts';
import { isRecord, type Shared } from '../machine/record.ts';
import type { Value } from '../machine/operation.ts';
import type { Made, Shown, Subject } from './subject.ts';

/**
 * What the implementation shows and what the model shows, compared after every access: so it is a table of numbers. A row is a
 * word of the arena with the bits that count, some bits of the packed state, and what the word must hold for each number that these can be.
 */
export class Showing {
  readonly #subject: Subject;
  readonly #model: Model;
  readonly #address: Int32Array;
  readonly #mask: Int32Array;
  readonly #bits: readonly Bits[];
  /** The life of the record, which must be in use for a field of it to count. */
  readonly #life: readonly Bits[];
  readonly #wanted: readonly Float64Array[];
  /** Number of the made record in which the row is, or -1. */
  readonly #within: Int32Array;
  /** By value, the number of the made record that it is, or -1; null: none of the values is one. */
  readonly #isMade: readonly (Int32Array | null)[];

  constructor(subject: Subject, model: Model) {
    this.#subject = subject;
    this.#model = model;
    const { shown } = subject;
    this.#address = Int32Array.from(shown, ({ address }) => address);
    this.#mask = Int32Array.from(shown, ({ mask = -1 }) => mask);
    this.#bits = shown.map((one) => bitsOf(one, model));
    this.#life = shown.map(({ of }) =>
      of.kind === 'field' ? (model.layout.recordBits(of.record)?.life ?? NOTHING) : NOTHING,
    );
    this.#within = Int32Array.from(shown, ({ within = -1 }) => within);
    this.#isMade = shown.map((one) => {
      const numbers = Int32Array.from(valuesOf(one, model), (value) => subject.made.indexOf(value as Shared));
      return numbers.some((number) => number >= 0) ? numbers : null;
    });
    this.#wanted = shown.map((one) =>
      Float64Array.from(valuesOf(one, model), (value) => {
        const wanted = one.encode(value);
        return wanted === null ? NaN : wanted | 0;
      }),
    );
  }

  /** Number of the first row in which they differ, or -1. Cost: O(rows), no allocation. */
  differs(words: Int32Array, state: Int32Array, made: readonly (Made | null)[]): number {
    const address = this.#address;
    const mask = this.#mask;
    const within = this.#within;
    for (let i = 0; i < address.length; i++) {
      let at = address[i]!;
      if (within[i]! >= 0) {
        const one = made[within[i]!]!;
        if (one === null) continue;
        at += one.offset;
      }
      const bits = this.#bits[i]!;
      const value = (state[bits.word]! >>> bits.shift) & bits.mask;
      const record = this.#isMade[i]?.[value] ?? -1;
      const wanted = record < 0 ? this.#wanted[i]![value]! : (made[record]?.pointer ?? 0);
      if (wanted === (words[at]! & mask[i]!) || wanted !== wanted) continue;
      const life = this.#life[i]!;
      const lives = (state[life.word]! >>> life.shift) & life.mask;
      if (life.mask === 0 || (lives !== FREED && lives !== UNUSED)) return i;
    }
    return -1;
  }

  /** The difference of a row in words. */
  text(row: number, words: Int32Array, state: Int32Array, made: readonly (Made | null)[]): string {
    const one = this.#subject.shown[row]!;
    const { word, shift, mask } = this.#bits[row]!;
    const value = valuesOf(one, this.#model)[(state[word]! >>> shift) & mask]!;
    const address = one.address + (one.within === undefined ? 0 : made[one.within]!.offset);
    const holds = words[address]! & this.#mask[row]!;
    return `${this.#subject.wordName(address)} holds ${holds}, but in the model ${whatOf(one, this.#model)} is ${shownValue(value, this.#model)}`;
  }
}

const lives: readonly Value[] = Object.entries({
  unused: UNUSED,
  live: LIVE,
  freed: FREED,
  'handed over': HANDED_OVER,
  running: RUNNING,
})
  .toSorted(([, a], [, b]) => a - b)
  .map(([name]) => name);

const bitsOf = ({ of }: Shown, { automata, layout }: Model): Bits => {
  if (of.kind === 'sections') return layout.sections[of.cpu]!;
  if (of.kind === 'life') return layout.recordBits(of.record)?.life ?? NOTHING;
  const cell = automata.findCell(of.record, of.field.name);
  return cell === undefined ? NOTHING : layout.cellBits(cell);
};

/** By the number that stands in the state, every value that it can mean. */
const valuesOf = (one: Shown, { automata, layout, world }: Model): readonly Value[] => {
  const { of } = one;
  if (of.kind === 'sections') return Array.from({ length: layout.sections[of.cpu]!.mask + 1 }, (_, i) => i);
  if (of.kind === 'field')
    return automata.findCell(of.record, of.field.name)?.values ?? [world.initial(of.record, of.field)];
  const changes = layout.recordBits(of.record)?.life ?? null;
  return changes === null ? [world.isLive(of.record) ? 'live' : 'unused'] : lives;
};

const whatOf = ({ of }: Shown, { world, cpuNames }: Model): string => {
  if (of.kind === 'sections') return `the number of sections of ${cpuNames[of.cpu]!}`;
  return of.kind === 'life' ? `the life of ${world.title(of.record)}` : `${of.field.name} of ${world.title(of.record)}`;
};

const shownValue = (value: Value, { world }: Model): string =>
  isRecord(value) ? world.title(value) : value === null ? 'NULL' : String(value);
