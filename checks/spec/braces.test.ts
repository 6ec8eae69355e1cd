import { expect, it } from 'vitest';
import { build } from '../../spec/build.ts';
import { designs } from '../../spec/designs.ts';
import { properties } from '../../spec/properties.ts';
import type { Scenario } from '../../spec/scenario.ts';
import closed from '../../spec/scenarios/socket-close.json' with { type: 'json' };
import { check } from '../../src/explore/check.ts';

/** gsoc24 leaves its sections in front of returns that lost their braces; with these, the section is left and the node goes on its way. */
const failuresOf = (braces: boolean): readonly string[] =>
  check(build(closed as Scenario, { ...designs['gsoc24']!.switches, 'unbraced-exits': !braces }), properties, {
    quotient: true,
    fuse: true,
    budget: {},
    allFailures: true,
  }).failures!.map(({ property }) => property);

it('without its braces ng_rmnode_self never leaves its section', () =>
  expect(failuresOf(false)).toContain('epoch-section-leaked'));

it('with its braces it does, and forgets the reference of a socket, as every published design does', () => {
  expect(failuresOf(true)).toContain('no-zombie');
  expect(failuresOf(true)).not.toContain('epoch-section-leaked');
});
