import type { Verdict } from '../explore/verdict.ts';
import { grouped, seconds } from './number.ts';
import { growingTable, widest, type Column } from './table.ts';
import type { Titled } from './title.ts';
import type { Paint, Style } from './terminal.ts';

/** The table of verdicts. It is begun before the first verdict is known and gets a row with each. */

export const verdictTable = (jobs: readonly Titled[], paint: Paint) => {
  const designs = jobs.map(designCell);
  const columns: readonly Column[] = [
    { title: 'scenario', width: widest(['scenario', ...jobs.map(({ name }) => name)]), align: 'left' },
    { title: 'design', width: widest(['design', ...designs]), align: 'left' },
    { title: 'verdict', width: 8, align: 'left' },
    { title: 'states', width: 10, align: 'right' },
    { title: 'transitions', width: 11, align: 'right' },
    { title: 'depth', width: 5, align: 'right' },
    { title: 'seconds', width: 7, align: 'right' },
  ];
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
        ],
        note,
      ),
  };
};

const designCell = ({ design, off }: Titled): string => [design, ...off.map((name) => `-${name}`)].join(' ');

const styles = { holds: 'good', violated: 'bad', unknown: 'doubt' } as const satisfies Record<
  Verdict['verdict'],
  Style
>;
