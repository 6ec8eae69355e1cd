import { infoOf, isStatic, slot, type Shared } from '../../machine/record.ts';
import type { World } from '../../machine/world.ts';
import type { Automata, CellValues } from '../automata/automaton.ts';

/**
 * How a state is packed into 32-bit words.
 *
 * A cell is stored as the number of its value among the values that it can ever hold (CellValues.index), in just as many bits
 * as that takes; a cell that can hold one value only takes none. What the machine adds to the memory of the C is packed
 * alike: the life, the generation and the owner of each record, which sections a deferred callback waits for, how
 * deep each CPU is in epoch sections, and where in its program it is.
 */
export type Bits = { readonly word: number; readonly shift: number; readonly mask: number };

/** Lives of a heap record, as stored. Zero is the beginning for memory that `alloc` may hand out. */
export const UNUSED = 0;
export const LIVE = 1;
export const FREED = 2;
export const HANDED_OVER = 3;
/** Its callback is running: from here on it can be freed. */
export const RUNNING = 4;

export type RecordBits = {
  readonly record: Shared;
  /** Null when the record is alive from beginning to end, so that there is nothing to check. */
  readonly life: Bits | null;
  readonly generation: Bits;
  /** 0: nobody (on a queue, or never used); else 1 + number of the CPU. Null: the type knows no owner. */
  readonly owner: Bits | null;
  /** One bit a CPU whose section must close first. Null: never handed over. */
  readonly grace: Bits | null;
  readonly callback: Bits;
  readonly cells: readonly { readonly cell: CellValues; readonly bits: Bits }[];
};

export type Layout = {
  readonly words: number;
  readonly records: readonly RecordBits[];
  readonly recordBits: (record: Shared) => RecordBits;
  readonly cellBits: (cell: CellValues) => Bits;
  /** Per CPU, the callback runner last: the number of its local state. */
  readonly locals: readonly Bits[];
  /** Per CPU, the callback runner last: how many sections it is in. */
  readonly sections: readonly Bits[];
};

export const NOTHING: Bits = { word: 0, shift: 0, mask: 0 };

/** `localBits`: bits for the local state of one CPU. */
export const layOut = (world: World, automata: Automata, localBits: number): Layout => {
  const pack = new Packing();
  const runners = world.cpus.length + (automata.usesEpoch ? 1 : 0);
  const locals = Array.from({ length: runners }, () => pack.add(localBits));
  const sections = locals.map((_, cpu) => pack.add(automata.opensSections[cpu] === true ? SECTION_BITS : 0));
  const drafts = homes(world, automata).map((record) => ({
    record,
    life:
      automata.mortal.has(record) || !world.isLive(record) ? pack.add(automata.callbacks.has(record) ? 3 : 2) : null,
    generation: pack.add(automata.mortal.has(record) ? bitsFor(world.generations) : 0),
    owner: hasOwner(record) ? pack.add(bitsFor(runners + 1)) : null,
    grace: automata.callbacks.has(record) ? pack.add(runners) : null,
    callback: pack.add(bitsFor(automata.callbacks.get(record)?.length ?? 1)),
    cells: automata.cells
      .filter((cell) => cell.record === record)
      .map((cell) => ({ cell, bits: pack.add(bitsFor(cell.values.length)) })),
  }));
  const words = pack.settle();
  const records = drafts as unknown as readonly RecordBits[];
  const byRecord = new Map(records.map((bits) => [bits.record, bits]));
  const byCell = new Map(records.flatMap(({ cells }) => cells.map(({ cell, bits }) => [cell, bits] as const)));
  return {
    words,
    records,
    recordBits: (record) => byRecord.get(slot(record.type.type, record.slot))!,
    cellBits: (cell) => byCell.get(cell)!,
    locals,
    sections,
  };
};

/** How deep sections can nest: up to 15; a deeper one stops the check at a bound. */
const SECTION_BITS = 4;

const bitsFor = (count: number): number => (count <= 1 ? 0 : 32 - Math.clz32(count - 1));

const hasOwner = (record: Shared): boolean =>
  infoOf(record.type.type).fields.some(({ access }) => access === 'owned' || access === 'queued');

/** Every record that has a cell, can die or changes its owner, in the order of its type and slot. */
const homes = (world: World, automata: Automata): readonly Shared[] => {
  const touched = new Set([...automata.cells.map((cell) => cell.record), ...automata.mortal, ...automata.passed]);
  const all = [...touched].filter((record) => isStatic(record) || record.slot < world.slots(record.type.type));
  const order = [...new Set(all.map((record) => record.type))];
  return all.toSorted((a, b) => order.indexOf(a.type) - order.indexOf(b.type) || a.slot - b.slot);
};

/** First fit, widest first: no item crosses a word. The positions are filled in when all items are known. */
class Packing {
  readonly #items: { bits: { word: number; shift: number; mask: number }; width: number }[] = [];

  add(width: number): Bits {
    if (width > 32) throw new Error(`[suite bug] ${width} bits do not fit into a word`);
    const bits = { word: 0, shift: 0, mask: 0 };
    if (width > 0) this.#items.push({ bits, width });
    return bits;
  }

  settle(): number {
    const free: number[] = [];
    for (const { bits, width } of this.#items.toSorted((a, b) => b.width - a.width)) {
      let word = free.findIndex((left) => left >= width);
      if (word < 0) word = free.push(32) - 1;
      bits.word = word;
      bits.shift = 32 - free[word]!;
      bits.mask = width === 32 ? -1 : (1 << width) - 1;
      free[word]! -= width;
    }
    return Math.max(1, free.length);
  }
}
