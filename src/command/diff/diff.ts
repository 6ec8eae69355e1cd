import type { Coverage } from '../../differ/coverage.ts';
import { unsupported } from '../../differ/comparable.ts';
import { netgraphSubject, specified } from '../../differ/netgraph.ts';
import type { Divergence } from '../../differ/product.ts';
import type { Design } from '../../netgraph/index.ts';
import { NO_ORDER } from '../../differ/threads.ts';
import { Complaint } from '../../complaint.ts';
import { counted, grouped } from '../../report/number.ts';
import { schemaVersion } from '../../schema.ts';
import type { Terminal } from '../../report/terminal.ts';
import { headwayLine, reportProgress } from '../../report/progress.ts';
import type { Accord, AccordQuestion } from './accord.ts';
import { building, findScenario, scenarioNames, type NamedScenario } from '../catalogue.ts';
import { exit, type ExitCode } from '../exit.ts';
import type { Interruption } from '../jobs/interruption.ts';
import { Searcher } from '../jobs/searcher.ts';
import { probe } from '../../saving.ts';

/** `netgraph-mc diff`: the library `src/netgraph` beside the specification of the same design, step by step. */
export const diffModes = ['lockstep', 'exhaustive', 'threads'] as const;
export type DiffMode = (typeof diffModes)[number];

export type DiffRequest = {
  /** Names or paths; none: all of the suite's own that can be compared. */
  readonly scenarios: readonly string[];
  readonly mode: DiffMode;
  readonly design: Design;
  /** For each scenario. */
  readonly seconds: number;
  /** What runs are drawn from, in the other modes than `exhaustive`; none: 1. */
  readonly seed?: number;
  /** For `exhaustive`; none: a million. */
  readonly maxStates?: number;
  /** For `exhaustive`: whether what nobody can meet a thread in is done with the access before it. */
  readonly fuse: boolean;
  /** Whether it is also found out which steps the model can take and no run has realised. */
  readonly coverage: boolean;
  /** Where the run of each divergence is saved; without it, nowhere. */
  readonly out?: string;
  readonly json: boolean;
};

/** With all that it is about, said or not. */
export type Budgeted = DiffRequest & Required<Pick<DiffRequest, 'seed' | 'maxStates'>>;

export const diff = async (given: DiffRequest, terminal: Terminal, interruption: Interruption): Promise<ExitCode> => {
  refuseOtherModes(given);
  const request: Budgeted = { seed: 1, maxStates: 1_000_000, ...given };
  const asked = (request.scenarios.length === 0 ? scenarioNames() : [...new Set(request.scenarios)]).map(findScenario);
  const notCompared = asked.flatMap(({ name, scenario }) => {
    const reason = unsupported(scenario);
    return reason === null ? [] : [{ scenario: name, reason }];
  });
  const [first] = notCompared;
  if (request.scenarios.length > 0 && first !== undefined)
    throw new Complaint(`${first.scenario} cannot be compared: ${first.reason}.`);
  if (request.out !== undefined) probe(request.out);
  const comparable = asked.filter(({ scenario }) => unsupported(scenario) === null);
  for (const { name, path, scenario } of comparable)
    building(path, () => netgraphSubject(name, scenario, request.design));
  if (!request.json) terminal.out(headOf(request));
  const results: Accord[] = [];
  const searcher = new Searcher(interruption);
  try {
    for (const named of comparable) {
      const result = interruption.raised ? notBegun(named) : await compare({ named, request }, searcher, terminal);
      results.push(result);
      if (!request.json) terminal.out(lineOf(result));
    }
  } finally {
    await searcher.end();
  }
  if (request.json) terminal.out(JSON.stringify({ schemaVersion, mode: request.mode, results, notCompared }, null, 2));
  else for (const { scenario, reason } of notCompared) terminal.out(`not compared  ${scenario}: ${reason}`);
  return codeOf(results);
};

/** What is for another mode than the one that was asked for. */
const refuseOtherModes = ({ mode, maxStates, fuse, seed }: DiffRequest): void => {
  const isExhaustive = mode === 'exhaustive';
  if (isExhaustive && seed !== undefined)
    throw new Complaint('--seed is for runs at random: there are none in --mode exhaustive.');
  if (!isExhaustive && maxStates !== undefined)
    throw new Complaint('--max-states is for --mode exhaustive: other modes have no states.');
  if (!isExhaustive && !fuse)
    throw new Complaint('--no-fuse is for --mode exhaustive: other modes make each access a step of its own.');
};

const compare = async (question: AccordQuestion, searcher: Searcher, terminal: Terminal): Promise<Accord> => {
  const report = reportProgress(question.named.name, terminal, headwayLine);
  try {
    const answer = await searcher.compare(question, report.show);
    return typeof answer === 'string' ? notDone(question.named, answer) : answer;
  } finally {
    report.end();
  }
};

const notBegun = (named: NamedScenario): Accord => notDone(named, 'interrupted before it began');

const notDone = ({ name }: NamedScenario, why: string): Accord => ({
  scenario: name,
  verdict: 'unknown',
  why,
  divergence: null,
  preemptions: [],
  runs: 0,
  steps: 0,
  realised: 0,
  labels: 0,
});

/** What is compared, and how: a verdict is about that and no more. */
const headOf = ({ mode, design, seconds, seed, maxStates }: Budgeted): string => {
  const subjects = `The library's ${design} beside ${specified[design]} of the specification`;
  if (mode === 'exhaustive')
    return `${subjects}: every interleaving, up to ${grouped(maxStates)} states and ${seconds} s a round.`;
  const runs = mode === 'lockstep' ? `runs at random (seed ${seed})` : `runs of real threads`;
  return `${subjects}: ${runs}, for ${seconds} s each. That they agree is about the runs that were made.`;
};

/** Only who has seen every interleaving can say that it holds. */
const verdictText = ({ verdict, states }: Accord): string =>
  verdict === 'holds' && states === undefined ? 'agree' : verdict;

const lineOf = (accord: Accord): string => {
  const {
    scenario,
    why,
    divergence,
    preemptions,
    runs,
    steps,
    states,
    realised,
    labels,
    coverage: covered,
    saved,
  } = accord;
  const ran = states === undefined ? counted(runs, 'run') : `${grouped(states)} states`;
  const head = `${verdictText(accord).padEnd(12)}  ${scenario}: ${grouped(steps)} accesses in ${ran}, ${realised} of ${labels} steps of the model${covered === undefined ? '' : coverageText(covered)}`;
  if (divergence === null) return why === '' ? head : `${head}; ${why}`;
  const after = divergence.access === null ? '' : ` after "${divergence.access}"`;
  const points = preemptions.map(({ step, thread }) => `${step}:${thread}`).join(' ') || 'none';
  return `${head}\n  ${divergence.thread}${after}: ${divergence.reason}\n  pre-emptions (access:thread): ${points}${savedText(saved, divergence)}`;
};

const savedText = (saved: string | null | undefined, { thread }: Divergence): string => {
  if (saved === undefined) return '';
  if (saved !== null) return `\n  saved: ${saved}`;
  return thread === NO_ORDER
    ? '\n  not saved: in no order of the accesses does memory answer what it has answered on the threads, and a saved run is one order'
    : '\n  not saved: it is no run that can be told in steps of the specification';
};

const coverageText = ({ realised, missing, complete }: Coverage): string => {
  const can = `of ${realised.length + missing.length} that ${complete ? 'it can take' : 'a search came to'}`;
  return missing.length === 0 ? `, none missing ${can}` : `, missing ${can}: ${missing.join('; ')}`;
};

const codeOf = (results: readonly Accord[]): ExitCode => {
  const verdicts = new Set(results.map(({ verdict }) => verdict));
  if (verdicts.has('violated')) return exit.violated;
  return verdicts.has('unknown') || verdicts.size === 0 ? exit.unknown : exit.holds;
};
