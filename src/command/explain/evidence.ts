import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { load } from '../../counterexample/file.ts';
import type { Counterexample } from '../../counterexample/form.ts';
import { shown, suite } from '../../suite.ts';
import { readBaseline } from '../gate/baseline.ts';
import type { Meaning } from './meaning.ts';

/** What is known of the breaking of a property: accepted verdicts, and saved runs. */
export type Evidence = {
  readonly verdicts: readonly { readonly scenario: string; readonly design: string }[];
  readonly counterexamples: readonly string[];
};

/** An accepted verdict says only that some KASSERT or panic failed; which one, a saved run says. */
export const evidenceOf = ({ name, kind }: Pick<Meaning, 'name' | 'kind'>): Evidence => {
  const verdicts = Object.entries(readBaseline(suite.baseline).results).flatMap(([scenario, designs]) =>
    Object.entries(designs)
      .filter(([, { verdict, property }]) => verdict === 'violated' && property === name)
      .map(([design]) => ({ scenario, design })),
  );
  const shows = ({ property, message }: Counterexample): boolean =>
    kind === 'KASSERT' || kind === 'panic'
      ? property === kind.toLowerCase() && message.endsWith(`: ${name}`)
      : property === name;
  return {
    verdicts,
    counterexamples: savedRuns()
      .filter((path) => shows(load(path)))
      .map(shown),
  };
};

const savedRuns = (): readonly string[] =>
  existsSync(suite.counterexamples)
    ? readdirSync(suite.counterexamples)
        .filter((file) => file.endsWith('.json'))
        .toSorted()
        .map((file) => join(suite.counterexamples, file))
    : [];
