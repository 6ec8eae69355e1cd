import type { Outcome } from '../../explore/search/verdict.ts';
import type { Undecided } from '../../matrix/row.ts';
import { counted } from '../../report/number.ts';
import type { Terminal } from '../../report/terminal.ts';
import { suite } from '../../suite.ts';
import { readBaseline, type Baseline } from '../gate/baseline.ts';
import { building, findScenario, scenarioNames, type NamedScenario } from '../catalogue.ts';
import type { Interruption } from '../jobs/interruption.ts';
import { usualSearch, worldOf, type Job } from '../jobs/job.ts';
import { tryAll } from '../jobs/trial.ts';

/**
 * The ground on which mutants are tried: the scenarios that the whole design holds, those with the fewest states first. Where
 * the whole design fails already, a failure without a protection would say nothing of the protection.
 */
export type Ground = {
  readonly kept: readonly NamedScenario[];
  readonly leftOut: readonly Undecided[];
  /** Of those that are left out the ones that the whole design does not hold, or is not known to. */
  readonly notHeld: readonly string[];
};

export type GroundRequest = {
  readonly design: string;
  /** Names or paths; none: all of the suite's own. */
  readonly scenarios: readonly string[];
  /** Leave out what the whole design has more states in. */
  readonly within: number;
  readonly maxStates: number;
  readonly workers: number;
};

type Known = {
  readonly named: NamedScenario;
  readonly verdict: Outcome;
  readonly states: number;
  readonly why: string;
};

/** An accepted verdict is believed, for the gate watches it; what has none is explored. */
export const groundOf = async (
  request: GroundRequest,
  terminal: Terminal,
  interruption: Interruption,
): Promise<Ground> => {
  const names = request.scenarios.length === 0 ? scenarioNames() : [...new Set(request.scenarios)];
  const all = names.map(findScenario);
  const accepted = readBaseline(suite.baseline);
  const known = new Map(all.map((named) => [keyOf(named), acceptedOf(named, request.design, accepted)]));
  const jobs = all.filter((named) => known.get(keyOf(named)) === null).map((named) => wholeJob(named, request));
  await tryAll(
    jobs,
    request.workers,
    terminal,
    interruption,
    ({ job, verdict: { verdict, states, property, message } }) =>
      known.set(keyOf(job), { named: job, verdict, states, why: property ?? message }),
  );
  const sorted = all.map((named) => known.get(keyOf(named))!).toSorted((a, b) => a.states - b.states);
  return {
    kept: sorted.filter((each) => reasonOf(each, request.within) === null).map(({ named }) => named),
    leftOut: sorted.flatMap((each) => {
      const reason = reasonOf(each, request.within);
      return reason === null ? [] : [{ scenario: each.named.name, reason }];
    }),
    notHeld: sorted.filter(({ verdict }) => verdict !== 'holds').map(({ named }) => named.name),
  };
};

/** One file is two scenarios: as it is, and with memory handed out once more. */
const keyOf = ({ path, name }: NamedScenario): string => `${path} ${name}`;

const acceptedOf = (named: NamedScenario, design: string, { results, undecided }: Baseline): Known | null => {
  if (!named.path.startsWith(suite.scenarios)) return null;
  const decided = results[named.name]?.[design];
  if (decided !== undefined) return { named, ...decided, why: decided.property ?? '' };
  const open = undecided[named.name]?.[design];
  return open === undefined ? null : { named, verdict: 'unknown', states: open.states, why: open.reason };
};

const wholeJob = (named: NamedScenario, { design, within, maxStates }: GroundRequest): Job => {
  const budget = { maxStates: Math.min(within, maxStates) };
  const job = { ...named, design, off: [], ...usualSearch, budget };
  building(named.path, () => worldOf(job));
  return job;
};

const reasonOf = ({ verdict, states, why }: Known, within: number): string | null => {
  if (verdict === 'violated') return why;
  if (verdict === 'unknown') return `unknown: ${why}`;
  return states > within ? counted(states, 'state') : null;
};
