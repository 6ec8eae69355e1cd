import { existsSync } from 'node:fs';
import { readJson } from '../reading.ts';
import { schemaVersion, validator } from '../schema.ts';
import { shown } from '../suite.ts';
import type { Row } from './row.ts';

/** The matrix as it is pinned in spec/matrix.json. Each row has been found by itself, and on what it names. */
export type Matrix = {
  readonly design: string;
  readonly rows: readonly Row[];
};

const text = { type: 'string' } as const;
const object = (properties: Readonly<Record<string, object>>) =>
  ({ type: 'object', additionalProperties: false, required: Object.keys(properties), properties }) as const;

const caught = object({
  scenario: text,
  property: text,
  depth: { type: 'integer' },
  counterexample: { type: ['string', 'null'] },
});
const row = object({
  protection: text,
  caughtBy: { type: 'array', items: caught },
  held: { type: 'array', items: text },
  unknown: { type: 'array', items: object({ scenario: text, reason: text }) },
});
const schema = object({
  schemaVersion: { const: schemaVersion },
  design: text,
  rows: { type: 'array', items: row },
});

const validate = validator<Matrix>(schema);

/** What was pinned last, or null when nothing ever was. Throws a Complaint when the file is no matrix. */
export const readMatrix = (path: string): Matrix | null =>
  existsSync(path) ? validate(readJson(path), shown(path)) : null;

/** The text of the file: each catch on a line of its own, so that a difference between two versions can be read. */
export const matrixText = ({ design, rows }: Matrix): string =>
  [
    '{',
    `  "schemaVersion": ${schemaVersion},`,
    `  "design": ${JSON.stringify(design)},`,
    `  "rows": [`,
    rows.map(rowText).join(',\n'),
    '  ]',
    '}',
    '',
  ].join('\n');

const rowText = ({ protection, caughtBy, held, unknown }: Row): string =>
  [
    '    {',
    `      "protection": ${JSON.stringify(protection)},`,
    `      "caughtBy": ${list(caughtBy, 6)},`,
    `      "held": ${JSON.stringify(held)},`,
    `      "unknown": ${list(unknown, 6)}`,
    '    }',
  ].join('\n');

const list = (values: readonly object[], indent: number): string => {
  const space = ' '.repeat(indent);
  if (values.length === 0) return '[]';
  return `[\n${values.map((value) => `${space}  ${JSON.stringify(value)}`).join(',\n')}\n${space}]`;
};
