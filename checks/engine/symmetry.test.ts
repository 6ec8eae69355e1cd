import { describe, expect, it } from 'vitest';
import { claimsOf } from '../../spec/properties.ts';
import { findScenario } from '../../src/command/catalogue.ts';
import { worldOf } from '../../src/command/jobs/job.ts';
import { withModel, usualModel } from '../../src/explore/model/model.ts';
import { symmetryOf } from '../../src/explore/symmetry/symmetry.ts';
import { alloc, free } from '../../src/machine/access.ts';
import { procedure } from '../../src/machine/procedure.ts';
import { pointer, Shared, slot, word } from '../../src/machine/record.ts';
import { World } from '../../src/machine/world.ts';
import { claim, judged } from './judgement.ts';

/** Taking states for one that differ in the numbers of interchangeable records: what it saves, and what it must not. */

class Box extends Shared {
  x = word(0, 9, 'a number');
  next: Box = pointer(() => Box, 'the next box, or NULL');
}
class Shelf extends Shared {
  first: Box = pointer(() => Box, 'the box on top, or NULL');
}

const take = procedure('', function take() {
  const box = alloc(Box);
  box.x = 1;
  free(box);
});

const build = (program: () => unknown, cpus: number) => {
  const world = new World();
  world.reserve(Box, cpus);
  for (let i = 0; i < cpus; i++) world.run(`cpu${i}`, program);
  return world;
};

const typesIn = (world: World): readonly string[] =>
  withModel(world, usualModel, (model) => symmetryOf(model)?.types.map(({ name }) => name) ?? []);

describe('renumbering', () => {
  // Each program is before, in one of two states within, or after: how many are where, since all orders of taking a box are one.
  it.each([
    [2, 10],
    [3, 20],
    [4, 35],
  ])('has one state for all orders in which %i programs take a box', (cpus, states) => {
    const world = build(take, cpus);
    expect(judged(world, [], { symmetry: true })).toMatchObject({ verdict: 'holds', states });
    expect(judged(world).states).toBeGreaterThan(4 ** cpus);
  });

  it('follows references from record to record', () => {
    const push = procedure('', function push(shelf: Shelf) {
      const box = alloc(Box);
      const first = shelf.first;
      box.next = first;
      box.x = 1;
      shelf.first = box;
    });
    const world = new World();
    world.reserve(Box, 3);
    const shelf = world.make(Shelf, 'shelf');
    for (let i = 0; i < 3; i++) world.run(`cpu${i}`, push, shelf);
    const claims = [
      claim('finally', 'a box is on the shelf', () => shelf.first !== null),
      claim('always', 'what is on the shelf is ready', () => shelf.first === null || shelf.first.x === 1),
    ];
    const plain = judged(world, claims);
    const forms = judged(world, claims, { symmetry: true });
    expect(forms).toMatchObject({ verdict: plain.verdict, depth: plain.depth });
    expect(forms.states).toBeLessThan(plain.states);
  });

  it('leaves alone what somebody names by its number', () => {
    const peek = procedure('', function peek() {
      if (alloc(Box) === slot(Box, 0)) slot(Box, 0).x = 2;
    });
    const touch = procedure('', function touch() {
      alloc(Box).x = 2;
      slot(Box, 0).x = 2;
    });
    expect(typesIn(build(take, 2))).toEqual(['Box']);
    expect(typesIn(build(peek, 2))).toEqual([]);
    expect(typesIn(build(touch, 2))).toEqual([]);
    expect(typesIn(build(take, 1))).toEqual([]);
  });

  it('shows a run of the world itself, with the names that it has there', () => {
    const lose = procedure('', function lose() {
      void alloc(Box);
    });
    const world = build(take, 1);
    world.reserve(Box, 1);
    world.run('loser', lose);
    const kept = claim('finally', 'no box is kept', (view) => view.records(Box).length === 0);
    const forms = judged(world, [kept], { symmetry: true });
    expect(forms).toMatchObject({ verdict: 'violated', property: kept.name });
    expect(forms.trace!.steps).toHaveLength(judged(world, [kept]).trace!.steps.length);
  });
});

/** Of the suite's scenarios, some with several items, packets or answers, and cheap enough to be explored twice. */
const scenarios = [
  'overtaking',
  'socket-close-data',
  'request',
  'mkpeer-failing',
  'ipfw-connect',
  'one2many-back',
  'packet-shutdown',
];
const pairs = scenarios.flatMap((name) => ['upstream', 'gsoc23', 'lockfree'].map((design) => ({ name, design })));

describe('with renumbering and without', () => {
  it.each(pairs)('$name on $design comes out the same', ({ name, design }) => {
    const { scenario } = findScenario(name);
    const explore = (symmetry: boolean) =>
      judged(worldOf({ scenario, design, off: [] }), claimsOf(scenario), { symmetry });
    const [plain, forms] = [explore(false), explore(true)];
    expect([forms.verdict, forms.depth, forms.trace?.steps.length]).toEqual([
      plain.verdict,
      plain.depth,
      plain.trace?.steps.length,
    ]);
    expect(forms.states).toBeLessThanOrEqual(plain.states);
    if (plain.verdict === 'holds') expect(forms.neverFired).toEqual(plain.neverFired);
  });
});
