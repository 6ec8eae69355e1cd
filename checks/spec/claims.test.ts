import { describe, expect, it } from 'vitest';
import { check } from '../../src/explore/check.ts';
import { optionalClaims } from '../../spec/asked.ts';
import { build } from '../../spec/build.ts';
import { designs } from '../../spec/designs.ts';
import { claims, claimsOf } from '../../spec/properties.ts';
import { faults, scenario, type Fault } from './faults.ts';

/** The verdict on a graph with a fault: on all claims that are made of it, or on all but one. */
const verdictOf = ({ claim = '', cause = () => {}, of = scenario }: Partial<Fault>, without: string | null = null) => {
  const graph = { ...of, claims: optionalClaims.filter((name) => name === claim) };
  const world = build(graph, designs['upstream']!.switches);
  cause(world);
  const made = claimsOf(graph).filter(({ name }) => name !== without);
  return check(world, made, { quotient: true, fuse: true, budget: {} });
};

describe('a claim', () => {
  it('holds where nothing is wrong', () => {
    expect(verdictOf({})).toMatchObject({ verdict: 'holds', states: 1 });
  });

  it.each(faults)('fails where it should: $claim, when $fault', (fault) => {
    expect(verdictOf(fault)).toMatchObject({ verdict: 'violated', property: fault.claim });
  });

  it.each(faults)('is what sees the fault: $claim, when $fault', (fault) => {
    expect(verdictOf(fault, fault.claim)).toMatchObject({ property: fault.next ?? null });
  });

  it('that is made has such a fault here', () => {
    const broken = new Set(faults.map(({ claim }) => claim));
    expect(claims.map(({ name }) => name).filter((name) => !broken.has(name))).toEqual([]);
  });
});
