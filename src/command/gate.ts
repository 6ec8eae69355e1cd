import { globSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Complaint } from '../complaint.ts';
import { replayLine, replayResult } from '../report/replay.ts';
import { counted } from '../report/number.ts';
import { resultOf, schemaVersion } from '../report/result.ts';
import type { Terminal } from '../report/terminal.ts';
import { verdictTable } from '../report/verdicts.ts';
import { shown, suite } from '../suite.ts';
import { acceptance, type Acceptance } from './acceptance.ts';
import { readBaseline, writeBaseline, type Expectations } from './baseline.ts';
import { building, findScenario, scenarioNames } from './catalogue.ts';
import { compare, differenceLines, noteOf, type Comparison } from './comparison.ts';
import { exit, type ExitCode } from './exit.ts';
import type { Interruption } from './interruption.ts';
import { worldOf, type Job } from './job.ts';
import { loadAll, rerun, type Rerun } from './rerun.ts';
import { designNames } from './selection.ts';
import { tryAll } from './trial.ts';

/**
 * `netgraph-mc gate`: every verdict that the baseline names, explored again and compared with it, and every saved run walked
 * again. It passes when all of them are as expected: a design that is known to be broken must break in the same way.
 */
export type GateRequest = { readonly json: boolean; readonly update: boolean };

export const gate = async (
  { json, update }: GateRequest,
  terminal: Terminal,
  interruption: Interruption,
): Promise<ExitCode> => {
  // All of them, also those that nothing is expected of yet: a broken file must not be passed over.
  scenarioNames().forEach(findScenario);
  const accepted = readBaseline(suite.baseline);
  const jobs = pairsOf(accepted, update).map(([scenario, design]) => jobOf(scenario, design));
  const saved = loadAll(globSync('*.json', { cwd: suite.counterexamples }).toSorted().map(savedPath));

  const table = verdictTable(jobs, terminal.paint);
  if (!json) terminal.out(table.head());
  const trials = await tryAll(jobs, terminal, interruption, (trial) => {
    if (json) return;
    const comparison = compare(trial, accepted);
    const good = comparison.differences.length === 0 && comparison.expected !== null;
    const note = noteOf(comparison, terminal.columns - table.indent, terminal.paint);
    terminal.out(table.row(trial.job, trial.verdict, good ? 'good' : undefined, note));
  });
  const comparisons = trials.map((trial) => compare(trial, accepted));
  const reruns = await rerunAll(saved, interruption);
  const ended = { comparisons, reruns, interrupted: interruption.raised };

  if (update) return accept(acceptance(accepted, trials), ended, terminal);
  if (json) terminal.out(JSON.stringify(jsonOf(ended), null, 2));
  else summarize(ended, terminal);
  return codeOf(ended);
};

type Ended = {
  readonly comparisons: readonly Comparison[];
  readonly reruns: readonly Rerun[];
  readonly interrupted: boolean;
};

/** What is to be explored: the pairs with an accepted verdict, or for an update every scenario on every design. */
const pairsOf = (accepted: Expectations, update: boolean): readonly (readonly [string, string])[] => {
  if (update) return scenarioNames().flatMap((scenario) => designNames().map((design) => [scenario, design] as const));
  const pairs = Object.entries(accepted).flatMap(([scenario, byDesign]) =>
    Object.keys(byDesign).map((design) => [scenario, design] as const),
  );
  if (pairs.length === 0)
    throw new Complaint(
      `${shown(suite.baseline)} names no verdict to expect yet; "npm run update" accepts the present ones.`,
    );
  for (const [scenario, design] of pairs)
    if (!scenarioNames().includes(scenario) || !designNames().includes(design))
      throw new Complaint(
        `${shown(suite.baseline)} expects a verdict for ${scenario} on ${design}, which is gone; "npm run update" forgets it.`,
      );
  return pairs;
};

const jobOf = (scenario: string, design: string): Job => {
  const job = { ...findScenario(scenario), design, off: [], quotient: true, fuse: true, reduce: false, budget: {} };
  building(job.path, () => worldOf(job));
  return job;
};

const savedPath = (name: string): string => join(suite.counterexamples, name);

/** Walks are short, so they are done here; between two of them a signal is let through. */
const rerunAll = async (saved: ReturnType<typeof loadAll>, interruption: Interruption): Promise<readonly Rerun[]> => {
  const reruns: Rerun[] = [];
  for (const { file, counterexample } of saved) {
    await nextTurn();
    if (interruption.raised) break;
    reruns.push(rerun(file, counterexample));
  }
  return reruns;
};

/** What could be explored and has no accepted verdict: said, so that nobody takes it for checked. */
const unexpected = (comparisons: readonly Comparison[]): readonly string[] => {
  const known = new Set(comparisons.map(({ job }) => `${job.name} on ${job.design}`));
  return scenarioNames()
    .flatMap((scenario) => designNames().map((design) => `${scenario} on ${design}`))
    .filter((pair) => !known.has(pair));
};

const summarize = ({ comparisons, reruns, interrupted }: Ended, { out, paint }: Terminal): void => {
  out('');
  for (const done of reruns) out(replayLine(done, paint));
  const wrong = comparisons.flatMap(differenceLines);
  const lost = reruns.filter(({ asExpected }) => !asExpected).length;
  if (wrong.length > 0) {
    out(`\n${paint('bad', 'Not as expected:')}`);
    for (const line of wrong) out(`  ${line}`);
    out('If that is right, "npm run update" accepts it.');
  }
  const silent = unexpected(comparisons);
  if (silent.length > 0) out(`\nNo verdict is expected yet, so not explored: ${silent.join(', ')}.`);
  const good = comparisons.filter(({ differences }) => differences.length === 0).length;
  const figures = `${good} of ${counted(comparisons.length, 'verdict')} and ${reruns.length - lost} of ${counted(reruns.length, 'saved run')} as expected`;
  const word = interrupted ? 'interrupted' : wrong.length + lost === 0 ? 'passes' : 'fails';
  out(
    `\n${paint(word === 'passes' ? 'good' : 'bad', `The gate ${word === 'interrupted' ? 'was interrupted' : word}`)}: ${figures}.`,
  );
};

const accept = (accepting: Acceptance | null, { reruns }: Ended, terminal: Terminal): ExitCode => {
  terminal.out('');
  if (accepting === null) {
    terminal.err(`${shown(suite.baseline)} is left as it was: a verdict is unknown, and that cannot be accepted.`);
    return exit.unknown;
  }
  writeBaseline(suite.baseline, accepting.results);
  for (const change of accepting.changes) terminal.out(change);
  terminal.out(`${shown(suite.baseline)}: ${counted(accepting.changes.length, 'change')}.`);
  for (const done of reruns) terminal.out(replayLine(done, terminal.paint));
  return reruns.every(({ asExpected }) => asExpected) ? exit.holds : exit.violated;
};

const jsonOf = (ended: Ended) => ({
  schemaVersion,
  passed: codeOf(ended) === exit.holds,
  results: ended.comparisons.map(({ job, verdict }) => resultOf(job, verdict, null)),
  differences: ended.comparisons.flatMap(({ job, differences }) =>
    differences.map((difference) => ({ scenario: job.name, design: job.design, ...difference })),
  ),
  replays: ended.reruns.map(replayResult),
});

/** An answer that is not the expected one outweighs an answer that is missing. */
const codeOf = ({ comparisons, reruns, interrupted }: Ended): ExitCode => {
  const answered = comparisons.filter(({ verdict }) => verdict.verdict !== 'unknown');
  if (answered.some(({ differences }) => differences.length > 0)) return exit.violated;
  if (reruns.some(({ asExpected }) => !asExpected)) return exit.violated;
  return interrupted || answered.length < comparisons.length ? exit.unknown : exit.holds;
};
