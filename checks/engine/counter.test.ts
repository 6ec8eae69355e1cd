import { describe, expect, it } from 'vitest';
import { atomic_add } from '../../src/machine/access.ts';
import { again, procedure } from '../../src/machine/procedure.ts';
import { ghost, Shared, truth, word } from '../../src/machine/record.ts';
import { World } from '../../src/machine/world.ts';
import { claim, judged, proven } from './judgement.ts';

/** Threads that add 1 to one word, `times` times each: the smallest model whose size is known by a formula. */

class Counter extends Shared {
  x = word(0, 12, 'what is counted');
}
class Thread extends Shared {
  over = ghost(truth('all its additions are done'));
}

const addAtomically = procedure('', function addAtomically(c: Counter, left: number) {
  if (left === 0) return;
  atomic_add(c, 'x', 1);
  return again(c, left - 1);
});

/** `x = x + 1` as C compiles it: a load, then a store. */
const add = procedure('', function add(c: Counter, t: Thread, left: number) {
  if (left === 0) {
    t.over = true;
    return;
  }
  c.x = c.x + 1;
  return again(c, t, left - 1);
});

const atomicWorld = (threads: number, times: number): World => {
  const world = new World();
  const counter = world.make(Counter, 'counter');
  for (let i = 0; i < threads; i++) world.run(`thread${i}`, addAtomically, counter, times);
  return world;
};

const plainWorld = (times: number): { world: World; counter: Counter; threads: readonly Thread[] } => {
  const world = new World();
  const counter = world.make(Counter, 'counter');
  const threads = [0, 1].map((i) => world.make(Thread, `thread${i}`));
  threads.forEach((thread, i) => world.run(`thread${i}`, add, counter, thread, times));
  return { world, counter, threads };
};

/**
 * The same by hand, without any notation: how many additions each thread has begun and ended, what each has read, x.
 * Returns states and transitions.
 */
const byHand = (times: number): readonly [number, number] => {
  type State = readonly [done: readonly [number, number], read: readonly [number, number], x: number];
  const seen = new Set<string>();
  const queue: State[] = [[[0, 0], [-1, -1], 0]];
  let transitions = -1;
  for (let state = queue.pop(); state !== undefined; state = queue.pop()) {
    transitions++;
    const key = String(state);
    if (seen.has(key)) continue;
    seen.add(key);
    const [done, read, x] = state;
    for (const me of [0, 1]) {
      const put = (pair: readonly [number, number], value: number): [number, number] =>
        me === 0 ? [value, pair[1]] : [pair[0], value];
      if (done[me] === times) continue;
      queue.push(read[me]! < 0 ? [done, put(read, x), x] : [put(done, done[me]! + 1), put(read, -1), read[me]! + 1]);
    }
  }
  return [seen.size, transitions];
};

describe('threads that count', () => {
  it.each([
    [2, 1],
    [2, 3],
    [2, 6],
    [3, 2],
    [4, 2],
  ])('%i threads of %i atomic additions have (n+1)^k states and k·n·(n+1)^(k-1) transitions', (k, n) => {
    const { verdict, states, transitions, depth } = proven(atomicWorld(k, n));
    expect({ verdict, states, transitions, depth }).toEqual({
      verdict: 'holds',
      states: (n + 1) ** k,
      transitions: k * n * (n + 1) ** (k - 1),
      depth: k * n,
    });
  });

  it.each([1, 2, 3, 4])('two threads of %i loads and stores have the states that a count by hand gives', (n) => {
    const { states, transitions } = proven(plainWorld(n).world);
    expect([states, transitions]).toEqual(byHand(n));
  });

  it('the counts by hand are 12 for one addition each and 57 for two', () => {
    expect([byHand(1), byHand(2)]).toEqual([
      [12, 14],
      [57, 82],
    ]);
  });

  it.each([2, 3, 4])(
    '%i loads and stores each can end with anything from 2 to twice as many, and with nothing else',
    (n) => {
      const { world, counter, threads } = plainWorld(n);
      const over = () => threads.every((thread) => thread.over);
      const reachable = Array.from({ length: 2 * n - 1 }, (_, i) =>
        claim('sometimes', `ends with ${i + 2}`, () => over() && counter.x === i + 2),
      );
      const never = claim('always', 'does not end with less than 2', () => !over() || counter.x >= 2);
      expect(proven(world, [...reachable, never]).verdict).toBe('holds');
      const one = claim('sometimes', 'ends with 1', () => over() && counter.x === 1);
      expect(proven(world, [one])).toMatchObject({ verdict: 'violated', property: 'ends with 1', trace: null });
    },
  );

  it('a lost update is shown by a run to its end', () => {
    const { world, counter } = plainWorld(2);
    const kept = claim('finally', 'no update is lost', () => counter.x === 4);
    const verdict = proven(world, [kept]);
    expect(verdict.property).toBe('no update is lost');
    // Every run has 8 steps, and `finally` is asked at the end of each.
    expect(verdict.trace!.steps.length).toBe(8);
    expect(new Set(verdict.trace!.steps.map(({ step }) => step))).toEqual(new Set(['add: load x', 'add: store x']));
    expect(judged(atomicWorld(2, 2)).neverFired).toEqual([]);
  });
});
