import { coverOf, fateOf, partsOf, type Catch, type Fate, type Row } from '../matrix/row.ts';
import { counted, grouped } from './number.ts';
import { growingTable, widest } from './table.ts';
import type { Paint, Style } from './terminal.ts';
import { wrap } from './wrap.ts';

/** The necessity matrix for people: a table that gets a row with each protection, and the table of README. */

export const matrixTable = (protections: readonly string[], properties: readonly string[], paint: Paint) => {
  const table = growingTable([
    { title: 'without', width: widest(['without', ...protections]), align: 'left' },
    { title: 'caught in', width: 9, align: 'left' },
    { title: 'steps', width: 5, align: 'right' },
    { title: 'property', width: widest(properties), align: 'left' },
  ]);
  return {
    head: () => paint('strong', table.head()),
    /** The shortest catch; below it where else, and what is unknown. */
    row: (row: Row, columns: number): string => {
      const [first] = row.caughtBy;
      const tried = row.caughtBy.length + row.held.length + row.unknown.length;
      const count = paint(styleOf(row), `${row.caughtBy.length} of ${tried}`);
      const width = Math.max(30, columns - table.indent);
      return table.row(
        [row.protection, count, first === undefined ? '' : grouped(first.depth), first?.property ?? absent(row)],
        noteOf(row, width, paint),
      );
    },
  };
};

const absent = ({ unknown }: Row): string => (unknown.length > 0 ? 'unknown' : 'none');

const styleOf = ({ caughtBy, unknown }: Row): Style =>
  caughtBy.length > 0 ? 'good' : unknown.length > 0 ? 'doubt' : 'bad';

const noteOf = ({ caughtBy, unknown }: Row, width: number, paint: Paint): readonly string[] => {
  const [first, ...more] = caughtBy;
  return [
    ...(first === undefined ? [] : wrap(`in ${[first.scenario, ...more.map(brief)].join(', ')}`, width)),
    ...(unknown.length === 0 ? [] : wrap(`unknown: ${list(unknown)}`, width).map((line) => paint('doubt', line))),
  ];
};

const brief = ({ scenario, property, depth }: Catch): string => `${scenario} (${property}, ${grouped(depth)})`;
const list = (undecided: Row['unknown']): string =>
  undecided.map(({ scenario, reason }) => `${scenario} (${reason})`).join(', ');

/** What follows from the rows, and what was left out. */
export const matrixSummary = (
  { design, leftOut, rows }: { design: string; leftOut: Row['unknown']; rows: readonly Row[] },
  columns: number,
  paint: Paint,
): string => {
  const of = (fate: Fate): readonly Row[] => rows.filter((row) => fateOf(row, rows) === fate);
  const line = (style: Style, title: string, which: readonly Row[]): readonly string[] =>
    which.length === 0 ? [] : [paint(style, `${title}: ${which.map(({ protection }) => protection).join(', ')}.`)];
  const covered = of('covered').map(
    (row) => `${row.protection}: missed only together, see ${coverOf(row, rows)!.protection}.`,
  );
  return [
    ...(leftOut.length === 0
      ? []
      : wrap(
          `Left out, because ${design} itself fails, is unknown or has more states than asked for: ${list(leftOut)}.`,
          columns,
        )),
    ...covered,
    ...line('bad', 'Nobody misses', of('unmissed')),
    ...line('doubt', 'Unknown whether anybody misses', of('unknown')),
    `${of('missed').length + covered.length} of ${counted(rows.length, 'row')} caught.`,
  ].join('\n');
};

/* ---- README ---- */

const begin = '<!-- matrix -->';
const end = '<!-- /matrix -->';

/** The text with this in the place of what stands between the two marks, or null where the marks are not. */
export const betweenMarks = (text: string, fresh: string): string | null => {
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  return from < 0 || to < from ? null : `${text.slice(0, from + begin.length)}\n\n${fresh}\n\n${text.slice(to)}`;
};

/** One row for each protection with its sentence, and the shortest run that shows what it is good for. */
export const matrixMarkdown = (rows: readonly Row[], sentences: Readonly<Record<string, string>>): string => {
  if (rows.length === 0) return '_Nothing has been pinned yet._';
  return [
    '<!-- prettier-ignore-start -->',
    '| without | fails in | property | steps | run |',
    '| --- | --- | --- | --: | --- |',
    ...rows.map((row) => `| ${cells(row, rows, sentences).map(escaped).join(' | ')} |`),
    '<!-- prettier-ignore-end -->',
  ].join('\n');
};

const cells = (row: Row, rows: readonly Row[], sentences: Readonly<Record<string, string>>): readonly string[] => {
  const parts = partsOf(row.protection);
  const name = parts.map((part) => `\`${part}\``).join(' and ');
  const what = parts.length === 1 ? `${name}: ${sentences[row.protection]}` : name;
  const [first] = row.caughtBy;
  if (first === undefined) return [what, absences[fateOf(row, rows)](row, rows), '', '', ''];
  const more = row.caughtBy.length === 1 ? '' : ` and ${row.caughtBy.length - 1} more`;
  const { counterexample, property, scenario, depth } = first;
  return [what, `\`${scenario}\`${more}`, property, `${depth}`, linkTo(counterexample)];
};

const linkTo = (path: string | null): string =>
  path === null ? '' : `[txt](${path.replace(/json$/, 'txt')}), [json](${path})`;

const absences: Readonly<Record<Fate, (row: Row, rows: readonly Row[]) => string>> = {
  missed: () => '',
  covered: (row, rows) => `only together: ${coverOf(row, rows)!.protection}`,
  unknown: () => '_unknown_',
  unmissed: () => '**nobody misses it**',
};

const escaped = (text: string): string => text.replaceAll('|', '\\|');
