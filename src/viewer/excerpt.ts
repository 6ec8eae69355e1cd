import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../machine/place.ts';
import type { Story } from './page/form.ts';

/** How many lines are shown before and after the one that is spoken of. */
const around = 3;

/**
 * The specification around each of these places, `spec/address.ts:41`. Of the C only line numbers are ever shown: its text is
 * its authors'.
 */
export const excerptsOf = (places: readonly string[]): Story['excerpts'] => {
  const wanted = new Map<string, Set<number>>();
  for (const place of places) {
    const [file, line] = splitPlace(place);
    if (file === '') continue;
    const lines = wanted.get(file) ?? new Set<number>();
    wanted.set(file, lines);
    for (let i = line - around; i <= line + around; i++) lines.add(i);
  }
  return Object.fromEntries([...wanted].map(([file, lines]) => [file, pick(linesOf(file), lines)]));
};

const pick = (text: readonly string[], lines: ReadonlySet<number>): Readonly<Record<number, string>> =>
  Object.fromEntries(
    [...lines]
      .toSorted((a, b) => a - b)
      .flatMap((line) => (text[line - 1] === undefined ? [] : [[line, text[line - 1]!]])),
  );

const splitPlace = (place: string): readonly [file: string, line: number] => {
  const colon = place.lastIndexOf(':');
  return colon < 0 ? ['', 0] : [place.slice(0, colon), Number(place.slice(colon + 1))];
};

/** Places are told relative to the root of the project. */
const linesOf = (file: string): readonly string[] => {
  const path = join(root, file);
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
};
