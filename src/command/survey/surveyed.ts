import * as fc from 'fast-check';
import { Complaint } from '../../complaint.ts';
import { didYouMean, quoted } from '../../suggestion.ts';
import { drawnScenario } from '../../survey/drawing.ts';
import { graphs } from '../../survey/graphs.ts';
import { scenariosOf, unionOf, type Drawn } from '../../survey/scenarios.ts';
import { usualSearch, type Job } from '../jobs/job.ts';
import { selectDesigns } from '../selection.ts';
import type { SurveyRequest } from './survey.ts';
import type { Trial } from '../jobs/trial.ts';

/** What a survey explores. */

/** `apart`: what is explored in its place where it has too many local states; null where nothing is. */
export type Asked = { readonly job: Job; readonly apart: (() => readonly Job[]) | null };

/** Scenario by scenario, so that a survey that is cut short has seen every design on what it has seen. */
export const askedBy = (request: SurveyRequest): readonly Asked[] => {
  const names = request.graph ?? Object.keys(graphs);
  for (const name of names)
    if (!Object.hasOwn(graphs, name))
      throw new Complaint(
        `There is no graph "${name}"; there are ${quoted(Object.keys(graphs))}.${didYouMean(name, Object.keys(graphs))}`,
      );
  const designs = selectDesigns(request.design);
  const { random, walks, preemptions, size, each = 1, seed = 1 } = request;
  if (random === undefined && (walks !== undefined || preemptions !== undefined))
    return names.flatMap((name) => {
      const union = unionOf(name, size, each);
      return designs.map((design) => {
        const job = jobOf(union, design, { ...request, maxStates: request.maxStates ?? USUAL_STATES_OF_ALL });
        if (walks === undefined || each > 1) return { job, apart: null };
        const apart = (): readonly Job[] => {
          const scenarios = scenariosOf([name], size);
          return scenarios.map((drawn) =>
            jobOf(drawn, design, { ...request, walks: Math.ceil(walks / scenarios.length) }),
          );
        };
        return { job: { ...job, closing: 'beforehand' }, apart };
      });
    });
  const scenarios =
    random === undefined ? scenariosOf(names, size) : fc.sample(drawnScenario(names), { numRuns: random, seed });
  return scenarios.flatMap((drawn) => designs.map((design) => ({ job: jobOf(drawn, design, request), apart: null })));
};

export const jobOf = (
  { name, scenario }: Drawn,
  design: string,
  { maxStates, walks, preemptions, seed = 1 }: Pick<SurveyRequest, 'maxStates' | 'walks' | 'preemptions' | 'seed'>,
): Job => ({
  name,
  path: name,
  scenario,
  design,
  off: [],
  ...usualSearch,
  allFailures: true,
  budget: { maxStates: maxStates ?? USUAL_STATES },
  ...(walks === undefined ? {} : { walks: { count: walks, seed } }),
  ...(preemptions === undefined ? {} : { preemptions }),
});

/** Of a search of one scenario, and of one that looks at few of the runs of all on a graph. */
const USUAL_STATES = 300_000;
const USUAL_STATES_OF_ALL = 50_000_000;

/** Explores jobs, and tells of each; null: it was not begun. */
export type Explore = (jobs: readonly Job[], tell: (trial: Trial | null) => void) => Promise<void>;

/**
 * Explores all that was asked, and what has too many local states in parts, when all else is done. Of such a job no run was made, and it is not told; where somebody has stopped
 * meanwhile, it may have had no time.
 */
export const exploreAsked = async (
  asked: readonly Asked[],
  explore: Explore,
  tell: (trial: Trial | null) => void,
  isStopped: () => boolean,
): Promise<void> => {
  const apart = new Map(asked.map((each) => [each.job, each.apart]));
  const parts: Job[] = [];
  await explore([...apart.keys()], (trial) => {
    const inParts = trial === null ? null : apart.get(trial.job)!;
    if (trial === null || inParts === null || trial.verdict.runs !== undefined || isStopped()) tell(trial);
    else parts.push(...inParts());
  });
  if (parts.length > 0) await explore(parts, tell);
};
