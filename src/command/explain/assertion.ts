import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from '../../suite.ts';

/** A KASSERT or panic(9) that stands in the specification. What it prints is its name. */
export type Assertion = { readonly name: string; readonly kind: 'KASSERT' | 'panic'; readonly where: string };

/** All of them, in the order of their files. They are read from the text: a procedure does not know its own before it is run. */
export const assertions = (): readonly Assertion[] => {
  const known = new Map<string, Assertion>();
  for (const file of readdirSync(suite.spec).toSorted()) {
    if (!file.endsWith('.ts')) continue;
    for (const found of assertionsIn(readFileSync(join(suite.spec, file), 'utf8'))) {
      const before = known.get(found.name);
      known.set(found.name, before === undefined ? found : { ...found, where: `${before.where}, ${found.where}` });
    }
  }
  return [...known.values()];
};

/** The call with its last argument, and the C line that may stand behind it. */
const call = /\b(KASSERT|panic)\((?:[^'";]*,\s*)?(?:'([^']*)'|"([^"]*)"),?\s*\);(?: \/\/ (?:([\w.]+):)?(\d+))?/g;

/** Without a line of its own an assertion stands somewhere in the C function around it. */
const assertionsIn = (text: string): readonly Assertion[] =>
  [...text.matchAll(call)].map(({ index, 1: kind, 2: single, 3: double, 4: file, 5: line }) => ({
    name: single ?? double ?? '',
    kind: kind as Assertion['kind'],
    where: place(text.slice(0, index), file, line),
  }));

const place = (before: string, file: string | undefined, line: string | undefined): string => {
  const source = [...before.matchAll(/'([\w.]+\.[ch]):([\d-]+)'/g)].at(-1);
  return line === undefined ? (source?.slice(1).join(':') ?? '') : `${file ?? source?.[1] ?? ''}:${line}`;
};
