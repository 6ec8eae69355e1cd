import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Exported } from '../../src/export/exported.ts';
import { cfgOf, tlaOf } from '../../src/export/tla.ts';
import { must, numberIn, type Contestant } from './contestant.ts';

/** Exit codes of TLC where all is well, and where an invariant or more do not hold. */
const SAID = [0, 12];

/** TLC on what `netgraph-mc export --to tla` writes, with two workers. That Java starts and the module is read is in its seconds. */
export const tlc = (directory: string, model: Exported, jar: string): Contestant => {
  writeFileSync(join(directory, 'Model.tla'), tlaOf(model, 'Model', []));
  writeFileSync(join(directory, 'Model.cfg'), cfgOf(model));
  const args = [
    '-XX:+UseParallelGC',
    '-cp',
    jar,
    'tlc2.TLC',
    '-workers',
    '2',
    '-continue',
    '-noGenerateSpecTE',
    'Model',
  ];
  return {
    name: 'TLC -workers 2',
    whole: true,
    before: 0,
    run: () => {
      const { seconds, processor, stdout } = must(directory, 'java', args, SAID);
      return {
        seconds,
        processor,
        states: numberIn(stdout, /(\d+) distinct states found, 0 states left on queue/),
        // It counts the initial state as one that is generated.
        transitions: numberIn(stdout, /(\d+) states generated, \d+ distinct states found, 0 states left/) - 1,
        bytes: null,
        fails: stdout.includes('is violated'),
      };
    },
  };
};
