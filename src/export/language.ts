import type { Broken } from './broken.ts';
import type { Among, Condition, Sum } from './decision.ts';

/** What a language has for what a step is made of; what they all have alike, like `+`, is not here. */
export type Language = {
  readonly and: string;
  readonly or: string;
  readonly not: string;
  readonly yes: string;
  /** That a variable has one of some values; fit to stand beside `and`. */
  readonly among: (among: Among) => string;
  /** The number if the condition holds, else 0; fit to stand beside `+`. */
  readonly numberIf: (condition: string, number: number) => string;
};

export const anyIn = (language: Language, any: readonly Among[]): string => {
  const each = any.map(language.among);
  return each.length === 1 ? each[0]! : `(${each.join(` ${language.or} `)})`;
};

export const conditionIn = (language: Language, { any, answer }: Condition): string =>
  answer ? anyIn(language, any) : `${language.not}(${anyIn(language, any)})`;

export const sumIn = ({ among, numberIf }: Language, { fixed, bits }: Sum): string => {
  const parts = bits.map(({ bit, when }) => numberIf(among(when), bit));
  return (fixed === 0 && parts.length > 0 ? parts : [String(fixed), ...parts]).join(' + ');
};

/** That the state is one of those in which a claim is broken. */
export const valuationsIn = ({ among, and, or, yes }: Language, { variables, valuations }: Broken): string => {
  const all = valuations.map((values) =>
    variables.map((variable, i) => among({ variable, values: [values[i]!] })).join(` ${and} `),
  );
  return all.map((each) => `(${each || yes})`).join(` ${or} `);
};

/** A test of one value after the other, for languages that have no sets; of no value it is `false`. */
export const oneByOne =
  (equals: string, or: string, nameOf: (name: string) => string = (name) => name) =>
  ({ variable, values }: Among): string => {
    const each = values.map((value) => `${nameOf(variable.name)} ${equals} ${value}`);
    return each.length < 2 ? (each[0] ?? 'false') : `(${each.join(` ${or} `)})`;
  };
