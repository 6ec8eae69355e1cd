import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Trace } from '../explore/search/verdict.ts';
import { readJson } from '../reading.ts';
import { save } from '../saving.ts';
import { validator } from '../schema.ts';
import { counterexampleSchema, type Counterexample } from './form.ts';
import { transcript } from './transcript.ts';

/** A counterexample leaves by this door and comes in again by it. */

const validate = validator<Counterexample>(counterexampleSchema);

/** Reads a saved counterexample. Throws a Complaint when it is not one, or not a whole one. */
export const load = (path: string): Counterexample => validate(readJson(path), path);

/** Saves it with its transcript beside it, both or neither; returns the path. */
export const keep = (counterexample: Counterexample, trace: Trace, directory: string): string => {
  const path = join(directory, `${stem(counterexample)}.json`);
  keepAt(path, counterexample, trace);
  return path;
};

/** The same, in a file of this name. */
export const keepAt = (path: string, counterexample: Counterexample, trace: Trace): void =>
  save([
    { path, text: written(counterexample) },
    {
      path: path.replace(/(\.json)?$/, '.txt'),
      text: transcript(counterexample, trace, `counterexamples/${basename(path)}`),
    },
  ]);

/** The same, under a name that is free: what another run has is left alone, and what is there already is not written twice. */
export const keepBeside = (counterexample: Counterexample, trace: Trace, directory: string): string => {
  for (let i = 1; ; i++) {
    const path = join(directory, `${stem(counterexample)}${i === 1 ? '' : `-${i}`}.json`);
    if (existsSync(path) && readFileSync(path, 'utf8') !== written(counterexample)) continue;
    keepAt(path, counterexample, trace);
    return path;
  }
};

/** One run for each scenario, design and property: a newer one takes the place of the older. */
export const stem = ({
  scenario,
  design,
  property,
}: Pick<Counterexample, 'scenario' | 'design' | 'property'>): string =>
  [scenario.name, design.name, ...design.off.map((name) => `without-${name}`), property]
    .map((part) => part.replaceAll(/[^\w.]+/g, '-'))
    .join('-');

/** Every step on a line of its own, so that a difference between two versions can be read. */
export const written = ({ schedule, ...rest }: Counterexample): string => {
  const head = JSON.stringify(rest, null, 2).replace(/\n\}$/, '');
  const steps = schedule.map((step) => `    ${JSON.stringify(step)}`);
  return `${head},\n  "schedule": [\n${steps.join(',\n')}\n  ]\n}\n`;
};
