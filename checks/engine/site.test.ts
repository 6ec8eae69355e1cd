import { describe, expect, it } from 'vitest';
import { atomic_add, KASSERT, mtx_lock, mtx_unlock } from '../../src/machine/access.ts';
import { procedure } from '../../src/machine/procedure.ts';
import type { Property } from '../../src/machine/property.ts';
import { mutex, Shared, word } from '../../src/machine/record.ts';
import { World } from '../../src/machine/world.ts';
import { withModel } from '../../src/explore/model/model.ts';
import { retrace } from '../../src/explore/runs/retrace.ts';
import type { Site } from '../../src/explore/search/site.ts';
import { claim, judged } from './judgement.ts';

/** Where runs fail: the same fault in two worlds has the same site, two faults have two. */

class Box extends Shared {
  x = word(0, 9, 'a number');
  lock = mutex('guards nothing');
}

const siteOf = (world: World, properties: readonly Property[] = []): Site => {
  const { trace } = judged(world, properties);
  return withModel(world, { quotient: true, fuse: true }, (model) => retrace(model, properties, trace!)!.site);
};

const add = procedure('', function add(box: Box) {
  atomic_add(box, 'x', 1);
  KASSERT(box.x < 2, 'x is small');
});
const adders = (names: readonly string[], boxName: string): World => {
  const world = new World();
  const box = world.make(Box, boxName);
  for (const name of names) world.run(name, add, box);
  return world;
};

const swap = procedure('', function swap(one: Box, other: Box) {
  mtx_lock(one.lock);
  mtx_lock(other.lock);
  mtx_unlock(other.lock);
  mtx_unlock(one.lock);
});
const circle = (count: number): World => {
  const world = new World();
  const boxes = Array.from({ length: count }, (_, i) => world.make(Box, `box${i}`));
  boxes.forEach((box, i) => world.run(`cpu${i}`, swap, box, boxes[(i + 1) % count]!));
  return world;
};

describe('the site of a failure', () => {
  it('is the access that fails, whoever makes it on what', () => {
    const { property, at } = siteOf(adders(['cpu0', 'cpu1'], 'box'));
    expect(property).toBe('kassert');
    expect(at).toMatch(/^add: .*, checks\/engine\/site\.test\.ts:\d+$/);
    expect(siteOf(adders(['a', 'b', 'c'], 'other'))).toEqual({ property, at });
  });

  it('is the access that made a claim false', () => {
    const small = claim('always', 'small', () => false);
    const grows = (world: World): Property => ({
      ...small,
      holds: (view) => view.records(Box).every(({ x }) => x === 0) || `not: ${world.cpus.length}`,
    });
    const [two, three] = [adders(['cpu0', 'cpu1'], 'box'), adders(['a', 'b', 'c'], 'other')];
    expect(siteOf(two, [grows(two)]).at).toMatch(/^add: atomic_add x, /);
    expect(siteOf(three, [grows(three)])).toEqual(siteOf(two, [grows(two)]));
  });

  it('is where the CPUs of a deadlock wait, however many they are', () => {
    const { property, at } = siteOf(circle(2));
    expect(property).toBe('deadlock');
    expect(at).toMatch(/^swap: mtx_lock lock, [^;]*$/);
    expect(siteOf(circle(3))).toEqual({ property, at });
  });

  it('is the message at an end, with names and numbers taken out', () => {
    const said = (cpu: string): Property => ({
      ...claim('finally', 'tidy', () => false),
      holds: (view) => `${cpu} left ${view.title(view.records(Box)[0]!)} at 2, which is 1 more than ng_x.c:17 says`,
    });
    const calm = (name: string, boxName: string): World => adders([name], boxName);
    const at = '<cpu> left <box> at <n>, which is <n> more than ng_x.c:17 says';
    expect(siteOf(calm('cpu0', 'box'), [said('cpu0')])).toEqual({ property: 'tidy', at });
    expect(siteOf(calm('b', 'a:b.c'), [said('b')])).toEqual({ property: 'tidy', at });
  });
});
