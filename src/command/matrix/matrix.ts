import { Complaint } from '../../complaint.ts';
import type { Verdict } from '../../explore/search/verdict.ts';
import type { Matrix } from '../../matrix/pinned.ts';
import { fateOf, partsOf, type Row } from '../../matrix/row.ts';
import { matrixSummary, matrixTable } from '../../report/matrix.ts';
import { schemaVersion } from '../../schema.ts';
import type { Terminal } from '../../report/terminal.ts';
import { probe } from '../../saving.ts';
import { shown, suite } from '../../suite.ts';
import { capture, runOf } from '../jobs/capture.ts';
import type { NamedScenario } from '../catalogue.ts';
import { exit, type ExitCode } from '../exit.ts';
import { groundOf, type Ground } from './ground.ts';
import type { Interruption } from '../jobs/interruption.ts';
import { usualSearch, type Job } from '../jobs/job.ts';
import { markdownOf, pin, requirePlace } from './files.ts';
import { meanings } from '../explain/meaning.ts';
import { mutantsOf } from './mutants.ts';
import { selectDesigns } from '../selection.ts';
import { unknown, type Searcher } from '../jobs/searcher.ts';
import { allCores, tryAll, type Beforehand, type Trial } from '../jobs/trial.ts';

/** `netgraph-mc matrix`: for each protection of a design, the scenarios that fail without it. */
export type MatrixRequest = {
  /** None: all that the design has on. */
  readonly protections: readonly string[];
  readonly design: string;
  /** Names or paths; none: all of the suite's own. */
  readonly scenario?: readonly string[];
  /** Leave out scenarios in which the whole design has more states; none: nothing. */
  readonly within?: number;
  /** Of each scenario. */
  readonly maxStates: number;
  readonly workers?: number;
  /** Stop at the first scenario that catches, the cheapest. */
  readonly first: boolean;
  /** Explore also where nothing asks for the protection. */
  readonly unasked: boolean;
  readonly json: boolean;
  readonly markdown: boolean;
  /** Pin the rows, save their shortest runs, and write the table of README anew. */
  readonly update: boolean;
  /** Directory for the shortest run of each row. */
  readonly save?: string;
};

export const matrix = async (
  request: MatrixRequest,
  terminal: Terminal,
  interruption: Interruption,
): Promise<ExitCode> => {
  selectDesigns([request.design]);
  const mutants = mutantsOf(request.design, request.protections);
  const directory = request.update ? suite.counterexamples : (request.save ?? null);
  if (directory !== null) probe(directory);
  if (request.update) requirePlace(request.design, request.scenario ?? []);
  const ground = await groundOf(groundRequest(request), terminal, interruption);
  if (interruption.raised) {
    terminal.err(`Interrupted before it was known what ${request.design} holds.`);
    return exit.unknown;
  }
  if (ground.kept.length === 0)
    throw new Complaint(`There is no scenario that ${request.design} holds, so nobody could miss anything.`);

  const tried = await tryMutants(mutants, ground, request, terminal, interruption);
  const pins = request.update && !interruption.raised;
  const saves = directory !== null && (pins || !request.update);
  const rows = tried.map((each) => (saves ? keepShortest(each, directory) : each.row));
  const found = { design: request.design, rows };
  terminal.out(textOf(found, ground.leftOut, request, terminal));
  if (pins) for (const line of pin(found, ground.notHeld)) terminal.out(line);
  else if (request.update) terminal.err(`${shown(suite.matrix)} is left as it was: it was interrupted.`);
  return codeOf(found, interruption.raised);
};

const textOf = (
  found: Matrix,
  leftOut: Ground['leftOut'],
  { json, markdown }: MatrixRequest,
  { columns, paint }: Terminal,
): string => {
  if (json) return JSON.stringify({ schemaVersion, design: found.design, leftOut, rows: found.rows }, null, 2);
  return markdown ? markdownOf(found) : `\n${matrixSummary({ ...found, leftOut }, columns, paint)}`;
};

const groundRequest = ({ design, scenario = [], within = Infinity, maxStates, workers = allCores }: MatrixRequest) => ({
  design,
  scenarios: scenario,
  within,
  maxStates,
  workers,
});

/** A row, and the trials that it was made of. */
type Tried = { readonly row: Row; readonly trials: readonly Trial[] };

/** Row by row, and in each of them the cheapest scenario first; a row is told when it is complete. */
const tryMutants = async (
  mutants: readonly string[],
  { kept }: Ground,
  request: MatrixRequest,
  terminal: Terminal,
  interruption: Interruption,
): Promise<readonly Tried[]> => {
  const { workers = allCores, first, unasked } = request;
  const jobs = mutants.flatMap((mutant) => kept.map((named) => jobOf(named, mutant, request)));
  const silent = request.json || request.markdown;
  const table = matrixTable(mutants, meanings().map(({ name }) => name), terminal.paint); // prettier-ignore
  if (!silent) terminal.out(table.head());
  const tried: Tried[] = [];
  const open: Trial[] = [];
  const tell = (trial: Trial): void => {
    open.push(trial);
    if (open.length < kept.length) return;
    const trials = first ? untilFirst(open.splice(0)) : open.splice(0);
    const row = rowOf(mutants[tried.length]!, trials);
    tried.push({ row, trials });
    if (!silent) terminal.out(table.row(row, terminal.columns));
  };
  const asks = unasked ? async () => true : asksForWhatIsOff();
  // Jobs are begun in their order, so whatever comes before the first that catches is explored, however many are at work.
  const beforehand: Beforehand = async (job, ended, searcher) => {
    if (first && ended.some((trial) => trial !== undefined && isCatch(trial) && sameRow(trial.job, job)))
      return unknown('not needed any more');
    return interruption.raised || (await asks(job, searcher)) ? null : asTheWhole;
  };
  await tryAll(jobs, workers, terminal, interruption, tell, beforehand);
  return tried;
};

/** Whether a scenario asks for anything that is off in a job; found out once for each scenario. Where it cannot be, it may. */
const asksForWhatIsOff = (): ((job: Job, searcher: Searcher) => Promise<boolean>) => {
  const known = new Map<string, Promise<ReadonlySet<string> | null>>();
  return async (job, searcher) => {
    // With memory handed out once more it has another name, and may ask for more.
    const key = `${job.path} ${job.name}`;
    const asked = known.get(key) ?? searcher.asked({ ...job, off: [] });
    known.set(key, asked);
    const names = await asked;
    return names === null || job.off.some((name) => names.has(name));
  };
};

/** The verdict where nobody asks for what is off: that of the whole design, which holds. */
const asTheWhole: Verdict = { ...unknown(''), verdict: 'holds' };

const jobOf = (named: NamedScenario, mutant: string, { design, maxStates }: MatrixRequest): Job => ({
  ...named,
  design,
  off: partsOf(mutant),
  ...usualSearch,
  budget: { maxStates },
});

const isCatch = ({ verdict }: Trial): boolean => verdict.verdict === 'violated';
const sameRow = (a: Job, b: Job): boolean => a.off.join() === b.off.join();

const untilFirst = (trials: readonly Trial[]): readonly Trial[] => {
  const first = trials.findIndex(isCatch);
  return first < 0 ? trials : trials.slice(0, first + 1);
};

const rowOf = (protection: string, trials: readonly Trial[]): Row => {
  const of = (outcome: Verdict['verdict']) => trials.filter(({ verdict }) => verdict.verdict === outcome);
  return {
    protection,
    caughtBy: byLength(of('violated')).map(({ job, verdict }) => ({
      scenario: job.name,
      property: verdict.property!,
      depth: depthOf(verdict),
      counterexample: null,
    })),
    held: of('holds').map(({ job }) => job.name),
    unknown: of('unknown').map(({ job, verdict }) => ({ scenario: job.name, reason: verdict.message })),
  };
};

const depthOf = (verdict: Verdict): number => runOf(verdict)?.steps.length ?? verdict.depth;

/** Those first that show a run to be walked again. */
const byLength = (trials: readonly Trial[]): readonly Trial[] => {
  const sorted = trials.toSorted((a, b) => depthOf(a.verdict) - depthOf(b.verdict));
  const hasRun = ({ verdict }: Trial): boolean => runOf(verdict) !== null;
  return [...sorted.filter(hasRun), ...sorted.filter((trial) => !hasRun(trial))];
};

/** The row with its shortest run saved, if it has one. */
const keepShortest = ({ row, trials }: Tried, directory: string): Row => {
  const [first, ...more] = row.caughtBy;
  const path = first === undefined ? null : capture(byLength(trials.filter(isCatch))[0]!, directory);
  return path === null ? row : { ...row, caughtBy: [{ ...first!, counterexample: shown(path) }, ...more] };
};

/** A protection that nobody misses outweighs one of which that is not known. */
const codeOf = ({ rows }: Matrix, interrupted: boolean): ExitCode => {
  const fates = new Set(rows.map((row) => fateOf(row, rows)));
  if (fates.has('unmissed')) return exit.violated;
  return interrupted || fates.has('unknown') ? exit.unknown : exit.holds;
};
