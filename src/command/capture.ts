import { keep } from '../counterexample/file.ts';
import { fingerprint } from '../counterexample/fingerprint.ts';
import { schemaVersion } from '../report/result.ts';
import { suite } from '../suite.ts';
import { switchesOf } from './job.ts';
import type { Trial } from './trial.ts';

/**
 * Saves the run that a verdict shows; returns its path, or null when there is none that could be walked again: a cover that
 * was not reached has no run, and a run that goes on for ever has no end to come to.
 */
export const capture = ({ job, verdict }: Trial, directory: string): string | null => {
  const { trace, property, message } = verdict;
  if (verdict.verdict !== 'violated' || trace === null || trace.circle !== null) return null;
  const counterexample = {
    schemaVersion,
    scenario: { name: job.name, definition: { ...job.scenario } },
    design: { name: job.design, off: [...job.off], switches: switchesOf(job.design, job.off) },
    property: property!,
    message,
    expect: 'still fails' as const,
    fingerprint: fingerprint(suite.spec),
    schedule: trace.steps.map(({ cpu, step, picks }) => ({
      cpu: trace.cpus[cpu]!,
      step,
      ...(picks.length === 0 ? {} : { picks: [...picks] }),
    })),
  };
  return keep(counterexample, trace, directory);
};
