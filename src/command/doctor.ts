import { availableParallelism, totalmem } from 'node:os';
import { existsSync } from 'node:fs';
import { megabytes } from '../report/number.ts';
import type { Terminal } from '../report/terminal.ts';
import { probe } from '../saving.ts';
import { shown, suite } from '../suite.ts';
import { Complaint } from '../complaint.ts';
import { designNames } from './selection.ts';
import { scenarioNames } from './catalogue.ts';
import { exit, type ExitCode } from './exit.ts';

/** `netgraph-mc doctor`: whether this machine has what a gate needs, a line each; what is wrong comes with what to do about it. */
export const doctor = (node: string, terminal: Terminal): ExitCode => {
  const findings = [cores(), memory(), sharedMemory(), sources(), cache()];
  terminal.out(`ok   Node.js ${node}`);
  for (const { good, text } of findings)
    terminal.out(`${good ? terminal.paint('good', 'ok  ') : terminal.paint('bad', 'BAD ')} ${text}`);
  return findings.every(({ good }) => good) ? exit.holds : exit.badInput;
};

type Examined = { readonly good: boolean; readonly text: string };

const cores = (): Examined => ({ good: true, text: `${availableParallelism()} cores: as many checks at a time` });

/** What the largest accepted check takes. */
const NEEDED = 3e9;
const memory = (): Examined =>
  totalmem() >= NEEDED
    ? { good: true, text: `${megabytes(totalmem())} of memory` }
    : {
        good: false,
        text: `${megabytes(totalmem())} of memory: the largest checks need ${megabytes(NEEDED)}; gate without --full`,
      };

const sharedMemory = (): Examined => ({
  good: Atomics.isLockFree(4),
  text: 'atomics on words of shared memory without a lock',
});

const sources = (): Examined => {
  const [scenarios, designs] = [scenarioNames().length, designNames().length];
  return existsSync(suite.baseline)
    ? { good: true, text: `${scenarios} scenarios, ${designs} designs, accepted verdicts in ${shown(suite.baseline)}` }
    : {
        good: false,
        text: `${scenarios} scenarios, ${designs} designs, but no accepted verdicts: "npm run update" makes them`,
      };
};

const cache = (): Examined => {
  try {
    probe(suite.cache);
    return { good: true, text: `verdicts can be kept in ${shown(suite.cache)}` };
  } catch (error) {
    if (!(error instanceof Complaint)) throw error;
    return { good: false, text: `${error.message} The gate needs --no-cache here.` };
  }
};
