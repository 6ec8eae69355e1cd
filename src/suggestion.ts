import { nearest } from './explore/runs/walk.ts';

/** ` Did you mean "b"?` when one of the known words is near enough, or nothing. */
export const didYouMean = (word: string, known: readonly string[]): string => {
  const found = nearest(word, known);
  return found === null ? '' : ` Did you mean "${found}"?`;
};

/** `"a", "b"` for a sentence. */
export const quoted = (words: readonly string[]): string => words.map((word) => `"${word}"`).join(', ');
