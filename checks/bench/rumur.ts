import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Exported } from '../../src/export/exported.ts';
import { murphiOf } from '../../src/export/murphi.ts';
import { must, numberIn, slotsFor, type Contestant, type Run } from './contestant.ts';

/**
 * Rumur on what `netgraph-mc export --to murphi` writes, on one thread. Its symmetry reduction, which is on if nothing is said, has nothing to go by: no type of the
 * model is a scalarset.
 */
const ways = { 'Rumur --symmetry-reduction=off': ['--symmetry-reduction', 'off'], Rumur: [] } as const;

/** `few`: in the one way that nobody has to ask for. */
export const rumurs = (directory: string, model: Exported, states: number, few = false): readonly Contestant[] => {
  writeFileSync(join(directory, 'model.m'), murphiOf(model, []));
  const asked = '--threads 1 --deadlock-detection off --max-errors 1000000 --counterexample-trace off'.split(' ');
  const all = Object.entries(ways).filter(([name]) => !few || name === 'Rumur');
  return all.map(([name, options], i) => {
    const set = ['--set-capacity', String(slotsFor(states) * SLOT)];
    const made = must(directory, 'rumur', [...asked, ...set, ...options, '-o', `rumur${i}.c`, 'model.m']);
    const flags = '-std=c11 -O3 -fwhole-program -mcx16 -w'.split(' ');
    const built = must(directory, 'gcc', [...flags, '-o', `rumur${i}`, `rumur${i}.c`, '-lpthread', '-latomic']);
    return { name, whole: true, before: made.seconds + built.seconds, run: () => rumur(directory, `rumur${i}`) };
  });
};

/** Bytes of one slot. */
const SLOT = 8;

const rumur = (directory: string, program: string): Run => {
  const { seconds, processor, stdout } = must(directory, `./${program}`, []);
  const states = numberIn(stdout, /(\d+) states, \d+ rules fired/);
  return {
    seconds,
    processor,
    states,
    transitions: numberIn(stdout, /\d+ states, (\d+) rules fired/),
    // The state as it is packed, and its part of the table: what it says of itself.
    bytes:
      numberIn(stdout, /rounded up to (\d+) bytes/) +
      (SLOT * numberIn(stdout, /size of the hash table is (\d+) slots/)) / states,
    fails: !stdout.includes('No error found'),
  };
};
