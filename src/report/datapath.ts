import { unnumbered } from '../explore/automata/label.ts';
import { counted, grouped } from './number.ts';
import { growingTable, widest } from './table.ts';
import type { Paint } from './terminal.ts';
import { wrap } from './wrap.ts';

/** What `netgraph-mc data` has found out, and how it is shown. All of it is plain data, so that it can be kept. */

/** A step that breaks a claim; how long a shortest run to it is. */
export type Place = { readonly step: string; readonly c: string; readonly steps: number };

/** What came of one claim in one exploration. */
export type Standing = {
  readonly outcome: 'kept' | 'broken' | 'unknown';
  /** Where it is broken, nearest first. */
  readonly places: readonly Place[];
};

export type Row = {
  readonly scenario: string;
  readonly design: string;
  readonly states: number;
  /** Why the search did not see everything, or ''. */
  readonly cutShort: string;
  /** Whether some runs end early, because the design fails in them in other ways. */
  readonly fails: boolean;
  readonly claims: Readonly<Record<string, Standing>>;
  /** The most steps of one operation; null: not found out, or there is no such number. */
  readonly bound: number | null;
};

/** How many accesses of each kind. */
export type Costs = Readonly<Record<string, number>>;
export type Hop = { readonly design: string; readonly in: Costs; readonly back: Costs };

export type Datapath = { readonly rows: readonly Row[]; readonly hops: readonly Hop[] };

type Grid = { readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] };

/** Designs against claims. */
const claimGrid = ({ rows, hops }: Datapath): Grid => {
  const names = claimsIn(rows);
  return {
    head: ['design', ...names, 'most steps'],
    rows: hops.map(({ design }) => {
      const mine = rows.filter((row) => row.design === design);
      return [design, ...names.map((name) => standingText(mine, name)), boundText(mine)];
    }),
  };
};

const claimsIn = (rows: readonly Row[]): readonly string[] => Object.keys(rows[0]?.claims ?? {});

const standingText = (rows: readonly Row[], claim: string): string => {
  const count = (wanted: Standing['outcome']): number =>
    rows.filter(({ claims }) => claims[claim]!.outcome === wanted).length;
  const [broken, unknown] = [count('broken'), count('unknown')];
  const open = unknown > 0 ? `, ${unknown} unknown` : '';
  if (broken > 0) return `broken in ${broken} of ${rows.length}${open}`;
  const failing = rows.filter(({ fails }) => fails).length;
  return `kept in ${count('kept')}${open}${failing > 0 ? `, failing otherwise in ${failing}` : ''}`;
};

const boundText = (rows: readonly Row[]): string => {
  const known = rows.flatMap(({ bound, scenario }) => (bound === null ? [] : [{ bound, scenario }]));
  if (known.length === 0) return '';
  const most = known.reduce((best, next) => (next.bound > best.bound ? next : best));
  return `${most.bound} (${most.scenario})`;
};

/** Kinds of accesses against designs: on the way in, and on the way back. */
const hopGrid = ({ hops }: Datapath): Grid => {
  const kinds = [...new Set(hops.flatMap((hop) => [...Object.keys(hop.in), ...Object.keys(hop.back)]))];
  const cell = (hop: Hop, kind: string): string => {
    const [there, back] = [hop.in[kind] ?? 0, hop.back[kind] ?? 0];
    return there + back === 0 ? '' : `${there} + ${back}`;
  };
  return {
    head: ['access', ...hops.map(({ design }) => design)],
    rows: kinds.toSorted(byKind).map((kind) => [kind, ...hops.map((hop) => cell(hop, kind))]),
  };
};

/** Loads and stores first, what is a CPU's own last. */
const byKind = (a: string, b: string): number => rank(a) - rank(b) || (a < b ? -1 : 1);
const rank = (kind: string): number => {
  if (kind.endsWith('of its own')) return 4;
  return ['load', 'store'].includes(kind) ? 0 : /^(atomic|refcount)/.test(kind) ? 1 : /^(mtx|rw)/.test(kind) ? 2 : 3;
};

/** A place where a claim is broken: on each design, how long a shortest run to it is, and the scenario of the shortest of all. */
type Broken = { place: Place; scenario: string; readonly steps: Map<string, number> };

const breaksOf = (rows: readonly Row[], claim: string): readonly Broken[] => {
  const known = new Map<string, Broken>();
  for (const { scenario, design, claims } of rows)
    for (const place of claims[claim]!.places) {
      const name = `${accessOf(place)} ${place.c}`;
      const broken = known.get(name) ?? { place, scenario, steps: new Map<string, number>() };
      known.set(name, broken);
      if (place.steps < broken.place.steps) Object.assign(broken, { place, scenario });
      broken.steps.set(design, Math.min(place.steps, broken.steps.get(design) ?? Infinity));
    }
  return [...known.values()].toSorted((a, b) => a.place.steps - b.place.steps);
};

/** The number among like accesses depends on which of them a world can come to. */
const accessOf = ({ step }: Place): string => unnumbered(step);

/** For each claim that is broken: where, against designs. */
const breakGrids = ({ rows, hops }: Datapath): readonly { readonly claim: string; readonly grid: Grid }[] =>
  claimsIn(rows).flatMap((claim) => {
    const broken = breaksOf(rows, claim);
    if (broken.length === 0) return [];
    const head = ['access', 'line', 'seen soonest in', ...hops.map(({ design }) => design)];
    const lines = broken.map(({ place, scenario, steps }) => [
      accessOf(place),
      place.c,
      scenario,
      ...hops.map(({ design }) => String(steps.get(design) ?? '')),
    ]);
    return [{ claim, grid: { head, rows: lines } }];
  });

const remarks = ({ rows, hops }: Datapath): readonly string[] => {
  const failing = hops
    .map(({ design }) => design)
    .filter((name) => rows.some(({ design, fails }) => fails && design === name));
  const open = rows.filter(({ cutShort }) => cutShort !== '');
  return [
    ...(failing.length === 0
      ? []
      : [
          `Of ${failing.join(', ')} only what comes before the first failure of a run is said: in some scenarios runs fail otherwise.`,
        ]),
    ...open.map(({ scenario, design, cutShort }) => `${scenario} on ${design} was cut short: ${cutShort}.`),
  ];
};

export const datapathText = (datapath: Datapath, columns: number, paint: Paint): string => {
  const lines = (text: string, indent: number): readonly string[] =>
    wrap(text, columns - indent).map((line, i) => ' '.repeat(i === 0 ? indent : indent + 2) + line);
  const breaks = breakGrids(datapath).flatMap(({ claim, grid }) => [
    paint('bad', `${claim} is broken; steps of a shortest run:`),
    ...plainTable(grid, paint),
    '',
  ]);
  const said = remarks(datapath).flatMap((remark) => lines(remark, 0));
  return [
    ...plainTable(claimGrid(datapath), paint),
    '',
    ...breaks,
    ...(said.length > 0 ? [...said, ''] : []),
    paint('strong', 'One hop, on the way in + on the way back'),
    ...plainTable(hopGrid(datapath), paint),
  ].join('\n');
};

const plainTable = ({ head, rows }: Grid, paint: Paint): readonly string[] => {
  const table = growingTable(
    head.map((title, i) => ({ title, width: widest([title, ...rows.map((row) => row[i]!)]), align: 'left' })),
  );
  return [paint('strong', table.head()), ...rows.map((row) => table.row(row, []))];
};

/** The whole file but for its last newline. `meanings`: the claims with their sentences. */
export const datapathMarkdown = (
  datapath: Datapath,
  meanings: readonly { readonly name: string; readonly sentence: string }[],
): string =>
  [
    '<!-- Generated: npm run update -->',
    '',
    '# The way of a packet',
    '',
    'What each design promises to those who send data, in claims each of which promises more than the one before; and what a hop costs.',
    'The claims are explored in every scenario that sends data and is small enough.',
    '',
    ...meanings.map(({ name, sentence }) => `- \`${name}\`: ${sentence}`),
    '',
    ...markdownTable(claimGrid(datapath)),
    '',
    'Most steps: the longest data operation of any thread in any of the scenarios, counted in accesses that others can tell of.',
    ...remarks(datapath).flatMap((remark) => ['', remark]),
    '',
    '## What a hop costs',
    '',
    'Measured on one packet that goes alone through two relays, `ng_patch`: what is done in the receive routine of the first and not in',
    'that of the second, on the way in + on the way back. _Of its own_: accesses to a record that only its owner may touch.',
    'A fence is no step of the model, and not counted.',
    '',
    ...markdownTable(hopGrid(datapath)),
    '',
    '## Where a claim is broken',
    '',
    'How many steps a shortest run has that shows it, on each design. `netgraph-mc check SCENARIO --design DESIGN --claim CLAIM` shows a',
    'shortest run to the nearest.',
    '',
    ...breakGrids(datapath).flatMap(({ claim, grid }) => [`### ${claim}`, '', ...markdownTable(grid), '']),
    '## What was explored',
    '',
    ...markdownTable(exploredGrid(datapath)),
  ].join('\n');

/** States, and the most steps of an operation. */
const exploredGrid = ({ rows, hops }: Datapath): Grid => ({
  head: ['scenario', ...hops.map(({ design }) => design)],
  rows: [...new Set(rows.map(({ scenario }) => scenario))].map((scenario) => [
    scenario,
    ...hops.map(({ design }) => {
      const row = rows.find((each) => each.scenario === scenario && each.design === design);
      if (row === undefined) return '';
      return `${grouped(row.states)} · ${row.bound === null ? '?' : counted(row.bound, 'step')}${row.fails ? ' · fails' : ''}`;
    }),
  ]),
});

const markdownTable = ({ head, rows }: Grid): readonly string[] =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
