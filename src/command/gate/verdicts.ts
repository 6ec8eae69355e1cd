import { verdictGrid, type Cell, type GridRow } from '../../report/grid.ts';
import type { Baseline } from './baseline.ts';
import { findScenario, reusing, scenarioNames } from '../catalogue.ts';
import { designNames } from '../selection.ts';

/** The text of spec/VERDICTS.md: the baseline, with what each check took (by `scenario on design`). */
export const verdictsText = (baseline: Baseline, seconds: ReadonlyMap<string, number>): string => {
  const again = designNames().filter((design) =>
    scenarioNames().some((name) => cellOf(baseline, reusing(name), design, null) !== undefined),
  );
  const rows = scenarioNames().map((name): GridRow => {
    const { description, cpus, ngthreads, nodes } = findScenario(name).scenario;
    const callout = Object.values(nodes).some(({ type }) => type === 'source') ? 1 : 0;
    const cell = (scenario: string, design: string): Cell | undefined =>
      cellOf(baseline, scenario, design, seconds.get(`${scenario} on ${design}`) ?? null);
    const cells = [
      ...designNames().map((design) => [design, cell(name, design)]),
      ...again.map((design) => [reusing(design), cell(reusing(name), design)]),
    ];
    return { scenario: name, description, cpus: cpus.length + ngthreads + callout, cells: Object.fromEntries(cells) };
  });
  return `${verdictGrid([...designNames(), ...again.map(reusing)], rows)}\n`;
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
