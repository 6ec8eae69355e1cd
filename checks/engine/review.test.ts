import { describe, expect, it } from 'vitest';
import * as c from '../../src/machine/access.ts';
import { forever, procedure } from '../../src/machine/procedure.ts';
import { rwlock, Shared, word } from '../../src/machine/record.ts';
import { World } from '../../src/machine/world.ts';
import { walk } from '../../src/explore/runs/walk.ts';
import { claim, judged } from './judgement.ts';

/** What the engine once let pass, found by reading it: one check for each. */

class Box extends Shared {
  x = word(0, 9, 'a number');
  rw = rwlock('an rwlock');
}

const of = (...programs: readonly ((box: Box) => void)[]): { world: World; box: Box } => {
  const world = new World();
  const box = world.make(Box, 'box');
  programs.forEach((body, i) => world.run(`cpu${i}`, procedure('', body), box));
  return { world, box };
};

describe('the engine', () => {
  it('sees a read lock that is never given back', () => {
    const { world } = of(function keeps(box) {
      c.rw_rlock(box.rw);
    });
    expect(judged(world).property).toBe('lock-held-at-exit');
  });

  it('sees a read lock that another CPU gives back', () => {
    const { world } = of(
      function takes(box) {
        c.rw_rlock(box.rw);
        box.x = 1;
        c.idle_until(() => box.x === 2);
      },
      function gives(box) {
        c.wait_until(() => box.x === 1);
        c.rw_runlock(box.rw);
      },
    );
    expect(judged(world).property).toBe('lock-not-owned');
  });

  it('sees a thread that goes to sleep inside an epoch section', () => {
    const { world } = of(function sleeps(box) {
      c.NET_EPOCH_ENTER();
      c.idle_until(() => box.x === 1);
      c.NET_EPOCH_EXIT();
    });
    expect(judged(world).property).toBe('sleep-in-epoch');
  });

  it('does not call it success when no run ever ends and something is claimed of ends', () => {
    const { world } = of(function spins(box) {
      forever(() => {
        box.x = 1;
      });
    });
    expect(judged(world, [claim('finally', 'never', () => false)]).verdict).toBe('unknown');
  });

  it('refuses a field that is not declared, read or assigned', () => {
    const named = of(function reads(box) {
      box.x = (box as unknown as { y: number }).y & 1;
    });
    expect(() => judged(named.world)).toThrow('[suite bug] Box has no field y');
    const assigning = of(function assigns(box) {
      (box as unknown as { y: number }).y = 1;
    });
    expect(() => judged(assigning.world)).toThrow(/not extensible|no field/);
  });

  it('walks a run of several steps to the claim that it breaks', () => {
    const { world, box } = of(function writes(it) {
      it.x = 1;
      it.x = 2;
      it.x = 3;
    });
    const small = claim('always', 'x is small', () => box.x < 3);
    const { trace } = judged(world, [small]);
    const schedule = trace!.steps.map(({ cpu, step, picks }) => ({ cpu: trace!.cpus[cpu]!, step, picks }));
    expect(schedule).toHaveLength(3);
    expect(walk(world, [small], schedule).end).toMatchObject({ kind: 'violated', property: 'x is small' });
  });
});
