import { keep } from '../../counterexample/file.ts';
import { fingerprint } from '../../counterexample/fingerprint.ts';
import type { Counterexample } from '../../counterexample/form.ts';
import type { Finding } from '../../explore/model/failure.ts';
import type { Trace, Verdict } from '../../explore/search/verdict.ts';
import { schemaVersion } from '../../schema.ts';
import { suite } from '../../suite.ts';
import { switchesOf, type Job } from './job.ts';
import type { Trial } from './trial.ts';

/**
 * The run that a verdict shows, or null when there is none that could be walked again: a cover that was not reached has no run,
 * and a run that goes on for ever has no end to come to.
 */
export const runOf = ({ verdict, trace }: Verdict): Trace | null =>
  verdict !== 'violated' || trace === null || trace.circle !== null ? null : trace;

/** Saves the run that a verdict shows; returns its path, or null when there is none to save. */
export const capture = ({ job, verdict }: Trial, directory: string): string | null => {
  const { property, message } = verdict;
  const trace = runOf(verdict);
  if (trace === null) return null;
  return keep(counterexampleOf(job, { property: property!, message }, trace), trace, directory);
};

/** The run of a scenario that ends in a finding, in the form in which it is saved. */
export const counterexampleOf = (
  { name, scenario, design, off }: Pick<Job, 'name' | 'scenario' | 'design' | 'off'>,
  { property, message }: Finding,
  trace: Trace,
): Counterexample => ({
  schemaVersion,
  scenario: { name, definition: { ...scenario } },
  design: { name: design, off: [...off], switches: whatIsOn(switchesOf(design, off)) },
  property,
  message,
  expect: 'still fails' as const,
  fingerprint: fingerprint(suite.spec),
  schedule: trace.steps.map(({ cpu, step, picks }) => ({
    cpu: trace.cpus[cpu]!,
    step,
    ...(picks.length === 0 ? {} : { picks: [...picks] }),
  })),
});

/** A file tells which switches were on; all others, also those that come later, were off. */
const whatIsOn = (switches: Readonly<Record<string, boolean>>): Readonly<Record<string, true>> =>
  Object.fromEntries(Object.entries(switches).flatMap(([name, on]) => (on ? [[name, true as const]] : [])));
