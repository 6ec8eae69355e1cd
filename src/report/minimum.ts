import type { Minimum } from '../minimize/minimum.ts';
import type { Size } from '../minimize/size.ts';
import { counted, grouped } from './number.ts';
import { titleOf, type Titled } from './title.ts';
import type { Paint } from './terminal.ts';
import { wrap } from './wrap.ts';

/** What became of a run that was to be made minimal, for people and for programs. */
export type Minimized = {
  readonly file: string;
  readonly titled: Titled;
  readonly property: string;
  /** A text says why there is none. */
  readonly minimum: Minimum | string;
  /** Path of the smaller run, or null. */
  readonly saved: string | null;
  readonly seconds: number;
};

export const minimizedText = (minimized: Minimized, width: number, paint: Paint): string => {
  const { file, titled, property, minimum, saved } = minimized;
  const about = `${titleOf(titled)}, ${property}`;
  if (typeof minimum === 'string')
    return [`${file}: ${paint('doubt', 'unknown')}`, ...indented(`${about}: ${minimum}.`, width)].join('\n');
  const { outcome, reason, message, before, after, leftOut } = minimum;
  return [
    `${file}: ${paint(outcome === 'minimal' ? 'good' : 'doubt', outcome)}`,
    `  ${about}`,
    ...indented(`${message}.`, width),
    `  ${paint('strong', sizesText(before, after))}`,
    ...(leftOut.length === 0 ? [] : indented(`Left out: ${leftOut.join('; ')}.`, width)),
    ...(reason === '' ? [] : indented(`It may not be the smallest: ${reason}.`, width)),
    saved === null
      ? '  Nothing was saved: nothing could be taken away.'
      : `  Saved. Walk it again: npx netgraph-mc replay ${saved}`,
  ].join('\n');
};

const indented = (text: string, width: number): readonly string[] => wrap(text, width - 2).map((line) => `  ${line}`);

/** `4 CPUs → 2, 7 operations → 3, 63 steps → 41, 9 pre-emptions → 3`. */
const sizesText = (before: Size, after: Size): string =>
  things.map(([key, thing]) => `${counted(before[key], thing)} → ${grouped(after[key])}`).join(', ');

const things = [
  ['cpus', 'CPU'],
  ['operations', 'operation'],
  ['steps', 'step'],
  ['preemptions', 'pre-emption'],
] as const satisfies readonly (readonly [keyof Size, string])[];

/** The same for programs. */
export const minimizedResult = ({ file, titled, property, minimum, saved, seconds }: Minimized) => ({
  file,
  scenario: titled.name,
  design: titled.design,
  off: titled.off,
  property,
  ...(typeof minimum === 'string' ? nothing(minimum) : found(minimum)),
  seconds,
  counterexample: saved,
});

const found = ({ outcome, reason, message, site, before, after, leftOut }: Minimum) => ({
  outcome,
  reason,
  message,
  at: site.at,
  before,
  after,
  leftOut,
});

const nothing = (reason: string) => ({
  outcome: 'unknown' as const,
  reason,
  message: null,
  at: null,
  before: null,
  after: null,
  leftOut: [],
});
