import type { Outcome } from '../explore/search/verdict.ts';
import { grouped, seconds as asSeconds } from './number.ts';

/** spec/VERDICTS.md: every scenario on every design, and what came of it. */

export type Cell = {
  readonly verdict: Outcome;
  readonly property: string | null;
  readonly states: number;
  /** Interchangeable records were renumbered. */
  readonly symmetry?: boolean;
  /** The bound that was hit, where the verdict is unknown. */
  readonly reason: string;
  /** Null where nobody measured. */
  readonly seconds: number | null;
};
export type GridRow = {
  readonly scenario: string;
  readonly description: string;
  /** How many run programs or serve queues. */
  readonly cpus: number;
  readonly cells: Readonly<Record<string, Cell | undefined>>;
};

/** The whole file but for its last newline. `designs`: as the columns are called. */
export const verdictGrid = (designs: readonly string[], rows: readonly GridRow[]): string =>
  [
    '<!-- Generated: npm run update -->',
    '',
    '# Every scenario on every design',
    '',
    'A cell says what came out, after how many states, and how long that took when it was accepted (on whatever machine and beside',
    'whatever else that was). A search that is violated ends there; one that holds has seen every state. _unknown_ is no verdict.',
    '°: counted with interchangeable items, packets and CPUs renumbered (`--symmetry`), since there are too many states otherwise.',
    '`+reuse` behind a design: memory that was freed is handed out once more (`npx netgraph-mc check both-ends+reuse`).',
    'CPUs: those that run programs, ngthreads and the callout wheel; the runner of epoch callbacks comes on top.',
    '',
    row(['scenario', 'CPUs', ...designs]),
    row(['---', '--:', ...designs.map(() => '---')]),
    ...rows.map(({ scenario, cpus, cells }) =>
      row([`\`${scenario}\``, String(cpus), ...designs.map((design) => cellText(cells[design]))]),
    ),
    '',
    ...section(designs, rows),
    '## Scenarios',
    '',
    ...rows.map(({ scenario, description }) => `- \`${scenario}\`: ${description}`),
  ].join('\n');

/** What each check took, by `scenario on design`, as such a file says. */
export const secondsIn = (text: string): ReadonlyMap<string, number> => {
  const rows = text.split('\n').filter((line) => line.startsWith('| '));
  const designs = (rows[0] ?? '').split(' | ').slice(2);
  return new Map(
    rows.flatMap((line) => {
      const [scenario = '', , ...cells] = line.split(' | ');
      return cells.flatMap((cell, i): [string, number][] => {
        const told = / · ([\d,.]+) s(?: \|)?$/.exec(cell)?.[1];
        const [, design, again] = /^([^ +]*)(\+reuse)?/.exec(designs[i]!)!;
        const title = `${scenario.replaceAll(/[|` ]/g, '')}${again ?? ''} on ${design}`;
        return told === undefined ? [] : [[title, Number(told.replaceAll(',', ''))]];
      });
    }),
  );
};

const section = (designs: readonly string[], rows: readonly GridRow[]): readonly string[] => {
  const unknown = rows.flatMap(({ scenario, cells }) =>
    designs.flatMap((design) =>
      cells[design]?.verdict === 'unknown' ? [{ scenario, design, ...cells[design]! }] : [],
    ),
  );
  if (unknown.length === 0) return [];
  return [
    '## Unknown, and why',
    '',
    ...unknown.map(({ scenario, design, reason }) => `- \`${scenario}\` on \`${design}\`: ${reason}`),
    '',
  ];
};

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const cellText = (cell: Cell | undefined): string => {
  if (cell === undefined) return '';
  const { verdict, property, states, seconds, symmetry } = cell;
  const time = seconds === null ? '' : ` · ${asSeconds(seconds)} s`;
  const word = verdict === 'holds' ? '**holds**' : verdict === 'violated' ? property! : '_unknown_';
  return `${word} · ${grouped(states)}${symmetry === true ? '°' : ''}${time}`;
};
