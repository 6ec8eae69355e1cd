import { match } from 'ts-pattern';
import type { Claim } from '../machine/conduct.ts';
import type { World } from '../machine/world.ts';
import { check } from '../explore/check.ts';
import { usualModel } from '../explore/model.ts';
import { walk, type WalkEnd } from '../explore/walk.ts';
import type { Trace } from '../explore/verdict.ts';
import type { Counterexample } from './form.ts';

/**
 * What became of a saved run on the specification as it is today:
 * - `still fails`: it breaks the property that it was saved for;
 * - `fails differently`: on its way it breaks another one, which is never what is expected;
 * - `fixed`: it can no longer be walked to its end, or its end is no failure any more, and no other run fails either;
 * - `unknown`: it can no longer be walked, and whether another run fails was not found out within the budget;
 * - `stale`: it speaks of a step, a switch or a scenario that is gone, so it says nothing about today.
 */
export type Outcome = 'still fails' | 'fails differently' | 'fixed' | 'unknown' | 'stale';

export type Replay = {
  readonly outcome: Outcome;
  /** Why, in one sentence without its full stop. */
  readonly reason: string;
  /** The step, counted from 1, at which the run ends or parts ways; null where it has none. */
  readonly at: number | null;
  /** What the CPUs could do at that point instead. */
  readonly enabled: readonly { readonly cpu: string; readonly step: string }[];
  /** The name of today that is nearest to the one that is gone. */
  readonly nearest: string | null;
  /** The run as far as it could be walked. */
  readonly trace: Trace | null;
};

/** A run that cannot be begun. */
export const stale = (reason: string, nearest: string | null = null): Replay => ({
  outcome: 'stale',
  reason,
  at: null,
  enabled: [],
  nearest,
  trace: null,
});

export const replay = ({ schedule, property }: Counterexample, world: World, properties: readonly Claim[]): Replay => {
  const { trace, end } = walk(
    world,
    properties,
    schedule.map(({ cpu, step, picks }) => ({ cpu, step, picks: picks ?? [] })),
  );
  return { ...nothing, trace, ...judged(end, trace.steps.length, property) };
};

/**
 * A run that parts ways proves nothing by itself: two steps that changed places are enough for that. So what seems fixed is
 * searched for any run that fails.
 */
export const confirmed = (
  replayed: Replay,
  { property }: Counterexample,
  world: World,
  properties: readonly Claim[],
): Replay => {
  if (replayed.outcome !== 'fixed') return replayed;
  const found = check(world, properties, { ...usualModel, budget: SEARCH });
  const parts = `at step ${replayed.at} the saved run parts ways (${replayed.reason})`;
  return match(found)
    .with({ verdict: 'holds' }, ({ states }) => ({
      ...replayed,
      reason: `${replayed.reason}; no run fails, in ${states} states`,
    }))
    .with({ verdict: 'unknown' }, ({ message }) => ({
      ...replayed,
      outcome: 'unknown' as const,
      reason: `${parts}, and a search for another did not end: ${message}`,
    }))
    .with({ verdict: 'violated' }, (other) => ({
      ...replayed,
      outcome: other.property === property ? ('still fails' as const) : ('fails differently' as const),
      reason: `${parts}, but another run fails: ${other.property}: ${other.message}`,
      trace: other.trace,
    }))
    .exhaustive();
};

/** How far a run that seems fixed is searched for another that fails. */
const SEARCH = { seconds: 60, maxStates: 10_000_000 };

const nothing = { enabled: [], nearest: null };

const judged = (
  end: WalkEnd,
  steps: number,
  property: string,
): Pick<Replay, 'outcome' | 'reason' | 'at'> & Partial<Replay> =>
  match(end)
    .with({ kind: 'violated', property }, ({ message }) => ({
      outcome: 'still fails' as const,
      reason: message,
      at: steps,
    }))
    .with({ kind: 'violated' }, (found) => ({
      outcome: 'fails differently' as const,
      reason: `it breaks ${found.property} instead of ${property}: ${found.message}`,
      at: steps,
    }))
    .with({ kind: 'finished' }, () => ({
      outcome: 'fixed' as const,
      reason: 'the whole run is still possible, and nothing fails in it or at its end',
      at: steps,
    }))
    .with({ kind: 'parted' }, ({ at, reason, enabled }) => ({ outcome: 'fixed' as const, reason, at: at + 1, enabled }))
    .with({ kind: 'unknown step' }, ({ at, step, nearest }) => ({
      outcome: 'stale' as const,
      reason: `the specification has no step "${step}" any more`,
      at: at + 1,
      nearest,
    }))
    .exhaustive();
