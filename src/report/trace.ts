import type { Trace } from '../explore/search/verdict.ts';
import { columnText, fitsColumns } from './columns.ts';
import { lineText } from './lines.ts';
import { momentsOf, wrongAtEnd, type Moment } from './moment.ts';
import type { Paint } from './terminal.ts';
import { wrap } from './wrap.ts';

/**
 * A run for people: a column for every CPU that takes part, time going down; where the screen is too narrow for that, one
 * line a step. C lines of the file that the run is mostly in are shown by number only, and the head says which file.
 */
export const traceText = (trace: Trace, failed: boolean, width: number, paint: Paint): string => {
  if (trace.steps.length === 0) return '  (it is so from the beginning: no step is needed)';
  const moments = momentsOf(trace, failed);
  const file = homeFile(moments);
  const cpus = [...new Set(moments.map(({ cpu }) => cpu))].toSorted((a, b) => a - b);
  const body = fitsColumns(cpus.length, width)
    ? columnText(trace.cpus, cpus, moments.map(inFile(file)), width, paint)
    : lineText(trace.cpus, moments, width, paint);
  const circle = trace.circle === null ? '' : `\n  … and again from step ${trace.circle + 1} on, for ever`;
  const end = failed && trace.over ? `\n${paint('bad', `   ✗ ${wrongAtEnd}`)}` : '';
  return `${body}${circle}${end}\n${legend(moments, file, fitsColumns(cpus.length, width), width)}`;
};

const homeFile = (moments: readonly Moment[]): string => {
  const counts = new Map<string, number>();
  for (const { place } of moments) if (place !== '') counts.set(fileOf(place), (counts.get(fileOf(place)) ?? 0) + 1);
  return [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0] ?? '';
};
const fileOf = (place: string): string => place.split(':')[0] ?? '';
const inFile =
  (file: string) =>
  (moment: Moment): Moment =>
    file !== '' && fileOf(moment.place) === file ? { ...moment, place: moment.place.slice(file.length + 1) } : moment;

const legend = (moments: readonly Moment[], file: string, numbersOnly: boolean, width: number): string => {
  const standings = moments.flatMap(({ standing }) => standing);
  const marks = [
    numbersOnly && file !== '' ? [`numbers are lines of ${file}`] : [],
    standings.some(({ section }) => section !== 'outside') ? ['│ inside an epoch section'] : [],
    standings.some(({ lock }) => lock !== 'outside') ? ['* holds a lock'] : [],
    moments.some(({ last }) => last) ? ['✗ goes wrong'] : [],
  ].flat();
  return wrap(marks.join('   '), width - 2)
    .map((line) => `  ${line.trim()}`)
    .join('\n');
};
