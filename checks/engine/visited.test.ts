import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprintOf, Fingerprints, omission } from '../../src/explore/states/fingerprints.ts';
import { Hashes } from '../../src/explore/states/hashes.ts';
import { Nibbles } from '../../src/explore/states/nibbles.ts';
import { Pairs } from '../../src/explore/states/pairs.ts';
import { Parents } from '../../src/explore/states/parents.ts';
import { Rows } from '../../src/explore/states/rows.ts';
import { Visited } from '../../src/explore/states/visited.ts';

/** Words that come in few values each, so that states come again, and the high bit among them. */
const wordsOf = (count: number) =>
  fc.array(fc.constantFrom(0, 1, 2, 0x7fffffff, -1, -(2 ** 31)), { minLength: count, maxLength: count });

/** The same set, by texts. */
const numbered = (states: readonly (readonly number[])[]): readonly number[] => {
  const known = new Map<string, number>();
  return states.map((state) => {
    const key = state.join();
    if (!known.has(key)) known.set(key, known.size);
    return known.get(key)!;
  });
};

/** State `index` of many: two counters that vary independently, each of which decides other words. */
const state = (index: number): Int32Array => {
  const [a, b] = [index % 401, Math.floor(index / 401)];
  return Int32Array.of(a, b, a * a, -b, 7, a ^ 0x55);
};
const MANY = 90_000;
/** So many that what a compiled tree takes once, for any number of states, does not count. */
const MANY_MORE = 8 * MANY;

describe.each([
  ['in a compiled tree', { early: true }],
  ['in a plain tree', { pages: 0 }],
  ['in a compiled tree with many small memories', { pages: 24 }],
  ['in a compiled tree until that is full', { early: true, pages: 24 }],
  ['as usual', {}],
])('the states found so far, %s', (_, compiling) => {
  it('are numbered in the order of their finding, each once', () => {
    const cases = fc.integer({ min: 1, max: 9 }).chain((words) => fc.array(wordsOf(words), { maxLength: 300 }));
    fc.assert(
      fc.property(cases, (states) => {
        const visited = new Visited(states[0]?.length ?? 1, compiling);
        const got = states.map((words, at) => visited.add(Int32Array.from(words), at - 1));
        expect(got).toEqual(numbered(states));
        const into = new Int32Array(states[0]?.length ?? 1);
        states.forEach((words, at) => {
          visited.read(got[at]!, into);
          expect([...into]).toEqual(words);
          expect(visited.find(into)).toBe(got[at]);
        });
      }),
    );
  });

  it('are the same, with the same numbers, after they have been grouped anew', () => {
    const visited = new Visited(6, compiling);
    for (let i = 0; i < MANY; i++) expect(visited.add(state(i), Math.floor(i / 2) - 1)).toBe(i);
    const into = new Int32Array(6);
    for (let i = 0; i < MANY; i++) {
      expect(visited.add(state(i), MANY)).toBe(i);
      visited.read(i, into);
      expect([...into]).toEqual([...state(i)]);
      expect(visited.parent(i)).toBe(Math.floor(i / 2) - 1);
    }
    expect(visited.find(Int32Array.of(1, 1, 2, -1, 7, 0x54))).toBe(-1);
  });

  it('take less than 11 bytes each where their halves vary independently', () => {
    const visited = new Visited(6, compiling);
    for (let i = 0; i < MANY_MORE; i++) visited.add(state(i), i - 1);
    expect(visited.bytes() / MANY_MORE).toBeLessThan(11);
  });

  it('take less than 13 bytes each where a half is two groups that vary independently', () => {
    const visited = new Visited(8, compiling);
    // 40 × 40 left halves and 450 right ones; in the order of the words, neighbours know nothing of each other.
    for (let i = 0; i < MANY_MORE; i++) {
      const [a, b, c] = [i % 40, Math.floor(i / 40) % 40, Math.floor(i / 1600)];
      visited.add(Int32Array.of(a, b, c, a * a, b * b, c * c, -a, -b), i - 1);
    }
    expect(visited.bytes() / MANY_MORE).toBeLessThan(13);
  });
});

describe('states that fill one memory after the other', () => {
  it('are looked for in each of them', () => {
    const visited = new Visited(6, { pages: 24 });
    for (let i = 0; i < MANY_MORE; i++) visited.add(state(i), -1);
    expect(visited.compiled?.memories).toBeGreaterThan(3);
    for (let i = 0; i < MANY_MORE; i += 89) expect(visited.add(state(i), -1)).toBe(i);
    expect(visited.count).toBe(MANY_MORE);
  });

  it('may be kept from moving into a plain tree, and are all still there', () => {
    const visited = new Visited(6, { early: true, pages: 17 });
    let count = 0;
    while (visited.compiled?.isFull(2048) === false) visited.add(state(count++), -1);
    // Whatever a further memory can do has been done.
    let asked = 0;
    const isLate = (): boolean => asked++ > 0;
    while (visited.makeRoom(() => !isLate())) visited.add(state(count++), -1);
    expect(asked).toBeGreaterThan(1);
    expect(visited.compiled).not.toBeNull();
    const into = new Int32Array(6);
    for (let i = 0; i < count; i++) {
      visited.read(i, into);
      expect([...into]).toEqual([...state(i)]);
    }
    expect(visited.makeRoom(() => true)).toBe(true);
    expect(visited.compiled).toBeNull();
    for (let i = 0; i < count; i++) expect(visited.find(state(i))).toBe(i);
  });
});

describe('fingerprints of states', () => {
  /** Each state of a tree of which state i has the children 2i + 1 and 2i + 2; and a third step that leads back. */
  const fill = (states: number): Fingerprints => {
    const fingerprints = new Fingerprints(6, (at, step) => {
      const index = at[0]! + 401 * at[1]!;
      at.set(state([2 * index + 1, 0, 2 * index + 2][step]!));
    });
    fingerprints.add(state(0), -1);
    const from = new Int32Array(6);
    for (let parent = 0; fingerprints.count < states; parent++) {
      fingerprints.read(parent, from);
      expect([...from]).toEqual([...state(parent)]);
      for (const child of [2 * parent + 1, 0, 2 * parent + 2]) fingerprints.add(state(child), parent);
    }
    return fingerprints;
  };

  it('are as many as the states, which can be made again by walking to them', () => {
    const fingerprints = fill(MANY);
    expect(fingerprints.count).toBe(MANY + 1);
    const into = new Int32Array(6);
    for (let i = 0; i <= MANY; i += 97) {
      fingerprints.read(i, into);
      expect([...into]).toEqual([...state(i)]);
      expect(fingerprints.parent(i)).toBe(Math.floor((i + 1) / 2) - 1);
    }
  });

  it('take less than 10 bytes each, beside the states that wait', () => {
    const waiting = (MANY / 2) * 24;
    expect((fill(MANY).bytes() - waiting) / MANY).toBeLessThan(10);
  });

  it('are as different as chance would have it in each of their words', () => {
    const words = [new Set<number>(), new Set<number>()];
    for (let i = 0; i < 4 * MANY; i++) {
      const [one, two] = fingerprintOf(Int32Array.of(i % 600, Math.floor(i / 600), 0, 0));
      words[0]!.add(one);
      words[1]!.add(two);
    }
    // Of 360,000 numbers of 32 bits, 15 fall together by chance.
    for (const { size } of words) expect(4 * MANY - size).toBeLessThan(40);
  });

  it('leave a state out as probably as two of them are alike', () => {
    expect(omission(1)).toBe(0);
    expect(omission(2)).toBe(2 ** -64);
    expect(omission(1e9)).toBeCloseTo(0.0271, 4);
  });
});

describe('hashes', () => {
  /** Two words, often the same or nearly so; zero among them. */
  const few = fc.constantFrom(0, 1, -1, 1 << 23, 1 << 24, 1 << 31);
  const hashes = fc.array(fc.tuple(fc.oneof(few, fc.integer()), fc.oneof(few, fc.integer())), { maxLength: 2_000 });

  it.each([2 ** 27, 300])('are each new once, where up to %i of them are in few tables', (most) => {
    const same = (drawn: readonly (readonly [number, number])[]): void => {
      const [set, known] = [new Hashes(most), new Set<string>()];
      for (const [first, second] of [...drawn, ...drawn]) {
        expect(set.add(first, second)).toBe(!known.has(`${first} ${second}`));
        known.add(`${first} ${second}`);
      }
    };
    fc.assert(fc.property(hashes, same), { numRuns: 20 });
  });

  it('differ if one bit does, be it in the table or in the place of it', () => {
    for (const most of [2 ** 27, 10]) {
      const set = new Hashes(most);
      const [first, second] = fingerprintOf(Int32Array.of(1, 2, 3));
      const near = [
        ...Array.from({ length: 32 }, (_, bit) => [first ^ (1 << bit), second] as const),
        ...Array.from({ length: 32 }, (_, bit) => [first, second ^ (1 << bit)] as const),
      ];
      for (const [a, b] of [[first, second] as const, ...near]) expect(set.add(a, b)).toBe(true);
      for (const [a, b] of [[first, second] as const, ...near]) expect(set.add(a, b)).toBe(false);
    }
  });

  it('take at most 9 bytes each', () => {
    const set = new Hashes();
    for (let i = 0; i < 300_000; i++) {
      set.add(...fingerprintOf(Int32Array.of(i)));
      if (i > 100_000 && i % 1_000 === 0) expect(set.bytes() / i).toBeLessThan(9);
    }
  });
});

describe('numbers that are mostly small', () => {
  it('are what was noted, the others too', () => {
    const number = fc.oneof({ weight: 9, arbitrary: fc.nat(16) }, fc.nat(400));
    fc.assert(
      fc.property(fc.array(number, { maxLength: 5_000 }), (numbers) => {
        const nibbles = new Nibbles();
        for (const each of numbers) nibbles.push(each);
        expect(numbers.map((_, at) => nibbles.at(at))).toEqual(numbers);
      }),
      { numRuns: 40 },
    );
  });
});

describe('pairs', () => {
  it('are found again however often the table has grown', () => {
    const pairs = new Pairs();
    for (let i = 0; i < 20_000; i++) expect(pairs.add(i >> 7, -i)).toBe(i);
    for (let i = 0; i < 20_000; i++) expect(pairs.find(i >> 7, -i)).toBe(i);
    expect(pairs.find(0, -20_000)).toBe(-1);
  });
});

describe('rows', () => {
  /** Numbers of few bits, and now and then one of many. */
  const number = fc.oneof({ weight: 20, arbitrary: fc.nat(3) }, fc.nat(70_000), fc.integer());

  it('are what was appended, however many bits have come since', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(number, number), { maxLength: 3_000 }), (pairs) => {
        const rows = new Rows();
        for (const [left, right] of pairs) rows.push(left, right);
        expect(pairs.map((_, at) => [rows.left(at), rows.right(at)])).toEqual(pairs);
        pairs.forEach(([left, right], at) => {
          expect([rows.is(at, left, right), rows.is(at, left ^ 1, right), rows.is(at, left, right ^ 1)]).toEqual([
            true,
            false,
            false,
          ]);
        });
      }),
      { numRuns: 60 },
    );
  });

  it('take as few bytes as two numbers need that have the most bits so far', () => {
    const rows = new Rows();
    for (let i = 0; i < 1 << 16; i++) rows.push(i, i >> 1);
    expect(rows.bytes()).toBe(4 << 16);
    rows.push(1 << 16, 0);
    rows.push(0, 1 << 18);
    expect(rows.bytes()).toBe(5 * ((1 << 16) + 1024));
    rows.push(-1, 0);
    expect(rows.bytes()).toBe(7 * ((1 << 16) + 1024));
  });
});

describe('parents', () => {
  it('are what was noted, whatever gaps there are', () => {
    const steps = fc.array(fc.oneof({ weight: 9, arbitrary: fc.nat(2) }, fc.nat(9_000)), { maxLength: 3_000 });
    fc.assert(
      fc.property(steps, (gaps) => {
        const parents = new Parents();
        let last = -1;
        const noted = gaps.map((gap) => (last += gap));
        noted.forEach((parent) => parents.add(parent));
        expect(noted.map((_, at) => parents.of(at))).toEqual(noted);
      }),
      { numRuns: 40 },
    );
  });

  it('never go down', () => {
    const parents = new Parents();
    parents.add(5);
    expect(() => parents.add(4)).toThrow('[suite bug]');
  });
});
