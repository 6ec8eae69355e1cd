import { Ground } from '../../cache/ground.ts';
import { VerdictCache } from '../../cache/verdicts.ts';
import { Complaint } from '../../complaint.ts';
import { counted } from '../../report/number.ts';
import type { Terminal } from '../../report/terminal.ts';
import { verdictTable } from '../../report/verdicts.ts';
import { probe } from '../../saving.ts';
import { suite } from '../../suite.ts';
import { silenceLines } from './acceptance.ts';
import { readBaseline, silentOf } from './baseline.ts';
import { changeLines, changesSinceAccepted, type Changes } from './changes.ts';
import { building } from '../catalogue.ts';
import { compare, isAsExpected, noteOf } from './comparison.ts';
import type { ExitCode } from '../exit.ts';
import { jobsOf, pairsOf, requireScenario, smallestFirst, type ExplorationRequest } from './exploration.ts';
import { Exhibition } from '../replay/html.ts';
import type { Interruption } from '../jobs/interruption.ts';
import { questionOf, worldOf } from '../jobs/job.ts';
import { compared, rewalked } from './judging.ts';
import { Events, probeAll, publish, type PublishingRequest } from './publishing.ts';
import { isAbout, rerunAll, savedRuns } from './savedRuns.ts';
import { scopeOf, shareOf } from './scope.ts';
import { selectDesigns } from '../selection.ts';
import { codeOf, figuresOf, jsonOf, outcome, scoreOf, summarize, verdictLine, type Ended } from './summary.ts';
import { allCores, tryAll, type Memory } from '../jobs/trial.ts';
import { accept } from './update.ts';

/**
 * `netgraph-mc gate`: every verdict that the baseline names, explored again and compared with it, and every saved run walked
 * again. It passes when all of them are as expected: a design that is known to be broken must break in the same way.
 */
export type GateRequest = ExplorationRequest &
  PublishingRequest & {
    readonly json: boolean;
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
