import { match } from 'ts-pattern';
import type { Claim } from '../machine/conduct.ts';
import type { World } from '../machine/world.ts';
import { check } from '../explore/check.ts';
import type { Watcher } from '../explore/search/search.ts';
import { counted } from '../report/number.ts';
import { usualModel, usualNeed } from '../explore/model/model.ts';
import { walk, type WalkEnd } from '../explore/runs/walk.ts';
import type { Trace } from '../explore/search/verdict.ts';
import type { Counterexample } from './form.ts';

/**
 * What became of a saved run on the specification as it is today:
 * - `still fails`: it breaks the property that it was saved for;
 * - `fails differently`: on its way it breaks another one, which is never what is expected;
 * - `fixed`: it can no longer be walked to its end, or its end is no failure any more, and no other run fails either;
 * - `unknown`: it can no longer be walked, and whether another run fails was not found out within the budget;
 * - `stale`: it speaks of a switch or a scenario that is gone, or of a step that is gone while other runs fail, or nobody knows; so it says nothing about today.
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

/** Who looks on while a search for other runs goes on. */
export type Onlooker = Pick<Watcher, 'interrupted' | 'onProgress'>;

/**
 * A run that parts ways proves nothing by itself: two steps that changed places are enough for that; nor does one with a step that is
 * gone. So a search looks for any run that fails, and only where there is none is it fixed.
 */
export const confirmed = (
  replayed: Replay,
  { property }: Counterexample,
  world: World,
  properties: readonly Claim[],
  onlooker: Onlooker = {},
): Replay => {
  const isStale = replayed.outcome === 'stale';
  if (replayed.outcome !== 'fixed' && !isStale) return replayed;
  const found = check(world, properties, { ...usualModel, byNeed: usualNeed, budget: SEARCH, ...onlooker });
  const parts = `at step ${replayed.at} the saved run parts ways (${replayed.reason})`;
  return match(found)
    .with({ verdict: 'holds' }, ({ states }) => ({
      ...replayed,
      outcome: 'fixed' as const,
      reason: `${replayed.reason}; no run fails, in ${counted(states, 'state')}`,
    }))
    .with({ verdict: 'unknown' }, ({ message }) => ({
      ...replayed,
      outcome: isStale ? ('stale' as const) : ('unknown' as const),
      reason: `${parts}, and a search for another did not end: ${message}`,
    }))
    .with({ verdict: 'violated' }, (other) =>
      isStale
        ? { ...replayed, reason: `${replayed.reason}, and another run fails: ${other.property}: ${other.message}` }
        : {
            ...replayed,
            outcome: other.property === property ? ('still fails' as const) : ('fails differently' as const),
            reason: `${parts}, but another run fails: ${other.property}: ${other.message}`,
            trace: other.trace,
          },
    )
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
