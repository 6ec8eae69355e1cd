import { describe, expect, it } from 'vitest';
import { optionalClaims, type OptionalClaim } from '../../spec/asked.ts';
import { build } from '../../spec/build.ts';
import { designs, type Switch } from '../../spec/designs.ts';
import { optional } from '../../spec/properties.ts';
import type { Scenario } from '../../spec/scenario.ts';
import { findScenario } from '../../src/command/catalogue.ts';
import { check } from '../../src/explore/check.ts';

/**
 * The claims that a scenario must ask for, on designs that break them and on designs that do not: whose fault it is is said at the
 * claim, and here it is shown. The other claims are not made, so that what is found is the breach itself.
 */
type Case = readonly [claim: OptionalClaim, design: string, scenario: string, off: Switch | null];

const breaches: readonly Case[] = [
  ['list-serialised', 'gsoc23', 'connect-two-at-once', null],
  ['hooks-stay', 'gsoc23', 'packet-rmhook', null],
  ['closing-as-writer', 'gsoc23', 'packet-shutdown', null],
  ['closing-as-writer', 'upstream', 'mkpeer-refused', null],
  ['no-data-in-shutdown', 'upstream', 'packet-shutdown', 'gate'],
  ['connect-kept', 'upstream', 'connect-removed', null],
  ['listing-consistent', 'upstream', 'listhooks-rmhook', null],
  ['in-order', 'upstream', 'overtaking', null],
];

const kept: readonly Case[] = [
  ['list-intact', 'upstream', 'connect-two-at-once', null],
  ['hooks-stay', 'upstream', 'packet-rmhook', null],
  ['closing-as-writer', 'upstream', 'packet-rmhook', null],
  ['no-data-in-shutdown', 'upstream', 'packet-rmhook', null],
  ['path-open', 'upstream', 'path-named', null],
  ['interface-named', 'upstream', 'ether-rename-reset', null],
  ['requests-answered', 'upstream', 'request', null],
  ['items-applied', 'upstream', 'request', null],
];

const verdictOf = (claim: OptionalClaim, design: string, scenario: Scenario, off: Switch | null) => {
  const switches = { ...designs[design]!.switches, ...(off === null ? {} : { [off]: false }) };
  const world = build({ ...scenario, claims: [claim] }, switches);
  return check(world, [optional[claim]], { quotient: true, fuse: true, budget: { seconds: 20 } });
};

describe('a claim that is asked for', () => {
  it.each(breaches)('%s is broken by %s in %s', (claim, design, name, off) => {
    const { scenario } = findScenario(name);
    expect(verdictOf(claim, design, scenario, off)).toMatchObject({ verdict: 'violated', property: claim });
  });

  it.each(kept)('%s is kept by %s in %s', (claim, design, name, off) => {
    const { scenario } = findScenario(name);
    expect(verdictOf(claim, design, scenario, off)).toMatchObject({ verdict: 'holds' });
  });

  it('connect-kept counts the link that was made', () => {
    const { scenario } = findScenario('connect-removed');
    const alone = { ...scenario, cpus: scenario.cpus.slice(0, 1) };
    expect(verdictOf('connect-kept', 'upstream', alone, null)).toMatchObject({ verdict: 'holds' });
  });

  it('is asked for by a scenario of the suite, and has a run here', () => {
    const seen = new Set([...breaches, ...kept].map(([claim]) => claim));
    expect(optionalClaims.filter((claim) => !seen.has(claim))).toEqual([]);
    const asking = [...breaches, ...kept].map(([claim, , name]) => ({
      claim,
      asked: findScenario(name).scenario.claims,
    }));
    const unasked = optionalClaims.filter(
      (name) => !asking.some(({ claim, asked }) => claim === name && asked?.includes(name)),
    );
    expect(unasked).toEqual([]);
  });
});
