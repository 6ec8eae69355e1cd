import type { Bits } from '../model/layout.ts';
import type { Model } from '../model/model.ts';
import type { Reached } from '../states/visited.ts';

/** How many different values something had among the states that were looked at. */
export type Variety = { readonly name: string; readonly values: number };

/** What states differ in, where there were too many of them. */
export type Varieties = {
  /** How many states were looked at, evenly spread over those that were found. */
  readonly sampled: number;
  /** What has more than one value, most values first: fields of records, their lives and owners, open sections. */
  readonly variables: readonly Variety[];
  /** By CPU: its local states, that is where it is in its program and what it remembers. */
  readonly cpus: readonly Variety[];
};

/** Cost: reads some ten thousand states. */
export const varietiesOf = (model: Model, visited: Reached): Varieties => {
  const { layout, cpuNames } = model;
  const sampled = Math.min(visited.count, SAMPLE);
  const states = Array.from({ length: sampled }, (_, i) => {
    const state = new Int32Array(layout.words);
    visited.read(Math.floor((i * visited.count) / sampled), state);
    return state;
  });
  const variety = ({ name, bits: { word, shift, mask } }: Variable): Variety => ({
    name,
    values: new Set(states.map((state) => (state[word]! >>> shift) & mask)).size,
  });
  const mostFirst = (all: readonly Variable[]): readonly Variety[] =>
    all.map(variety).toSorted((a, b) => b.values - a.values);
  return {
    sampled,
    variables: mostFirst(variablesOf(model)).filter(({ values }) => values > 1),
    cpus: mostFirst(layout.locals.map((bits, cpu) => ({ name: cpuNames[cpu]!, bits }))),
  };
};

const SAMPLE = 10_000;

type Variable = { readonly name: string; readonly bits: Bits };

const variablesOf = ({ layout, world, cpuNames }: Model): readonly Variable[] => [
  ...layout.records.flatMap(({ record, life, owner, grace, cells }) => {
    const title = world.title(record);
    return [
      ...cells.map(({ cell, bits }) => ({ name: `${title}.${cell.field.name}`, bits })),
      ...(life === null ? [] : [{ name: `life of ${title}`, bits: life }]),
      ...(owner === null ? [] : [{ name: `owner of ${title}`, bits: owner }]),
      ...(grace === null ? [] : [{ name: `sections that ${title} waits for`, bits: grace }]),
    ];
  }),
  ...layout.sections.map((bits, cpu) => ({ name: `epoch sections of ${cpuNames[cpu]!}`, bits })),
];
