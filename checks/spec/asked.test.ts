import { describe, expect, it } from 'vitest';
import { optionalClaims, type OptionalClaim } from '../../spec/asked.ts';
import { build } from '../../spec/build.ts';
import { designs, type Switch } from '../../spec/designs.ts';
import { optional } from '../../spec/properties.ts';
import type { Scenario } from '../../spec/scenario.ts';
import { check } from '../../src/explore/check.ts';

/**
 * The claims that a scenario must ask for, each on a scenario in which a design breaks it: with whom the blame lies is said at the
 * claim, and here it is shown. The other claims are not made, so that what is found is the breach itself.
 */
const nothing: Scenario = { description: '-', nodes: {}, links: [], cpus: [], ngthreads: 1, items: 4, packets: 0 };

const pair: Scenario = {
  ...nothing,
  description: 'A packet is sent.',
  nodes: { W: { type: 'iface' }, B: { type: 'hole' } },
  links: [['W:inet', 'B:b']],
  packets: 2,
};
const sending = { run: [{ send: { node: 'W' } }] };

const twoConnects: Scenario = {
  ...nothing,
  description: 'Two nodes are linked to a third at a time.',
  nodes: { A: { type: 'hub' }, B: { type: 'hub' }, C: { type: 'hub' } },
  cpus: [
    { run: [{ connect: { node: 'A', hook: 'x', peer: 'B', peerhook: 'y' } }] },
    { run: [{ connect: { node: 'A', hook: 'z', peer: 'C', peerhook: 'y' } }] },
  ],
  hooks: 4,
  items: 6,
  ngthreads: 0,
};

const removing: Scenario = { ...pair, cpus: [sending, { run: [{ rmhook: { node: 'B', hook: 'b' } }] }] };
const closing: Scenario = { ...pair, cpus: [sending, { run: [{ shutdown: { node: 'B' } }] }] };
/** A hub touches no private data when it has one hook only, so nothing else goes wrong. */
const closingHub: Scenario = { ...closing, nodes: { ...pair.nodes, B: { type: 'hub' } } };

const refused: Scenario = {
  ...nothing,
  description: 'A node is made for a hook that is there already.',
  nodes: { A: { type: 'hub' }, B: { type: 'hub' } },
  links: [['A:x', 'B:y']],
  cpus: [{ run: [{ mkpeer: { node: 'A', hook: 'x', type: 'hub', peerhook: 'y' } }] }],
  newNodes: 1,
};

/** Between the second part of the making and the third, the hook at the other end is removed. */
const promised: Scenario = {
  ...nothing,
  description: 'A process asks for a link whose other end is removed.',
  nodes: { S: { type: 'socket' }, A: { type: 'hub', persistent: true }, B: { type: 'hub', persistent: true } },
  cpus: [
    { run: [{ connect: { node: 'A', from: 'S', hook: 'x', peer: 'B', peerhook: 'y' } }] },
    { run: [{ rmhook: { node: 'B', hook: 'y' } }] },
  ],
  hooks: 2,
};
const undisturbed: Scenario = { ...promised, cpus: promised.cpus.slice(0, 1) };

const listing: Scenario = {
  ...nothing,
  description: 'The hooks of a node are listed while the other end of one goes.',
  nodes: { A: { type: 'hub' }, B: { type: 'hub', persistent: true } },
  links: [['A:x', 'B:y']],
  cpus: [{ run: [{ listhooks: { node: 'A' } }] }, { run: [{ rmhook: { node: 'B', hook: 'y' } }] }],
};

const overtaking: Scenario = {
  ...pair,
  description: 'Two packets are sent to a node that is being named.',
  cpus: [{ run: [{ send: { node: 'W' } }, { send: { node: 'W' } }] }, { run: [{ name: { node: 'B', name: 'b' } }] }],
};

const asking: Scenario = {
  ...nothing,
  description: 'A process names a node.',
  nodes: { S: { type: 'socket' }, A: { type: 'hub', persistent: true } },
  cpus: [{ run: [{ name: { node: 'A', from: 'S', name: 'a' } }] }],
};

const hop: Scenario = {
  ...nothing,
  description: 'A message goes over a link to a node that is being named.',
  nodes: { A: { type: 'hub', name: 'a', persistent: true }, B: { type: 'hub', name: 'b' } },
  links: [['A:x', 'B:y']],
  cpus: [{ run: [{ name: { path: 'a:x', name: 'c' } }] }, { run: [{ name: { node: 'B', name: 'd' } }] }],
  ngthreads: 0,
};

type Case = readonly [claim: OptionalClaim, design: string, scenario: Scenario, off: Switch | null];

const breaches: readonly Case[] = [
  ['list-serialised', 'gsoc23', twoConnects, null],
  ['list-intact', 'gsoc23', twoConnects, null],
  ['hooks-stay', 'gsoc23', removing, null],
  ['closing-as-writer', 'gsoc23', closing, null],
  ['closing-as-writer', 'upstream', refused, null],
  ['no-data-in-shutdown', 'upstream', closingHub, 'gate'],
  ['connect-kept', 'upstream', promised, null],
  ['listing-consistent', 'upstream', listing, null],
  ['in-order', 'upstream', overtaking, null],
];

const kept: readonly Case[] = [
  ['list-serialised', 'upstream', twoConnects, null],
  ['list-intact', 'upstream', twoConnects, null],
  ['hooks-stay', 'upstream', removing, null],
  ['closing-as-writer', 'upstream', removing, null],
  ['no-data-in-shutdown', 'upstream', removing, null],
  ['connect-kept', 'upstream', undisturbed, null],
  ['path-open', 'upstream', hop, null],
  ['requests-answered', 'upstream', asking, null],
  ['items-applied', 'upstream', asking, null],
];

const verdictOf = ([claim, design, scenario, off]: Case) => {
  const switches = { ...designs[design]!.switches, ...(off === null ? {} : { [off]: false }) };
  const world = build({ ...scenario, claims: [claim] }, switches);
  return check(world, [optional[claim]], { quotient: true, fuse: true, budget: { seconds: 20 } });
};

describe('a claim that is asked for', () => {
  it.each<Case>(breaches)('%s is broken by %s', (claim, design, scenario, off) => {
    expect(verdictOf([claim, design, scenario, off])).toMatchObject({ verdict: 'violated', property: claim });
  });

  it.each<Case>(kept)('%s is kept by %s', (claim, design, scenario, off) => {
    expect(verdictOf([claim, design, scenario, off])).toMatchObject({ verdict: 'holds' });
  });

  it('has a run here, one way or the other', () => {
    const seen = new Set([...breaches, ...kept].map(([claim]) => claim));
    expect(optionalClaims.filter((claim) => !seen.has(claim))).toEqual([]);
  });
});
