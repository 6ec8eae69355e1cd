import { globSync } from 'node:fs';
import { join } from 'node:path';
import { Ground } from '../cache/ground.ts';
import { VerdictCache } from '../cache/verdicts.ts';
import { Complaint } from '../complaint.ts';
import { counted } from '../report/number.ts';
import type { Terminal } from '../report/terminal.ts';
import { verdictTable } from '../report/verdicts.ts';
import { probe } from '../saving.ts';
import { shown, suite } from '../suite.ts';
import { silenceLines } from './acceptance.ts';
import { isRenumbered, readBaseline, silentOf, type Baseline } from './baseline.ts';
import { changeLines, changesSinceAccepted, type Changes } from './changes.ts';
import { building, findScenario, isOfSuite, isReusing, scenarioNames } from './catalogue.ts';
import { compare, isAsExpected, noteOf } from './comparison.ts';
import type { ExitCode } from './exit.ts';
import { Exhibition } from './html.ts';
import type { Interruption } from './interruption.ts';
import { questionOf, usualSearch, worldOf, type Job } from './job.ts';
import { compared, rewalked } from './judging.ts';
import { eachOf } from './pool.ts';
import { Events, probeAll, publish, type PublishingRequest } from './publishing.ts';
import { loadAll, type Rerun, type Saved } from './rerun.ts';
import { scopeOf, shareOf, type Pair, type Scope, type ScopeRequest } from './scope.ts';
import { designNames, selectDesigns } from './selection.ts';
import { codeOf, figuresOf, jsonOf, outcome, scoreOf, summarize, verdictLine, type Ended } from './summary.ts';
import { allCores, tryAll, type Memory } from './trial.ts';
import { accept } from './update.ts';

/**
 * `netgraph-mc gate`: every verdict that the baseline names, explored again and compared with it, and every saved run walked
 * again. It passes when all of them are as expected: a design that is known to be broken must break in the same way.
 */
export type GateRequest = ScopeRequest &
  PublishingRequest & {
    readonly json: boolean;
    readonly update: boolean;
    /** How many checks are explored at a time; none: one for each core. */
    readonly workers?: number;
    /** Directory for an index of all verdicts, and for pages of the runs that somebody has to look at. */
    readonly html?: string;
    /** Whether verdicts that were found before, on what they depend on, are taken as they are. */
    readonly cache: boolean;
    /** Tell of the verdicts only what has changed since they were accepted, and by which edits. */
    readonly changed: boolean;
  };

export const gate = async (request: GateRequest, terminal: Terminal, interruption: Interruption): Promise<ExitCode> => {
  const { json, update, tap, ndjson, workers = allCores } = request;
  for (const name of request.scenarios) requireScenario(name);
  selectDesigns(request.design);
  probeAll(request);
  if (request.html !== undefined) probe(request.html);
  const changes = request.changed ? changesSinceAccepted() : null;
  const accepted = readBaseline(suite.baseline);
  const scope = scopeOf(pairsOf(accepted, request), { ...request, full: request.full || update });
  const isForPeople = !json && !tap && !ndjson;
  const jobs = jobsOf(scope, request, accepted);
  const table = verdictTable(jobs, terminal);
  if (isForPeople && changes === null) terminal.out(table.head());
  const all = savedRuns();
  const saved = shareOf(scope.narrow ? all.filter(isAbout(scope, request)) : all, request.shard);
  for (const job of jobs) building(job.path, () => worldOf(job));

  const events = new Events(request, terminal);
  events.start('gate', jobs.length, saved.length);
  const trials = await tryAll(
    smallestFirst(jobs, accepted),
    workers,
    terminal,
    interruption,
    (trial) => {
      const comparison = compare(trial, accepted.results, interruption.raised);
      events.verdict(compared(comparison));
      const isBegun = trial.verdict.states > 0 || !interruption.raised;
      if (!isForPeople || changes !== null || !isBegun) return;
      const good = isAsExpected(comparison);
      const note = noteOf(comparison, terminal.columns - table.indent, terminal.paint);
      terminal.out(table.row(trial.job, trial.verdict, good ? 'good' : undefined, note, trial.cached));
    },
    undefined,
    request.cache ? memory(terminal) : undefined,
  );
  const comparisons = trials
    .toSorted((a, b) => jobs.indexOf(a.job) - jobs.indexOf(b.job))
    .map((trial) => compare(trial, accepted.results, interruption.raised));
  const reruns = await rerunAll(saved, workers, terminal, interruption, (done) => events.rewalk(rewalked(done)));
  const silence = silenceLines(accepted.silent, silentOf(trials.map(({ verdict }) => verdict)));
  const walked = new Set(reruns.map(({ file }) => file));
  const cut = saved.flatMap(({ file }) => (walked.has(file) ? [] : [file]));
  const notWalked = all.length - saved.length;
  const interrupted = interruption.raised;
  const ended: Ended = { comparisons, silence, reruns, cut, notWalked, accepted, scope, interrupted };

  if (update) return accept(trials, ended, terminal);
  if (json) terminal.out(JSON.stringify(jsonOf(ended), null, 2));
  else if (isForPeople && changes !== null) tellChanges(ended, changes, terminal);
  else if (isForPeople) summarize(ended, terminal);
  if (request.html !== undefined) exhibit(ended, request.html, terminal);
  const score = scoreOf(ended);
  publish(score, request, terminal);
  events.end(codeOf(ended), score);
  return codeOf(ended);
};

const tellChanges = (ended: Ended, changes: Changes, { out, paint }: Terminal): void => {
  const lines = ended.comparisons.flatMap((comparison) => changeLines(comparison, changes));
  for (const line of lines) out(line);
  for (const sentence of ended.scope.sentences) out(sentence);
  const { procedures, elsewhere, engine } = changes;
  const ofEngine = engine === 0 ? [] : [`${counted(engine, 'file')} of the engine`];
  const edits = [...procedures.keys(), ...elsewhere, ...ofEngine].join(', ');
  out(`Edited since ${changes.commit} accepted the verdicts: ${edits === '' ? 'nothing' : edits}.`);
  out(`${verdictLine(ended, paint)}.`);
};

/**
 * Every verdict is listed; a page is made of each saved run, and of a verdict that is not as expected. Of those that are, most
 * break in the same few ways, which the saved runs show.
 */
const exhibit = (ended: Ended, directory: string, terminal: Terminal): void => {
  const exhibition = new Exhibition(directory);
  for (const comparison of ended.comparisons) exhibition.addVerdict(comparison, isAsExpected(comparison));
  for (const done of ended.reruns) exhibition.addRerun(done);
  const index = exhibition.close(`The gate ${outcome(codeOf(ended), ended.interrupted)}: ${figuresOf(ended)}`);
  terminal.err(`Pages: ${index}`);
};

/** What cannot be kept has been found none the less: that is said once, and the gate goes on. */
const memory = (terminal: Terminal): Memory => {
  const verdicts = new VerdictCache(suite.cache, new Ground(suite.root));
  let isKeeping = true;
  return {
    find: (job) => verdicts.find(questionOf(job)),
    keep: (job, verdict) => {
      if (!isKeeping) return;
      try {
        verdicts.keep(questionOf(job), verdict);
      } catch (error) {
        if (!(error instanceof Complaint)) throw error;
        isKeeping = false;
        terminal.err(`Verdicts are not kept: ${error.message}`);
      }
    },
  };
};

const requireScenario = (name: string): void => {
  if (isOfSuite(name)) return;
  findScenario(name);
  throw new Complaint(`The gate is of the suite's own scenarios: "npx netgraph-mc check ${name}" explores it.`);
};

/** What can be explored: the pairs with an accepted verdict, or for an update every scenario on every design. */
const pairsOf = (baseline: Baseline, request: GateRequest): readonly Pair[] => {
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
const reusedIn = ({ results, undecided }: Baseline, { scenarios }: GateRequest): readonly string[] =>
  [...new Set([...Object.keys(results), ...Object.keys(undecided), ...scenarios])].filter(
    (scenario) => isReusing(scenario) && isOfSuite(scenario),
  );

/** On the designs on which they have been; where they have been on none, or designs are named with them, on all that may be meant. */
const isReused = (
  { results, undecided }: Baseline,
  { scenarios, design: designs }: GateRequest,
  scenario: string,
  design: string,
): boolean => {
  const before = { ...undecided[scenario], ...results[scenario] };
  const isNamed = scenarios.includes(scenario);
  return Object.hasOwn(before, design) || (isNamed && (designs !== undefined || Object.keys(before).length === 0));
};

/** An update explores what may have no end; a gate only what has been seen to have one. */
const updateBudget = { maxStates: 100_000_000 };

const jobsOf = (
  { pairs, chosen }: Scope,
  { update, within, scenarios: asked, design }: GateRequest,
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
  return pairs.map(({ scenario, design }) => ({
    ...scenarios.get(scenario)!,
    design,
    off: [],
    ...usualSearch,
    symmetry: isRenumbered(accepted, scenario, design),
    budget,
  }));
};

/** So that something is known at once. What has never been accepted stands first: somebody waits for it. */
const smallestFirst = (jobs: readonly Job[], { results }: Baseline): readonly Job[] => {
  const statesOf = ({ name, design }: Job): number => results[name]?.[design]?.states ?? 0;
  return jobs.toSorted((a, b) => statesOf(a) - statesOf(b));
};

/**
 * Where not everything is looked at, of the saved runs those are walked that are of a pair that is; of a scenario that was named also those of
 * its designs without a protection.
 */
const isAbout = ({ chosen }: Scope, { scenarios }: GateRequest): ((saved: Saved) => boolean) => {
  const titles = new Set(chosen.map(({ scenario, design }) => `${scenario} on ${design}`));
  return ({ counterexample: { scenario, design } }) =>
    (design.off.length === 0 || scenarios.length > 0) &&
    titles.has(`${scenario.name.replace(/-minimal$/, '')} on ${design.name}`);
};

const savedRuns = (): readonly Saved[] =>
  loadAll(
    globSync('*.json', { cwd: suite.counterexamples })
      .toSorted()
      .map((name) => join(suite.counterexamples, name)),
  );

/** Walks are short, but the automata of each have to be built: so there are threads for them too. */
const rerunAll = async (
  saved: readonly Saved[],
  workers: number,
  terminal: Terminal,
  interruption: Interruption,
  tell: (rerun: Rerun) => void,
): Promise<readonly Rerun[]> => {
  const reruns: (Rerun | null)[] = [];
  let walked = 0;
  const line = (): string => `${walked} of ${counted(saved.length, 'saved run')} walked`;
  terminal.status.add(line);
  await eachOf(saved, workers, interruption, async (run, index, searcher) => {
    terminal.live?.(line());
    const done = interruption.raised ? null : await searcher.walk(run);
    // Who was stopped while he searched for other runs does not know.
    reruns[index] = interruption.raised && done?.asExpected !== true ? null : done;
    walked++;
    if (reruns[index] !== null) tell(reruns[index]);
  }).finally(() => terminal.status.delete(line));
  terminal.live?.('');
  return reruns.filter((rerun) => rerun !== null);
};
