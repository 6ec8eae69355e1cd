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
  required: ['verdict', 'property', 'states', 'transitions', 'depth'],
  properties: {
    verdict: { enum: ['holds', 'violated'] },
    property: { type: ['string', 'null'] },
    states: { type: 'integer' },
    transitions: { type: 'integer' },
    depth: { type: 'integer' },
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

/** A verdict as it can be accepted; an unknown one cannot. */
export const expectationOf = ({ verdict, property, states, transitions, depth }: Verdict): Expectation | null =>
  verdict === 'unknown' ? null : { verdict, property, states, transitions, depth };
