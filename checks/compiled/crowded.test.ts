import { afterEach, describe, expect, it, vi } from 'vitest';
import { isMemory } from '../../src/command/jobs/searcher.ts';
import { atomic_set, choose, NET_EPOCH_ENTER, NET_EPOCH_EXIT, wait_until } from '../../src/machine/access.ts';
import { forever, procedure } from '../../src/machine/procedure.ts';
import { ghost, Shared, word } from '../../src/machine/record.ts';
import { World } from '../../src/machine/world.ts';
import { CompiledLoop } from '../../src/explore/levels/compiledLoop.ts';
import { CompiledTree } from '../../src/explore/states/compiledTree.ts';
import { inOrder } from '../../src/explore/states/grouping.ts';
import { usualModel, withModel } from '../../src/explore/model/model.ts';
import type { Compiling } from '../../src/explore/states/states.ts';
import { Watch } from '../../src/explore/model/watch.ts';
import type { Verdict } from '../../src/explore/search/verdict.ts';
import { claim, judged } from '../engine/judgement.ts';

/** The compiled loop where there is more of something than netgraph has: steps from one state, words of a state, bytes. */

const essence = ({ verdict, property, states, transitions, depth, trace }: Verdict) => ({
  verdict,
  property,
  states,
  transitions,
  depth,
  steps: trace?.steps.map(({ did }) => did),
});

class Counter extends Shared {
  a = word(0, 127, 'first');
  b = word(0, 127, 'second');
  c = word(0, 127, 'third');
}

/** `a` and `b` are chosen, then `c`, of as many; where `b` is odd there is no choice, if it `mayEnd`. */
const choosing = (alternatives: number, mayEnd = true) => {
  const world = new World();
  const counter = world.make(Counter, 'counter');
  const first = procedure('', function first(counter: Counter) {
    counter.a = choose(64);
  });
  const second = procedure('', function second(counter: Counter) {
    counter.b = choose(32);
  });
  const third = procedure('', function third(counter: Counter) {
    if (mayEnd && (counter.b & 1) === 1) counter.c = 127;
    else {
      const chosen = choose(alternatives);
      counter.c = chosen + 1;
    }
  });
  const all = procedure('', function all(counter: Counter) {
    first(counter);
    second(counter);
    third(counter);
  });
  world.run('cpu', all, counter);
  return { world, counter };
};

describe('a state with very many steps', () => {
  const search = (alternatives: number, compiling: Compiling, holds: (counter: Counter) => boolean) => {
    const { world, counter } = choosing(alternatives);
    return essence(judged(world, [claim('always', 'never', () => holds(counter))], { compiling }));
  };

  it.each([40, 100, 126])('has all of them gone on from: %i', (alternatives) => {
    const all = search(alternatives, { early: true }, () => true);
    expect(all).toEqual(search(alternatives, { pages: 0 }, () => true));
    expect(all.states).toBeGreaterThan(64 * 16 * alternatives);
    const isLast = ({ a, b, c }: Counter): boolean => a === 63 && b === 30 && c === alternatives;
    const found = search(alternatives, { early: true }, (counter) => !isLast(counter));
    expect(found).toEqual(search(alternatives, { pages: 0 }, (counter) => !isLast(counter)));
    expect(found.verdict).toBe('violated');
  });
});

describe('many states with very many steps', () => {
  it('have all of them gone on from', () => {
    const [plain, compiled] = [{ pages: 0 }, { early: true }].map((compiling) =>
      essence(judged(choosing(126, false).world, [], { compiling })),
    );
    expect(compiled).toEqual(plain);
  });
});

describe('a state with very many words', () => {
  class Wide extends Shared {
    k = word(0, 127, 'a number');
  }
  class Flag extends Shared {
    f = word(0, 1, 'one');
    g = word(0, 1, 'other');
  }

  it('is new where only a word far from the first has changed', () => {
    const make = () => {
      const world = new World();
      const flag = world.make(Flag, 'flag');
      const wide = Array.from({ length: 288 }, (_, i) => world.make(Wide, `wide${i}`));
      const idle = procedure('', function idle(flag: Flag, one: Wide) {
        wait_until(() => flag.f === 1 && flag.g === 1);
        one.k = choose(128);
      });
      const waiting = procedure('', function waiting(flag: Flag) {
        for (const one of wide) idle(flag, one);
      });
      // Each becomes 1, so the others may be written to for all that is known; but never both.
      const raising = procedure('', function raising(flag: Flag) {
        flag.f = 1;
        flag.f = 0;
        flag.g = 1;
        flag.g = 0;
      });
      // A turn leads back to where it began, so nothing changes but the word.
      const writer = procedure('', function writer(one: Wide) {
        forever(() => atomic_set(one, 'k', 1));
      });
      world.run('raising', raising, flag);
      world.run('waiting', waiting, flag);
      for (const i of [0, 100, 200, 287]) world.run(`writer of ${i}`, writer, wide[i]!);
      return world;
    };
    const [plain, compiled] = [{ pages: 0 }, { early: true }].map((compiling) =>
      essence(judged(make(), [], { compiling })),
    );
    expect(withModel(make(), usualModel, ({ layout }) => layout.words)).toBeGreaterThan(66);
    expect(compiled).toEqual(plain);
  });
});

describe('a system that gives no memory to a compiled tree', () => {
  afterEach(() => void vi.restoreAllMocks());

  it('has the search done without one', () => {
    const plain = essence(judged(choosing(40).world, [], { compiling: { pages: 0 } }));
    const refused = vi.spyOn(WebAssembly, 'Memory').mockImplementation(function () {
      throw new RangeError('WebAssembly.Memory(): could not allocate memory');
    });
    expect(essence(judged(choosing(40).world, [], { compiling: { early: true } }))).toEqual(plain);
    expect(refused).toHaveBeenCalled();
  });

  it('is told from a mistake of ours, whoever finds it out', () => {
    for (const message of ['WebAssembly.Memory(): could not allocate memory', 'no memory for more states'])
      expect(isMemory(new RangeError(message))).toBe(true);
    expect(isMemory(new RangeError('Start offset -4 is outside the bounds of the buffer'))).toBe(false);
  });
});

describe('a memory of more than two gigabytes', () => {
  it('has addresses that are no negative numbers', () => {
    withModel(choosing(3).world, usualModel, (model) => {
      const tree = CompiledTree.plant(inOrder(model.layout.words));
      tree.calls.allocate(2 ** 31 - 2 ** 16);
      tree.calls.allocate(2 ** 20);
      expect(tree.bytes()).toBeGreaterThan(2 ** 31);
      model.stepper.begin();
      tree.add(model.stepper.state);
      const nothing = { inState: () => false, failing: () => 0, atStep: () => false, atEnd: () => false };
      expect(new CompiledLoop(model, tree, null, new Watch(model, []), nothing).run(0, 1).transitions).toBe(64);
    });
  });
});

describe('a search that begins anew, since a claim tells CPUs apart', () => {
  class Shelf extends Shared {
    x = word(0, 9, 'where the first is');
    bad = word(0, 1, 'whether it has chosen 0');
    seen = ghost(word(0, 1, 'whether a peer has chosen 1'));
  }

  it('begins with all alternatives of each choice', () => {
    const make = () => {
      const world = new World();
      const shelf = world.make(Shelf, 'shelf');
      const first = procedure('', function first(shelf: Shelf) {
        const chosen = choose(2);
        shelf.x = chosen + 1;
        shelf.x = 4;
        shelf.x = 5;
        shelf.x = 6;
        if (chosen === 0) shelf.bad = 1;
      });
      const peer = procedure('', function peer(shelf: Shelf) {
        wait_until(() => shelf.x > 0);
        NET_EPOCH_ENTER();
        shelf.seen = choose(2);
        NET_EPOCH_EXIT();
      });
      world.run('first', first, shelf);
      world.run('a', peer, shelf);
      world.run('b', peer, shelf);
      const claims = [
        claim('sometimes', 'a is in a section', (view) => shelf.seen === 1 && view.sections(1) === 1),
        claim('always', 'never bad', () => shelf.bad === 0),
      ];
      return { world, claims };
    };
    const ways = [
      {},
      { symmetry: true },
      { symmetry: true, compiling: { early: true } },
      { symmetry: true, reduce: true },
    ];
    for (const way of ways) {
      const { world, claims } = make();
      expect(judged(world, claims, way), JSON.stringify(way)).toMatchObject({
        verdict: 'violated',
        property: 'never bad',
      });
    }
  });
});
