import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import {
  alloc,
  atomically,
  KASSERT,
  mtx_lock,
  NET_EPOCH_ENTER,
  NET_EPOCH_EXIT,
  wait_until,
} from '../../src/machine/access.ts';
import { forever, procedure } from '../../src/machine/procedure.ts';
import { ghost, guardedBy, mutex, Shared, word } from '../../src/machine/record.ts';
import { World } from '../../src/machine/world.ts';
import { epochModel, neverTouched } from './epochModel.ts';
import { claim, judged, proven, stepsOf } from './judgement.ts';

/** The engine says what it does not know, and refuses what it cannot judge. */

class Box extends Shared {
  x = word(0, 9, 'a number');
  y = word(0, 9, 'a number');
  mark = ghost(word(0, 1, 'for properties'));
  mtx = mutex('guards mine');
  mine = guardedBy('mtx', word(0, 1, 'for who holds it'));
}

const of = (...programs: readonly ((box: Box) => void)[]): { world: World; box: Box } => {
  const world = new World();
  const box = world.make(Box, 'box');
  programs.forEach((body, i) => world.run(`cpu${i}`, procedure('', body), box));
  return { world, box };
};

describe('a procedure that depends on something hidden', () => {
  it('is named when it does another access on the same values', () => {
    let runs = 0;
    const { world } = of(function moody(box) {
      if (runs++ % 2 === 0) box.x = 1;
      else box.y = 1;
      box.x = 2;
    });
    expect(() => judged(world)).toThrow(/^moody is not deterministic: on the same values it did "store x/);
  });

  it('is named when it ends too early', () => {
    let runs = 0;
    const { world } = of(function fickle(box) {
      if (runs++ > 1) return;
      box.x = 1;
      box.x = 2;
    });
    expect(() => judged(world)).toThrow(/^fickle is not deterministic: .* "return" now$/);
  });

  it('is named when only what it does last is another', () => {
    let runs = 0;
    const { world } = of(function wavering(box) {
      const again = runs++ % 2 === 1;
      box.x = 1;
      box.x = 2;
      if (again) box.x = 9;
    });
    expect(() => judged(world)).toThrow(
      /^wavering is not deterministic: .* did "return undefined" once and "store x" now$/,
    );
  });

  it('is named when it returns something else', () => {
    let runs = 0;
    const told = procedure('', function told(box: Box) {
      box.x = 1;
      return runs++;
    });
    const { world } = of(function telling(box) {
      told(box);
    });
    expect(() => judged(world)).toThrow(/^told is not deterministic: .* did "return 0" once and "return 1" now$/);
  });

  it('is named when it is the third time that it does something else', () => {
    let runs = 0;
    const { world } = of(function slow(box) {
      const third = runs++ % 3 === 2;
      box.x = 1;
      if (third) box.x = 9;
      box.x = 2;
      box.x = 3;
      box.x = 4;
    });
    expect(() => judged(world)).toThrow(/^slow is not deterministic/);
  });
});

describe('a program without end', () => {
  it('is named when its log grows with every turn', () => {
    const { world } = of(
      function spinner(box) {
        while (box.x !== 1);
      },
      function setter(box) {
        box.x = 1;
      },
    );
    expect(() => judged(world)).toThrow(/spinner received more than 300 values in one frame/);
  });

  it('is named when it touches nothing', () => {
    const { world } = of(function idler(box) {
      box.x = 1;
      forever(() => undefined);
    });
    expect(() => judged(world)).toThrow('[suite bug] idler loops without touching shared memory');
  });

  it('is refused when all of it belongs to one step', () => {
    const { world } = of(function circle(box) {
      mtx_lock(box.mtx);
      forever(() => {
        box.mine = 1;
      });
    });
    expect(() => judged(world)).toThrow('[suite bug] a step without end: fused operations in a circle');
    expect(judged(world, [], { fuse: false })).toMatchObject({ verdict: 'holds', states: 3 });
  });
});

describe('a budget that is used up', () => {
  const unknown = { verdict: 'unknown', property: null, trace: null };

  it('of nested epoch sections is 15', () => {
    const nesting = (depth: number): World =>
      of(function nester(box) {
        for (let i = 0; i < depth; i++) NET_EPOCH_ENTER();
        box.x = 1;
        for (let i = 0; i < depth; i++) NET_EPOCH_EXIT();
      }).world;
    expect(proven(nesting(15))).toMatchObject({ verdict: 'holds' });
    const verdict = proven(nesting(16));
    expect(verdict).toMatchObject(unknown);
    expect(verdict.message).toMatch(/^cpu0 in nester nests more epoch sections than the check can count/);
  });

  it('of states leaves the verdict unknown and says how far the search got', () => {
    const verdict = judged(epochModel(2, 2, 2), [neverTouched], { budget: { maxStates: 10_000 } });
    expect(verdict).toMatchObject(unknown);
    expect(verdict.message).toMatch(/^the budget of 10,000 states is used up, after [\d,]+ states and \d+ steps$/);
    expect(verdict.states).toBeGreaterThan(10_000);
    expect(verdict.depth).toBeGreaterThan(5);
  });

  it('of seconds likewise', () => {
    const verdict = judged(epochModel(2, 2, 2), [neverTouched], { budget: { seconds: 0 } });
    expect(verdict).toMatchObject(unknown);
    expect(verdict.message).toMatch(/^the budget of 0 s is used up, (after|while) /);
  });

  it('by an interruption likewise', () => {
    let looks = 0;
    const interrupted = () => ++looks > 3;
    const verdict = judged(epochModel(2, 2, 2), [neverTouched], { interrupted });
    expect(verdict).toMatchObject(unknown);
    expect(verdict.message).toMatch(/^the run was interrupted, (after|while) /);
  });

  it('of local states names the procedure that has the most of them', () => {
    const { world } = of(
      function wide(box) {
        for (let i = 0; i < 5; i++) KASSERT(box.x + box.y >= 0, 'never wrong');
        box.mark = 1;
      },
      function counter(box) {
        forever(() => {
          box.x = (box.x + 1) % 10;
          box.y = box.x;
        });
      },
    );
    const verdict = judged(world, [], { symmetry: true });
    expect(verdict).toMatchObject(unknown);
    expect(verdict.message).toMatch(
      /^one call of a procedure has more than [\d,]+ local states, while .* being closed: [\d,]+ local states, [\d,]+ of them in wide$/,
    );
  });

  it('does not hide a violation that was found before', () => {
    const verdict = judged(epochModel(2, 2, 1), [neverTouched], { budget: { maxStates: 100_000, seconds: 60 } });
    expect(verdict.property).toBe('never-touched');
  });

  it('of a range likewise', () => {
    const { world } = of(function over(box) {
      box.x = 10;
    });
    const message = 'cpu0 in over: x cannot hold 10 within the bounds of this check, after 1 state and 0 steps';
    expect(proven(world)).toMatchObject({ ...unknown, message });
  });

  it('of memory likewise', () => {
    const { world } = of(function greedy() {
      alloc(Box);
    });
    const message = 'cpu0 in greedy allocates one more Box: the scenario reserves no more of them';
    expect(proven(world)).toMatchObject({ ...unknown, message: `${message}, after 1 state and 0 steps` });
  });
});

describe('what a search has not seen', () => {
  it('is a violation where it was said to be reachable', () => {
    const { world, box } = of(function writer(box) {
      box.x = 1;
    });
    const seen = claim('sometimes', 'x is 1', () => box.x === 1);
    const unseen = claim('sometimes', 'x is 2', () => box.x === 2);
    expect(proven(world, [seen]).verdict).toBe('holds');
    expect(proven(world, [seen, unseen])).toMatchObject({
      verdict: 'violated',
      property: 'x is 2',
      message: 'in no state does it hold that x is 2',
      trace: null,
    });
  });

  it('is listed, step by step, and nothing else is', () => {
    // The value 1 of y is stored, but never while the reader looks: y is stored only after the reader has ended.
    const { world } = of(
      function reader(box) {
        if (box.y === 1) box.x = 7;
        else if (box.x === 0) box.x = 8;
        box.mark = 1;
        box.y = 2;
      },
      function writer(box) {
        wait_until(() => box.y === 2);
        box.y = 1;
      },
    );
    expect(judged(world).neverFired).toEqual(['reader: store x #1']);
    expect(judged(world, [], { quotient: false }).neverFired).toEqual(['reader: store x #1']);
  });

  it('leaves out what is not meant to be done', () => {
    const { world } = of(function careful(box) {
      box.x = 1;
      KASSERT(box.x === 1, 'x is 1');
    });
    expect(judged(world)).toMatchObject({ verdict: 'holds', neverFired: [] });
  });
});

describe('a step', () => {
  it('has a number among the like accesses of its procedure, in the order of the text', () => {
    const { world } = of(function numbered(box) {
      box.x = 1;
      box.y = 1;
      box.x = box.y;
      box.x = 3;
      KASSERT(box.x !== 3, 'x is not 3');
    });
    expect(stepsOf(judged(world))).toEqual([
      'cpu0 numbered: store x #1',
      'cpu0 numbered: store y',
      'cpu0 numbered: load y',
      'cpu0 numbered: store x #2',
      'cpu0 numbered: store x #3',
      'cpu0 numbered: load x',
    ]);
  });

  it('of several accesses has the name of the first and says what all of them did', () => {
    const { world } = of(function together(box) {
      atomically(() => {
        box.x = 1;
        box.y = 2;
      });
      KASSERT(false, 'ends here');
    });
    const { trace } = judged(world);
    expect(trace!.steps).toHaveLength(1);
    expect(trace!.steps[0]).toMatchObject({
      cpu: 0,
      step: 'together: store x',
      stack: ['together(box)'],
      did: 'store x of box 1; store y of box 2; kassert',
    });
  });

  it('has its line in the C from the comment at the end of its line', () => {
    const { world, file } = loadedAsItIs();
    const lines = readFileSync(file, 'utf8').split('\n');
    const verdict = judged(world, [{ ...claim('finally', 'shows the run', () => false) }]);
    const lineOf = (text: string): string =>
      `checks/engine/cited.ts:${lines.findIndex((line) => line.includes(text)) + 1}`;
    expect(verdict.trace!.steps.map(({ step, c, spec }) => [step, c, spec])).toEqual([
      ['cited: store x #1', 'ng_box.c:101', lineOf('box.x = 1')],
      ['cited: load x', 'ng_box.c:102', lineOf('box.y = box.x')],
      ['cited: store y #1', 'ng_box.c:102', lineOf('box.y = box.x')],
      ['cited: atomic_add x', 'ng_other.c:7', lineOf('atomic_add(box')],
      ['cited: store x #2', '', lineOf('box.x = 4')],
      ['cited: store y #2', '', lineOf('box.y = 5')],
    ]);
  });
});

describe('a verdict', () => {
  const writers = (order: readonly number[]): World => {
    const world = new World();
    const box = world.make(Box, 'box');
    const programs = [
      function one(b: Box) {
        b.x = b.y;
        b.y = 1;
      },
      function two(b: Box) {
        if (b.x === 0) b.y = 2;
        b.x = 3;
      },
      function three(b: Box) {
        if (b.x !== 0) b.y = b.x;
      },
    ].map((body) => procedure('', body));
    for (const i of order) world.run(`cpu${i}`, programs[i]!, box);
    return world;
  };
  const orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]; // prettier-ignore

  it('has counts that do not depend on the order of the CPUs', () => {
    const counts = orders.map((order) => {
      const { verdict, states, transitions, depth, neverFired } = proven(writers(order));
      return JSON.stringify([verdict, states, transitions, depth, neverFired]);
    });
    expect(new Set(counts).size).toBe(1);
  });

  it('is the same when it is asked for again, but for the time that it took', () => {
    const timeless = (verdict: ReturnType<typeof judged>) => ({ ...verdict, seconds: 0 });
    const first = judged(epochModel(2, 2, 1), [neverTouched]);
    expect(first.trace).not.toBeNull();
    expect(timeless(judged(epochModel(2, 2, 1), [neverTouched]))).toEqual(timeless(first));
    expect(timeless(judged(writers([0, 1, 2])))).toEqual(timeless(judged(writers([0, 1, 2]))));
  });
});

/** The cited model by Node's own loader: vitest would move its lines. */
const loadedAsItIs = (): { world: World; file: string } => {
  const load = createRequire(import.meta.url);
  const { citedWorld } = load('./cited.ts') as typeof import('./cited.ts');
  return { world: citedWorld(), file: load.resolve('./cited.ts') };
};
