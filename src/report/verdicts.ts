import type { Verdict } from '../explore/search/verdict.ts';
import { grouped, seconds } from './number.ts';
import { growingTable, widest, widthOf, type Column } from './table.ts';
import type { Titled } from './title.ts';
import type { Style, Terminal } from './terminal.ts';

/**
 * The table of verdicts. It is begun before the first verdict is known and gets a row with each. Where the screen is too narrow for it,
 * it does without the counts that say least.
 */
export const verdictTable = (
  jobs: readonly Titled[],
  { paint, columns: screen }: Pick<Terminal, 'paint' | 'columns'>,
) => {
  const designs = jobs.map(designCell);
  const all: readonly Column[] = [
    { title: 'scenario', width: widest(['scenario', ...jobs.map(({ name }) => name)]), align: 'left' },
    { title: 'design', width: widest(['design', ...designs]), align: 'left' },
    { title: 'verdict', width: 8, align: 'left' },
    { title: 'states', width: 11, align: 'right' },
    { title: 'transitions', width: 13, align: 'right' },
    { title: 'depth', width: 5, align: 'right' },
    { title: 'seconds', width: 7, align: 'right' },
  ];
  const columns = dispensable.reduce(
    (left, title) => (widthOf(left) > screen ? left.filter((column) => column.title !== title) : left),
    all,
  );
  const table = growingTable(columns);
  return {
    head: () => paint('strong', table.head()),
    /** Where a note begins. */
    indent: table.indent,
    /** `as`: the colour of the verdict where it is not the verdict's own; `note`: lines below; `cached`: it was found before. */
    row: (
      job: Titled,
      verdict: Verdict,
      as: Style = styles[verdict.verdict],
      note: readonly string[] = [],
      cached = false,
    ) =>
      table.row(
        [
          job.name,
          designCell(job),
          paint(as, verdict.verdict),
          grouped(verdict.states),
          grouped(verdict.transitions),
          grouped(verdict.depth),
          cached ? 'cached' : seconds(verdict.seconds),
        ].filter((_, i) => columns.includes(all[i]!)),
        note,
      ),
  };
};

/** The first to go stands first. */
const dispensable = ['transitions', 'depth', 'states', 'seconds'] as const;

const designCell = ({ design, off }: Titled): string => [design, ...off.map((name) => `-${name}`)].join(' ');

const styles = { holds: 'good', violated: 'bad', unknown: 'doubt' } as const satisfies Record<
  Verdict['verdict'],
  Style
>;
