import type { Outcome } from '../explore/search/verdict.ts';
import type { Trial } from '../command/jobs/trial.ts';

export type Difference = { readonly scenario: string; readonly verdicts: Readonly<Record<string, Outcome>> };

/** Scenarios that hold on one design and are violated on another; what is unknown differs from nothing. */
export class Differences {
  readonly #verdicts = new Map<string, Record<string, Outcome>>();

  add({ job, verdict }: Trial): void {
    const known = this.#verdicts.get(job.name) ?? {};
    this.#verdicts.set(job.name, known);
    known[job.design] = verdict.verdict;
  }

  all(): readonly Difference[] {
    return [...this.#verdicts]
      .filter(([, verdicts]) => {
        const seen = new Set(Object.values(verdicts));
        return seen.has('holds') && seen.has('violated');
      })
      .map(([scenario, verdicts]) => ({ scenario, verdicts: sorted(verdicts) }))
      .toSorted((a, b) => (a.scenario < b.scenario ? -1 : 1));
  }
}

/** By the names of the designs: in which order their verdicts came is chance. */
const sorted = (verdicts: Readonly<Record<string, Outcome>>): Record<string, Outcome> =>
  Object.fromEntries(Object.entries(verdicts).toSorted(([a], [b]) => (a < b ? -1 : 1)));
