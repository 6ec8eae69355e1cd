import { globals, NAME_WORDS, NAMES, V_ng_names } from './layout.ts';
import { mtx_lock, mtx_unlock } from './lock.ts';
import type { Td } from './td.ts';

/**
 * Names are numbers: of the place of their text in a table that is only ever added to, so that looking a name up needs no lock and
 * comparing two is one comparison. The names of the hooks of the types come first, in an order that never changes.
 */
const KNOWN = [
  'in', 'out', 'left', 'right', 'left2right', 'right2left', 'one', 'many0', 'many1', 'many2', 'many3', 'inet', 'upper', 'lower', 'output', 'input',
] as const; // prettier-ignore
/** The number of a name of a type's own. */
export const known = (text: (typeof KNOWN)[number]): number => KNOWN.indexOf(text) + 1;

/** Characters that a name can have at most. They are of Latin-1. */
export const LONGEST = 31;

const isText = (text: string): boolean => /^[\u0021-\u00ff]+$/.test(text) && text.length <= LONGEST;
const hashOf = (text: string): number => {
  let hash = 5381;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 33) + text.charCodeAt(i)) | 0;
  return hash;
};
const placeOf = (number: number): number => V_ng_names + (number - 1) * NAME_WORDS;
const wordsOf = (text: string): readonly number[] =>
  Array.from({ length: (text.length + 3) >> 2 }, (_, i) =>
    [3, 2, 1, 0].reduce((word, j) => (word << 8) | (text.charCodeAt(4 * i + j) || 0), 0),
  );

/** The number of a name, or 0 when nobody has used it yet. */
export function findName(td: Td, text: string): number {
  const place = search(td, text);
  return place > 0 ? place : 0;
}

/** The number of a name, which is added if it is new; 0 when it cannot be one, or the table is full. */
export function intern(td: Td, text: string): number {
  if (!isText(text)) return 0;
  const found = search(td, text);
  if (found > 0) return found;
  mtx_lock(td, globals.names_mtx);
  const place = search(td, text);
  if (place < 0) add(td.arena, -place, text);
  mtx_unlock(td, globals.names_mtx);
  return Math.abs(place);
}

/** The number of a name; where there is none, the number that it would get, negative; 0 when the table is full. */
function search({ arena }: Td, text: string): number {
  if ((KNOWN as readonly string[]).includes(text)) return KNOWN.indexOf(text as (typeof KNOWN)[number]) + 1;
  const free = NAMES - KNOWN.length;
  const hash = hashOf(text);
  for (let i = 0; i < free; i++) {
    const number = KNOWN.length + 1 + (((hash >>> 0) + i) % free);
    const length = Atomics.load(arena, placeOf(number));
    if (length === 0) return -number;
    if (length === text.length && Atomics.load(arena, placeOf(number) + 1) === hash && isSame(arena, number, text))
      return number;
  }
  return 0;
}

const isSame = (arena: Int32Array, number: number, text: string): boolean =>
  wordsOf(text).every((word, i) => Atomics.load(arena, placeOf(number) + 2 + i) === word);

/** The length comes last: who finds it finds the rest. */
function add(arena: Int32Array, number: number, text: string): void {
  wordsOf(text).forEach((word, i) => Atomics.store(arena, placeOf(number) + 2 + i, word));
  Atomics.store(arena, placeOf(number) + 1, hashOf(text));
  Atomics.store(arena, placeOf(number), text.length);
}

/** The text of a name. */
export function textOf({ arena }: Td, number: number): string {
  if (number === 0) return '';
  if (number <= KNOWN.length) return KNOWN[number - 1]!;
  const length = Atomics.load(arena, placeOf(number));
  return Array.from({ length }, (_, i) =>
    String.fromCharCode((Atomics.load(arena, placeOf(number) + 2 + (i >> 2)) >>> (8 * (i & 3))) & 0xff),
  ).join('');
}
