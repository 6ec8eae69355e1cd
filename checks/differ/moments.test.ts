import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../spec/scenario.ts';
import { exhaustive, type Exhausted } from '../../src/differ/exhaustive.ts';
import { lockstep } from '../../src/differ/lockstep.ts';
import { runOnce } from '../../src/differ/run.ts';
import { preempting } from '../../src/differ/schedule.ts';
import { shownField, type Subject } from '../../src/differ/subject.ts';
import { procedure } from '../../src/machine/procedure.ts';
import { Shared, word } from '../../src/machine/record.ts';
import { World } from '../../src/machine/world.ts';
import { comparing, libraryIn } from './comparing.ts';
import { fieldAt, mutated, without, type Mutation } from './mutated.ts';

/** What the implementation knows from before the model still has to load: when it does so must not make the two part ways. */

class Box extends Shared {
  a = word(0, 1, 'what is stored first');
  x = word(0, 1, 'what the implementation does not load');
  y = word(0, 1, 'what the other thread stores');
  z = word(0, 1, 'what was loaded of y');
}
const fields = ['a', 'x', 'y', 'z'] as const;
const [A, Y, Z] = [0, 2, 3];

const copies = procedure('', function copies(box: Box): void {
  box.a = 1;
  void box.x;
  const { y } = box;
  box.z = y;
});
const stores = procedure('', function stores(box: Box): void {
  box.y = 1;
});

/** A thread that copies a word beside one that changes it; in the model the first looks at a third word in between. */
const copying = (copy: (arena: Int32Array) => void): Subject => {
  const world = new World();
  const box = world.make(Box, 'box');
  world.run('copies', copies, box);
  world.run('stores', stores, box);
  return {
    name: 'box',
    world,
    made: [],
    initial: new Int32Array(fields.length),
    shown: fields.map((field, address) => shownField(address, box, field, Number)),
    threads: [
      { name: 'copies', cpu: 0, program: [copy] },
      { name: 'stores', cpu: 1, program: [(arena) => void Atomics.store(arena, Y, 1)] },
    ],
    meaning: ({ kind, address }) =>
      kind === 'store'
        ? [{ does: `store ${fields[address]!}` }]
        : [{ does: `load ${fields[address]!}`, ifDue: true as const }],
    silence: (_step, does) => (does.startsWith('load ') ? 'late' : null),
    wordName: (address) => fields[address]!,
  };
};

const searched = (copy: (arena: Int32Array) => void): Exhausted & { readonly excused: number } =>
  comparing(copying(copy), (product) => ({
    ...exhaustive(product, { maxStates: 1_000 }),
    excused: product.excused,
  }));

describe('a load of the model that the implementation leaves out', () => {
  it('makes no difference before one that it does', () => {
    const found = searched((arena) => {
      Atomics.store(arena, A, 1);
      Atomics.store(arena, Z, Atomics.load(arena, Y));
    });
    expect(found.verdict).toBe('holds');
    expect(found.excused).toBeGreaterThan(0);
  });

  it('does not excuse a load that is done before its time', () => {
    const found = searched((arena) => {
      const y = Atomics.load(arena, Y);
      Atomics.store(arena, A, 1);
      Atomics.store(arena, Z, y);
    });
    expect(found).toMatchObject({
      verdict: 'violated',
      divergence: { access: 'store z 0', reason: 'z holds 0, but in the model z of box is 1' },
    });
  });

  it('does not excuse that something else is made of what was loaded', () => {
    const found = searched((arena) => {
      Atomics.store(arena, A, 1);
      Atomics.load(arena, Y);
      Atomics.store(arena, Z, 0);
    });
    expect(found.verdict).toBe('violated');
  });

  it('does not excuse a load that is not done at all', () => {
    const found = searched((arena) => {
      Atomics.store(arena, A, 1);
      Atomics.store(arena, Z, 1);
    });
    expect(found.verdict).toBe('violated');
  });
});

/** Threads that each look at a word time and again once they have begun, for which the implementation has no access: each can be in as many places. */
describe('a model that can be in more places than are followed', () => {
  const looks = procedure('', function looks(box: Box, begun: 'a' | 'x' | 'y'): void {
    box[begun] = 1;
    for (let i = 0; i < 15; i++) void box.z;
    box.z = 1;
  });
  /** `stored`: what each stores at the end, where the model stores 1. */
  const looking = (stored: number): Subject => {
    const world = new World();
    const box = world.make(Box, 'box');
    const begun = ['a', 'x', 'y'] as const;
    for (const field of begun) world.run(field, looks, box, field);
    return {
      ...copying(() => {}),
      world,
      shown: fields.map((field, address) => shownField(address, box, field, Number)),
      threads: begun.map((name, cpu) => ({
        name,
        cpu,
        program: [
          (arena: Int32Array) => {
            Atomics.store(arena, cpu, 1);
            Atomics.store(arena, Z, stored);
          },
        ],
      })),
    };
  };
  /** All threads begin before one ends. */
  const begunByAll = preempting([
    { step: 1, thread: 1 },
    { step: 2, thread: 2 },
  ]);

  it('leaves it open whether the two part ways', () => {
    const run = comparing(looking(0), (product) => runOnce(product, begunByAll, 100));
    expect(run).toMatchObject({ divergence: null, ended: false });
  });

  it('does not where they do not part ways in the one place that is followed first', () => {
    const run = comparing(looking(1), (product) => runOnce(product, begunByAll, 100));
    expect(run).toMatchObject({ divergence: null, ended: true });
  });

  it('leaves a search of every interleaving open', () => {
    const found = comparing(looking(1), (product) => {
      product.followsAll = true;
      return exhaustive(product, { maxStates: 1_000 });
    });
    expect(found).toMatchObject({ verdict: 'unknown', why: 'the model could be in more than 2000 places' });
  });
});

/** The library with a field of each record loaded once in an operation, and known from then on. */
const onceOnly =
  (field: string): Mutation =>
  (real) => {
    const known = new Map<number, number>();
    const load = (arena: Int32Array, address: number): number => {
      if (fieldAt(address) !== field) return real.load(arena, address);
      const value = known.get(address) ?? real.load(arena, address);
      known.set(address, value);
      return value;
    };
    return { load: load as typeof Atomics.load };
  };

describe('a hook that is removed while its interface goes away', () => {
  const scenario: Scenario = {
    description: '',
    nodes: { E: { type: 'ether' }, B: { type: 'hole' } },
    links: [['E:lower', 'B:b']],
    cpus: [{ run: [{ rmhook: { node: 'E', hook: 'lower' } }] }, { run: [{ detach: { node: 'E' } }] }],
    ngthreads: 0,
    items: 6,
    packets: 0,
  };

  it('is the same for a library that loads its node once, wherever the other thread comes in', () => {
    comparing(mutated(libraryIn(scenario), onceOnly('hk_node')), (product) => {
      let runs = 0;
      for (let step = 0, length = 1; step < length; step++, runs++) {
        const run = runOnce(product, preempting([{ step, thread: 1 }]), 10_000);
        expect(run.divergence).toBe(null);
        length = run.steps;
      }
      expect(runs).toBeGreaterThan(500);
      expect(product.excused).toBe(1);
    });
  });

  it('is not for one that keeps the hook besides', () => {
    const wrong: Mutation = (real) => ({ ...onceOnly('hk_node')(real), ...without('store', 'word2')(real) });
    const found = comparing(mutated(libraryIn(scenario), wrong), (product) =>
      lockstep(product, { seconds: 60, seed: 1, maxRuns: 12 }),
    );
    expect(found.verdict).toBe('violated');
  });
});
