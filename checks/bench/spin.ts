import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Exported } from '../../src/export/exported.ts';
import { compactOf } from './compact.ts';
import { must, numberIn, slotsFor, type Contestant, type Run } from './contestant.ts';

/** SPIN without and with its partial-order reduction, without and with its compression of states. */
const ways = {
  'SPIN -DNOREDUCE': ['-DNOREDUCE'],
  SPIN: [],
  'SPIN -DNOREDUCE -DCOLLAPSE': ['-DNOREDUCE', '-DCOLLAPSE'],
  'SPIN -DCOLLAPSE': ['-DCOLLAPSE'],
} as const;

export const spins = (directory: string, model: Exported, states: number): readonly Contestant[] => {
  const { promela, steps } = compactOf(model);
  writeFileSync(join(directory, 'model.pml'), promela);
  writeFileSync(join(directory, 'steps.c'), steps);
  const translated = must(directory, 'spin', ['-a', 'model.pml']).seconds;
  return Object.entries(ways).map(([name, options], i) => {
    const args = ['-O3', '-w', '-DSAFETY', '-DVECTORSZ=4096', ...options, '-o', `pan${i}`, 'pan.c'];
    const before = translated + must(directory, 'gcc', args).seconds;
    return { name, whole: name.includes('NOREDUCE'), before, run: () => spin(directory, `pan${i}`, states) };
  });
};

const spin = (directory: string, program: string, states: number): Run => {
  const { seconds, stdout } = must(directory, `./${program}`, ['-c0', `-w${Math.log2(slotsFor(states))}`, '-m100000']);
  if (stdout.includes('max search depth too small')) throw new Error(`${program}: -m100000 is too small`);
  const megabytes =
    numberIn(stdout, /([\d.]+)\s+actual memory usage for states/) +
    numberIn(stdout, /([\d.]+)\s+memory used for hash table/);
  const fails = numberIn(stdout, /errors: (\d+)/) > 0;
  return {
    seconds,
    states: numberIn(stdout, /(\d+) states, stored/),
    // It counts the step into the initial state too.
    transitions: fails ? null : numberIn(stdout, /(\d+) transitions \(/) - 1,
    bytes: (megabytes * 2 ** 20) / states,
    fails,
  };
};
