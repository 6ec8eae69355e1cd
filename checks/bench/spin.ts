import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Exported } from '../../src/export/exported.ts';
import { compactOf } from './compact.ts';
import { must, numberIn, slotsFor, type Contestant, type Run } from './contestant.ts';

/** SPIN without and with its partial-order reduction; its states as they are, without the bytes that never change, or compressed. */
const ways = {
  'SPIN -DNOREDUCE': ['-DNOREDUCE'],
  SPIN: [],
  'SPIN -DNOREDUCE -DNOCOMP': ['-DNOREDUCE', '-DNOCOMP'],
  'SPIN -DNOREDUCE -DCOLLAPSE': ['-DNOREDUCE', '-DCOLLAPSE'],
  'SPIN -DCOLLAPSE': ['-DCOLLAPSE'],
} as const;

/** `few`: without compression, which was slower wherever it was tried. */
export const spins = (directory: string, model: Exported, states: number, few = false): readonly Contestant[] => {
  const { promela, steps } = compactOf(model);
  writeFileSync(join(directory, 'model.pml'), promela);
  writeFileSync(join(directory, 'steps.c'), steps);
  const translated = must(directory, 'spin', ['-a', 'model.pml']).seconds;
  const all = Object.entries(ways).filter(([, options]) => !few || !options.some((option) => option === '-DCOLLAPSE'));
  return all.map(([name, options], i) => {
    const args = ['-O3', '-w', '-DSAFETY', '-DVECTORSZ=4096', '-DMEMLIM=18000', ...options, '-o', `pan${i}`, 'pan.c'];
    const before = translated + must(directory, 'gcc', args).seconds;
    return { name, whole: name.includes('NOREDUCE'), before, run: () => spin(directory, `pan${i}`, states) };
  });
};

/** Steps that its depth-first search may go down: it takes memory for all of them at once, and time for that. */
const DEPTHS = [100_000, 1_000_000, 10_000_000];

const spin = (directory: string, program: string, states: number): Run => {
  const table = `-w${Math.log2(slotsFor(states))}`;
  for (const depth of DEPTHS) {
    const done = must(directory, `./${program}`, ['-c0', table, `-m${depth}`]);
    if (!done.stdout.includes('max search depth too small')) return runOf(done, states);
  }
  throw new Error(`${program}: -m${DEPTHS.at(-1)!} is too small`);
};

const runOf = ({ seconds, processor, stdout }: ReturnType<typeof must>, states: number): Run => {
  const forStates = numberIn(stdout, /([\d.]+)\s+actual memory usage for states/);
  // With -DNOCOMP it says only what all takes, with the stack of the search.
  const megabytes = Number.isNaN(forStates)
    ? numberIn(stdout, /([\d.]+)\s+memory usage \(Mbyte\)/)
    : forStates + numberIn(stdout, /([\d.]+)\s+memory used for hash table/);
  const fails = numberIn(stdout, /errors: (\d+)/) > 0;
  return {
    seconds,
    processor,
    states: numberIn(stdout, /(\d+) states, stored/),
    // It counts the step into the initial state too. More than a hundred million are said by their first eight digits.
    transitions: fails || /\de\+\d+ transitions/.test(stdout) ? null : numberIn(stdout, /(\d+) transitions \(/) - 1,
    bytes: (megabytes * 2 ** 20) / states,
    fails,
  };
};
