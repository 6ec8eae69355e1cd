import { claimsMade } from '../../../spec/properties.ts';
import { usualModel } from '../../explore/model/model.ts';
import type { Trace } from '../../explore/search/verdict.ts';
import { titleOf } from '../../report/title.ts';
import { pathText, type Choice } from '../../viewer/page/path.ts';
import { programsOf } from '../../viewer/programs.ts';
import type { Setting } from '../../viewer/run.ts';
import type { Subject } from '../../viewer/story.ts';
import { askedAs } from '../catalogue.ts';
import { worldOf, type Job } from '../jobs/job.ts';
import { meaningOf } from '../explain/meaning.ts';
import { walkToday, type Rerun } from './rerun.ts';

/** All that is needed to tell a run to somebody who was not there. */
export type Telling = { readonly setting: Setting; readonly subject: Subject; readonly trace: Trace };

/** A run that a check has found. */
export const tellingOfFailure = (job: Job, property: string, message: string, trace: Trace): Telling => {
  const { scenario, quotient, fuse, conduct } = job;
  return {
    setting: { world: worldOf(job), claims: claimsMade(scenario, conduct), options: { quotient, fuse } },
    subject: {
      title: titleOf(job),
      description: scenario.description,
      programs: programsOf(scenario),
      headline: message,
      broken: { property, claim: meaningOf(property) },
      circle: trace.circle,
      command: exploration(job, trace),
    },
    trace,
  };
};

/**
 * The command that comes to the end of the run with all other ways open. It makes steps as they usually are, and claims what the scenario
 * does; so there is none for a run that was found otherwise, nor for one that has no end.
 */
const exploration = (
  { name, path, design, off, quotient, fuse, conduct }: Job,
  { steps, circle }: Trace,
): string | null =>
  quotient && fuse && conduct === undefined && circle === null
    ? exploreCommand({ scenario: askedAs({ name, path }), design, off }, steps)
    : null;

/** `netgraph-mc explore` from the end of a path on. */
export const exploreCommand = (
  { scenario, design, off }: { readonly scenario: string; readonly design: string; readonly off: readonly string[] },
  choices: readonly Choice[],
): string =>
  [
    `npx netgraph-mc explore ${scenario} --design ${design}`,
    ...off.map((protection) => `--off ${protection}`),
    ...(choices.length === 0 ? [] : [`--path ${pathText(choices)}`]),
  ].join(' ');

/** A saved run as far as it can be walked today; null when it cannot be begun. */
export const tellingOfRerun = ({ file, counterexample, replay }: Rerun): Telling | null => {
  const { scenario, design, property } = counterexample;
  const { world, claims, scenario: definition } = walkToday(file, counterexample);
  if (world === null || replay.trace === null) return null;
  const fails = replay.outcome === 'still fails' || replay.outcome === 'fails differently';
  return {
    setting: { world, claims, options: usualModel },
    subject: {
      title: titleOf({ name: scenario.name, design: design.name, off: design.off }),
      description: definition.description,
      programs: programsOf(definition),
      headline: fails ? replay.reason : `The saved run is ${replay.outcome}: ${replay.reason}`,
      broken: fails ? { property, claim: meaningOf(property) } : null,
      circle: null,
      command: `npx netgraph-mc replay ${file}`,
    },
    trace: replay.trace,
  };
};
