/** What a sentence that says what is wrong speaks of. */

/** The sentence with a blank on either side of each of its words. */
export const wordsOf = (sentence: string): string => ` ${sentence.replaceAll(/[(),;]|: /g, ' ')} `;

export const speaksOf = (sentence: string, name: string): boolean => wordsOf(sentence).includes(` ${name} `);

/** Of these names, the one that it speaks of first; null: of none. */
export const firstSpoken = (sentence: string, names: readonly string[]): string | null => {
  const words = wordsOf(sentence);
  return (
    names
      .map((name) => ({ name, at: words.indexOf(` ${name} `) }))
      .filter(({ at }) => at >= 0)
      .toSorted((a, b) => a.at - b.at || b.name.length - a.name.length)[0]?.name ?? null
  );
};
