import { describe, expect, it } from 'vitest';
import { alloc, free, NET_EPOCH_CALL, NET_EPOCH_ENTER, NET_EPOCH_EXIT, wait_until } from '../../src/machine/access.ts';
import { procedure } from '../../src/machine/procedure.ts';
import { pointer, Shared, word } from '../../src/machine/record.ts';
import { World } from '../../src/machine/world.ts';
import { claim, judged } from './judgement.ts';

/** Leaving out orders of steps: what it saves where nothing is shared, and what it must not save. */

class Box extends Shared {
  x = word(0, 9, 'a number');
}

class Shelf extends Shared {
  flag = word(0, 1, 'whether somebody looks');
  box: Box = pointer(() => Box, 'the box on it, or NULL');
}

const count = procedure('', function count(box: Box) {
  box.x = 1;
  box.x = 2;
  box.x = 3;
});

const apart = (cpus: number) => {
  const world = new World();
  const boxes = Array.from({ length: cpus }, (_, i) => world.make(Box, `box${i}`));
  boxes.forEach((box, i) => world.run(`cpu${i}`, count, box));
  return { world, boxes };
};

describe('leaving out orders', () => {
  it.each([2, 3, 4])('takes %i programs that share nothing one after the other', (cpus) => {
    const { world } = apart(cpus);
    expect(judged(world)).toMatchObject({ verdict: 'holds', states: 4 ** cpus });
    expect(judged(world, [], { reduce: true })).toMatchObject({ verdict: 'holds', states: 3 * cpus + 1 });
  });

  it('keeps every order that a property can tell from another', () => {
    const { world, boxes } = apart(2);
    const [a, b] = boxes as [Box, Box];
    const orders = [
      claim('sometimes', 'a is ahead', () => a.x === 1 && b.x === 0),
      claim('sometimes', 'b is ahead', () => a.x === 0 && b.x === 1),
      claim('sometimes', 'a is through before b begins', () => a.x === 3 && b.x === 0),
      claim('sometimes', 'b is through before a begins', () => a.x === 0 && b.x === 3),
    ];
    expect(judged(world, orders, { reduce: true }).verdict).toBe('holds');
    const never = claim('always', 'b is not ahead', () => b.x <= a.x);
    expect(judged(world, [never], { reduce: true }).property).toBe('b is not ahead');
  });

  it('keeps a record from being handed over only after the section that would have saved its reader', () => {
    const destroy = procedure('', function destroy(box: Box) {
      free(box);
    });
    const reader = procedure('', function reader(box: Box) {
      NET_EPOCH_ENTER();
      box.x = 1;
      NET_EPOCH_EXIT();
    });
    const remover = procedure('', function remover(box: Box) {
      NET_EPOCH_CALL(destroy, box);
    });
    const world = new World();
    const box = world.make(Box, 'box');
    world.run('reader', reader, box);
    world.run('remover', remover, box);
    for (const reduce of [false, true]) expect(judged(world, [], { reduce }).property).toBe('use-after-free');
  });

  // The box that is filled has the first number while its CPU is about to fill it; when somebody looks it is filled, and the other box has that number.
  it('keeps a step that changes what a property reads of another record, when the two change numbers', () => {
    const world = new World();
    world.reserve(Box, 2);
    const other = world.make(Shelf, 'other');
    const shelf = world.make(Shelf, 'shelf');
    const fill = procedure('', function fill() {
      const box = alloc(Box);
      shelf.box = box;
      box.x = 1;
    });
    const look = procedure('', function look() {
      other.box = alloc(Box);
      wait_until(() => shelf.box !== null);
      shelf.flag = 1;
    });
    world.run('filler', fill);
    world.run('looker', look);
    const filled = claim('always', 'who looks finds it filled', () => shelf.flag === 0 || shelf.box.x === 1);
    for (const symmetry of [false, true])
      for (const reduce of [false, true])
        expect(judged(world, [filled], { symmetry, reduce })).toMatchObject({ property: filled.name });
  });
});
