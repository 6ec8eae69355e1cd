import { existsSync } from 'node:fs';
import type { FromSchema, JSONSchema } from 'json-schema-to-ts';
import type { Verdict } from '../explore/verdict.ts';
import { readJson } from '../reading.ts';
import { grouped } from '../report/number.ts';
import { save } from '../saving.ts';
import { validator } from '../schema.ts';
import { shown } from '../suite.ts';

/** The verdicts and counts that have been accepted: what the gate compares with. */

const expectationSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['verdict', 'property', 'states', 'transitions', 'depth', 'neverFired'],
  properties: {
    verdict: { enum: ['holds', 'violated'] },
    property: { type: ['string', 'null'] },
    states: { type: 'integer' },
    transitions: { type: 'integer' },
    depth: { type: 'integer' },
    neverFired: { type: 'array', items: { type: 'string' } },
  },
} as const satisfies JSONSchema;

const baselineSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['schemaVersion', 'results'],
  properties: {
    schemaVersion: { const: 1 },
    results: {
      type: 'object',
      additionalProperties: { type: 'object', additionalProperties: expectationSchema },
    },
  },
} as const satisfies JSONSchema;

export type Expectation = FromSchema<typeof expectationSchema>;
/** By scenario and design. */
export type Expectations = Readonly<Record<string, Readonly<Record<string, Expectation>>>>;

const validate = validator<FromSchema<typeof baselineSchema>>(baselineSchema);

/** What has been accepted so far; nothing, when nothing was ever accepted. */
export const readBaseline = (path: string): Expectations =>
  existsSync(path) ? (validate(readJson(path), shown(path)).results as Expectations) : {};

export const writeBaseline = (path: string, results: Expectations): void =>
  save([{ path, text: `${JSON.stringify({ schemaVersion: 1, results }, null, 2)}\n` }]);

/** One thing in which a verdict is not the accepted one. */
export type Difference = { readonly what: keyof Expectation; readonly expected: Shown; readonly found: Shown };
type Shown = string | number | null;

const compared = ['verdict', 'property', 'states', 'transitions', 'depth'] as const satisfies (keyof Expectation)[];

/** The numbers of an unknown verdict say where it was stopped, so they are not compared. */
export const differences = (expected: Expectation, found: Verdict): readonly Difference[] => [
  ...compared
    .filter((what) => expected[what] !== found[what] && (found.verdict !== 'unknown' || what === 'verdict'))
    .map((what) => ({ what, expected: expected[what], found: found[what] })),
  ...neverFiredDifference(expected, found),
];

/** Steps that were never done, beside the accepted ones; said of searches that were exhausted only. */
const neverFiredDifference = (expected: Expectation, found: Verdict): readonly Difference[] => {
  if (found.verdict !== 'holds' || expected.verdict !== 'holds') return [];
  const lost = found.neverFired.filter((step) => !expected.neverFired.includes(step));
  const won = expected.neverFired.filter((step) => !found.neverFired.includes(step));
  if (lost.length + won.length === 0) return [];
  return [{ what: 'neverFired', expected: won.join(', '), found: lost.join(', ') }];
};

/** `states is 12,346, not 12,345`. */
export const differenceText = ({ what, expected, found }: Difference): string =>
  what === 'neverFired' ? silence(expected, found) : `${what} is ${text(found)}, not ${text(expected)}`;
/** `states: 12,345 → 12,346`. */
export const changeText = ({ what, expected, found }: Difference): string =>
  what === 'neverFired' ? silence(expected, found) : `${what}: ${text(expected)} → ${text(found)}`;

const silence = (expected: Shown, found: Shown): string =>
  [
    ...(found === '' ? [] : [`steps that never happen now: ${found}`]),
    ...(expected === '' ? [] : [`steps that happen now: ${expected}`]),
  ].join('; ');
const text = (value: Shown): string => (typeof value === 'number' ? grouped(value) : (value ?? 'none'));

/** A verdict as it can be accepted; an unknown one cannot. */
export const expectationOf = (found: Verdict): Expectation | null => {
  const { verdict, property, states, transitions, depth } = found;
  if (verdict === 'unknown') return null;
  // A search that ended at a violation had no time for the rest.
  const neverFired = verdict === 'holds' ? [...found.neverFired] : [];
  return { verdict, property, states, transitions, depth, neverFired };
};
