import type { Value } from '../machine/operation.ts';
import { intern, textOf, type Td } from '../netgraph/index.ts';

/** Texts of names, which the specification has, and the numbers that stand for them in the library. All names of a scenario are in the table of the arena already. */
export type Names = {
  /** For no name, 0. */
  readonly numberOf: (text: Value) => number;
  readonly textOf: (number: number) => string;
};

export const namesIn = (td: Td): Names => {
  const numbers = new Map<Value, number>([['', 0]]);
  return {
    numberOf: (text) => {
      let number = numbers.get(text);
      if (number === undefined) numbers.set(text, (number = intern(td, text as string)));
      return number;
    },
    textOf: (number) => textOf(td, number),
  };
};
