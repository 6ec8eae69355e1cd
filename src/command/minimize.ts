import { dirname } from 'node:path';
import { isConductClaim } from '../../spec/claims/conduct.ts';
import type { Scenario } from '../../spec/scenario.ts';
import { keepAt, keepBeside } from '../counterexample/file.ts';
import type { Counterexample } from '../counterexample/form.ts';
import { minimizeApart } from '../minimize/apart.ts';
import { manyStates, type Minimum } from '../minimize/minimum.ts';
import { minimizedResult, minimizedText, type Minimized } from '../report/minimum.ts';
import { progressLine, reportProgress, type ProgressReport } from '../report/progress.ts';
import { schemaVersion } from '../schema.ts';
import type { Terminal } from '../report/terminal.ts';
import { titleOf } from '../report/title.ts';
import { probe } from '../saving.ts';
import { shown, suite } from '../suite.ts';
import { counterexampleOf } from './jobs/capture.ts';
import { exit, type ExitCode } from './exit.ts';
import type { Progress } from '../explore/search/verdict.ts';
import type { Interruption } from './jobs/interruption.ts';
import { loadAll, walkToday } from './replay/rerun.ts';

/** `netgraph-mc minimize`: saved runs, each with as few CPUs, operations and pre-emptions as its failure needs. */
export type MinimizeRequest = {
  readonly files: readonly string[];
  readonly maxStates?: number;
  /** Seconds for each file. */
  readonly timeout?: number;
  readonly json: boolean;
  /** Directory to save in. */
  readonly out?: string;
  /** Save in place of the file itself. */
  readonly inPlace: boolean;
};

type Saved = ReturnType<typeof loadAll>[number] & { readonly path: string };

export const minimize = async (
  request: MinimizeRequest,
  terminal: Terminal,
  interruption: Interruption,
): Promise<ExitCode> => {
  const paths = [...new Set(request.files)];
  const all = loadAll(paths).map((loaded, i) => ({ ...loaded, path: paths[i]! }));
  const directories = request.inPlace ? paths.map(dirname) : [directoryOf(request)];
  for (const directory of new Set(directories)) probe(directory);
  const results: Minimized[] = [];
  for (const saved of all) {
    const minimized = await one(saved, request, terminal, interruption);
    results.push(minimized);
    if (!request.json) terminal.out(`${minimizedText(minimized, terminal.columns, terminal.paint)}\n`);
  }
  if (request.json) terminal.out(JSON.stringify({ schemaVersion, results: results.map(minimizedResult) }, null, 2));
  return results.every(({ minimum }) => isMinimal(minimum)) ? exit.holds : exit.unknown;
};

const directoryOf = ({ out }: MinimizeRequest): string => out ?? suite.counterexamples;

const isMinimal = (minimum: Minimum | string): boolean => typeof minimum !== 'string' && minimum.outcome === 'minimal';

const one = async (
  saved: Saved,
  request: MinimizeRequest,
  terminal: Terminal,
  interruption: Interruption,
): Promise<Minimized> => {
  const { file, counterexample } = saved;
  const { scenario, design, property } = counterexample;
  const titled = { name: scenario.name, design: design.name, off: design.off };
  const began = performance.now();
  const minimum = interruption.raised
    ? 'interrupted before it began'
    : await minimumOf(saved, request, reportProgress(titleOf(titled), terminal, progressLine), interruption);
  return {
    file,
    titled,
    property,
    minimum,
    saved: typeof minimum === 'string' || !isSmaller(minimum) ? null : save(saved, minimum, request),
    seconds: Math.round(performance.now() - began) / 1000,
  };
};

const minimumOf = async (
  { file, counterexample }: Saved,
  { maxStates = manyStates, timeout }: MinimizeRequest,
  report: ProgressReport<Progress>,
  interruption: Interruption,
): Promise<Minimum | string> => {
  const { design, property } = counterexample;
  try {
    const { replay } = walkToday(file, counterexample);
    if (replay.outcome !== 'still fails')
      return `it no longer fails as it did, so there is nothing to keep: ${replay.reason}`;
    const failing = {
      scenario: scenarioOf(counterexample),
      design: design.name,
      off: design.off,
      trace: replay.trace!,
      ...(isConductClaim(property) ? { conduct: [property] } : {}),
    };
    const limits = { maxStates, ...(timeout === undefined ? {} : { seconds: timeout }) };
    return await minimizeApart(failing, limits, interruption, report.show);
  } finally {
    report.end();
  }
};

/** It was built, so it is one. */
const scenarioOf = ({ scenario }: Counterexample): Scenario => scenario.definition as Scenario;

/** Whether there is less of anything than before; a run that was minimal is not, and neither is one that was stopped at once. */
const isSmaller = ({ outcome, before, after, leftOut }: Minimum): boolean =>
  outcome === 'minimal' || leftOut.length > 0 || after.preemptions < before.preemptions;

const save = ({ path, counterexample }: Saved, minimum: Minimum, request: MinimizeRequest): string => {
  const smaller = smallerOf(counterexample, minimum);
  if (!request.inPlace) return shown(keepBeside(smaller, minimum.trace, directoryOf(request)));
  keepAt(path, smaller, minimum.trace);
  return shown(path);
};

/** Under a name that says where it came from. */
const smallerOf = ({ scenario, design }: Counterexample, minimum: Minimum): Counterexample => {
  const origin = scenario.name.replace(/-minimal$/, '');
  const { property, trace, after, leftOut } = minimum;
  const description = `What is left of ${origin} without all that ${property} on ${design.name} does not need.`;
  const reduced = leftOut.length === 0 ? minimum.scenario : { ...minimum.scenario, description };
  const job = { name: `${origin}-minimal`, scenario: reduced, design: design.name, off: design.off };
  const { schedule, ...rest } = counterexampleOf(job, minimum, trace);
  return { ...rest, preemptions: after.preemptions, schedule };
};
