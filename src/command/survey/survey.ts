import { join } from 'node:path';
import { Complaint } from '../../complaint.ts';
import { counted, grouped } from '../../report/number.ts';
import { schemaVersion } from '../../schema.ts';
import { keyOf, knownOf, type Known } from '../../report/consequences.ts';
import { breakRow, knownTally } from '../../report/survey.ts';
import type { Terminal } from '../../report/terminal.ts';
import { probe, save } from '../../saving.ts';
import { waysOf } from '../../survey/scenarios.ts';
import { Breaks, smallest, stepsOf, type Break, type Showing } from '../../survey/breaks.ts';
import { Differences } from '../../survey/differences.ts';
import { keep } from '../../counterexample/file.ts';
import { counterexampleOf } from '../jobs/capture.ts';
import { building } from '../catalogue.ts';
import { exit, type ExitCode } from '../exit.ts';
import { readWritten, type Written } from './known.ts';
import type { Verdict } from '../../explore/search/verdict.ts';
import type { Interruption } from '../jobs/interruption.ts';
import { worldOf, type Job } from '../jobs/job.ts';
import { eachOf } from '../jobs/pool.ts';
import { askedBy, exploreAsked, type Explore } from './surveyed.ts';
import { allCores, type Trial } from '../jobs/trial.ts';

/** `netgraph-mc survey`: every few operations on every small graph, and each distinct way in which a design breaks on them. */
export type SurveyRequest = {
  /** None: all. */
  readonly design?: readonly string[];
  readonly graph?: readonly string[];
  readonly size: number;
  /** Of each search; none: as many as are usual (surveyed.ts). */
  readonly maxStates?: number;
  /** So many runs at random on each graph, or of each scenario that was drawn, in place of a search. */
  readonly walks?: number;
  /** Only runs with so many pre-emptions at most, on each graph at once, or of each scenario that was drawn. */
  readonly preemptions?: number;
  /** How many operations each CPU does one after the other, where a graph is looked at at once; none: one. */
  readonly each?: number;
  /** Seconds for the whole survey; what was not begun by then is counted as unknown. */
  readonly timeout?: number;
  /** Draw so many scenarios instead. */
  readonly random?: number;
  /** What is drawn at random, scenarios or runs, is drawn from this. */
  readonly seed?: number;
  /** How many scenarios are explored at a time; none: one for each core. */
  readonly workers?: number;
  readonly json: boolean;
  readonly save?: string;
};

export const survey = async (
  request: SurveyRequest,
  terminal: Terminal,
  interruption: Interruption,
): Promise<ExitCode> => {
  if (request.size > MOST_OPERATIONS)
    throw new Complaint(
      `--size ${request.size}: there are too many ways to choose so many operations; ${MOST_OPERATIONS} are the most.`,
    );
  if (request.seed !== undefined && request.random === undefined && request.walks === undefined)
    throw new Complaint(
      '--seed is for what is drawn: say how many scenarios with --random, or how many runs with --walks.',
    );
  if ((request.each ?? 1) > MOST_OPERATIONS)
    throw new Complaint(`--each ${request.each}: that is too many for one CPU; ${MOST_OPERATIONS} are the most.`);
  if (request.each !== undefined && !isAtOnce(request))
    throw new Complaint(
      '--each is for runs of any operations of a graph: say how many runs with --walks, or how many pre-emptions with --preemptions.',
    );
  const asked = askedBy(request);
  const written = readWritten();
  if (request.save !== undefined) probe(request.save);
  const breaks = new Breaks();
  const differences = new Differences();
  const tally = { explored: 0, exhausted: 0, cutShort: 0, notBegun: 0, runs: 0, runsCut: 0 };
  /** Of how many choices of operations all runs with few pre-emptions were looked at, and where not all were. */
  let choices = 0;
  const cut: Cut[] = [];
  const tell = (trial: Trial | null): void => {
    if (trial === null) return void tally.notBegun++;
    tally.explored++;
    breaks.add(trial);
    differences.add(trial);
    if (trial.verdict.verdict === 'unknown' || trial.verdict.cutShort != null) tally.cutShort++;
    else tally.exhausted++;
    tally.runs += trial.verdict.runs?.made ?? 0;
    tally.runsCut += trial.verdict.runs?.cut ?? 0;
    if (request.preemptions === undefined) return;
    const why = whyCut(trial.verdict);
    if (why === null) choices += waysOf(trial.job.scenario);
    else cut.push({ scenario: trial.job.name, design: trial.job.design, why });
  };
  const began = performance.now();
  const explore: Explore = (jobs, tellEach) => exploreAll(jobs, began, request, terminal, interruption, tellEach);
  await exploreAsked(asked, explore, tell, () => interruption.raised);
  const found = breaks.all();
  const known = new Map(found.map((each) => [each, knownAs(each, written)]));
  if (request.save !== undefined) for (const each of found) saveBreak(each, request.save);
  if (request.json)
    terminal.out(
      JSON.stringify(
        {
          schemaVersion,
          tally,
          breaks: found.map((each) => resultOf(each, known.get(each)!)),
          ...(request.preemptions === undefined ? {} : { choices, cut }),
          // Runs at random, or with few pre-emptions, never show that something holds.
          differences: (request.walks ?? request.preemptions) === undefined ? differences.all() : null,
        },
        null,
        2,
      ),
    );
  else {
    for (const each of found) terminal.out(breakRow(each, known.get(each)!, terminal.paint));
    if (request.random !== undefined)
      for (const { scenario, verdicts } of differences.all())
        terminal.out(
          `${scenario}: ${Object.entries(verdicts)
            .map((pair) => pair.join(' '))
            .join(', ')}`,
        );
    for (const { scenario, design, why } of cut) terminal.out(`${scenario} on ${design} was cut short: ${why}.`);
    terminal.out(
      `\n${counted(found.length, 'distinct break')} (${knownTally([...known.values()])}) in ${counted(tally.explored, 'exploration')}: ${extent(tally, choices, cut.length, request)}, ${tally.notBegun} not begun.`,
    );
  }
  if (found.length > 0) return exit.violated;
  return tally.cutShort + tally.notBegun > 0 ? exit.unknown : exit.holds;
};

type Cut = { readonly scenario: string; readonly design: string; readonly why: string };

/** A search that gave no verdict of its own says why. */
const whyCut = ({ within, message }: Verdict): string | null => (within === undefined ? message : within.cut);

type Tally = Readonly<Record<'exhausted' | 'cutShort' | 'runs' | 'runsCut' | 'explored', number>>;

/** Runs at random exhaust nothing, and those with few pre-emptions are not all. */
const extent = (tally: Tally, choices: number, cut: number, request: SurveyRequest): string => {
  const { walks, preemptions } = request;
  if (walks !== undefined)
    return `${counted(tally.runs, 'run')} at random, ${grouped(tally.runsCut)} of them cut short by a bound`;
  const { explored, exhausted, cutShort } = tally;
  if (preemptions === undefined) return `${exhausted} exhausted, ${cutShort} cut short by a bound`;
  const runs = `all runs with at most ${counted(preemptions, 'pre-emption')}`;
  const of = isAtOnce(request) ? `of ${counted(choices, 'choice')} of operations` : `in ${explored - cut} of them`;
  return `${runs} ${of}, ${cut} cut short by a bound`;
};

/** Whether all choices of operations on a graph are one exploration. */
const isAtOnce = ({ random, walks, preemptions }: SurveyRequest): boolean =>
  random === undefined && (walks ?? preemptions) !== undefined;

/** All multisets of so many operations are built before the first is explored. */
const MOST_OPERATIONS = 4;

/** `tell` gets null for what was not begun. */
const exploreAll = async (
  jobs: readonly Job[],
  began: number,
  { timeout = Infinity, workers = allCores }: SurveyRequest,
  terminal: Terminal,
  interruption: Interruption,
  tell: (trial: Trial | null) => void,
): Promise<void> => {
  let done = 0;
  const line = () => `survey: ${done} of ${jobs.length} explored`;
  terminal.status.add(line);
  const timer = setInterval(() => terminal.live === null && terminal.err(line()), 15_000);
  try {
    await eachOf(jobs, workers, interruption, async (job, _index, searcher) => {
      const late = interruption.raised || performance.now() - began > timeout * 1000;
      if (!late) building(job.path, () => worldOf(job));
      tell(late ? null : { job, verdict: await searcher.judge(job, () => undefined) });
      done++;
      terminal.live?.(line());
    });
  } finally {
    clearInterval(timer);
    terminal.status.delete(line);
    terminal.live?.('');
  }
};

/** One counterexample for each family of designs, and the scenario that it is from. What is not one run with an end has none. */
const saveBreak = ({ shown }: Break, directory: string): void => {
  for (const { job, failure } of shown.values()) {
    const { key, trace } = failure;
    if (trace === null || trace.circle !== null) continue;
    keep(counterexampleOf({ ...job, name: `${job.name}-${slug(key)}` }, failure, trace), trace, directory);
    const text = `${JSON.stringify(job.scenario, null, 2)}\n`;
    save([{ path: join(directory, 'scenarios', `${job.name}.json`), text }]);
  }
};

/** The whole key, as a part of a file's name: two breaks never share a file. */
const slug = (key: string): string => key.replaceAll(/\W+/g, '-').replace(/-$/, '');

/** Whatever scenario shows a break, it has one property and one C line. */
const knownAs = (each: Break, { consequences, keys }: Written): Known =>
  knownOf(keyOf(smallest(each).failure), consequences, keys);

const resultOf = (each: Break, known: Known) => ({
  key: each.key,
  known,
  designs: [...each.designs].toSorted(),
  first: showingOf(smallest(each)),
  shown: Object.fromEntries([...each.shown].map(([family, showing]) => [family, showingOf(showing)])),
});

const showingOf = ({ job, failure }: Showing) => ({
  scenario: job.name,
  design: job.design,
  steps: stepsOf(failure),
  message: failure.message,
});
