import { globSync } from 'node:fs';
import { join } from 'node:path';
import { Complaint } from '../../complaint.ts';
import { load } from '../../counterexample/file.ts';
import { readMatrix } from '../../matrix/pinned.ts';
import { readJson } from '../../reading.ts';
import { contradictions, keyOf, type Consequence } from '../../report/consequences.ts';
import { strays, type Finding } from '../../report/findings.ts';
import { validator } from '../../schema.ts';
import { shown, suite } from '../../suite.ts';
import { runFilesOf } from '../matrix/files.ts';

/** What is written by hand about breaks. `keys`: of each finding those that its saved runs have. */
export type Written = {
  readonly findings: readonly Finding[];
  readonly consequences: readonly Consequence[];
  readonly keys: ReadonlyMap<string, readonly string[]>;
};

/** Throws a Complaint when entries and saved runs, or findings and consequences, do not belong together. */
export const readWritten = (): Written => {
  const findings = readAs(validateFindings, 'findings.json');
  const consequences = readAs(validateConsequences, 'consequences.json');
  refuse(strays(findings, filesOfFindings()));
  const keys = new Map(findings.map(({ name, files }) => [name, files.map(keyOfFile)]));
  refuse(contradictions(consequences, keys));
  return { findings, consequences, keys };
};

const readAs = <T>(validate: (value: unknown, file: string) => T, name: string): T => {
  const path = join(suite.spec, name);
  return validate(readJson(path), shown(path));
};

const refuse = (wrong: readonly string[]): void => {
  if (wrong.length > 0) throw new Complaint(`${wrong.join('; ')}.`);
};

/** What a protection is good for is no finding about a published design: the matrix tells it. */
const filesOfFindings = (): readonly string[] => {
  const ofMatrix = runFilesOf(readMatrix(suite.matrix));
  return globSync('*.json', { cwd: suite.counterexamples })
    .toSorted()
    .filter((file) => !ofMatrix.includes(file));
};

const keyOfFile = (file: string): string => keyOf(load(join(suite.counterexamples, file)));

const text = { type: 'string', minLength: 1 } as const;
const texts = { type: 'array', items: text } as const;

const validateFindings = validator<readonly Finding[]>({
  type: 'array',
  items: {
    type: 'object',
    additionalProperties: false,
    required: ['name', 'breaks', 'designs', 'files', 'walked'],
    properties: { name: text, breaks: text, designs: texts, files: texts, walked: text },
  },
});

const validateConsequences = validator<readonly Consequence[]>({
  type: 'array',
  items: {
    type: 'object',
    additionalProperties: false,
    required: ['key', 'of', 'why'],
    properties: { key: { type: 'string', pattern: '^[a-z0-9-]+( \\w+(\\.[ch]:\\d+)?)?$' }, of: text, why: text },
  },
});
