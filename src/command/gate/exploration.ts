import { Complaint } from '../../complaint.ts';
import { counted } from '../../report/number.ts';
import { shown, suite } from '../../suite.ts';
import { isRenumbered, type Baseline } from './baseline.ts';
import { findScenario, isOfSuite, isReusing, scenarioNames } from '../catalogue.ts';
import { mostThreads, usualSearch, type Job } from '../jobs/job.ts';
import type { Pair, Scope, ScopeRequest } from './scope.ts';
import { designNames } from '../selection.ts';
import { allCores } from '../jobs/trial.ts';

/** What a gate explores: which scenarios on which designs, in which way and in which order. */

export type ExplorationRequest = ScopeRequest & {
  /** How many checks are explored at a time; none: one for each core. */
  readonly workers?: number;
  /** Everything that was not asked to be left out is explored, also what nothing was accepted of yet, and accepted. */
  readonly update: boolean;
};

/** Throws a Complaint where nothing of the suite has that name. */
export const requireScenario = (name: string): void => {
  if (isOfSuite(name)) return;
  findScenario(name);
  throw new Complaint(`The gate is of the suite's own scenarios: "npx netgraph-mc check ${name}" explores it.`);
};

/** What can be explored: the pairs with an accepted verdict, or for an update every scenario on every design. */
export const pairsOf = (baseline: Baseline, request: ExplorationRequest): readonly Pair[] => {
  const { results } = baseline;
  if (request.update)
    return [...scenarioNames(), ...reusedIn(baseline, request)].flatMap((scenario) =>
      designNames()
        .filter((design) => !isReusing(scenario) || isReused(baseline, request, scenario, design))
        .map((design) => ({ scenario, design, states: results[scenario]?.[design]?.states ?? null })),
    );
  const accepted = Object.entries(results).flatMap(([scenario, byDesign]) =>
    Object.entries(byDesign).map(([design, { states }]) => ({ scenario, design, states })),
  );
  if (accepted.length === 0)
    throw new Complaint(
      `${shown(suite.baseline)} names no verdict to expect yet; "npm run update" accepts the present ones.`,
    );
  for (const { scenario, design } of accepted)
    if (!isOfSuite(scenario) || !designNames().includes(design))
      throw new Complaint(
        `${shown(suite.baseline)} expects a verdict for ${scenario} on ${design}, which is gone; "npm run update" forgets it.`,
      );
  return accepted;
};

/** The scenarios with memory handed out once more that an update explores: those that have been before, and those that are named. */
const reusedIn = ({ results, undecided }: Baseline, { scenarios }: ExplorationRequest): readonly string[] =>
  [...new Set([...Object.keys(results), ...Object.keys(undecided), ...scenarios])].filter(
    (scenario) => isReusing(scenario) && isOfSuite(scenario),
  );

/** On the designs on which they have been; where they have been on none, or designs are named with them, on all that may be meant. */
const isReused = (
  { results, undecided }: Baseline,
  { scenarios, design: designs }: ExplorationRequest,
  scenario: string,
  design: string,
): boolean => {
  const before = { ...undecided[scenario], ...results[scenario] };
  const isNamed = scenarios.includes(scenario);
  return Object.hasOwn(before, design) || (isNamed && (designs !== undefined || Object.keys(before).length === 0));
};

/** An update explores what may have no end; a gate only what has been seen to have one. */
const updateBudget = { maxStates: 100_000_000 };

export const jobsOf = (
  { pairs, chosen }: Scope,
  { update, within, scenarios: asked, design, workers = allCores }: ExplorationRequest,
  accepted: Baseline,
): readonly Job[] => {
  // All of them, also those that nothing is expected of yet: a broken file must not be passed over.
  const names = new Set([...scenarioNames(), ...pairs.map(({ scenario }) => scenario)]);
  const scenarios = new Map([...names].map((name) => [name, findScenario(name)]));
  if (pairs.length === 0 && chosen.length === 0)
    throw new Complaint(
      within === undefined
        ? `No verdict was accepted for what was asked for, so nothing would be checked; "npx netgraph-mc gate ${[...asked, ...(design ?? []).map((name) => `--design ${name}`)].join(' ')} --update" accepts the present ones.`
        : `No verdict was accepted within ${counted(within, 'state')}, so nothing would be checked.`,
    );
  const budget = update ? updateBudget : {};
  const largest = largestOf(pairs);
  return pairs.map((pair) => ({
    ...scenarios.get(pair.scenario)!,
    design: pair.design,
    off: [],
    ...usualSearch,
    symmetry: isRenumbered(accepted, pair.scenario, pair.design),
    budget,
    ...(pair === largest && workers > 1 ? { threads: Math.min(workers, mostThreads) } : {}),
  }));
};

/** The largest pair. It comes last, and ends when the other workers have had nothing left to do for a while: so all search in it, where that is worth it. */
const largestOf = (pairs: readonly Pair[]): Pair | null => {
  const [largest] = pairs.toSorted((a, b) => (b.states ?? 0) - (a.states ?? 0));
  return (largest?.states ?? 0) < WORTH_TOGETHER ? null : largest!;
};

/** By what is smaller other threads are not in time. */
const WORTH_TOGETHER = 2_000_000;

/** So that something is known at once. What has never been accepted stands first: somebody waits for it. */
export const smallestFirst = (jobs: readonly Job[], { results }: Baseline): readonly Job[] => {
  const statesOf = ({ name, design }: Job): number => results[name]?.[design]?.states ?? 0;
  return jobs.toSorted((a, b) => statesOf(a) - statesOf(b));
};
