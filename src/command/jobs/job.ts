import type { ConductClaim } from '../../../spec/claims/conduct.ts';
import { designs } from '../../../spec/designs.ts';
import { build, type Scenario } from '../../../spec/scenario.ts';
import { usualModel } from '../../explore/model/model.ts';
import type { Budget } from '../../explore/search/verdict.ts';
import type { Walks } from '../../explore/walks.ts';
import type { World } from '../../machine/world.ts';

/** One check: everything that its verdict depends on beside the specification, as plain data. */
export type Job = {
  readonly name: string;
  /** The file that the scenario came from. */
  readonly path: string;
  readonly scenario: Scenario;
  readonly design: string;
  /** Switches of the design that are turned off. */
  readonly off: readonly string[];
  readonly quotient: boolean;
  readonly fuse: boolean;
  readonly reduce: boolean;
  readonly symmetry: boolean;
  /** Go on after a failure, and find each distinct one. */
  readonly allFailures?: boolean;
  /** Go on from the newest state first. */
  readonly depthFirst?: boolean;
  /** Keep fingerprints of states, and not the states. */
  readonly fingerprints?: boolean;
  /** Keep on a disk what so many bytes of memory have no room for. */
  readonly spill?: { readonly memory: number; readonly directory: string };
  /** Claims about the conduct of data, in place of what is claimed otherwise. */
  readonly conduct?: readonly ConductClaim[];
  readonly budget: Budget;
  /** Runs at random in place of a search. */
  readonly walks?: Walks;
  /** Only runs with so many pre-emptions at most. */
  readonly preemptions?: number;
  readonly kept?: Kept;
  /** How many threads search; none: one. */
  readonly threads?: number;
  /** How the automata are closed; none: beforehand where that can be done, and by need where it cannot. */
  readonly closing?: 'beforehand' | 'by need';
};

/** Where a search is kept so that it can be gone on with. */
export type Kept = {
  readonly path: string;
  /** How often, in seconds. */
  readonly every: number;
  /** The file that it goes on from; null: it begins. */
  readonly resume: string | null;
};

/** A level has room for what so many threads find before they look up. */
export const mostThreads = 64;

/** How a check explores where nobody asks for anything else. */
export const usualSearch = { ...usualModel, reduce: false, symmetry: false } as const satisfies Partial<Job>;

/**
 * What the verdict on a job depends on beside the sources: all of it but how it is called, where it is kept, how many threads search, where its states are, and the budget: within another
 * one the verdict is the same, or unknown. The rest is taken whole, so that a new way to search cannot be forgotten here.
 */
export const questionOf = ({
  name: _name,
  path: _path,
  budget: _budget,
  kept: _kept,
  threads: _threads,
  spill: _spill,
  design,
  off,
  scenario,
  ...search
}: Job): object => ({
  scenario: { ...scenario, description: '' },
  on: Object.entries(switchesOf(design, off)).flatMap(([name, on]) => (on ? [name] : [])),
  search,
});

export const worldOf = ({ scenario, design, off }: Pick<Job, 'scenario' | 'design' | 'off'>): World =>
  build(scenario, switchesOf(design, off));

export const switchesOf = (design: string, off: readonly string[]): Readonly<Record<string, boolean>> => ({
  ...designs[design]!.switches,
  ...Object.fromEntries(off.map((name) => [name, false])),
});
