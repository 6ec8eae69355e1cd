import type { Turn } from '#page/form.ts';

/** A run by numbers: who goes on, and which alternatives are taken where there are several. */
export type Choice = Pick<Turn, 'cpu' | 'picks'>;

/**
 * A run as a word that can stand in an address and on a command line: `26x0.43x1.3:1` is 26 steps of CPU 0, 43 of CPU 1, and one of CPU 3 that takes
 * the second of its alternatives.
 */
export const pathText = (choices: readonly Choice[]): string => {
  const words: { word: string; times: number }[] = [];
  for (const { cpu, picks } of choices) {
    const word = picks.length === 0 ? String(cpu) : `${cpu}:${picks.join(',')}`;
    const before = words.at(-1);
    if (before?.word === word) before.times++;
    else words.push({ word, times: 1 });
  }
  return words.map(({ word, times }) => (times === 1 ? word : `${times}x${word}`)).join('.');
};

/** The choices that a path says, or null when it is none. */
export const choicesIn = (path: string): readonly Choice[] | null => {
  if (path === '') return [];
  const choices: Choice[] = [];
  for (const word of path.split('.')) {
    const [, times = '1', cpu, picks] = /^(?:(\d{1,4})x)?(\d{1,3})(?::(\d+(?:,\d+)*))?$/.exec(word) ?? [];
    if (cpu === undefined || choices.length + Number(times) > LONGEST) return null;
    const choice = { cpu: Number(cpu), picks: picks === undefined ? [] : picks.split(',').map(Number) };
    for (let i = 0; i < Number(times); i++) choices.push(choice);
  }
  return choices;
};

/** No run that people walk is longer. */
const LONGEST = 5000;
