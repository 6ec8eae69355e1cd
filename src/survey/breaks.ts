import type { Failure } from '../explore/search/verdict.ts';
import type { Job } from '../command/jobs/job.ts';
import type { Trial } from '../command/jobs/trial.ts';
import { titleOf } from '../report/title.ts';

/** A distinct break, with the smallest scenario of each family of designs that shows it. */
export type Break = {
  readonly key: string;
  readonly designs: ReadonlySet<string>;
  readonly shown: ReadonlyMap<string, Showing>;
};

/** How one scenario shows a break. */
export type Showing = { readonly job: Job; readonly failure: Failure };

/** Published versions of one line of work. */
const familyOf = (design: string): string => (design.startsWith('upstream') ? 'upstream' : design.split('-')[0]!);

/** Breaks as they come in, from scenarios and designs in any order. */
export class Breaks {
  readonly #known = new Map<string, { designs: Set<string>; shown: Map<string, Showing> }>();

  add({ job, verdict }: Trial): void {
    for (const failure of verdict.failures ?? []) {
      const known = this.#known.get(failure.key) ?? { designs: new Set(), shown: new Map() };
      this.#known.set(failure.key, known);
      known.designs.add(job.design);
      const family = familyOf(job.design);
      const before = known.shown.get(family);
      if (before === undefined || isSmaller({ job, failure }, before)) known.shown.set(family, { job, failure });
    }
  }

  /** By name, so that two runs can be compared. */
  all(): readonly Break[] {
    return [...this.#known].map(([key, rest]) => ({ key, ...rest })).toSorted((a, b) => (a.key < b.key ? -1 : 1));
  }
}

export const smallest = ({ shown }: Break): Showing =>
  [...shown.values()].reduce((best, next) => (isSmaller(next, best) ? next : best));

/** Fewer operations, then fewer steps; for equal ones the names decide, so that the order in which they came does not. */
const isSmaller = (one: Showing, other: Showing): boolean => {
  const [a, b] = [sizeOf(one), sizeOf(other)];
  const i = a.findIndex((part, at) => part !== b[at]);
  return i < 0 ? titleOf(one.job) < titleOf(other.job) : a[i]! < b[i]!;
};

const sizeOf = ({ job, failure }: Showing): readonly number[] => [
  job.scenario.cpus.flatMap(({ run }) => run).length,
  stepsOf(failure),
];

export const stepsOf = ({ trace }: Failure): number => trace?.steps.length ?? 0;
