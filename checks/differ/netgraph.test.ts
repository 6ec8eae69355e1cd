import { describe, expect, it } from 'vitest';
import { findScenario, scenarioNames } from '../../src/command/catalogue.ts';
import { coverage, type Coverage } from '../../src/differ/coverage.ts';
import { exhaustive } from '../../src/differ/exhaustive.ts';
import { lockstep } from '../../src/differ/lockstep.ts';
import { unsupported } from '../../src/differ/comparable.ts';
import type { Subject } from '../../src/differ/subject.ts';
import { answered, costly, deep, devices, ending, growing, making, related, sockets } from './compared.ts';
import { comparing, library } from './comparing.ts';
import { fieldAt, mutated, uncounted, without, type Mutation } from './mutated.ts';

/** Small enough for every interleaving: the states of both together. */
const exhausted = [
  { name: 'hub-alone', states: 11 },
  { name: 'one2many-back', states: 2_296 },
  { name: 'one2many-config', states: 522 },
  { name: 'overtaking', states: 133 },
  { name: 'packet-shutdown', states: 3_308 },
  { name: 'tee-bypass', states: 4_514 },
];
/** Those whose model is soon searched through. */
const covered = [
  'hub-alone', 'overtaking', 'overtaking-force-writer', 'packet-rmhook', 'packet-shutdown', 'queued-writers',
]; // prettier-ignore
const runs = { seconds: 120, seed: 1, maxRuns: 12 };

/** What a packet must see before it is queued: only `both-ends` has packets that are. */
const blind: Mutation = (real) => {
  const load = (arena: Int32Array, address: number): number =>
    real.load(arena, address) & (fieldAt(address) === 'hk_flags' ? ~HK_INVALID : -1);
  return { load: load as typeof Atomics.load };
};
const HK_INVALID = 1;

/** A reference on a hook that is only taken if there is one. */
const unheld: Mutation = (real) => ({
  compareExchange: ((arena: Int32Array, address: number, expected: number, value: number) =>
    fieldAt(address) === 'hk_refs'
      ? expected
      : real.compareExchange(arena, address, expected, value)) as typeof Atomics.compareExchange,
});

/** The lock of the tables of a nat, word 0 of memory of their own, is taken by nobody. */
const unlocked: Mutation = (real) => ({
  compareExchange: ((arena: Int32Array, address: number, expected: number, value: number) =>
    fieldAt(address) === 'word0'
      ? expected
      : real.compareExchange(arena, address, expected, value)) as typeof Atomics.compareExchange,
});

const everywhere: readonly (readonly [string, Mutation])[] = [
  ['opens no epoch section', without('store', 'er_section')],
  ['does not leave the gate', without('and', 'q_flags')],
  ['gives no reference on a hook back', without('sub', 'hk_refs')],
  ['takes no reference on a node', without('add', 'nd_refs')],
  ['leaves hk_peer as it was', without('store', 'hk_peer')],
  ['does not mark a hook as destroyed', without('store', 'hk_flags')],
];

/**
 * Each common mutant is tried on a scenario of links that are taken apart, and on one of nodes that are shut down. Of a tee, word 2 says where copies of
 * what comes by "left" go, word 4 is the hook "right"; a bypass gives each peer the other one.
 */
const mutants: Readonly<Record<string, readonly (readonly [string, Mutation, maxRuns?: number])[]>> = {
  'packet-rmhook': everywhere,
  'double-shutdown': [
    ...everywhere,
    ['keeps the lock under which nodes are looked up', without('sub', 'ng_idhash_lock')],
  ],
  'tee-right': [
    ['goes on to copy to where it sends', without('store', 'word2')],
    ['keeps a hook that has gone', without('store', 'word4')],
  ],
  'tee-bypass': [['leaves the peers of a tee that is shut down as they were', without('store', 'hk_peer')]],
  'both-ends': [['takes an invalid hook for a valid one', blind, 200]],
  'nat-two-ends': [
    ['translates without the lock of the tables', unlocked],
    ['keeps the lock of the tables', without('exchange', 'word0')],
    ['does not enter the gate as a writer', without('and', 'q_flags')],
  ],
  'force-writer-shutdown': [
    ['goes on translating when a hook has gone', without('store', 'word0')],
    ['keeps a hook that has gone', without('store', 'word1')],
  ],
  'mkpeer-nat': [['does not have a nat force writers', without('store', 'nd_flags')]],
  'path-named': [['takes no reference on the hook that a message comes by', unheld]],
};

/** Those that are compared in the design rwlock too, and what must be found in them. */
const inRwlock: Readonly<Record<string, readonly (readonly [string, Mutation])[]>> = {
  'packet-rmhook': [
    ['takes no reference on the hook of a packet', without('add', 'hk_refs')],
    ['keeps the topology lock', without('sub', 'ng_topo_lock')],
  ],
  overtaking: [],
  'hub-alone': [],
  'tee-last': [],
  'nat-two-ends': [['keeps the lock of the tables', without('exchange', 'word0')]],
  'force-writer-shutdown': [],
};

const partsWays = (subject: Subject, mutation: Mutation, maxRuns = runs.maxRuns): void => {
  const found = comparing(mutated(subject, mutation), (product) => lockstep(product, { ...runs, maxRuns }));
  expect(found).toMatchObject({ verdict: 'violated', divergence: { reason: expect.any(String) as string } });
};

const agrees = (subject: Subject): void => {
  const found = comparing(subject, (product) => lockstep(product, runs));
  expect(found).toMatchObject({ verdict: 'holds', runs: 12 });
};

const coverageOf = (name: string, maxRuns: number): Coverage =>
  comparing(library(name), (product) => {
    lockstep(product, { ...runs, maxRuns });
    return coverage(product.model, product.subject.world, { seconds: 60, maxStates: 200_000 });
  });

describe.each(related)('in %s the library and its specification', (name) => {
  it('agree in runs at random', () => agrees(library(name)));

  for (const [what, mutation, maxRuns] of mutants[name] ?? [])
    it(`part ways when the library ${what}`, () => partsWays(library(name), mutation, maxRuns));

  if (name === 'packet-shutdown')
    it('part ways where the library itself finds a fault', () => {
      const found = comparing(mutated(library(name), uncounted), (product) => lockstep(product, runs));
      expect(found).toMatchObject({
        verdict: 'violated',
        divergence: {
          reason: expect.stringMatching(/^the library finds a fault: a count is lowered below zero/) as string,
        },
      });
    });

  if (covered.includes(name))
    it('leave no step of the model uncompared', () => {
      expect(coverageOf(name, 500)).toMatchObject({ missing: [], complete: true });
    });

  if (name === 'packet-rmhook')
    it('say which step of the model was not compared', () => {
      expect(coverageOf(name, 1).missing).not.toEqual([]);
    });

  for (const { states } of exhausted.filter((one) => one.name === name))
    it('agree in every interleaving', () => {
      const found = comparing(library(name), (product) => exhaustive(product, { maxStates: 1_000_000 }));
      expect(found).toMatchObject({ verdict: 'holds', states });
    });
});

describe.each(Object.keys(inRwlock))('in %s the library and its specification, in the design rwlock,', (name) => {
  it('agree in runs at random', () => agrees(library(name, 'rwlock')));

  for (const [what, mutation] of inRwlock[name]!)
    it(`part ways when the library ${what}`, () => partsWays(library(name, 'rwlock'), mutation));
});

describe('the library and its specification', () => {
  it('are compared in these scenarios and in no others', () => {
    const compared = scenarioNames().filter((one) => unsupported(findScenario(one).scenario) === null);
    expect(compared.toSorted()).toEqual(
      [
        ...related,
        ...costly,
        ...making,
        ...answered,
        ...deep,
        ...devices,
        ...ending,
        ...growing,
        ...sockets,
      ].toSorted(),
    );
  });
});
