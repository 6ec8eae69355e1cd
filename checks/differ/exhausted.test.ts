import { describe, expect, it } from 'vitest';
import { exhaustive } from '../../src/differ/exhaustive.ts';
import type { Subject } from '../../src/differ/subject.ts';
import { procedure } from '../../src/machine/procedure.ts';
import { Shared, word } from '../../src/machine/record.ts';
import { World } from '../../src/machine/world.ts';
import type { Act } from '../../spec/scenario.ts';
import { graphs } from '../../src/survey/graphs.ts';
import { scenarioOf } from '../../src/survey/scenarios.ts';
import { comparing, libraryIn } from './comparing.ts';

/**
 * Three threads that meet on a small graph, in every interleaving, callbacks included, and an ngthread: so many states are there of both together. Nothing is
 * queued, so the ngthread meets nobody, and all that it does is one step. Those of the suite's own scenarios that are small enough are searched where they are compared otherwise.
 */
const send: Act = { send: { node: 'W' } };
const named = (node: string): Act => ({ name: { node, name: 'n' } });
const persist: Act = { configure: { node: 'H', command: 'NGM_HUB_SET_PERSISTENT' } };

const searched: readonly (readonly [graph: string, third: Act, states: number])[] = [
  ['sink', send, 4_377],
  ['sink', named('B'), 1_564],
  ['hub', named('H'), 3_764],
  ['hub', persist, 3_388],
  ['patch', named('P'), 8_004],
];

describe('two packets and a third operation at a time', () => {
  it.each(searched)(
    'on the graph %s, %j, agree with the specification in every interleaving',
    (name, third, states) => {
      const { scenario } = scenarioOf(name, graphs[name]!, [[send], [send], [third]]);
      const found = comparing(libraryIn(scenario), (product) => exhaustive(product, { maxStates: 100_000 }));
      expect(found).toMatchObject({ verdict: 'holds', states });
    },
  );
});

describe('a thread that goes round for ever', () => {
  class Box extends Shared {
    x = word(0, 3, 'a word');
  }
  const [X, FLAG] = [0, 1];
  const stores = procedure('', function stores(box: Box): void {
    box.x = 1;
  });
  /** The library beside a model that only stores: one thread does, and the other does what the model knows nothing of. */
  const whileOther = (other: (arena: Int32Array) => void): Subject => {
    const world = new World();
    world.run('one', stores, world.make(Box, 'box'));
    return {
      name: 'box',
      world,
      made: [],
      initial: Int32Array.of(0, 0),
      shown: [],
      threads: [
        { name: 'one', cpu: 0, program: [(arena) => void Atomics.store(arena, X, 1)] },
        { name: 'other', cpu: null, program: [other] },
      ],
      meaning: ({ kind }) => (kind === 'store' ? [{ does: 'store x', cpu: 0 }] : []),
      wordName: (address) => `word ${address}`,
    };
  };
  const verdictOn = (other: (arena: Int32Array) => void): string =>
    comparing(whileOther(other), (product) => exhaustive(product, { maxStates: 1_000 })).verdict;

  it('parts ways with a model in which everybody comes to an end, also when it looks at several words', () => {
    expect(verdictOn((arena) => { while (Atomics.load(arena, FLAG) === 0); })).toBe('violated'); // prettier-ignore
    expect(verdictOn((arena) => { while (Atomics.load(arena, X) < 9 || Atomics.load(arena, FLAG) === 0); })).toBe('violated'); // prettier-ignore
    expect(verdictOn((arena) => { while (Atomics.load(arena, X) + Atomics.load(arena, FLAG) < 2); })).toBe('violated'); // prettier-ignore
  });

  it('does not where another brings what it waits for', () => {
    expect(verdictOn((arena) => { while (Atomics.load(arena, X) === 0); })).toBe('holds'); // prettier-ignore
    expect(verdictOn((arena) => { while (Atomics.load(arena, X) + Atomics.load(arena, FLAG) < 1); })).toBe('holds'); // prettier-ignore
  });
});
