import { expect, it } from 'vitest';
import { build } from '../../spec/build.ts';
import { designs } from '../../spec/designs.ts';
import { properties } from '../../spec/properties.ts';
import type { Scenario } from '../../spec/scenario.ts';
import closed from '../../spec/scenarios/socket-close.json' with { type: 'json' };
import { check } from '../../src/explore/check.ts';

/** gsoc24 leaves its sections in front of returns that lost their braces; with these, the section is left and the node goes on its way. */
const judge = (braces: boolean) =>
  check(build(closed as Scenario, { ...designs['gsoc24']!.switches, 'unbraced-exits': !braces }), properties, {
    quotient: true,
    fuse: true,
    budget: {},
  });

it('without its braces ng_rmnode_self never leaves its section', () =>
  expect(judge(false).property).toBe('epoch-section-leaked'));

it('with its braces it does, and what is left is the reference that a socket forgets in every design', () =>
  expect(judge(true).property).toBe('no-zombie'));
