import { existsSync } from 'node:fs';
import { dataClaims, dataConduct } from '../../spec/claims/conduct.ts';
import { actsOf, type Scenario } from '../../spec/scenario.ts';
import { Complaint } from '../complaint.ts';
import {
  datapathMarkdown,
  datapathText,
  type Datapath,
  type Place,
  type Row,
  type Standing,
} from '../report/datapath.ts';
import { counted } from '../report/number.ts';
import { schemaVersion } from '../schema.ts';
import type { Terminal } from '../report/terminal.ts';
import { readJson } from '../reading.ts';
import { save } from '../saving.ts';
import { shown, suite } from '../suite.ts';
import { readBaseline } from './gate/baseline.ts';
import { building, findScenario, scenarioNames, type NamedScenario } from './catalogue.ts';
import { exit, type ExitCode } from './exit.ts';
import { hopOf } from './hop.ts';
import type { Interruption } from './jobs/interruption.ts';
import { usualSearch, worldOf, type Job } from './jobs/job.ts';
import { selectDesigns } from './selection.ts';
import { allCores, tryAll, type Trial } from './jobs/trial.ts';

/** `netgraph-mc data`: what each design promises to those who send packets, and what a hop costs. */
export type DataRequest = {
  /** Names or paths; none: those of the suite that send data and are small enough. */
  readonly scenarios: readonly string[];
  /** None: all. */
  readonly design?: readonly string[];
  /** Without names: scenarios that were accepted within so many states on every design; none: 50,000. */
  readonly within?: number;
  /** Of each exploration. */
  readonly maxStates: number;
  /** How many are explored at a time; none: one for each core. */
  readonly workers?: number;
  readonly json: boolean;
  readonly markdown: boolean;
  /** Write spec/datapath.json and spec/DATAPATH.md. */
  readonly update: boolean;
};

export const data = async (request: DataRequest, terminal: Terminal, interruption: Interruption): Promise<ExitCode> => {
  if (request.scenarios.length > 0) refuseWithNames(request);
  const designs = selectDesigns(request.design);
  const jobs = scenariosOf(request).flatMap((named) =>
    designs.map((design) => jobOf(named, design, request.maxStates)),
  );
  const trials = await tryAll(jobs, request.workers ?? allCores, terminal, interruption, () => {});
  const datapath: Datapath = { rows: trials.map(rowOf), hops: designs.map(hopOf) };
  if (request.update) return update(datapath, terminal, interruption);
  if (request.json) terminal.out(JSON.stringify({ schemaVersion, ...datapath }, null, 2));
  else terminal.out(request.markdown ? markdownOf(datapath) : datapathText(datapath, terminal.columns, terminal.paint));
  return codeOf(datapath);
};

/** What is for the scenarios that nobody has named. */
const refuseWithNames = ({ update, within }: DataRequest): void => {
  if (update)
    throw new Complaint('--update writes what is known of all small scenarios, so none can be named with it.');
  if (within !== undefined) throw new Complaint('--within chooses among scenarios where none is named.');
};

/** Throws a Complaint when there is none. */
const scenariosOf = ({ scenarios, within = 50_000 }: DataRequest): readonly NamedScenario[] => {
  const names = scenarios.length > 0 ? [...new Set(scenarios)] : smallOnes(within);
  const found = names.map(findScenario);
  const without = found.find(({ scenario }) => !sendsData(scenario));
  if (without !== undefined) throw new Complaint(`${shown(without.path)} sends no data.`);
  if (found.length === 0)
    throw new Complaint(`No scenario that sends data was accepted within ${counted(within, 'state')} on every design.`);
  return found;
};

const smallOnes = (within: number): readonly string[] => {
  const { results, undecided } = readBaseline(suite.baseline);
  return scenarioNames().filter((name) => {
    const accepted = Object.values(results[name] ?? {});
    const isSmall = accepted.length > 0 && accepted.every(({ states }) => states <= within);
    return isSmall && undecided[name] === undefined && sendsData(findScenario(name).scenario);
  });
};

const dataOperations = ['send', 'input', 'output', 'filter', 'sendto'];

const sendsData = ({ cpus, nodes }: Scenario): boolean =>
  cpus.some(({ run }) => run.flatMap(actsOf).some((operation) => dataOperations.some((kind) => kind in operation))) ||
  Object.values(nodes).some(({ type }) => type === 'source');

const jobOf = ({ name, path, scenario }: NamedScenario, design: string, maxStates: number): Job => {
  const job: Job = {
    name,
    path,
    scenario,
    design,
    off: [],
    ...usualSearch,
    allFailures: true,
    conduct: dataClaims,
    budget: { maxStates },
  };
  building(path, () => worldOf(job));
  return job;
};

/** What one exploration says. */
export const rowOf = ({ job, verdict }: Trial): Row => {
  const { failures = [], bounds = [], states } = verdict;
  const cutShort = verdict.verdict === 'unknown' ? verdict.message : (verdict.cutShort ?? '');
  const most = bounds.map(({ steps }) => steps);
  const places = (claim: string): readonly Place[] =>
    failures
      .filter(({ property }) => property === claim)
      .map(({ step, c, trace }) => ({ step: step ?? '', c, steps: trace?.steps.length ?? 0 }));
  const standing = (claim: string): Standing => {
    const broken = places(claim);
    return { outcome: broken.length > 0 ? 'broken' : cutShort === '' ? 'kept' : 'unknown', places: broken };
  };
  return {
    scenario: job.name,
    design: job.design,
    states,
    cutShort,
    fails: failures.some(({ property }) => !Object.hasOwn(dataConduct, property)),
    claims: Object.fromEntries(dataClaims.map((claim) => [claim, standing(claim)])),
    bound: most.length === 0 || most.includes(null) ? null : Math.max(...most.map(Number)),
  };
};

export const markdownOf = (datapath: Datapath): string => datapathMarkdown(datapath, Object.values(dataConduct));

/** What was found out when it was last updated. */
export const readDatapath = (): Datapath => readJson(suite.datapath) as Datapath;

/** An exploration a line, so that a difference between two versions can be read. */
const writtenDatapath = ({ rows, hops }: Datapath): string => {
  const lines = (all: readonly object[]): string => all.map((each) => `\n    ${JSON.stringify(each)}`).join(',');
  return `{\n  "schemaVersion": ${schemaVersion},\n  "rows": [${lines(rows)}\n  ],\n  "hops": [${lines(hops)}\n  ]\n}\n`;
};

const update = (datapath: Datapath, terminal: Terminal, { raised }: Interruption): ExitCode => {
  if (raised) {
    terminal.err(`${shown(suite.datapath)} is left as it was: the run was interrupted.`);
    return exit.unknown;
  }
  const before = existsSync(suite.datapath) ? readDatapath() : null;
  save([
    { path: suite.datapath, text: writtenDatapath(datapath) },
    { path: suite.datapathText, text: `${markdownOf(datapath)}\n` },
  ]);
  const isSame = JSON.stringify(before?.rows) === JSON.stringify(datapath.rows);
  terminal.out(`${shown(suite.datapath)}: ${isSame ? 'as before' : 'changed'}.`);
  return codeOf(datapath);
};

/** That a claim is broken is an answer like another; that it is not known is none. */
const codeOf = ({ rows }: Datapath): ExitCode =>
  rows.some(({ claims }) => Object.values(claims).some(({ outcome }) => outcome === 'unknown'))
    ? exit.unknown
    : exit.holds;
