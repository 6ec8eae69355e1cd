import { describe, expect, it } from 'vitest';
import { free, NET_EPOCH_CALL, NET_EPOCH_ENTER, NET_EPOCH_EXIT, wait_until } from '../../src/machine/access.ts';
import { procedure } from '../../src/machine/procedure.ts';
import { pointer, Shared, word } from '../../src/machine/record.ts';
import { MOST_CPUS, World } from '../../src/machine/world.ts';
import { claim, judged, proven, stepsOf } from './judgement.ts';

/** The epoch contract: a callback runs only after every section that was open when it was handed over has closed. */

class Thing extends Shared {
  value = word(0, 1, 'what readers look at');
}
class Root extends Shared {
  thing: Thing = pointer(() => Thing, 'the thing, or NULL when it is taken out');
  stage = word(0, 3, 'for checks that need an order');
}

const destroy = procedure('', function destroy(thing: Thing) {
  free(thing);
});

const look = procedure('', function look(root: Root) {
  const thing = root.thing;
  if (thing !== null) thing.value = 1;
});

const reader = procedure('', function reader(root: Root) {
  NET_EPOCH_ENTER();
  look(root);
  NET_EPOCH_EXIT();
});

const remover = procedure('', function remover(root: Root) {
  const thing = root.thing;
  if (thing === null) return;
  root.thing = null!;
  NET_EPOCH_CALL(destroy, thing);
});

const idle = procedure('', function idle(_root: Root) {});

const build = (...programs: readonly ((root: Root) => unknown)[]) => {
  const world = new World();
  const thing = world.make(Thing, 'thing');
  const root = world.make(Root, 'root', { thing });
  programs.forEach((program, i) => world.run(`cpu${i}`, program, root));
  const freed = claim('sometimes', 'it is freed', (view) => view.life(thing) === 'freed');
  return { world, root, thing, freed };
};

describe('the epoch contract', () => {
  it.each([1, 2, 3])('%i readers in sections never see freed memory', (readers) => {
    const { world, freed } = build(...Array.from({ length: readers }, () => reader), remover);
    expect(proven(world, [freed]).verdict).toBe('holds');
  });

  it('is kept for the last of as many CPUs as there can be, and more are refused', () => {
    const among = (cpus: number) => build(remover, ...Array.from({ length: cpus - 2 }, () => idle), reader);
    const { world, freed } = among(MOST_CPUS);
    expect(judged(world, [freed]).verdict).toBe('holds');
    expect(() => judged(among(MOST_CPUS + 1).world)).toThrow('[suite bug] 33 bits do not fit into a word');
  });

  it('a reader outside a section does', () => {
    const { world } = build(look, remover);
    const verdict = proven(world);
    expect(verdict.property).toBe('use-after-free');
    expect(stepsOf(verdict)).toEqual([
      'cpu0 look: load thing',
      'cpu1 remover: load thing',
      'cpu1 remover: store thing',
      'cpu1 remover: NET_EPOCH_CALL destroy',
      'callbacks grace period ends',
      'callbacks destroy: free Thing',
      'cpu0 look: store value',
    ]);
  });

  it('a reader that leaves the section too early does', () => {
    const early = procedure('', function early(root: Root) {
      NET_EPOCH_ENTER();
      const thing = root.thing;
      NET_EPOCH_EXIT();
      if (thing !== null) thing.value = 1;
    });
    const { world } = build(early, remover);
    const verdict = proven(world);
    expect([verdict.property, verdict.trace!.steps.length]).toEqual(['use-after-free', 9]);
  });

  it('two removers hand one thing over twice', () => {
    const { world } = build(remover, remover);
    const verdict = proven(world);
    expect(verdict.property).toBe('double-epoch-call');
    expect(stepsOf(verdict)).toEqual([
      'cpu0 remover: load thing',
      'cpu1 remover: load thing',
      'cpu0 remover: store thing',
      'cpu0 remover: NET_EPOCH_CALL destroy',
      'cpu1 remover: store thing',
      'cpu1 remover: NET_EPOCH_CALL destroy',
    ]);
  });

  it('waits for the outermost of nested sections', () => {
    const nested = procedure('', function nested(root: Root) {
      NET_EPOCH_ENTER();
      const thing = root.thing;
      NET_EPOCH_ENTER();
      NET_EPOCH_EXIT();
      if (thing !== null) thing.value = 1;
      NET_EPOCH_EXIT();
    });
    const { world, freed } = build(nested, remover);
    expect(proven(world, [freed]).verdict).toBe('holds');
  });

  it('does not wait for a section that was opened after the call', () => {
    const late = procedure('', function late(root: Root) {
      wait_until(() => root.stage === 1);
      NET_EPOCH_ENTER();
      wait_until(() => root.stage === 2);
    });
    const staged = procedure('', function staged(root: Root) {
      remover(root);
      root.stage = 1;
    });
    const { world, thing, freed } = build(late, staged);
    const waited = claim('always', 'waits', (view) => view.sections(0) === 0 || view.life(thing) !== 'freed');
    const verdict = proven(world, [freed, waited]);
    expect([verdict.property, stepsOf(verdict).at(-1)]).toEqual(['waits', 'callbacks destroy: free Thing']);
  });

  it('waits for a section of the caller itself', () => {
    const inside = procedure('', function inside(root: Root) {
      NET_EPOCH_ENTER();
      const thing = root.thing;
      remover(root);
      thing.value = 1;
      NET_EPOCH_EXIT();
    });
    const { world, freed } = build(inside);
    expect(proven(world, [freed]).verdict).toBe('holds');
  });
});
