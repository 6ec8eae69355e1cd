import { describe, expect, it } from 'vitest';
import { check } from '../../src/explore/check.ts';
import { designs } from '../../spec/designs.ts';
import { build, type Scenario } from '../../spec/scenario.ts';

/** When an item is queued because little stack is left (ng_base.c:2341-2347). Without the gate nothing else makes it wait here. */

/** A packet goes from an iface through so many nodes of type patch to a last node. */
const path = (patches: number, last: Scenario['nodes'][string]['type'], hook: string): Scenario => {
  const between = Array.from({ length: patches }, (_, i) => `P${i}`);
  const ends = ['W:inet', ...between.flatMap((name) => [`${name}:in`, `${name}:out`]), `B:${hook}`];
  return {
    description: 'one packet on a path',
    nodes: {
      W: { type: 'iface' },
      ...Object.fromEntries(between.map((name) => [name, { type: 'patch' as const }])),
      B: { type: last },
    },
    links: Array.from({ length: patches + 1 }, (_, i) => ends.slice(2 * i, 2 * i + 2)),
    cpus: [{ run: [{ send: { node: 'W' } }] }],
    ngthreads: 1,
    items: 0,
    packets: 1,
  };
};

/** What is queued is taken by the ngthread, which has nothing to do otherwise. */
const isQueued = (scenario: Scenario): boolean => {
  const world = build(scenario, designs['gsoc23']!.switches);
  const { verdict, neverFired } = check(world, [], { quotient: true, fuse: true, budget: { seconds: 20 } });
  expect(verdict).toBe('holds');
  return !neverFired.includes('takeNode: mtx_lock ng_worklist_mtx');
};

describe('an item on a long path', () => {
  it('is never queued where a scenario says nothing of the stack', () => {
    expect(isQueued(path(3, 'hole', 'b'))).toBe(false);
  });

  it.each([1, 2, 3, 4])('is queued where less than a quarter of %i nested calls is free, and not before', (stack) => {
    const used = [1, 2, 3, 4].find((depth) => (stack - depth) * 4 < stack)!;
    expect(isQueued({ ...path(used - 1, 'hole', 'b'), stack })).toBe(false);
    expect(isQueued({ ...path(used, 'hole', 'b'), stack })).toBe(true);
  });

  it('is queued at a hook that needs much stack where less than a half is free', () => {
    expect(isQueued({ ...path(1, 'ether', 'lower'), stack: 3 })).toBe(false);
    expect(isQueued({ ...path(2, 'hole', 'b'), stack: 3 })).toBe(false);
    expect(isQueued({ ...path(2, 'ether', 'lower'), stack: 3 })).toBe(true);
  });
});
