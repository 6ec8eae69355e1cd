import { coverage, realisedIn, type Coverage } from '../differ/coverage.ts';
import { Crew } from '../differ/crew.ts';
import { exhaustive } from '../differ/exhaustive.ts';
import { lockstep, type Comparison } from '../differ/lockstep.ts';
import { unsupported } from '../differ/comparable.ts';
import { keyOf, netgraphSubject } from '../differ/netgraph.ts';
import { lockstepModel, Product, type Divergence } from '../differ/product.ts';
import type { Design } from '../netgraph/index.ts';
import type { Subject } from '../differ/subject.ts';
import { NO_ORDER, onThreads } from '../differ/threads.ts';
import { Complaint } from '../complaint.ts';
import { withModel } from '../explore/model.ts';
import { counted, grouped } from '../report/number.ts';
import { schemaVersion } from '../report/result.ts';
import type { Terminal } from '../report/terminal.ts';
import { building, findScenario, scenarioNames, type NamedScenario } from './catalogue.ts';
import { saveDivergence } from './divergence.ts';
import { exit, type ExitCode } from './exit.ts';
import { probe } from '../saving.ts';

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
  readonly seed: number;
  /** For `exhaustive`. */
  readonly maxStates: number;
  /** For `exhaustive`: whether what nobody can meet a thread in is done with the access before it. */
  readonly fuse: boolean;
  /** Whether it is also found out which steps the model can take and no run has realised. */
  readonly coverage: boolean;
  /** Where the run of each divergence is saved; without it, nowhere. */
  readonly out?: string;
  readonly json: boolean;
};

type Compared = Comparison & {
  readonly scenario: string;
  /** Product states, where every interleaving was asked for. */
  readonly states?: number;
  readonly realised: number;
  readonly labels: number;
  readonly coverage?: Coverage;
  /** Where its run is saved; null: it cannot be told in steps of the specification. */
  readonly saved?: string | null;
};

export const diff = async (request: DiffRequest, terminal: Terminal): Promise<ExitCode> => {
  const asked = (request.scenarios.length === 0 ? scenarioNames() : request.scenarios).map(findScenario);
  const notCompared = asked.flatMap(({ name, scenario }) => {
    const reason = unsupported(scenario);
    return reason === null ? [] : [{ scenario: name, reason }];
  });
  const [first] = notCompared;
  if (request.scenarios.length > 0 && first !== undefined)
    throw new Complaint(`${first.scenario} cannot be compared: ${first.reason}.`);
  if (request.out !== undefined) probe(request.out);
  const results: Compared[] = [];
  for (const named of asked.filter(({ scenario }) => unsupported(scenario) === null)) {
    terminal.live?.(`${named.name} …`);
    const result = await compare(named, request);
    results.push(result);
    if (!request.json) terminal.out(lineOf(result));
  }
  if (request.json) terminal.out(JSON.stringify({ schemaVersion, mode: request.mode, results, notCompared }, null, 2));
  else for (const { scenario, reason } of notCompared) terminal.out(`not compared  ${scenario}: ${reason}`);
  return codeOf(results);
};

/** How far the model is searched for the steps that it can take. */
const SEARCH = { seconds: 30, maxStates: 3_000_000 };

const compare = (named: NamedScenario, request: DiffRequest): Promise<Compared> => {
  const { name, path, scenario } = named;
  const subject = building(path, () => netgraphSubject(name, scenario, request.design));
  return withModel(subject.world, lockstepModel, async (model) => {
    const product = new Product(subject, model);
    const comparison = await inMode(product, subject, named, request);
    const isSaved = request.out !== undefined && comparison.verdict === 'violated';
    const saved = isSaved ? { saved: saveDivergence(product, named, request.design, comparison, request.out!) } : {};
    const { realised, all } = realisedIn(model);
    const covered = request.coverage ? { coverage: coverage(model, subject.world, SEARCH) } : {};
    return { scenario: name, ...comparison, realised: realised.size, labels: all.length, ...covered, ...saved };
  });
};

const inMode = async (
  product: Product,
  subject: Subject,
  { scenario }: NamedScenario,
  { mode, seconds, seed, maxStates, fuse, design }: DiffRequest,
): Promise<Comparison> => {
  if (mode === 'lockstep') return lockstep(product, { seconds, seed });
  if (mode === 'exhaustive') return exhaustive(product, { maxStates, seconds, fuse });
  const module = new URL('../differ/netgraph.ts', import.meta.url).href;
  const crew = new Crew(subject, { module, key: keyOf(scenario, design) }, seed);
  try {
    return await onThreads(product, crew, seconds);
  } finally {
    await crew.end();
  }
};

const lineOf = ({
  scenario,
  verdict,
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
}: Compared): string => {
  const ran = states === undefined ? counted(runs, 'run') : `${grouped(states)} states`;
  const head = `${verdict.padEnd(12)}  ${scenario}: ${grouped(steps)} accesses in ${ran}, ${realised} of ${labels} steps of the model${covered === undefined ? '' : coverageText(covered)}`;
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

const codeOf = (results: readonly Compared[]): ExitCode => {
  const verdicts = new Set(results.map(({ verdict }) => verdict));
  if (verdicts.has('violated')) return exit.violated;
  return verdicts.has('unknown') || verdicts.size === 0 ? exit.unknown : exit.holds;
};
