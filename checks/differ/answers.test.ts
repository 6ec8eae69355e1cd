import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../spec/scenario.ts';
import { exhaustive } from '../../src/differ/exhaustive.ts';
import { lockstep } from '../../src/differ/lockstep.ts';
import { at, mesg_, placeOf, POISON } from '../../src/netgraph/index.ts';
import { comparing, library, libraryIn } from './comparing.ts';
import { fieldAt, mutated, type Mutation } from './mutated.ts';

/** What answers say, and names. A question that the kernel asks, and nobody waits for, is answered like any other. */
type Operation = Scenario['cpus'][number]['run'][number];
type Operations = Scenario['cpus'][number]['run'];

/** A hub with two links is asked, while the node behind one of them gets a name, that link is removed, and the node behind the other goes. */
const whileAsked = (question: Operation, ...others: Operations): Scenario => ({
  description: '',
  nodes: {
    A: { type: 'hub', name: 'a', persistent: true },
    B: { type: 'hub', persistent: true },
    C: { type: 'hole', name: 'c' },
  },
  links: [
    ['A:x', 'B:y'],
    ['A:z', 'C:w'],
  ],
  cpus: [{ run: [question] }, { run: others }],
  ngthreads: 1,
  items: 10,
  packets: 0,
});

const asked = {
  nodeinfo: { nodeinfo: { node: 'A' } },
  listhooks: { listhooks: { node: 'A' } },
  listnodes: { listnodes: { node: 'A' } },
  listnames: { listnames: { node: 'A' } },
} as const;
const naming: Operation = { name: { node: 'B', name: 'b' } };
const others: Operations = [naming, { rmhook: { node: 'B', hook: 'y' } }, { shutdown: { node: 'C' } }];

/** The number of a word of an answer, or -1. */
const wordAt = (address: number): number => {
  const { kind, field } = placeOf(address);
  return kind === 'mesg' && field.startsWith('word') ? Number(field.slice(4)) : -1;
};

/** Writes another number into some word of an answer. */
const telling =
  (word: number, another: (number: number) => number): Mutation =>
  (real) => ({
    store: ((arena: Int32Array, address: number, value: number) =>
      real.store(
        arena,
        address,
        wordAt(address) === word && value > 0 ? another(value) : value,
      )) as typeof Atomics.store,
  });

/** What is stored in one word of an answer stands in another instead. */
const inPlaceOf =
  (word: number, other: number): Mutation =>
  (real) => ({
    store: ((arena: Int32Array, address: number, value: number) =>
      real.store(arena, wordAt(address) === word ? address + other - word : address, value)) as typeof Atomics.store,
  });

/** Lists a table without a look at a field: what a node has there is 0. From the making of the answer until the table is unlocked. */
const unlooked =
  (field: string): Mutation =>
  (real) => {
    let isListing = false;
    return {
      store: ((arena: Int32Array, address: number, value: number) => {
        isListing ||= fieldAt(address) === 'm_len';
        return real.store(arena, address, value);
      }) as typeof Atomics.store,
      load: ((arena: Int32Array, address: number) =>
        isListing && fieldAt(address) === field ? 0 : real.load(arena, address)) as typeof Atomics.load,
      sub: ((arena: Int32Array, address: number, value: number) => {
        if (fieldAt(address).endsWith('hash_lock')) isListing = false;
        return real.sub(arena, address, value);
      }) as typeof Atomics.sub,
    };
  };

/** Does not hand an answer over that has so many numbers. */
const losing =
  (isLost: (length: number) => boolean): Mutation =>
  (real) => ({
    store: ((arena: Int32Array, address: number, value: number) =>
      fieldAt(address) === 'msg' && value !== 0 && value !== POISON && isLost(real.load(arena, at(value, mesg_.m_len)))
        ? value
        : real.store(arena, address, value)) as typeof Atomics.store,
  });

const up = (number: number): number => number + 1;
const down = (number: number): number => number - 1;

const mutants: Readonly<Record<keyof typeof asked, readonly (readonly [what: string, mutation: Mutation])[]>> = {
  nodeinfo: [
    ['tells another type', telling(1, up)],
    ['tells the ID of another node', telling(2, up)],
    ['counts one hook more', telling(3, up)],
  ],
  listhooks: [
    ['tells one link less', telling(3, down)],
    ['says what the link is called there where it is to say what it is called here', inPlaceOf(5, 4)],
    ['tells another node at the other end', telling(8, up)],
    ['counts one hook less of the node there', telling(9, down)],
  ],
  listnodes: [
    ['leaves a node out', telling(0, down)],
    ['tells another name', telling(1, up)],
    ['tells nodes that are on their way out', unlooked('nd_flags')],
  ],
  listnames: [
    ['tells a node that has no name', telling(3, up)],
    ['leaves a node out', telling(0, down)],
  ],
};

const runs = { seconds: 120, seed: 1, maxRuns: 24 };
const answering = 'store msg of ';

describe.each(Object.keys(asked) as (keyof typeof asked)[])('what the library answers to %s', (question) => {
  const scenario = whileAsked(asked[question], ...others);

  it('is what the specification has loaded', () => {
    const found = comparing(libraryIn(scenario), (product) => lockstep(product, runs));
    expect(found).toMatchObject({ verdict: 'holds', runs: runs.maxRuns });
  });

  it.each(mutants[question])('is not when it %s', (_what, mutation) => {
    const found = comparing(mutated(libraryIn(scenario), mutation), (product) => lockstep(product, runs));
    expect(found.divergence?.reason).toMatch(/^the answer says ".*", but in the model it is ".*"$/);
    expect(found.divergence?.access?.startsWith(answering)).toBe(true);
  });
});

describe('a node with a name that is on its way out', () => {
  it('is not listed by a library that does not even look whether it is', () => {
    const subject = mutated(libraryIn(whileAsked(asked.listnames, { shutdown: { node: 'C' } })), unlooked('nd_flags'));
    const found = comparing(subject, (product) => lockstep(product, runs));
    expect(found.divergence?.reason).toMatch(/^the answer says ".*\[3\] "c" hole.*", but in the model it is "[^c]*"$/);
  });
});

describe('an answer that the library makes, and gives to nobody', () => {
  const missing = 'its program is over, but it has not given the answer that it gives in the model';

  it.each(['nodeinfo', 'listhooks', 'listnodes', 'listnames', 'listtypes'])('is missed: %s', (question) => {
    const scenario = whileAsked({ [question]: { node: 'A' } } as Operation, ...others);
    const found = comparing(
      mutated(
        libraryIn(scenario),
        losing(() => true),
      ),
      (product) => lockstep(product, runs),
    );
    expect(found).toMatchObject({ verdict: 'violated', divergence: { reason: missing } });
  });

  it('is missed on its way through a queue to who has asked', () => {
    const found = comparing(
      mutated(
        library('request-answer'),
        losing(() => true),
      ),
      (product) => lockstep(product, runs),
    );
    expect(found).toMatchObject({ verdict: 'violated', divergence: { reason: missing } });
  });

  it('is missed in every interleaving of a listing', () => {
    const found = comparing(
      mutated(
        library('listnodes'),
        losing(() => true),
      ),
      (product) => exhaustive(product, { maxStates: 1_000 }),
    );
    expect(found).toMatchObject({ verdict: 'violated', divergence: { reason: missing } });
  });

  it('is missed where the same thread gives the next one', () => {
    const { cpus, ...rest } = whileAsked(asked.nodeinfo, naming);
    const scenario = { ...rest, cpus: [{ run: [asked.nodeinfo, asked.listhooks] }, cpus[1]!] };
    const found = comparing(
      mutated(
        libraryIn(scenario),
        losing((length) => length === 4),
      ),
      (product) => lockstep(product, runs),
    );
    expect(found.divergence?.reason).toMatch(/^the answer says ".*", but in the model it is "one that comes before"$/);
  });
});

describe('the types', () => {
  it.each(['lockfree', 'rwlock'] as const)('can be asked for in both, in the design %s', (design) => {
    const scenario = whileAsked({ listtypes: { node: 'A' } }, ...others);
    const found = comparing(libraryIn(scenario, design), (product) => lockstep(product, runs));
    expect(found).toMatchObject({ verdict: 'holds', runs: runs.maxRuns });
  });
});

describe('among all interleavings', () => {
  it('of a listing, a library that tells the ID of another node is found', () => {
    const found = comparing(mutated(library('listnodes'), telling(3, up)), (product) =>
      exhaustive(product, { maxStates: 1_000 }),
    );
    expect(found.divergence?.reason).toBe(
      'the answer says "[2] "" hub, hooks: 0", but in the model it is "[1] "" hub, hooks: 0"',
    );
  });

  it('of a listing and a node at the other end that gets its name, none is told falsely: the name is there for both at once', () => {
    const scenario: Scenario = {
      ...whileAsked(asked.listhooks, naming),
      nodes: { A: { type: 'hub' }, B: { type: 'hole' } },
      links: [['A:x', 'B:y']],
    };
    const found = comparing(libraryIn(scenario), (product) => exhaustive(product, { maxStates: 100_000 }));
    expect(found).toMatchObject({ verdict: 'holds', states: 46_629 });
  });
});

describe('a library that gives a node another name', () => {
  const misnaming: Mutation = (real) => ({
    store: ((arena: Int32Array, address: number, value: number) =>
      real.store(
        arena,
        address,
        fieldAt(address) === 'nd_name' && value > 0 ? value + 1 : value,
      )) as typeof Atomics.store,
  });

  it('parts ways where it has stored that', () => {
    const subject = mutated(libraryIn(whileAsked(asked.nodeinfo, naming)), misnaming);
    const found = comparing(subject, (product) => lockstep(product, runs));
    expect(found.divergence?.reason).toMatch(/^nd_name of B holds \d+, but in the model nd_name of B is b/);
  });
});
