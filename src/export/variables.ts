import type { Bits } from '../explore/model/layout.ts';
import type { Model } from '../explore/model/model.ts';
import type { Reached } from '../explore/states/visited.ts';

/** A part of the packed state as a variable of another model checker. */
export type Variable = {
  readonly name: string;
  readonly bits: Bits;
  readonly initial: number;
  /** The values that it has in some reachable state. */
  readonly seen: readonly number[];
};

/** The variables of a model by where they are packed; what takes no bits never changes and has none. */
export type Variables = {
  readonly all: readonly Variable[];
  readonly at: (bits: Bits) => Variable | null;
};

/**
 * Every variable, with the values that it takes in the states of a search. Most words of a state are those of the one before it, and say nothing new.
 * Cost: O(states × words), and as many variables as are in words that differ.
 */
export const variablesOf = (model: Model, visited: Reached): Variables => {
  const { words } = model.layout;
  const named = namesOf(model).filter(([, { mask }]) => mask !== 0);
  const seen = named.map(([, { mask }]) => new Uint8Array(mask + 1));
  const within = Array.from({ length: words }, (_, word) =>
    named.flatMap(([, bits], i) => (bits.word === word ? [{ ...bits, seen: seen[i]! }] : [])),
  );
  const first = new Int32Array(words);
  visited.read(0, first);
  const before = first.map((word) => ~word);
  const state = new Int32Array(words);
  for (let at = 0; at < visited.count; at++) {
    visited.read(at, state);
    for (let word = 0; word < words; word++) {
      const now = state[word]!;
      if (now === before[word]) continue;
      before[word] = now;
      for (const { shift, mask, seen: values } of within[word]!) values[(now >>> shift) & mask] = 1;
    }
  }
  const all = named.map(([name, bits], i): Variable => {
    const initial = (first[bits.word]! >>> bits.shift) & bits.mask;
    return { name, bits, initial, seen: [...seen[i]!.keys()].filter((value) => seen[i]![value] === 1) };
  });
  const byPlace = new Map(all.map((variable) => [placeOf(variable.bits), variable]));
  return { all, at: (bits) => (bits.mask === 0 ? null : byPlace.get(placeOf(bits))!) };
};

const placeOf = ({ word, shift }: Bits): string => `${word} ${shift}`;

const namesOf = ({ layout, world }: Model): readonly (readonly [string, Bits])[] => [
  ...layout.locals.map((bits, cpu) => [`local_${cpu}`, bits] as const),
  ...layout.sections.map((bits, cpu) => [`sections_${cpu}`, bits] as const),
  ...layout.records.flatMap(({ record, life, generation, owner, grace, callback, cells }, number) => {
    const prefix = `${world.title(record).replaceAll(/\W+/g, '_')}_${number}`;
    const own = Object.entries({ life, generation, owner, grace, callback });
    return [
      ...own.flatMap(([name, bits]) => (bits === null ? [] : [[`${prefix}__${name}`, bits] as const])),
      ...cells.map(({ cell, bits }) => [`${prefix}_${cell.field.name}`, bits] as const),
    ];
  }),
];
