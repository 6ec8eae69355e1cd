import { describe, expect, it } from 'vitest';
import { exhaustive } from '../../src/differ/exhaustive.ts';
import { lockstep } from '../../src/differ/lockstep.ts';
import { netgraphSubject } from '../../src/differ/netgraph.ts';
import type { Design } from '../../src/netgraph/index.ts';
import { answered, deep, devices, ending, growing, sockets } from './compared.ts';
import { findScenario } from '../../src/command/catalogue.ts';
import { comparing, library, libraryIn } from './comparing.ts';
import { fieldAt, mutated, without, type Mutation } from './mutated.ts';

/** In both designs: questions and their answers; hash tables that grow; sockets; the end of a network stack; nodes through which the rest of the kernel comes in without asking the gate. */
const runs = { seconds: 120, seed: 1, maxRuns: 12 };

/** Takes bits off what is stored in a field. */
const cleared =
  (method: 'store' | 'or', field: string, bits: number): Mutation =>
  (real) => ({
    [method]: (arena: Int32Array, address: number, value: number) =>
      real[method](arena, address, fieldAt(address) === field ? value & ~bits : value),
  });

/** Takes off more bits than are to be taken off a field. */
const forgetful =
  (field: string, bits: number): Mutation =>
  (real) => ({
    and: ((arena: Int32Array, address: number, value: number) =>
      real.and(arena, address, fieldAt(address) === field ? value & ~bits : value)) as typeof Atomics.and,
  });

/** What is only changed if it is as it should be is not changed, and said to be. */
const unheld =
  (field: string): Mutation =>
  (real) => ({
    compareExchange: ((arena: Int32Array, address: number, expected: number, value: number) =>
      fieldAt(address) === field
        ? expected
        : real.compareExchange(arena, address, expected, value)) as typeof Atomics.compareExchange,
  });

/** Nobody sees what a field says. */
const unread =
  (field: string): Mutation =>
  (real) => ({
    load: ((arena: Int32Array, address: number) =>
      fieldAt(address) === field ? 0 : real.load(arena, address)) as typeof Atomics.load,
  });

/** Who waits for the epoch to move on sees it do so at once. */
const impatient: Mutation = (real) => {
  let looks = 0;
  return {
    load: ((arena: Int32Array, address: number) =>
      real.load(arena, address) + (fieldAt(address) === 'epoch' ? 2 * looks++ : 0)) as typeof Atomics.load,
  };
};

/** A table is never too small. */
const roomy =
  (field: string): Mutation =>
  (real) => ({
    load: ((arena: Int32Array, address: number) =>
      real.load(arena, address) | (fieldAt(address) === field ? 0xff : 0)) as typeof Atomics.load,
  });

const HK_QUEUE = 0x02;
const NGF_REALLY_DIE = 0x10;
const NGF_REVIVED = 0x40;

/**
 * By scenario, what the library must not do, and how it is made to do it. Word 2 of the private data of an ether is the hook "lower", word 0 of that of a source says whether the
 * callout is on the wheel.
 */
const mutants: Readonly<Record<string, readonly (readonly [what: string, mutation: Mutation, maxRuns?: number])[]>> = {
  'listhooks-rmhook': [
    ['looks at peers outside all sections', without('store', 'er_section')],
    ['does not leave the gate as a reader', without('sub', 'q_flags')],
    ['keeps the lock under which it looks for who has asked', without('sub', 'ng_idhash_lock')],
  ],
  'tee-connect': [['does not leave the gate as a writer', without('and', 'q_flags')]],
  'mkpeer-failing': [['keeps a node that its constructor refuses', without('sub', 'nd_refs')]],
  'connectdata-close': [['goes from a node to what hangs on it outside all sections', without('store', 'er_section')]],
  'connectdata-send': [['keeps the reference by which it has found a node', without('sub', 'nd_refs')]],
  'connectdata-two': [['takes the place of a data socket', unread('datasock')]],
  'ipfw-connect': [
    ['does not queue what comes by a hook of the firewall', cleared('store', 'hk_flags', HK_QUEUE), 400],
  ],
  'ipfw-shutdown': [
    ['does not say that the node of the firewall has gone', without('store', 'ng_ipfw_input_p')],
    ['frees the hooks that the firewall looks at outside all sections', without('store', 'er_section')],
  ],
  'queue-mix-rmhook': [['gives no reference on a hook back', without('sub', 'hk_refs')]],
  'ether-connect': [['sets no receive routine in a hook', without('store', 'hk_rcvdata'), 400]],
  'ether-detach': [['leaves the interface its node', unheld('if_l2com')]],
  'ether-detach-told': [['goes to an interface that it does not hold', unheld('if_refcount')]],
  'ether-ifname': [['keeps an interface that it has asked', without('sub', 'if_refcount')]],
  'ether-move': [['gives an interface that moves no node', without('store', 'if_l2com')]],
  'ether-promisc': [['does not end promiscuous mode', without('store', 'if_pcount')]],
  'ether-promisc-told': [
    ['keeps an interface in promiscuous mode for a node that goes', without('sub', 'if_refcount')],
  ],
  'ether-link-detach': [['forgets that it has told of a link', without('store', 'tb_running')]],
  'ether-link-tee': [['keeps a message that it passes on to nobody', without('sub', 'hk_refs')]],
  'ether-link-rmhook': [['sends a message by a hook that it does not hold', unheld('hk_refs')]],
  'ether-detach-input': [['takes no reference on the node of an interface that goes', unheld('nd_refs')]],
  'ether-input': [['keeps a hook that has gone', without('store', 'word2')]],
  'ether-rename': [
    ['keeps an interface that has gone', without('sub', 'if_refcount')],
    ['finds an interface that has gone', unheld('ifp'), 400],
    ['names a node that has left the hash', unread('nd_unhashed'), 400],
  ],
  'id-rehash': [
    ['keeps the mask of a table that has grown', without('store', 'V_ng_ID_hmask')],
    ['does not let the table grow', roomy('V_ng_ID_hmask')],
  ],
  'rename-rehash': [['does not let the table grow', roomy('V_ng_name_hmask')]],
  'rename-grow-eight': [['keeps the lock of the names', without('exchange', 'ng_namehash_lock')]],
  request: [['does not store what came of a request', without('store', 'error')]],
  'request-shutdown': [['holds no node while it sends from there', without('add', 'nd_refs')]],
  'request-close': [['keeps the mutex of a socket', without('exchange', 'mtx')]],
  'socket-close': [['does not count who uses a socket', without('store', 'refs')]],
  'socket-close-data': [['goes on sending up to a socket that is closed', without('store', 'datasock')]],
  'socket-close-queued': [['does not wait for the packets that are on their way to a socket', impatient, 400]],
  'socket-data-shutdown': [['lets be sent by whom has been shut down', without('store', 'cantsendmore')]],
  'socket-last-hook': [['finds a hook that has gone', without('store', 'lh_first')]],
  teardown: [['wakes nobody when a node has gone', without('add', 'ng_idhash_seq')]],
  'teardown-ether': [['does not say that a node must go this time', cleared('or', 'nd_flags', NGF_REALLY_DIE)]],
  'socket-send-rmhook': [['looks for a hook outside all sections', without('store', 'er_section')]],
  'source-queued': [['sends outside all sections', without('store', 'er_section')]],
  'source-rmhook': [['goes on sending when it has been stopped', without('and', 'nd_flags')]],
  'source-shutdown': [
    ['frees what a callout that is running goes by', unread('cc_exec_curr'), 400],
    ['keeps a callout that is stopped on the wheel', without('store', 'word0')],
    ['does not hold the node for the callout', without('add', 'nd_refs')],
  ],
  'ether-reset': [['lets the node of an interface go', cleared('or', 'nd_flags', NGF_REVIVED)]],
};
/** Small enough for every interleaving: the states of both together. */
const exhausted: Readonly<Record<string, number>> = {
  'ether-reset': 3_004,
  listnodes: 12,
  'mkpeer-failing': 6_799,
  'mkpeer-failing-alone': 13,
  'mkpeer-socket': 6_799,
  request: 113,
  'bind-shutdown': 12_888,
  'connectdata-send': 748,
  'socket-close-data': 506,
  'socket-data-shutdown': 41,
  'text-status': 107,
  'teardown-ether': 35_809,
  'teardown-ether-input': 18_718,
};

/** The two designs of the library differ in the way of a packet only. The one that the library is made otherwise in comes last: its model is kept (comparing.ts). */
const designsIn = (name: string): readonly Design[] =>
  findScenario(name).scenario.packets > 0 ? ['rwlock', 'lockfree'] : ['lockfree'];

describe.each([...answered, ...deep, ...devices, ...ending, ...growing, ...sockets])(
  'in %s the library and its specification',
  (name) => {
    it.each(designsIn(name))('agree in runs at random of the design %s', (design) => {
      const found = comparing(library(name, design), (product) => lockstep(product, runs));
      expect(found).toMatchObject({ verdict: 'holds', runs: 12 });
    });

    for (const [what, mutation, maxRuns = runs.maxRuns] of mutants[name] ?? [])
      it(`part ways when the library ${what}`, () => {
        const found = comparing(mutated(library(name), mutation), (product) => lockstep(product, { ...runs, maxRuns }));
        expect(found.verdict).toBe('violated');
      });

    if (exhausted[name] !== undefined)
      it('agree in every interleaving', () => {
        const found = comparing(library(name), (product) => exhaustive(product, { maxStates: 100_000 }));
        expect(found).toMatchObject({ verdict: 'holds', states: exhausted[name] });
      });
  },
);

describe('a library that has more stack than its specification', () => {
  it('parts ways where a packet is to be queued for want of it', () => {
    const whole = library('deep-chain-shutdown');
    const { stack: _, ...scenario } = findScenario('deep-chain-shutdown').scenario;
    const found = comparing({ ...whole, threads: netgraphSubject('', scenario).threads }, (product) =>
      lockstep(product, runs),
    );
    expect(found).toMatchObject({ verdict: 'violated' });
  });
});

describe('a node that is asked to go while it resets itself', () => {
  it('goes, and a library that forgets it is found among all interleavings', () => {
    const { scenario } = findScenario('ether-detach');
    const alone = libraryIn({ ...scenario, links: [], ngthreads: 0 });
    const found = comparing(mutated(alone, forgetful('nd_flags', NGF_REALLY_DIE)), (product) =>
      exhaustive(product, { maxStates: 150_000 }),
    );
    expect(found).toMatchObject({
      verdict: 'violated',
      divergence: { reason: 'nd_flags of E holds 0, but in the model nd_flags of E is 16' },
    });
  });
});
