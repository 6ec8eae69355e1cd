import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dataClaims, dataConduct, type DataClaim } from '../../spec/claims/conduct.ts';
import type { Scenario } from '../../spec/scenario.ts';
import { findScenario } from '../../src/command/catalogue.ts';
import { markdownOf, readDatapath, rowOf } from '../../src/command/datapath.ts';
import { hopOf } from '../../src/command/hop.ts';
import { worldOf, type Job } from '../../src/command/jobs/job.ts';
import { designNames } from '../../src/command/selection.ts';
import { check } from '../../src/explore/check.ts';
import { suite } from '../../src/suite.ts';
import { calm } from '../cli/scenarios.ts';

const jobOf = (name: string, scenario: Scenario, design: string, off: readonly string[] = []): Job => ({
  name,
  path: name,
  scenario,
  design,
  off,
  quotient: true,
  fuse: true,
  reduce: false,
  symmetry: false,
  allFailures: true,
  conduct: dataClaims,
  budget: { maxStates: 100_000 },
});

const explored = (job: Job, claims: readonly DataClaim[] = dataClaims) => {
  const verdict = check(
    worldOf(job),
    claims.map((name) => dataConduct[name]),
    { ...job, reduce: false, allFailures: true },
  );
  return { verdict, row: rowOf({ job, verdict }) };
};

describe('spec/DATAPATH.md', () => {
  it('is what is generated from spec/datapath.json', () => {
    expect(readFileSync(suite.datapathText, 'utf8')).toBe(`${markdownOf(readDatapath())}\n`);
  });

  it('has the hop of every design', () => {
    expect(readDatapath().hops.map(({ design }) => design)).toEqual(designNames());
  });

  it.each(designNames())('has the hop of %s as it is measured', (design) => {
    expect(readDatapath().hops).toContainEqual(hopOf(design));
  });

  // The smallest of all stand for the others: an update explores them all.
  it.each([
    ['packet-shutdown', 'upstream'],
    ['packet-shutdown', 'gsoc23'],
    ['ether-connect', 'gsoc24'],
  ])('has %s on %s as it is explored', (name, design) => {
    const { row } = explored(jobOf(name, findScenario(name).scenario, design));
    expect(readDatapath().rows).toContainEqual(row);
  });
});

/** The accesses that break a claim. */
const placesOf = (job: Job, claim: DataClaim): readonly string[] =>
  explored(job).row.claims[claim]!.places.map(({ step, c }) => `${step} (${c})`);

describe('data', () => {
  const alone = (design: string, off: readonly string[] = []) => jobOf('calm', calm as Scenario, design, off);
  const raced = (design: string, off: readonly string[] = []) =>
    jobOf('packet-rmhook', findScenario('packet-rmhook').scenario, design, off);
  const lock = 'ng_address_hook: rw_rlock ng_topo_lock (ng_base.c:3656)';

  it('that is alone waits for nobody, is not queued, and makes as many steps as there are', () => {
    const { verdict, row } = explored(alone('upstream'));
    const outcomes = Object.values(row.claims).map(({ outcome }) => outcome);
    expect(outcomes).toEqual(['kept', 'kept', 'broken', 'kept']);
    expect(row.bound).toBe(verdict.depth);
  });

  it('waits for the topology lock, where there is one', () => {
    expect(placesOf(raced('upstream'), 'data-unhindered')).toContain(lock);
    expect(placesOf(raced('upstream', ['address-under-topology-lock']), 'data-unhindered')).not.toContain(lock);
  });

  it('is queued where the gate refuses it, and nowhere else', () => {
    expect(placesOf(raced('upstream'), 'data-direct')).toEqual(['insertTail: hand over DataItem ()']);
    expect(placesOf(raced('upstream', ['gate']), 'data-direct')).toEqual([]);
    const { nodes, ...rest } = calm as Scenario;
    const asking = { ...rest, ngthreads: 1, nodes: { ...nodes, B: { ...nodes.B!, queued: ['b'] } } };
    expect(placesOf(jobOf('queued', asking, 'upstream'), 'data-direct')).toEqual([]);
  });

  it('counts references and goes through the gate, but what an rmlock is for readers is no atomic', () => {
    const places = placesOf(alone('upstream'), 'data-readonly');
    expect(places).toContain('ng_acquire_read: atomic_cmpset q_flags (ng_base.c:2104)');
    expect(places).toContain(lock);
    expect(places.filter((place) => place.includes('rw_rlock'))).toEqual([lock]);
    expect(placesOf(alone('gsoc23'), 'data-readonly').filter((place) => place.includes('q_flags'))).toEqual([]);
  });
});
