import { describe, expect, it } from 'vitest';
import { findScenario, scenarioNames } from '../../src/command/catalogue.ts';
import { coverage } from '../../src/differ/coverage.ts';
import { exhaustive } from '../../src/differ/exhaustive.ts';
import { lockstep } from '../../src/differ/lockstep.ts';
import { unsupported } from '../../src/differ/comparable.ts';
import { netgraphSubject } from '../../src/differ/netgraph.ts';
import type { Subject } from '../../src/differ/subject.ts';
import { lockstepModel, Product } from '../../src/differ/product.ts';
import { withModel } from '../../src/explore/model.ts';
import { comparing } from './comparing.ts';
import { fieldAt, mutated, without, type Mutation } from './mutated.ts';

const names = [
  'both-ends', 'double-shutdown', 'hub', 'hub-alone', 'hub-persistent', 'one2many-back', 'one2many-last', 'one2many-one',
  'one2many-rmhook', 'one2many-set-twice', 'one2many-storm', 'overtaking', 'overtaking-force-writer', 'packet-rmhook',
  'packet-shutdown', 'pair-send-rmhook', 'pair-send-shutdown', 'queued-writers', 'tee', 'tee-bypass', 'tee-bypass-rmhook',
  'tee-bypass-shutdown', 'tee-last', 'tee-right', 'path-hop', 'path-named',
]; // prettier-ignore
/** Compared too, but not here: the local automata of a one2many that sends to all take seconds to make. */
const costly = ['one2many', 'one2many-all', 'one2many-config', 'one2many-three', 'one2many-three-all'];
/** Compared in made.test.ts, or, where there are many, only by who asks. */
const making = [
  'mkpeer', 'path-walk', 'path-walk-far',
  'connect-abandoned', 'connect-dying', 'connect-race', 'connect-race-linked', 'connect-shutdown', 'connect-twice', 'connect-two-at-once',
  'connect-walks', 'mkpeer-refused', 'patch-connect', 'storm', 'storm-other-end', 'tee-connect-shutdown',
]; // prettier-ignore
/** Small enough for every interleaving: the states of both together. */
const exhausted = [
  { name: 'hub-alone', states: 679 },
  { name: 'mkpeer-refused', states: 2_639 },
  { name: 'patch-connect', states: 18_690 },
  { name: 'overtaking', states: 60_368 },
];
/** Those whose model is soon searched through. */
const covered = [
  'hub-alone', 'overtaking', 'overtaking-force-writer', 'packet-rmhook', 'packet-shutdown', 'queued-writers',
]; // prettier-ignore
/** Those on which each mutant is tried: one of links that are taken apart, one of nodes that are shut down. */
const tried = ['packet-rmhook', 'double-shutdown'];
const subject = (name: string): Subject => netgraphSubject(name, findScenario(name).scenario);
const runs = { seconds: 120, seed: 1, maxRuns: 12 };

const mutants: readonly (readonly [string, Mutation])[] = [
  ['opens no epoch section', without('store', 'er_section')],
  ['does not leave the gate', without('and', 'q_flags')],
  ['gives no reference on a hook back', without('sub', 'hk_refs')],
  ['takes no reference on a node', without('add', 'nd_refs')],
  ['leaves hk_peer as it was', without('store', 'hk_peer')],
  ['does not mark a hook as destroyed', without('store', 'hk_flags')],
];

/** Of a tee: word 2 says where copies of what comes by "left" go, word 4 is the hook "right"; a bypass gives each peer the other one. */
const ofTees: readonly (readonly [string, string, Mutation])[] = [
  ['tee-right', 'goes on to copy to where it sends', without('store', 'word2')],
  ['tee-right', 'keeps a hook that has gone', without('store', 'word4')],
  ['tee-bypass', 'leaves the peers of a tee that is shut down as they were', without('store', 'hk_peer')],
];

/** What a packet must see before it is queued: only `both-ends` has packets that are. */
const blind: Mutation = (real) => {
  const load = (arena: Int32Array, address: number): number =>
    real.load(arena, address) & (fieldAt(address) === 'hk_flags' ? ~HK_INVALID : -1);
  return { load: load as typeof Atomics.load };
};
const HK_INVALID = 1;

/** The library is told that a node has had no references left. */
const uncounted: Mutation = (real) => ({
  sub: ((arena: Int32Array, address: number, value: number) =>
    fieldAt(address) === 'nd_refs' ? 0 : real.sub(arena, address, value)) as typeof Atomics.sub,
});

/** A reference on a hook that is only taken if there is one. */
const unheld: Mutation = (real) => ({
  compareExchange: ((arena: Int32Array, address: number, expected: number, value: number) =>
    fieldAt(address) === 'hk_refs'
      ? expected
      : real.compareExchange(arena, address, expected, value)) as typeof Atomics.compareExchange,
});

describe('the library and its specification', () => {
  it.each(names)('agree in %s, in runs at random', (name) => {
    expect(comparing(subject(name), (product) => lockstep(product, runs))).toMatchObject({
      verdict: 'holds',
      runs: 12,
    });
  });

  it.each(['packet-rmhook', 'overtaking', 'hub-alone', 'tee-last'])('agree in %s in the design rwlock too', (name) => {
    const found = comparing(netgraphSubject(name, findScenario(name).scenario, 'rwlock'), (product) =>
      lockstep(product, runs),
    );
    expect(found).toMatchObject({ verdict: 'holds', runs: 12 });
  });

  it.each([
    ['takes no reference on the hook of a packet', without('add', 'hk_refs')],
    ['keeps the topology lock', without('sub', 'ng_topo_lock')],
  ])('part ways in rwlock when it %s', (_what, mutation) => {
    const whole = netgraphSubject('packet-rmhook', findScenario('packet-rmhook').scenario, 'rwlock');
    expect(comparing(mutated(whole, mutation), (product) => lockstep(product, runs)).verdict).toBe('violated');
  });

  it.each(tried.flatMap((name) => mutants.map(([what, mutation]) => ({ name, what, mutation }))))(
    'part ways in $name when it $what',
    ({ name, mutation }) => {
      const found = comparing(mutated(subject(name), mutation), (product) => lockstep(product, runs));
      expect(found).toMatchObject({ verdict: 'violated', divergence: { reason: expect.any(String) as string } });
    },
  );

  it.each(ofTees)('part ways in %s when it %s', (name, _what, mutation) => {
    const found = comparing(mutated(subject(name), mutation), (product) => lockstep(product, runs));
    expect(found.verdict).toBe('violated');
  });

  it('part ways in path-named when a message takes no reference on the hook that it comes by', () => {
    const found = comparing(mutated(subject('path-named'), unheld), (product) => lockstep(product, runs));
    expect(found.verdict).toBe('violated');
  });

  it('part ways when it takes an invalid hook for a valid one', () => {
    const found = comparing(mutated(subject('both-ends'), blind), (product) =>
      lockstep(product, { ...runs, maxRuns: 200 }),
    );
    expect(found.verdict).toBe('violated');
  });

  it('part ways where the library itself finds a fault', () => {
    const found = comparing(mutated(subject('packet-shutdown'), uncounted), (product) => lockstep(product, runs));
    expect(found).toMatchObject({
      verdict: 'violated',
      divergence: {
        reason: expect.stringMatching(/^the library finds a fault: a count is lowered below zero/) as string,
      },
    });
  });

  it('part ways when it keeps the lock under which nodes are looked up', () => {
    const kept = mutated(subject('double-shutdown'), without('sub', 'ng_idhash_lock'));
    expect(comparing(kept, (product) => lockstep(product, runs)).verdict).toBe('violated');
  });

  it.each(exhausted)('agree in $name in every interleaving', ({ name, states }) => {
    const found = comparing(subject(name), (product) => exhaustive(product, { maxStates: 1_000_000 }));
    expect(found).toMatchObject({ verdict: 'holds', states });
  });

  it.each(covered)('leave no step of the model in %s uncompared', (name) => {
    const whole = subject(name);
    const found = withModel(whole.world, lockstepModel, (model) => {
      lockstep(new Product(whole, model), { ...runs, maxRuns: 150 });
      return coverage(model, whole.world, { seconds: 60, maxStates: 200_000 });
    });
    expect(found).toMatchObject({ missing: [], complete: true });
  });

  it('say which step of the model was not compared', () => {
    const whole = subject('packet-rmhook');
    const found = withModel(whole.world, lockstepModel, (model) => {
      lockstep(new Product(whole, model), { ...runs, maxRuns: 1 });
      return coverage(model, whole.world, { seconds: 60, maxStates: 200_000 });
    });
    expect(found.missing).not.toEqual([]);
  });

  it('are compared in these scenarios and in no others', () => {
    const compared = scenarioNames().filter((one) => unsupported(findScenario(one).scenario) === null);
    expect(compared.toSorted()).toEqual([...names, ...costly, ...making].toSorted());
  });
});
