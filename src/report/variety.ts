import type { Varieties, Variety } from '../explore/search/variety.ts';
import { counted, grouped } from './number.ts';
import { wrap } from './wrap.ts';

/** Of a search that a bound ended: what its states differ in most, so that one knows what to take out of the scenario. */
export const varietyText = (title: string, { sampled, cpus, variables }: Varieties, width: number): string => {
  const list = (all: readonly Variety[]): string =>
    all.map(({ name, values }) => `${name} ${grouped(values)}`).join(', ');
  const rest = variables.length - MOST;
  const more = rest > 0 ? `, and ${counted(rest, 'variable')} with fewer` : '';
  return [
    `${title}: different values among ${counted(sampled, 'state')}, most first.`,
    `Local states of CPUs: ${list(cpus)}.`,
    `Variables: ${list(variables.slice(0, MOST))}${more}.`,
  ]
    .flatMap((text) => wrap(text, width - 2).join('\n    '))
    .join('\n  ');
};

const MOST = 12;
