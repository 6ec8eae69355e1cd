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

/** The choices that a path says, or what is wrong with it, in a sentence. */
export const choicesIn = (path: string): readonly Choice[] | string => {
  if (path === '') return [];
  const choices: Choice[] = [];
  for (const word of path.split('.')) {
    const [, times = '1', cpu, picks] = /^(?:(\d+)x)?(\d{1,3})(?::(\d+(?:,\d+)*))?$/.exec(word) ?? [];
    if (cpu === undefined)
      return `"${path}" is no path: it should be like 26x0.43x1: how often, and which CPU, goes on.`;
    if (choices.length + Number(times) > LONGEST)
      return `"${path}" is too long a path: it can have ${LONGEST} steps, and no run that people walk has more.`;
    const choice = { cpu: Number(cpu), picks: picks === undefined ? [] : picks.split(',').map(Number) };
    for (let i = 0; i < Number(times); i++) choices.push(choice);
  }
  return choices;
};

/** Steps of the longest path. */
const LONGEST = 5000;
