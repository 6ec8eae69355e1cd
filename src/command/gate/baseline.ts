import { existsSync } from 'node:fs';
import type { FromSchema, JSONSchema } from 'json-schema-to-ts';
import type { Verdict } from '../../explore/search/verdict.ts';
import { readJson } from '../../reading.ts';
import { grouped } from '../../report/number.ts';
import { validator } from '../../schema.ts';
import { shown } from '../../suite.ts';

/** The verdicts and counts that have been accepted: what the gate compares with. */

const expectationSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['verdict', 'property', 'states', 'transitions', 'depth'],
  properties: {
    verdict: { enum: ['holds', 'violated'] },
    property: { type: ['string', 'null'] },
    states: { type: 'integer' },
    transitions: { type: 'integer' },
    depth: { type: 'integer' },
    symmetry: {
      const: true,
      description: 'counted with interchangeable records and CPUs renumbered, and explored so again',
    },
  },
} as const satisfies JSONSchema;

const undecidedSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['reason', 'states', 'depth'],
  properties: {
    reason: { type: 'string', description: 'the bound that was hit' },
    states: { type: 'integer' },
    depth: { type: 'integer' },
  },
} as const satisfies JSONSchema;

const ofCells = <S extends JSONSchema>(cell: S) =>
  ({ type: 'object', additionalProperties: { type: 'object', additionalProperties: cell } }) as const;

const baselineSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['schemaVersion', 'results', 'undecided', 'silent'],
  properties: {
    schemaVersion: { const: 2 },
    results: ofCells(expectationSchema),
    undecided: ofCells(undecidedSchema),
    silent: { type: 'array', items: { type: 'string' } },
  },
} as const satisfies JSONSchema;

export type Expectation = FromSchema<typeof expectationSchema>;
export type Undecided = FromSchema<typeof undecidedSchema>;
/** By scenario and design. */
export type Cells<Cell> = Readonly<Record<string, Readonly<Record<string, Cell>>>>;

export type Baseline = {
  readonly results: Cells<Expectation>;
  /** What was explored and not decided: the gate says so, and does not count it. */
  readonly undecided: Cells<Undecided>;
  /** Steps that an exhausted search knows of and that no search of them all has ever done. */
  readonly silent: readonly string[];
};

const validate = validator<FromSchema<typeof baselineSchema>>(baselineSchema);

/** What has been accepted so far; nothing, when nothing was ever accepted. */
export const readBaseline = (path: string): Baseline =>
  existsSync(path) ? (validate(readJson(path), shown(path)) as Baseline) : { results: {}, undecided: {}, silent: [] };

export const baselineText = (baseline: Baseline): string =>
  `${JSON.stringify({ schemaVersion: 2, ...baseline }, null, 2)}\n`;

/** One thing in which a verdict is not the accepted one. */
export type Difference = { readonly what: keyof Expectation; readonly expected: Shown; readonly found: Shown };
type Shown = string | number | null;

const compared = ['verdict', 'property', 'states', 'transitions', 'depth'] as const satisfies (keyof Expectation)[];

/** The numbers of an unknown verdict say where it was stopped, so they are not compared. */
export const differences = (expected: Expectation, found: Verdict): readonly Difference[] =>
  compared
    .filter((what) => expected[what] !== found[what] && (found.verdict !== 'unknown' || what === 'verdict'))
    .map((what) => ({ what, expected: expected[what], found: found[what] }));

/** `states is 12,346, not 12,345`. */
export const differenceText = ({ what, expected, found }: Difference): string =>
  `${what} is ${text(found)}, not ${text(expected)}`;
/** `states: 12,345 → 12,346`. */
export const changeText = ({ what, expected, found }: Difference): string =>
  `${what}: ${text(expected)} → ${text(found)}`;

const text = (value: Shown): string => (typeof value === 'number' ? grouped(value) : (value ?? 'none'));

/** A verdict as it can be accepted; an unknown one cannot. `symmetry`: it was found so. */
export const expectationOf = (
  { verdict, property, states, transitions, depth }: Verdict,
  symmetry: boolean,
): Expectation | null =>
  verdict === 'unknown'
    ? null
    : { verdict, property, states, transitions, depth, ...(symmetry ? { symmetry: true } : {}) };

/**
 * Whether a pair is explored with interchangeable records and CPUs renumbered: where the states themselves have been too many. Everywhere
 * else the plain search decides, so that not all rests on the reduction.
 */
export const isRenumbered = ({ results, undecided }: Baseline, scenario: string, design: string): boolean =>
  results[scenario]?.[design]?.symmetry === true || undecided[scenario]?.[design] !== undefined;

/** The steps that an exhausted search of these knows of and that none of these has done. */
export const silentOf = (verdicts: readonly Verdict[]): readonly string[] => {
  const silent = new Set(verdicts.flatMap(({ verdict, neverFired }) => (verdict === 'holds' ? neverFired : [])));
  // A search that was cut short is not part of a gate, so what only it has done counts for nothing.
  for (const { verdict, fired } of verdicts) if (verdict !== 'unknown') for (const step of fired) silent.delete(step);
  return [...silent].toSorted();
};
