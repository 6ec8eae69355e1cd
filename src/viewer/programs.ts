import { actsOf, type Act, type Scenario, type Turn } from '../../spec/scenario.ts';

/** What each CPU of a scenario does, in words that are near to its file: `rmhook E lower, any of send W | shutdown B`. */
export const programsOf = ({ cpus }: Pick<Scenario, 'cpus'>): readonly string[] =>
  cpus.map(({ run }) => run.map(turnText).join(', '));

const turnText = (turn: Turn): string => `${'any' in turn ? 'any of ' : ''}${actsOf(turn).map(actText).join(' | ')}`;

const actText = (act: Act): string =>
  Object.entries(act)
    .map(([verb, body]) => [verb, ...wordsOf(body)].join(' '))
    .join(' ');

const wordsOf = (body: unknown): readonly string[] =>
  typeof body === 'object' && body !== null ? Object.values(body).flatMap(wordsOf) : [String(body)];
