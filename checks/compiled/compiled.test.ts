import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { properties } from '../../spec/properties.ts';
import { findScenario } from '../../src/command/catalogue.ts';
import { worldOf } from '../../src/command/jobs/job.ts';
import { breadthFirst } from '../../src/explore/search/breadthFirst.ts';
import type { Model } from '../../src/explore/model/model.ts';
import { withModel } from '../../src/explore/model/model.ts';
import type { Search, Watcher } from '../../src/explore/search/search.ts';
import type { Compiling } from '../../src/explore/states/states.ts';
import type { Visited } from '../../src/explore/states/visited.ts';
import type { Claim } from '../../src/machine/conduct.ts';
import type { World } from '../../src/machine/world.ts';
import { drawnProgram } from '../engine/drawing.ts';
import { printed } from '../engine/drawnProgram.ts';
import { build } from '../engine/interpreter.ts';
import { compile, target } from './compile.ts';

/** The compiled loop and tree beside the plain ones, which say what they do. */

/** All that a search says, each state with its parent, and which operations were ever done. */
const told = (model: Model, search: Search) => {
  const { visited, transitions, depth, ending, failures } = search;
  const state = new Int32Array(model.layout.words);
  const states = Array.from({ length: visited.count }, (_, index) => {
    visited.read(index, state);
    return `${visited.parent(index)}: ${state.join(' ')}`;
  });
  return {
    states: states.length < 5000 ? states : createHash('sha256').update(states.join()).digest('hex'),
    count: visited.count,
    transitions,
    depth,
    ending,
    formed: search.symmetry !== null,
    peers: search.symmetry?.peers ?? [],
    failures: failures.map(({ key, found }) => ({ key, found })),
    fired: model.stepper.fired.join(''),
  };
};

/** What each of several searches says, each of a model of its own: beyond where one ended, the compiled loop may have numbered local states. */
const toldOf = (world: () => World, claims: readonly Claim[], watchers: readonly Watcher[]) =>
  watchers.map((watcher) =>
    withModel(world(), { quotient: true, fuse: true }, (model) => told(model, breadthFirst(model, claims, watcher))),
  );

describe('the compiled loop', () => {
  it('is what is made of its sources', { timeout: 60_000 }, async () => {
    expect(await compile()).toBe(readFileSync(target, 'utf8'));
  });

  const scenarios = [
    'packet-rmhook',
    'teardown',
    'packet-shutdown',
    'both-ends+reuse',
    'queued-writers',
    'double-shutdown',
  ];
  const designs = ['upstream', 'gsoc23', 'gsoc23-fc22fb4', 'gsoc24', 'lockfree'];
  const cases = scenarios.flatMap((scenario) => designs.map((design) => ({ scenario, design })));
  it.each(cases)(
    'finds what the plain one finds: $scenario on $design',
    { timeout: 60_000 },
    ({ scenario, design }) => {
      const world = () => worldOf({ scenario: findScenario(scenario).scenario, design, off: [] });
      const watchers: readonly Watcher[] = [
        { budget: { maxStates: 20_000 } },
        { budget: { maxStates: 3000 }, allFailures: true },
        { budget: { maxStates: 3000 }, symmetry: true },
        { budget: { maxStates: 3000 }, reduce: true },
      ];
      expect(
        toldOf(
          world,
          properties,
          watchers.map((watcher) => ({ ...watcher, compiling: { early: true } })),
        ),
      ).toEqual(
        toldOf(
          world,
          properties,
          watchers.map((watcher) => ({ ...watcher, compiling: { pages: 0 } })),
        ),
      );
    },
  );

  it('finds it where the states are grouped anew, and where a memory is full', { timeout: 60_000 }, () => {
    const world = () => worldOf({ scenario: findScenario('both-ends').scenario, design: 'upstream', off: [] });
    const search = (compiling: Compiling, memories: number | undefined): object =>
      withModel(world(), { quotient: true, fuse: true }, (model) => {
        const found = breadthFirst(model, properties, { budget: { maxStates: 200_000 }, compiling });
        expect((found.visited as Visited).compiled?.memories).toBe(memories);
        return told(model, found);
      });
    const plain = search({ pages: 0 }, undefined);
    expect(search({}, 1)).toEqual(plain);
    expect(search({ early: true }, 1)).toEqual(plain);
    expect(search({ pages: 72 }, 2)).toEqual(plain);
    expect(search({ early: true, pages: 64 }, 2)).toEqual(plain);
    // There is no room for the inner nodes, which must all be in one memory.
    expect(search({ early: true, pages: 48 }, undefined)).toEqual(plain);
  });

  it('finds it in drawn programs', { timeout: 120_000 }, () => {
    const tally = { states: 0, failing: 0, formed: 0, peers: 0 };
    fc.assert(
      fc.property(drawnProgram, (program) => {
        const [one, other] = [{ early: true }, { pages: 0 }].map((compiling) => {
          const { properties: claims } = build(program);
          const budget = { maxStates: 2000 };
          return toldOf(() => build(program).world, claims, [
            { budget, compiling },
            { budget, compiling, allFailures: true },
            { budget, compiling, symmetry: true },
          ]);
        });
        tally.states += one![1]!.count;
        if (one![2]!.formed) tally.formed++;
        if (one![2]!.peers.length > 0) tally.peers++;
        tally.failing += one![1]!.failures.length;
        try {
          expect(one).toEqual(other);
        } catch (thrown) {
          throw new Error(`${printed(program)}\n\n${thrown instanceof Error ? thrown.message : String(thrown)}`);
        }
      }),
      { seed: 20_261_126, numRuns: 250 },
    );
    expect(tally.states).toBeGreaterThan(5000);
    expect(tally.formed).toBeGreaterThan(10);
    expect(tally.peers).toBeGreaterThan(10);
    expect(tally.failing).toBeGreaterThan(100);
  });
});
