import { verdictGrid, type Cell, type GridRow } from '../report/grid.ts';
import type { Baseline } from './baseline.ts';
import { findScenario, scenarioNames } from './catalogue.ts';
import { designNames } from './selection.ts';

/** The text of spec/VERDICTS.md: the baseline, with what each check took (by `scenario on design`). */
export const verdictsText = (baseline: Baseline, seconds: ReadonlyMap<string, number>): string => {
  const rows = scenarioNames().map((name): GridRow => {
    const { description, cpus, ngthreads, nodes } = findScenario(name).scenario;
    const callout = Object.values(nodes).some(({ type }) => type === 'source') ? 1 : 0;
    const cells = designNames().map((design) => [
      design,
      cellOf(baseline, name, design, seconds.get(`${name} on ${design}`) ?? null),
    ]);
    return { scenario: name, description, cpus: cpus.length + ngthreads + callout, cells: Object.fromEntries(cells) };
  });
  return `${verdictGrid(designNames(), rows)}\n`;
};

const cellOf = (
  { results, undecided }: Baseline,
  scenario: string,
  design: string,
  seconds: number | null,
): Cell | undefined => {
  const decided = results[scenario]?.[design];
  if (decided !== undefined) return { ...decided, reason: '', seconds };
  const open = undecided[scenario]?.[design];
  return open === undefined ? undefined : { verdict: 'unknown', property: null, ...open, seconds };
};
