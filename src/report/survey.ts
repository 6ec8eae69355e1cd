import { smallest, stepsOf, type Break } from '../survey/breaks.ts';
import type { Known } from './consequences.ts';
import { counted } from './number.ts';
import type { Paint } from './terminal.ts';

/** A break of a survey: what it is, what is known of it, in which designs it was seen, and the smallest scenario that shows it. */
export const breakRow = (each: Break, known: Known, paint: Paint): string => {
  const { job, failure } = smallest(each);
  return [
    paint('strong', each.key),
    `  ${knownText(known, paint)}`,
    `  ${[...each.designs].toSorted().join(', ')}`,
    `  ${job.name} on ${job.design}, ${counted(stepsOf(failure), 'step')}`,
  ].join('\n');
};

const knownText = (known: Known, paint: Paint): string => {
  if (known.kind === 'new') return paint('doubt', 'new: neither a finding nor a consequence of one');
  return `${known.kind === 'finding' ? 'known' : 'follows from'}: ${known.of.join('; ')}`;
};

/** `3 known, 2 consequences, 1 new`. */
export const knownTally = (all: readonly Known[]): string => {
  const of = (kind: Known['kind']): number => all.filter((known) => known.kind === kind).length;
  return `${of('finding')} known, ${counted(of('consequence'), 'consequence')}, ${of('new')} new`;
};
