import { smallest, stepsOf, type Break } from '../survey/breaks.ts';
import { counted } from './number.ts';
import type { Paint } from './terminal.ts';

/** A break of a survey: what it is, in which designs it was seen, and the smallest scenario that shows it. */
export const breakRow = (each: Break, paint: Paint): string => {
  const { job, failure } = smallest(each);
  return [
    paint('strong', each.key),
    `  ${[...each.designs].toSorted().join(', ')}`,
    `  ${job.name} on ${job.design}, ${counted(stepsOf(failure), 'step')}`,
  ].join('\n');
};
