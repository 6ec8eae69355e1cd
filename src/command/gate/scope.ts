import { counted, grouped } from '../../report/number.ts';
import { isReusing } from '../catalogue.ts';

/** What of all that could be looked at is looked at this time, and what is not: the second is always said. */

/** A scenario on a design, with the states that were accepted for it; null where nothing was. */
export type Pair = { readonly scenario: string; readonly design: string; readonly states: number | null };

/** The `number`th of `of` parts, from 1. */
export type Shard = { readonly number: number; readonly of: number };

export type ScopeRequest = {
  /** By name; none: every scenario. Of those that are named nothing is left out as not quick. */
  readonly scenarios: readonly string[];
  /** None: every design. */
  readonly design?: readonly string[];
  /** Leaves out what was accepted after more states than that. */
  readonly within?: number;
  /** Leaves nothing out; otherwise, and without `within`, only the quick set is looked at. */
  readonly full: boolean;
  readonly shard?: Shard;
};

export type Scope = {
  readonly pairs: readonly Pair[];
  /** The same with those of other shards. */
  readonly chosen: readonly Pair[];
  /** Pairs that are not looked at, other than those of other shards. */
  readonly leftOut: number;
  /** What is not looked at and why, a sentence each. */
  readonly sentences: readonly string[];
  /** Whether this is everything, and whether it was asked to be less (a shard of everything is neither). */
  readonly whole: boolean;
  readonly narrow: boolean;
  /** Whether it was asked for, by the names of both. */
  readonly asked: (pair: Pick<Pair, 'scenario' | 'design'>) => boolean;
};

export const scopeOf = (all: readonly Pair[], request: ScopeRequest): Scope => {
  const { scenarios, design: designs, full } = request;
  const isOfScenario = ({ scenario }: Pick<Pair, 'scenario'>): boolean =>
    scenarios.length === 0 || scenarios.includes(scenario);
  const isOfDesign = ({ design }: Pick<Pair, 'design'>): boolean => designs === undefined || designs.includes(design);
  const ofScenarios = all.filter(isOfScenario);
  const named = ofScenarios.filter(isOfDesign);
  const isAll = full || scenarios.length > 0;
  const chosen = request.within !== undefined ? within(named, request.within) : isAll ? named : quick(named);
  const pairs = request.shard === undefined ? chosen : shardOf(chosen, request.shard);
  const sentences = [
    ofScenarios.length === all.length
      ? []
      : [`Left out, as asked: ${counted(all.length - ofScenarios.length, 'pair')} of other scenarios.`],
    named.length === ofScenarios.length
      ? []
      : [`Left out, as asked: ${counted(ofScenarios.length - named.length, 'pair')} of other designs.`],
    chosen.length === named.length ? [] : [whyFewer(named.length - chosen.length, request.within)],
    pairs.length === chosen.length
      ? []
      : [`Left to the other shards: ${counted(chosen.length - pairs.length, 'pair')}.`],
  ].flat();
  return {
    pairs,
    chosen,
    leftOut: all.length - chosen.length,
    sentences,
    whole: pairs.length === all.length,
    narrow: chosen.length < all.length,
    asked: (pair) => isOfScenario(pair) && isOfDesign(pair),
  };
};

const whyFewer = (n: number, bound: number | undefined): string =>
  bound === undefined
    ? `Left out of the quick set: ${counted(n, 'pair')} with more than ${grouped(QUICK)} states; --full explores them too.`
    : `Left out, as asked: ${counted(n, 'pair')} with more states.`;

const within = (pairs: readonly Pair[], bound: number): readonly Pair[] =>
  pairs.filter(({ states }) => states === null || states <= bound);

/** So many states are explored in less time than it takes to build the automata of the check. */
const QUICK = 1_000;

/** What has more states than that is not quick, be it the smallest of its scenario on the designs that were named. Of each scenario something has fewer. */
const NOT_QUICK = 150_000;

/** What is small, and of each scenario the smallest: a change that nothing quick meets would look harmless. */
const quick = (pairs: readonly Pair[]): readonly Pair[] => {
  const least = new Map<string, Pair>();
  for (const pair of pairs.filter(({ scenario }) => !isReusing(scenario))) {
    const other = least.get(pair.scenario);
    if (other === undefined || sizeOf(pair) < sizeOf(other)) least.set(pair.scenario, pair);
  }
  return pairs.filter(
    (pair) => sizeOf(pair) <= QUICK || (sizeOf(pair) <= NOT_QUICK && least.get(pair.scenario) === pair),
  );
};

/** What has never been accepted is new: it is as likely small as large, and somebody waits for it. */
const sizeOf = ({ states }: Pair): number => states ?? 0;

/**
 * Parts of about the same work: the largest first, each to the part that has least so far. The same list gives the same parts
 * everywhere, so the machines of a CI need not speak with each other.
 */
const shardOf = (pairs: readonly Pair[], { number, of }: Shard): readonly Pair[] => {
  const load = Array.from({ length: of }, () => 0);
  const mine = new Set<Pair>();
  const title = ({ scenario, design }: Pair): string => `${scenario} ${design}`;
  const inOrder = pairs.toSorted((a, b) => sizeOf(b) - sizeOf(a) || (title(a) < title(b) ? -1 : 1));
  for (const pair of inOrder) {
    const part = load.indexOf(Math.min(...load));
    load[part]! += sizeOf(pair) + BUILDING;
    if (part === number - 1) mine.add(pair);
  }
  return pairs.filter((pair) => mine.has(pair));
};

/** What building a check costs, in states. */
const BUILDING = 50_000;

/** Every `of`th of some things that cost about the same. */
export const shareOf = <T>(things: readonly T[], shard: Shard | undefined): readonly T[] =>
  shard === undefined ? things : things.filter((_, i) => i % shard.of === shard.number - 1);
