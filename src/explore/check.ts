import { isConduct, type Claim } from '../machine/conduct.ts';
import type { World } from '../machine/world.ts';
import { NotClosed } from './automata/automaton.ts';
import { breadthFirst } from './search/breadthFirst.ts';
import { depthFirst } from './search/depthFirst.ts';
import { pastTime, type Ending, type Search, type Watcher } from './search/search.ts';
import { omission } from './states/fingerprints.ts';
import { withModel, type Model, type ModelOptions } from './model/model.ts';
import { retrace } from './runs/retrace.ts';
import { traceOf } from './runs/trace.ts';
import { NoRoom } from './states/sortedRuns.ts';
import { varietiesOf } from './search/variety.ts';
import { nothingSeen, type Outcome, type Trace, type Verdict } from './search/verdict.ts';
import { counted } from './automata/number.ts';

export type CheckOptions = Omit<ModelOptions, 'conduct'> &
  Watcher & {
    /** Go on from the newest state first (search/depthFirst.ts, which says what of the rest it does not go with). */
    readonly depthFirst?: boolean;
  };

/**
 * Explores every interleaving of a world and says whether the claims hold, with a shortest run that shows it where one
 * does not; with `depthFirst`, the run that was met first. What the machine watches by itself (engineProperties) is always included.
 *
 * Cost: memory grows with the number of states, 14 to 16 bytes each; see Visited.
 */
export const check = (world: World, claims: readonly Claim[], options: CheckOptions): Verdict => {
  const started = performance.now();
  const seconds = () => Math.round(performance.now() - started) / 1000;
  const late = (): string | null => pastTime(options, performance.now() - started);
  try {
    return withModel(
      world,
      {
        ...options,
        conduct: claims.filter(isConduct),
        byNeed: goesByNeed(options) ? options.byNeed : undefined,
      },
      (model) => {
        const inOrder = options.depthFirst === true ? depthFirst : breadthFirst;
        const together = model.automata.whole ? options.together : undefined;
        const search = inOrder(model, claims, { ...options, together, spent: seconds() });
        return verdictOf(model, claims, search, seconds(), options);
      },
      late,
      ({ verdict }) => verdict === 'unknown' && late() !== null,
    );
  } catch (thrown) {
    if (!(thrown instanceof NotClosed || thrown instanceof NoRoom)) throw thrown;
    return {
      ...nothingSeen,
      message: thrown.message,
      seconds: seconds(),
    };
  }
};

/** What leaves out states that are like others has to know all that can be done in them, and a search that is kept, or has a disk, cannot be begun anew. */
const goesByNeed = ({ symmetry, reduce, keeping, resumed, disk }: CheckOptions): boolean =>
  !symmetry && !reduce && keeping === undefined && resumed === undefined && disk === undefined;

const verdictOf = (
  model: Model,
  claims: readonly Claim[],
  search: Search,
  seconds: number,
  { allFailures, fingerprints }: CheckOptions,
): Verdict => {
  const { visited, transitions, depth } = search;
  const ending = search.failures[0]?.found ?? search.ending;
  const frames = model.automata.frames.length;
  const classes = model.quotient.representative.length;
  const trace = traceOf(model, search, ending);
  return {
    verdict: outcomes[ending.kind],
    property: ending.kind === 'found' ? ending.finding.property : null,
    message: search.symmetry === null || trace === null ? messageOf(search, ending) : walkedAgain(model, claims, trace),
    states: visited.count,
    transitions,
    depth,
    localStates: frames,
    quotientStates: classes < frames ? classes : 0,
    ...firing(model),
    procedures: [...new Set(model.automata.frames.map(({ instance }) => instance.procedure.title))].toSorted(),
    seconds,
    trace,
    ...(allFailures === true ? allOf(model, search) : {}),
    ...boundsIn(model, search),
    ...(fingerprints === true ? { omission: omission(visited.count) } : {}),
    // Without the states, ten thousand of them would be as many walks.
    ...(search.ending.kind === 'bound' && fingerprints !== true ? { varieties: varietiesOf(model, visited) } : {}),
  };
};

/** What is wrong at the end of a run that was found on forms, in the numbers of the run itself. */
const walkedAgain = (model: Model, claims: readonly Claim[], trace: Trace): string => {
  const again = retrace(model, claims, trace);
  if (again === null) throw new Error('[suite bug] a run that was found with renumbered records cannot be walked');
  return again.finding.message;
};

const boundsIn = ({ cpuNames }: Model, { bounds }: Search): Pick<Verdict, 'bounds'> =>
  bounds.length === 0
    ? {}
    : {
        bounds: bounds.map(({ claim, cpu, steps }) => ({
          property: claim.name,
          cpu: cpuNames[cpu]!,
          steps: steps === Infinity ? null : steps,
        })),
      };

const outcomes: Readonly<Record<Ending['kind'], Outcome>> = {
  exhausted: 'holds',
  found: 'violated',
  bound: 'unknown',
};

/** What a search for all failures says more. */
const allOf = (model: Model, search: Search): Pick<Verdict, 'failures' | 'cutShort'> => ({
  failures: search.failures.map(({ key, found, label }) => ({
    key,
    property: found.finding.property,
    message: found.finding.message,
    step: label?.name ?? null,
    c: label?.c ?? '',
    trace: traceOf(model, search, found),
  })),
  cutShort: search.ending.kind === 'bound' && search.failures.length > 0 ? messageOf(search, search.ending) : null,
});

const messageOf = ({ visited, depth }: Search, ending: Ending): string => {
  if (ending.kind === 'exhausted') return '';
  if (ending.kind === 'found') return ending.finding.message;
  return `${ending.message}, after ${counted(visited.count, 'state')} and ${counted(depth, 'step')}`;
};

/**
 * Which steps were done; and which the automata contain, beside what can only fail or wait, and no transition did. Automata that are closed by need do not contain what no run
 * comes to, nor the numbers of like accesses: there, nothing is said of either.
 */
export const firing = (model: Model): Pick<Verdict, 'fired' | 'neverFired'> => {
  const { stepper, quotient } = model;
  if (!model.automata.whole) return { fired: [], neverFired: [] };
  const silent = new Set(
    model.program.rows.flatMap((row, c) =>
      row !== null && !isAside(row.frame.pending) ? [model.labelOf(c).name] : [],
    ),
  );
  const fired = new Set<string>();
  quotient.representative.forEach((_, c) => {
    if (stepper.fired[c] !== 1) return;
    const { name } = model.labelOf(c);
    silent.delete(name);
    fired.add(name);
  });
  return { fired: [...fired].toSorted(), neverFired: [...silent].toSorted() };
};

/** What is no step but a question of the machine's, or the way in which a step does not happen. */
const asides: ReadonlySet<string> = new Set(['fail', 'blocked', 'may sleep']);

const isAside = (pending: Model['quotient']['representative'][number]['pending']): boolean =>
  pending.kind === 'operation' && asides.has(pending.operation.kind);
