import { atomically, choose, wait_until } from '../../src/machine/access.ts';
import { again, procedure } from '../../src/machine/procedure.ts';
import { Shared, staticRecord, truth, word } from '../../src/machine/record.ts';
import { World } from '../../src/machine/world.ts';
import type { Property } from '../../src/machine/property.ts';

/**
 * A small epoch-based reclamation whose counts are known from SPIN, TLC and Rumur: `readers` readers open `sections` sections
 * each; two writers remove one object each: lock, unlink, defer, unlock, advance the epoch twice, free. With one advance
 * instead of two a freed object is touched.
 */
class Epoch extends Shared {
  g = word(0, 3, 'the global epoch');
  mtx = word(0, 2, '0 free, else the writer that holds it');
}
class Reader extends Shared {
  act = truth('in a section');
  ep = word(0, 3, 'the epoch it has seen');
}
class Thing extends Shared {
  linked = truth('the pointer to it is set');
  ost = word(0, 2, '0 linked, 1 unlinked, 2 freed');
  def = word(0, 4, '0 not deferred, else 1 + the epoch');
  touched = truth('touched after it was freed');
}

const epoch = staticRecord(Epoch, 'epoch');

const enter = procedure('', function enter(r: Reader) {
  atomically(() => {
    r.ep = epoch.g;
    r.act = true;
  });
});
const pick = procedure('', function pick(one: Thing, two: Thing) {
  return atomically(() => {
    const thing = choose(2) === 0 ? one : two;
    return thing.linked ? thing : null;
  });
});
const touch = procedure('', function touch(held: Thing | null) {
  atomically(() => {
    if (held === null ? epoch.g < 0 : held.ost === 2) held!.touched = true;
  });
});
const leave = procedure('', function leave(r: Reader) {
  r.act = false;
});
const reader = procedure('', function reader(r: Reader, one: Thing, two: Thing, left: number) {
  if (left === 0) return;
  enter(r);
  const held = pick(one, two);
  touch(held);
  leave(r);
  return again(r, one, two, left - 1);
});

/** The writers need to see all readers: they are the first `count` slots of their type. */
const advancing = (readers: readonly Reader[]) =>
  procedure('', function advance() {
    atomically(() => {
      wait_until(() => readers.every((r) => !r.act || r.ep === epoch.g));
      epoch.g = (epoch.g + 1) % 4;
    });
  });

export const epochModel = (readers: number, sections: number, advances: number): World => {
  const world = new World();
  const one = world.make(Thing, 'one', { linked: true });
  const two = world.make(Thing, 'two', { linked: true });
  const all = Array.from({ length: readers }, (_, i) => world.make(Reader, `reader${i}`));
  const advance = advancing(all);
  const writer = procedure('', function writer(thing: Thing, me: number) {
    atomically(() => {
      wait_until(() => epoch.mtx === 0);
      epoch.mtx = me;
    });
    atomically(() => {
      thing.linked = false;
      thing.ost = 1;
    });
    defer(thing);
    epoch.mtx = 0;
    for (let i = 0; i < advances; i++) advance();
    atomically(() => {
      wait_until(() => thing.def !== 0);
      thing.ost = 2;
      thing.def = 0;
    });
  });
  all.forEach((r, i) => world.run(`reader${i}`, reader, r, one, two, sections));
  world.run('writer1', writer, one, 1);
  world.run('writer2', writer, two, 2);
  return world;
};

const defer = procedure('', function defer(thing: Thing) {
  atomically(() => {
    thing.def = epoch.g + 1;
  });
});

export const neverTouched: Property = {
  name: 'never-touched',
  kind: 'always',
  sentence: 'no object is touched after it was freed',
  holds: (view) => view.records(Thing).every((thing) => !thing.touched) || 'an object is touched after it was freed',
};
