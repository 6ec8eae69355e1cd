import { expect, it } from 'vitest';
import { readBaseline } from '../../src/command/gate/baseline.ts';
import { jobsOf, pairsOf, smallestFirst } from '../../src/command/gate/exploration.ts';
import { scopeOf } from '../../src/command/gate/scope.ts';
import { suite } from '../../src/suite.ts';

/** What a whole gate explores. */

const jobs = (workers: number) => {
  const request = { scenarios: [], full: true, update: false, workers };
  const accepted = readBaseline(suite.baseline);
  return smallestFirst(jobsOf(scopeOf(pairsOf(accepted, request), request), request, accepted), accepted);
};

it('is searched by one thread each, and by all who are left where it is the last and largest', () => {
  const threads = jobs(3).map((job) => job.threads ?? 1);
  expect(threads.length).toBeGreaterThan(800);
  expect(new Set(threads.slice(0, -1))).toEqual(new Set([1]));
  expect(threads.at(-1)).toBe(3);
});

it('is searched by one thread each where one is all that was asked for', () => {
  expect(jobs(1).every((job) => job.threads === undefined)).toBe(true);
});
