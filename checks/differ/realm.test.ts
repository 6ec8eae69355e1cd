import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kinds, perform } from '../../src/differ/access.ts';
import { Control, type Program } from '../../src/differ/control.ts';
import { Realm } from '../../src/differ/realm.ts';

/** Runs a program to its end, each access done when it comes; what its operations returned. */
const driven = (program: Program, words: Int32Array): readonly number[] => {
  const control = new Control(new Realm(words.length), program);
  let at = control.start;
  while (at.pending !== null) at = control.after(at, perform(words, at.pending));
  return at.returned;
};

type Drawn = {
  readonly kind: (typeof kinds)[number];
  readonly address: number;
  readonly a: number;
  readonly b: number;
};

/** What an access answers, with whatever stands in `Atomics` now. */
const does = (arena: Int32Array, { kind, address, a, b }: Drawn): number => {
  if (kind === 'load') return Atomics.load(arena, address);
  if (kind === 'compareExchange') return Atomics.compareExchange(arena, address, a, b);
  return kind === 'wait'
    ? Number(Atomics.wait(arena, address, a, 0) === 'not-equal')
    : Atomics[kind](arena, address, a);
};

const WORDS = 3;
const int32 = fc.oneof(fc.integer({ min: -2, max: 2 }), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }));
const drawn = fc.record({
  kind: fc.constantFrom(...kinds.filter((kind) => kind !== 'wait')),
  address: fc.nat(WORDS - 1),
  a: int32,
  b: int32,
});

describe('an operation in a realm', () => {
  it('does and returns what it does and returns outside', () => {
    fc.assert(
      fc.property(fc.array(drawn, { maxLength: 12 }), (accesses) => {
        const outside = new Int32Array(new SharedArrayBuffer(4 * WORDS));
        const wanted = accesses.map((one) => does(outside, one));
        const within = new Int32Array(WORDS);
        const seen: number[] = [];
        const returned = driven(
          [(arena) => accesses.map((one) => (seen.push(0), does(arena, one))).at(-1) ?? 0],
          within,
        );
        expect([...within]).toEqual([...outside]);
        expect(returned).toEqual([wanted.at(-1) ?? 0]);
        // It was thrown out of at each access and run again from its start.
        expect(seen.length).toBe((accesses.length * (accesses.length + 1)) / 2 + accesses.length);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it('leaves Atomics as it was, also when it throws', () => {
    const before = globalThis.Atomics;
    const realm = new Realm(1);
    realm.run((arena) => Atomics.load(arena, 0), []);
    expect(() => realm.run(() => expect.fail('of its own'), [])).toThrow('of its own');
    expect(globalThis.Atomics).toBe(before);
  });

  it('waits for a word until it is another', () => {
    const control = new Control(new Realm(1), [(arena) => void Atomics.wait(arena, 0, 5)]);
    expect(control.start.pending).toEqual({ kind: 'wait', address: 0, operand: 5, replacement: 0 });
  });

  it('that goes round without finding anything new is where it was', () => {
    const control = new Control(new Realm(1), [
      (arena) => {
        let held = 1;
        while (held !== 0) held = Atomics.compareExchange(arena, 0, 0, 1);
      },
    ]);
    const once = control.after(control.start, 1);
    expect(control.after(once, 1)).toBe(once);
    expect(control.after(once, 0).pending).toBe(null);
  });

  let hidden = 0;
  it.each<[string, string, Program[number]]>([
    ['touches the arena without Atomics', 'without Atomics', (arena) => arena[0]],
    ['stores in it without Atomics', 'without Atomics', (arena) => void (arena[0] = 1)],
    ['uses another array', 'not the arena', () => Atomics.load(new Int32Array(1), 0)],
    ['leaves the arena', 'no word 1', (arena) => Atomics.load(arena, 1)],
    ['depends on something hidden', 'not deterministic', (arena) => {
      Atomics.store(arena, 0, hidden++);
      return Atomics.load(arena, 0);
    }],
    ['catches everything', 'caught what it was stopped by', (arena) => {
      try {
        return Atomics.load(arena, 0);
      } catch {
        return 0;
      }
    }],
    ['never ends', 'does not seem to end', (arena) => {
      for (;;) Atomics.add(arena, 0, 1);
    }],
    ['is not synchronous', 'must be synchronous', (arena) => void Atomics.waitAsync(arena, 0, 0)],
  ])('that %s is refused', (_, message, operation) => {
    expect(() => driven([operation], new Int32Array(1))).toThrow(message);
  }); // prettier-ignore
});
