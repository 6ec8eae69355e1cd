import type { Scenario } from '../../spec/scenario.ts';

/** What each CPU of a scenario does, in words that are near to its file: `rmhook E lower, shutdown B`. */
export const programsOf = ({ cpus }: Pick<Scenario, 'cpus'>): readonly string[] =>
  cpus.map(({ run }) => run.map(operationText).join(', '));

const operationText = (operation: object): string =>
  Object.entries(operation)
    .map(([verb, body]) => [verb, ...wordsOf(body)].join(' '))
    .join(' ');

const wordsOf = (body: unknown): readonly string[] =>
  typeof body === 'object' && body !== null ? Object.values(body).flatMap(wordsOf) : [String(body)];
