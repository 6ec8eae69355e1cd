import { describe, expect, it } from 'vitest';
import { check } from '../../src/explore/check.ts';
import type { World } from '../../src/machine/world.ts';
import { optionalClaims } from '../../spec/asked.ts';
import { build } from '../../spec/build.ts';
import { designs } from '../../spec/designs.ts';
import { claims, claimsOf } from '../../spec/properties.ts';
import type { Scenario } from '../../spec/scenario.ts';
import { faults, scenario } from './faults.ts';

const verdictOf = (cause: (world: World) => void, graph: Scenario = scenario, claim?: string) => {
  const asked = optionalClaims.filter((name) => name === claim);
  const of = { ...graph, claims: asked };
  const world = build(of, designs['upstream']!.switches);
  cause(world);
  return check(world, claimsOf(of), { quotient: true, fuse: true, budget: {} });
};

describe('a claim', () => {
  it('holds where nothing is wrong', () => {
    expect(verdictOf(() => {})).toMatchObject({ verdict: 'holds', states: 1 });
  });

  it.each(faults)('fails where it should: $claim, when $fault', ({ claim, cause, of }) => {
    expect(verdictOf(cause, of, claim)).toMatchObject({ verdict: 'violated', property: claim });
  });

  it('that is made has such a fault here', () => {
    const broken = new Set(faults.map(({ claim }) => claim));
    expect(claims.map(({ name }) => name).filter((name) => !broken.has(name))).toEqual([]);
  });
});
