import { dirname, resolve } from 'node:path';
import { conductClaims, isConductClaim, type ConductClaim } from '../../spec/claims/conduct.ts';
import { Complaint } from '../complaint.ts';
import { findingText } from '../report/finding.ts';
import { counted } from '../report/number.ts';
import { resultOf } from '../report/result.ts';
import { schemaVersion } from '../schema.ts';
import { didYouMean, quoted } from '../suggestion.ts';
import { titleOf } from '../report/title.ts';
import type { Terminal } from '../report/terminal.ts';
import { omissionText } from '../report/omission.ts';
import { varietyText } from '../report/variety.ts';
import { verdictTable } from '../report/verdicts.ts';
import { probe } from '../saving.ts';
import { shown, suite } from '../suite.ts';
import { capture } from './jobs/capture.ts';
import { askedAs, building, findScenario, scenarioNames, type NamedScenario } from './catalogue.ts';
import { exit, type ExitCode } from './exit.ts';
import { Exhibition } from './replay/html.ts';
import type { Interruption } from './jobs/interruption.ts';
import { mostThreads, worldOf, type Job } from './jobs/job.ts';
import { requireReplaceable, verifyKept } from './jobs/kept.ts';
import { judged } from './gate/judging.ts';
import { meaningOf } from './explain/meaning.ts';
import { Events, probeAll, publish, type PublishingRequest } from './gate/publishing.ts';
import { selectDesigns } from './selection.ts';
import { allCores, tryAll, type Trial } from './jobs/trial.ts';

/** `netgraph-mc check`: explore scenarios on designs and show what comes out. */
export type CheckRequest = PublishingRequest & {
  /** Names or paths; none: all of the suite's own. */
  readonly scenarios: readonly string[];
  /** None: all. */
  readonly design?: readonly string[];
  readonly off: readonly string[];
  readonly maxStates?: number;
  readonly timeout?: number;
  /** How many checks are explored at a time; none: one for each core. */
  readonly workers?: number;
  readonly quotient: boolean;
  readonly fuse: boolean;
  readonly reduce: boolean;
  readonly symmetry: boolean;
  /** Do not stop at the first failure, but find each distinct one. */
  readonly allFailures: boolean;
  /** Claims about the conduct of data, in place of those of the scenario. */
  readonly claim?: readonly string[];
  readonly json: boolean;
  readonly save: boolean;
  /** Directory to save in; asking for one is asking to save. */
  readonly out?: string;
  /** Directory for each run as a page. */
  readonly html?: string;
  /** File to keep the search in. */
  readonly checkpoint?: string;
  /** Minutes from one keeping to the next; none: 5. */
  readonly every?: number;
  /** File of a kept search to go on with; it is kept there again if nothing else is said. */
  readonly resume?: string;
  /** How many threads search in each check; none: as many as leave no core idle. */
  readonly threads?: number;
  /** Name the steps that never happened in a search to the end, and do not only count them. */
  readonly unreached?: boolean;
  /** Say what the states differ in of a search that a bound ends. */
  readonly why?: boolean;
  /** How many runs at random to look at in place of a search, and what they are drawn from; none: 1. */
  readonly walks?: number;
  /** Go on from the newest state first. */
  readonly depthFirst?: boolean;
  /** Close the automata by need, also where it could be done beforehand. */
  readonly byNeed?: boolean;
  /** Megabytes for the states of each check; what they have no room for is kept on a disk. */
  readonly memory?: number;
  /** Directory for that; none: where verdicts are kept. */
  readonly disk?: string;
  /** Keep fingerprints of states, and not the states. */
  readonly fingerprints?: boolean;
  /** Only runs with so many pre-emptions. */
  readonly preemptions?: number;
  readonly seed?: number;
};

export const check = async (
  request: CheckRequest,
  terminal: Terminal,
  interruption: Interruption,
): Promise<ExitCode> => {
  const jobs = onAllCores(request, keptAs(request, jobsOf(request)));
  const directory = request.out ?? (request.save ? suite.counterexamples : null);
  if (directory !== null) probe(directory);
  if (request.html !== undefined) probe(request.html);
  if (request.memory !== undefined) probe(request.disk ?? suite.cache);
  probeAll(request);

  const isForPeople = !request.json && !request.tap && !request.ndjson;
  const table = verdictTable(jobs, terminal);
  if (isForPeople) terminal.out(table.head());
  const events = new Events(request, terminal);
  events.start('check', jobs.length, 0);
  const saved = new Map<Trial, string>();
  let refused = false;
  const trials = await tryAll(
    jobs,
    request.workers ?? Math.max(1, Math.floor(allCores / (jobs[0]?.threads ?? 1))),
    terminal,
    interruption,
    (trial) => {
      events.verdict(judged(trial));
      if (isForPeople) terminal.out(table.row(trial.job, trial.verdict));
      if (directory !== null) refused = !saving(trial, directory, saved, terminal) || refused;
    },
  );

  if (request.json) {
    const results = trials.map((trial) => resultOf(trial.job, trial.verdict, saved.get(trial) ?? null));
    terminal.out(JSON.stringify({ schemaVersion, results }, null, 2));
  } else if (isForPeople)
    for (const trial of trials) {
      describe(trial, saved.get(trial) ?? null, request.unreached === true, terminal);
      const { varieties, omission, verdict } = trial.verdict;
      if (omission !== undefined && verdict === 'holds')
        terminal.out(`\n${omissionText(titleOf(trial.job), omission, terminal.columns)}`);
      if (request.why === true && varieties !== undefined)
        terminal.out(`\n${varietyText(titleOf(trial.job), varieties, terminal.columns)}`);
    }
  if (request.html !== undefined) exhibit(trials, request.html, terminal);
  const score = {
    command: 'check',
    judgements: trials.map(judged),
    rewalks: [],
    leftOut: [],
    interrupted: interruption.raised,
  };
  publish(score, request, terminal);
  const code = refused ? exit.badInput : codeOf(trials);
  events.end(code, score);
  return code;
};

const exhibit = (trials: readonly Trial[], directory: string, terminal: Terminal): void => {
  const exhibition = new Exhibition(directory);
  for (const trial of trials) exhibition.addVerdict(trial);
  const violated = trials.filter(({ verdict }) => verdict.verdict === 'violated').length;
  const index = exhibition.close(`${violated} of ${counted(trials.length, 'check')} found something wrong`);
  terminal.err(`Pages: ${index}`);
};

/** Everything that was asked for, each built once here, so that a bad scenario is found before anything runs. */
const jobsOf = (request: CheckRequest): readonly Job[] => {
  const designs = selectDesigns(request.design, request.off);
  const names = request.scenarios.length === 0 ? scenarioNames() : [...new Set(request.scenarios)];
  const scenarios = names.map(findScenario);
  if (request.save || request.out !== undefined) refuseNamesakes(scenarios);
  return scenarios.flatMap((named) => designs.map((design) => jobOf(named, design, request)));
};

/** A saved run has the name of its scenario, and takes the place of what has it. */
const refuseNamesakes = (scenarios: readonly NamedScenario[]): void => {
  for (const [i, { name, path }] of scenarios.entries()) {
    const namesake = scenarios.slice(0, i).find((other) => other.name === name);
    if (namesake !== undefined)
      throw new Complaint(
        `${shown(namesake.path)} and ${shown(path)} have one name, so the runs of one would be saved over those of the other.`,
      );
  }
};

/** The one job of which the search is kept, and gone on with. */
const keptAs = ({ checkpoint, resume, every: asked }: CheckRequest, jobs: readonly Job[]): readonly Job[] => {
  const path = checkpoint ?? resume;
  if (path === undefined && asked !== undefined)
    throw new Complaint('--every is for a search that is kept: name a file with --checkpoint or --resume.');
  if (path === undefined) return jobs;
  const [job] = jobs;
  if (jobs.length !== 1 || job === undefined)
    throw new Complaint(
      `--${checkpoint === undefined ? 'resume' : 'checkpoint'} is for one search, and these are ${jobs.length}: name one scenario and one --design.`,
    );
  probe(dirname(resolve(path)));
  requireReplaceable(path);
  if (resume !== undefined) verifyKept(resume, job);
  return [{ ...job, kept: { path, every: 60 * (asked ?? 5), resume: resume ?? null } }];
};

const jobOf = ({ name, path, scenario }: NamedScenario, design: string, request: CheckRequest): Job => {
  const { off, quotient, fuse, reduce, symmetry, allFailures, claim, maxStates, timeout } = request;
  const budget = {
    ...(maxStates === undefined ? {} : { maxStates }),
    ...(timeout === undefined ? {} : { seconds: timeout }),
  };
  refuseClaims(request);
  const asked = { ...(claim === undefined ? {} : { conduct: claim.map(conductClaim) }), ...insteadOf(request) };
  const job = { name, path, scenario, design, off, quotient, fuse, reduce, symmetry, allFailures, budget, ...asked };
  building(path, () => worldOf(job));
  return job;
};

/** What is asked for in place of a breadth-first search by one thread. */
const insteadOf = (
  request: CheckRequest,
): Pick<Job, 'threads' | 'walks' | 'preemptions' | 'fingerprints' | 'depthFirst' | 'closing' | 'spill'> => {
  const { threads = 1, walks, seed, preemptions, fingerprints, depthFirst, byNeed, memory } = request;
  if (threads > mostThreads) throw new Complaint(`--threads: ${threads} are too many; there can be ${mostThreads}.`);
  if (request.disk !== undefined && memory === undefined)
    throw new Complaint('--disk is for what memory has no room for: say how much there is with --memory.');
  if (seed !== undefined && walks === undefined)
    throw new Complaint('--seed is for runs at random: say how many with --walks.');
  return {
    ...(threads === 1 ? {} : { threads }),
    ...(walks === undefined ? {} : { walks: { count: walks, seed: seed ?? 1 } }),
    ...(preemptions === undefined ? {} : { preemptions }),
    ...(fingerprints === true ? { fingerprints } : {}),
    ...(depthFirst === true ? { depthFirst } : {}),
    ...(byNeed === true ? { closing: 'by need' } : {}),
    ...(memory === undefined ? {} : { spill: { memory: 1e6 * memory, directory: request.disk ?? suite.cache } }),
  };
};

/** Where there are fewer checks than cores, and nobody has said otherwise, several threads search in each. */
const onAllCores = ({ threads, workers }: CheckRequest, jobs: readonly Job[]): readonly Job[] => {
  const each = Math.min(mostThreads, Math.floor(allCores / jobs.length));
  if (threads !== undefined || workers !== undefined || each < 2) return jobs;
  return jobs.map((job) => (isForOne(job) ? job : { ...job, threads: each }));
};

/** Whether only one thread can search: what it says depends on who comes first, or the states are kept otherwise. */
const isForOne = ({ reduce, allFailures, fingerprints, depthFirst, ...how }: Job): boolean =>
  reduce ||
  [allFailures, fingerprints, depthFirst].includes(true) ||
  (how.spill ?? how.walks ?? how.preemptions ?? how.closing) !== undefined;

/** What is claimed of infinite runs is seen only by who has all states; nothing would ever be found, and that is no answer. */
const refuseClaims = ({ claim = [], walks, preemptions }: CheckRequest): void => {
  const option = walks !== undefined ? '--walks' : preemptions !== undefined ? '--preemptions' : null;
  const infinite = claim.find((name) => name === 'runs-end' || name === 'data-bounded');
  if (option !== null && infinite !== undefined)
    throw new Complaint(
      `--claim ${infinite} is about infinite runs, so it cannot go with ${option}: it needs a search.`,
    );
};

/** Throws a Complaint when no claim can be asked for by this name. */
const conductClaim = (name: string): ConductClaim => {
  if (isConductClaim(name)) return name;
  throw new Complaint(
    `--claim: "${name}" is none of ${quoted(conductClaims)}.${didYouMean(name, conductClaims)} (Other claims are made by scenarios.)`,
  );
};

/** Saves the run of a violated trial at once; returns whether all that had to be saved was. */
const saving = (trial: Trial, directory: string, saved: Map<Trial, string>, terminal: Terminal): boolean => {
  try {
    const path = capture(trial, directory);
    if (path !== null) saved.set(trial, shown(path));
    return true;
  } catch (error) {
    if (!(error instanceof Complaint)) throw error;
    terminal.err(error.message);
    return false;
  }
};

const describe = (trial: Trial, path: string | null, unreached: boolean, terminal: Terminal): void => {
  const { job, verdict } = trial;
  const text = findingText(titleOf(job), verdict, meaningOf, terminal.columns, terminal.paint, unreached);
  if (text === null) return;
  terminal.out(`\n${text}`);
  if (verdict.failures !== undefined) return;
  if (verdict.trace === null || verdict.trace.circle !== null) return;
  if (job.depthFirst === true) terminal.out('\n  This is the run that was met first; there may be shorter ones.');
  terminal.out(
    path === null
      ? `\n  Keep this run: ${commandOf(job)} --save`
      : `\n  Saved. Walk it again: npx netgraph-mc replay ${path}`,
  );
};

/** The same question again: another way to search finds another run, or none. */
const commandOf = ({ path, name, design, off, conduct = [], walks, preemptions, ...how }: Job): string =>
  [
    `npx netgraph-mc check ${askedAs({ name, path })} --design ${design}`,
    ...off.map((protection) => `--off ${protection}`),
    ...conduct.map((claim) => `--claim ${claim}`),
    ...(walks === undefined ? [] : [`--walks ${walks.count} --seed ${walks.seed}`]),
    ...(preemptions === undefined ? [] : [`--preemptions ${preemptions}`]),
    ...(how.quotient ? [] : ['--no-quotient']),
    ...(how.fuse ? [] : ['--no-fuse']),
    ...(how.fingerprints === true ? ['--fingerprints'] : []),
    ...(how.depthFirst === true ? ['--depth-first'] : []),
    ...(how.closing === 'by need' ? ['--by-need'] : []),
    ...(how.symmetry ? ['--symmetry'] : []),
    ...(how.reduce ? ['--reduce'] : []),
  ].join(' ');

/** A violation outweighs an unknown, which outweighs all that holds. */
const codeOf = (trials: readonly Trial[]): ExitCode => {
  const verdicts = new Set(trials.map(({ verdict }) => verdict.verdict));
  return verdicts.has('violated') ? exit.violated : verdicts.has('unknown') ? exit.unknown : exit.holds;
};
