import type { Moment } from './moment.ts';
import type { Span, Standing } from './standing.ts';
import type { Paint } from './terminal.ts';
import { wrap } from './wrap.ts';

/** A run in columns: one for each CPU that takes part, with its epoch sections drawn as bars along its left side. */

const numberWidth = 5;
const gutter = 3;
const narrowest = 34;

const columnWidth = (cpus: number, width: number): number => Math.min(48, Math.floor((width - numberWidth) / cpus));

/** Whether most steps still fit on one line in each of so many columns. */
export const fitsColumns = (cpus: number, width: number): boolean => columnWidth(cpus, width) >= narrowest;

export const columnText = (
  names: readonly string[],
  cpus: readonly number[],
  moments: readonly Moment[],
  width: number,
  paint: Paint,
): string => {
  const column = columnWidth(cpus.length, width);
  const head =
    ' '.repeat(numberWidth) + cpus.map((cpu) => ' '.repeat(gutter) + names[cpu]!.padEnd(column - gutter)).join('');
  const body = moments.flatMap((moment) => rows(moment, cpus, column, paint));
  return [paint('strong', head.trimEnd()), ...body].join('\n');
};

/** The lines of one step: its own text in its CPU's column, bars in the others. */
const rows = (moment: Moment, cpus: readonly number[], column: number, paint: Paint): readonly string[] => {
  const room = column - gutter - 1;
  const heading = moment.heading === null ? [] : wrap(moment.heading, room);
  const [first = '', ...more] = moment.texts;
  const told = wrap(`${moment.place} ${moment.last ? '✗ ' : ''}${first}`.trim(), room);
  const changes = more.flatMap((text) => wrap(text, room - 2).map((line) => `  ${line}`));
  return [...heading, ...told, ...changes].map((text, i) => {
    const when = i < heading.length ? 'before' : i === heading.length ? 'at' : 'after';
    const style = when === 'before' ? 'faint' : moment.last ? 'bad' : null;
    const number = when === 'at' ? `${String(moment.number).padStart(numberWidth - 1)} ` : ' '.repeat(numberWidth);
    const cells = cpus.map((cpu) => {
      const padded = (cpu === moment.cpu ? text : '').padEnd(column - gutter);
      const side = `${marksOf(moment.standing[cpu]!, when)} `;
      return side + (style === null || cpu !== moment.cpu ? padded : paint(style, padded));
    });
    return (number + cells.join('')).trimEnd();
  });
};

type When = 'before' | 'at' | 'after';
type Marks = Readonly<Record<Span, Readonly<Record<When, string>>>>;

/** How a section looks on the lines before the step, at it and after it. */
const sectionMarks: Marks = {
  outside: { before: ' ', at: ' ', after: ' ' },
  enters: { before: ' ', at: '┌', after: '│' },
  inside: { before: '│', at: '│', after: '│' },
  leaves: { before: '│', at: '└', after: ' ' },
};

const lockMarks: Marks = {
  outside: { before: ' ', at: ' ', after: ' ' },
  enters: { before: ' ', at: '*', after: '*' },
  inside: { before: '*', at: '*', after: '*' },
  leaves: { before: '*', at: '*', after: ' ' },
};

/** The marks of a standing, two characters. */
export const marksOf = ({ section, lock }: Standing, when: When): string =>
  sectionMarks[section][when] + lockMarks[lock][when];
