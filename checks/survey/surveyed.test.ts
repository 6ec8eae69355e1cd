import { describe, expect, it } from 'vitest';
import type { Job } from '../../src/command/jobs/job.ts';
import { askedBy, exploreAsked, type Explore } from '../../src/command/survey/surveyed.ts';
import type { Trial } from '../../src/command/jobs/trial.ts';
import { nothingSeen } from '../../src/explore/search/verdict.ts';

/** What a survey by runs at random explores where all operations of a graph have too many local states together. */

const request = { size: 2, maxStates: 1, walks: 100, graph: ['pair', 'sink'], design: ['lockfree'], json: false };

/** Explores jobs without a look at them: those that `fit` have as many runs as they were to have, and the others none. */
const without =
  (fit: (job: Job) => boolean): Explore =>
  (jobs, tell) => {
    for (const job of jobs) {
      const runs = { made: job.walks!.count, cut: 0 };
      tell({ job, verdict: fit(job) ? { ...nothingSeen, runs } : nothingSeen });
    }
    return Promise.resolve();
  };

const told = async (fit: (job: Job) => boolean, isStopped = false): Promise<readonly Trial[]> => {
  const trials: Trial[] = [];
  await exploreAsked(
    askedBy(request),
    without(fit),
    (trial) => trials.push(trial!),
    () => isStopped,
  );
  return trials;
};
const namesOf = (trials: readonly Trial[]): readonly string[] => trials.map(({ job }) => job.name);
const runsOf = (trials: readonly Trial[]): number =>
  trials.reduce((sum, { verdict }) => sum + (verdict.runs?.made ?? 0), 0);

describe('a survey by runs at random', () => {
  it('explores each graph at once where that can be done', async () => {
    const trials = await told(() => true);
    expect(namesOf(trials)).toEqual(['pair-any-any', 'sink-any-any']);
    expect(runsOf(trials)).toBe(200);
  });

  it('explores the scenarios of a graph one by one where it cannot, with as many runs in all, and does not tell of the whole', async () => {
    const trials = await told(({ name }) => name !== 'pair-any-any');
    const ofPair = trials.filter(({ job }) => job.name.startsWith('pair-'));
    expect(namesOf(trials)[0]).toBe('sink-any-any');
    expect(namesOf(trials)).not.toContain('pair-any-any');
    expect(new Set(namesOf(ofPair)).size).toBe(27);
    expect(runsOf(ofPair)).toBeGreaterThanOrEqual(100);
    expect(runsOf(ofPair)).toBeLessThan(100 + 27);
  });

  it('tells of a scenario that cannot be run either', async () => {
    const trials = await told(({ name }) => !name.startsWith('pair-any') && name !== 'pair-shutdown-A-shutdown-A');
    const [lost] = trials.filter(({ job }) => job.name === 'pair-shutdown-A-shutdown-A');
    expect(lost?.verdict).toMatchObject({ verdict: 'unknown', states: 0 });
  });

  it('begins nothing anew when it has been stopped', async () => {
    expect(namesOf(await told(() => false, true))).toEqual(['pair-any-any', 'sink-any-any']);
  });
});
