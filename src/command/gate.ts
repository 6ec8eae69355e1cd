import { globSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Complaint } from '../complaint.ts';
import { replayLine, replayResult } from '../report/replay.ts';
import { counted } from '../report/number.ts';
import { resultOf, schemaVersion } from '../report/result.ts';
import type { Terminal } from '../report/terminal.ts';
import { verdictTable } from '../report/verdicts.ts';
import { probe, save } from '../saving.ts';
import { shown, suite } from '../suite.ts';
import { acceptance, silenceLines, type Acceptance } from './acceptance.ts';
import { baselineText, readBaseline, silentOf, type Baseline, type Cells, type Expectation } from './baseline.ts';
import { building, findScenario, scenarioNames } from './catalogue.ts';
import { compare, differenceLines, noteOf, type Comparison } from './comparison.ts';
import { exit, type ExitCode } from './exit.ts';
import { Exhibition } from './html.ts';
import type { Interruption } from './interruption.ts';
import { usualSearch, worldOf, type Job } from './job.ts';
import { loadAll, rerun, type Rerun } from './rerun.ts';
import { designNames } from './selection.ts';
import { allCores, tryAll, type Trial } from './trial.ts';
import { verdictsText } from './verdicts.ts';

/**
 * `netgraph-mc gate`: every verdict that the baseline names, explored again and compared with it, and every saved run walked
 * again. It passes when all of them are as expected: a design that is known to be broken must break in the same way.
 */
export type GateRequest = {
  readonly json: boolean;
  readonly update: boolean;
  /** How many checks are explored at a time; none: one for each core. */
  readonly workers?: number;
  /** Leaves out what was accepted after more states than that; none: nothing. */
  readonly within?: number;
  /** Directory for an index of all verdicts, and for pages of the runs that somebody has to look at. */
  readonly html?: string;
};

export const gate = async (
  { json, update, workers = allCores, within = Infinity, html }: GateRequest,
  terminal: Terminal,
  interruption: Interruption,
): Promise<ExitCode> => {
  // All of them, also those that nothing is expected of yet: a broken file must not be passed over.
  scenarioNames().forEach(findScenario);
  const accepted = readBaseline(suite.baseline);
  const pairs = pairsOf(accepted.results, update);
  const jobs = pairs
    .filter(([scenario, design]) => update || accepted.results[scenario]![design]!.states <= within)
    .map(([scenario, design]) => jobOf(scenario, design, update));
  if (jobs.length === 0)
    throw new Complaint(`No verdict was accepted within ${within} states, so nothing would be checked.`);
  const saved = loadAll(globSync('*.json', { cwd: suite.counterexamples }).toSorted().map(savedPath));

  if (html !== undefined) probe(html);

  const table = verdictTable(jobs, terminal.paint);
  if (!json) terminal.out(table.head());
  const trials = await tryAll(jobs, workers, terminal, interruption, (trial) => {
    if (json) return;
    const comparison = compare(trial, accepted.results);
    const good = comparison.differences.length === 0 && comparison.expected !== null;
    const note = noteOf(comparison, terminal.columns - table.indent, terminal.paint);
    terminal.out(table.row(trial.job, trial.verdict, good ? 'good' : undefined, note));
  });
  const comparisons = trials.map((trial) => compare(trial, accepted.results));
  const reruns = await rerunAll(saved, interruption);
  const silence = silenceLines(accepted.silent, silentOf(trials.map(({ verdict }) => verdict)));
  const leftOut = pairs.length - jobs.length;
  const ended = { comparisons, silence, reruns, accepted, leftOut, interrupted: interruption.raised };

  if (update) return accept(acceptance(accepted, trials), trials, ended, terminal);
  if (json) terminal.out(JSON.stringify(jsonOf(ended), null, 2));
  else summarize(ended, terminal);
  if (html !== undefined) exhibit(ended, html, terminal);
  return codeOf(ended);
};

/**
 * Every verdict is listed; a page is made of each saved run, and of a verdict that is not as expected. Of those that are, most
 * break in the same few ways, which the saved runs show.
 */
const exhibit = (ended: Ended, directory: string, terminal: Terminal): void => {
  const exhibition = new Exhibition(directory);
  for (const { job, verdict, expected, differences } of ended.comparisons)
    exhibition.addVerdict({ job, verdict }, expected !== null && differences.length === 0);
  for (const done of ended.reruns) exhibition.addRerun(done);
  const index = exhibition.close(`The gate ${outcome(codeOf(ended), ended.interrupted)}: ${figuresOf(ended)}`);
  terminal.err(`Pages: ${index}`);
};

type Ended = {
  readonly comparisons: readonly Comparison[];
  /** What has changed in which steps no check does; it means something only when every check has ended. */
  readonly silence: readonly string[];
  readonly accepted: Baseline;
  /** Pairs that were to be left out. */
  readonly leftOut: number;
  readonly reruns: readonly Rerun[];
  readonly interrupted: boolean;
};

/** What is to be explored: the pairs with an accepted verdict, or for an update every scenario on every design. */
const pairsOf = (accepted: Cells<Expectation>, update: boolean): readonly (readonly [string, string])[] => {
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

/** An update explores what may have no end; a gate only what has been seen to have one. */
const updateBudget = { maxStates: 20_000_000 };

const jobOf = (scenario: string, design: string, update: boolean): Job => {
  const budget = update ? updateBudget : {};
  const job = { ...findScenario(scenario), design, off: [], ...usualSearch, budget };
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
const unexpected = ({ results, undecided }: Baseline): readonly string[] =>
  scenarioNames().flatMap((scenario) =>
    designNames()
      .filter((design) => (results[scenario]?.[design] ?? undecided[scenario]?.[design]) === undefined)
      .map((design) => `${scenario} on ${design}`),
  );

const undecided = ({ undecided }: Baseline): number =>
  Object.values(undecided).reduce((sum, byDesign) => sum + Object.keys(byDesign).length, 0);

const summarize = (ended: Ended, { out, paint }: Terminal): void => {
  const { comparisons, reruns, interrupted, accepted, leftOut } = ended;
  out('');
  for (const done of reruns) out(replayLine(done, paint));
  const wrong = [...comparisons.flatMap(differenceLines), ...silenceOf(ended)];
  if (wrong.length > 0) {
    out(`\n${paint('bad', 'Not as expected:')}`);
    for (const line of wrong) out(`  ${line}`);
    out('If that is right, "npm run update" accepts it.');
  }
  const silent = unexpected(accepted);
  if (silent.length > 0) out(`\nNo verdict is expected yet, so not explored: ${silent.join(', ')}.`);
  if (leftOut > 0) out(`\nLeft out, as asked: ${counted(leftOut, 'pair')} with more states.`);
  const open = undecided(accepted);
  if (open > 0)
    out(
      `\nNot decided within the bounds of an update, so not explored: ${counted(open, 'pair')} of ${shown(suite.verdicts)}.`,
    );
  const code = codeOf(ended);
  out(
    `\n${paint(code === exit.holds ? 'good' : 'bad', `The gate ${outcome(code, interrupted)}`)}: ${figuresOf(ended)}.`,
  );
};

const figuresOf = ({ comparisons, reruns }: Ended): string => {
  const good = comparisons.filter(({ differences }) => differences.length === 0).length;
  const kept = reruns.filter(({ asExpected }) => asExpected).length;
  return `${good} of ${counted(comparisons.length, 'verdict')} and ${kept} of ${counted(reruns.length, 'saved run')} as expected`;
};

const outcome = (code: ExitCode, interrupted: boolean): string => {
  if (interrupted) return 'was interrupted';
  return code === exit.holds ? 'passes' : code === exit.violated ? 'fails' : 'is undecided';
};

/** A search that was cut short has not done all its steps. */
const silenceOf = ({ comparisons, silence, leftOut }: Ended): readonly string[] =>
  leftOut > 0 || comparisons.some(({ verdict }) => verdict.verdict === 'unknown') ? [] : silence;

const accept = (
  accepting: Acceptance | null,
  trials: readonly Trial[],
  { reruns, interrupted }: Ended,
  terminal: Terminal,
): ExitCode => {
  terminal.out('');
  if (accepting === null || interrupted) {
    const why = interrupted ? 'it was interrupted' : 'an accepted verdict is unknown now, and that cannot be accepted';
    terminal.err(`${shown(suite.baseline)} is left as it was: ${why}.`);
    return exit.unknown;
  }
  save([
    { path: suite.baseline, text: baselineText(accepting.baseline) },
    { path: suite.verdicts, text: verdictsText(accepting.baseline, trials) },
  ]);
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
  silence: silenceOf(ended),
  notExplored: { leftOut: ended.leftOut, unexpected: unexpected(ended.accepted), undecided: ended.accepted.undecided },
  replays: ended.reruns.map(replayResult),
});

/** An answer that is not the expected one outweighs an answer that is missing. */
const codeOf = (ended: Ended): ExitCode => {
  const { comparisons, reruns, interrupted } = ended;
  const answered = comparisons.filter(({ verdict }) => verdict.verdict !== 'unknown');
  if (answered.some(({ differences }) => differences.length > 0)) return exit.violated;
  if (reruns.some(({ asExpected }) => !asExpected) || silenceOf(ended).length > 0) return exit.violated;
  const unjudged = ended.leftOut === 0 && unexpected(ended.accepted).length > 0;
  return interrupted || unjudged || answered.length < comparisons.length ? exit.unknown : exit.holds;
};
