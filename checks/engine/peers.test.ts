import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claimsOf } from '../../spec/properties.ts';
import { findScenario } from '../../src/command/catalogue.ts';
import { worldOf } from '../../src/command/jobs/job.ts';
import { usualModel, withModel, type ModelOptions } from '../../src/explore/model/model.ts';
import { retrace } from '../../src/explore/runs/retrace.ts';
import { symmetryOf } from '../../src/explore/symmetry/symmetry.ts';
import type { Verdict } from '../../src/explore/search/verdict.ts';
import type { Claim, Conduct } from '../../src/machine/conduct.ts';
import {
  alloc, atomic_add, atomic_cmpset, free, idle_until, KASSERT, mtx_lock, mtx_unlock, NET_EPOCH_ENTER, NET_EPOCH_EXIT, ownAdd, ownLoad,
} from '../../src/machine/access.ts'; // prettier-ignore
import { disabled, done, type Effect, type Value } from '../../src/machine/operation.ts';
import { perform } from '../../src/machine/performer.ts';
import { forever, procedure } from '../../src/machine/procedure.ts';
import { cellOf, mutex, perThread, pointer, Shared, slot, word, type Mutex } from '../../src/machine/record.ts';
import { World } from '../../src/machine/world.ts';
import { drawnProgram } from './drawing.ts';
import { printed, type DrawnProgram } from './drawnProgram.ts';
import { build } from './interpreter.ts';
import { claim, judged, stepsOf } from './judgement.ts';
import { naive } from './naive.ts';
import { naiveOrbits } from './naiveOrbits.ts';

/** Taking states for one in which CPUs of the same program have changed places: what it saves, and what it must not. */

class Box extends Shared {
  x = word(0, 9, 'a number');
}
class Shelf extends Shared {
  mtx = mutex('guards the shelf');
  box: Box = pointer(() => Box, 'the box on it, or NULL');
  x = word(0, 9, 'a number');
  flag = word(0, 1, 'whether somebody is through');
  other = word(0, 1, 'stays 0');
  depth = perThread('how deep a thread is');
}

const peersIn = (world: World, options: ModelOptions = usualModel): readonly (readonly string[])[] =>
  withModel(world, options, (model) =>
    (symmetryOf(model)?.peers ?? []).map((group) => group.map((cpu) => model.cpuNames[cpu]!)),
  );

/** The run of a verdict, gone again where nothing is renamed: it ends with what the verdict says. */
const real = (
  world: World,
  claims: readonly Claim[],
  options: ModelOptions,
  { trace, property, message }: Verdict,
): void => {
  if (trace === null) return;
  const again = withModel(world, options, (model) => retrace(model, claims, trace));
  expect(again?.finding).toEqual({ property, message });
};

/** All that does not depend on how long it took. */
const essence = ({ seconds: _seconds, ...verdict }: Verdict): object => verdict;

const worldOfSame = (count: number, program: (shelf: Shelf) => unknown): { world: World; shelf: Shelf } => {
  const world = new World();
  const shelf = world.make(Shelf, 'shelf');
  for (let i = 0; i < count; i++) world.run(`cpu${i}`, program, shelf);
  return { world, shelf };
};

describe('CPUs of the same program', () => {
  const counting = procedure('', function counting(shelf: Shelf) {
    atomic_add(shelf, 'x', 1);
    atomic_add(shelf, 'x', 1);
  });

  const lock = procedure('', function lock(shelf: Shelf) {
    mtx_lock(shelf.mtx);
    mtx_unlock(shelf.mtx);
  });

  // How many are before, between and after two steps: two numbers of n, in place of the place of each.
  it.each([2, 3, 4])('have one state for all ways to share %i places among them', (cpus) => {
    const { world } = worldOfSame(cpus, counting);
    const states = ((cpus + 1) * (cpus + 2)) / 2;
    expect(judged(world).states).toBe(3 ** cpus);
    expect(judged(world, [], { symmetry: true })).toMatchObject({ verdict: 'holds', states });
  });

  it('are as many as there are few enough orders of', () => {
    const { world } = worldOfSame(7, counting);
    world.run('other', lock, world.make(Shelf, 'another'));
    world.run('same as other', lock, slot(Shelf, 1));
    expect(peersIn(world).map(({ length }) => length)).toEqual([4, 2]);
  });

  it('change places with the records that they hold', () => {
    const take = procedure('', function take() {
      const box = alloc(Box);
      box.x = 1;
      free(box);
    });
    const world = new World();
    world.reserve(Box, 3);
    for (let i = 0; i < 3; i++) world.run(`cpu${i}`, take);
    expect(judged(world, [], { symmetry: true })).toMatchObject({ verdict: 'holds', states: 20 });
  });

  it('are those that begin in the same state, and no others', () => {
    const other = procedure('', function other(shelf: Shelf) {
      atomic_add(shelf, 'x', 2);
    });
    const { world, shelf } = worldOfSame(2, counting);
    world.run('other', other, shelf);
    world.run('elsewhere', counting, world.make(Shelf, 'another'));
    expect(peersIn(world)).toEqual([['cpu0', 'cpu1']]);
  });

  it('take with them what each thread has for itself', () => {
    const own = procedure('', function own(shelf: Shelf) {
      atomic_add(shelf, 'x', 1);
      ownAdd(shelf.depth, 2, 7);
      atomic_add(shelf, 'x', 1);
      ownAdd(shelf.depth, -2, 7);
      KASSERT(ownLoad(shelf.depth) === 0, 'it is as it was');
    });
    const { world } = worldOfSame(3, own);
    expect(judged(world).states).toBe(27);
    expect(judged(world, [], { symmetry: true })).toMatchObject({ verdict: 'holds', states: 10 });
  });

  const operation = (name: string, lock: Mutex, effect: (old: Value, cpu: number) => Effect): Value =>
    perform().operate({ kind: 'cell', name, cell: cellOf(lock), operands: [], order: 'plain', effect, fused: false });
  const strange: Readonly<Record<string, (lock: Mutex) => Value>> = {
    'is told who somebody is': (lock) => operation('holder', lock, (old) => done(old, old)),
    'is told who it is': (lock) => operation('self', lock, (old, cpu) => done(old, cpu)),
    'can do what others cannot': (lock) => operation('first', lock, (old, cpu) => (cpu === 0 ? done(old) : disabled)),
    'does it otherwise': (lock) => operation('leave', lock, (_, cpu) => done(cpu === 0 ? 'destroyed' : null)),
  };
  it.each(Object.entries(strange))('are not interchangeable where one %s', (_what, strangely) => {
    const program = procedure('', function program(shelf: Shelf) {
      mtx_lock(shelf.mtx);
      mtx_unlock(shelf.mtx);
      if (strangely(shelf.mtx) === 1) shelf.x = 1;
    });
    expect(peersIn(worldOfSame(2, program).world)).toEqual([]);
    expect(judged(worldOfSame(2, program).world, [], { symmetry: true })).toMatchObject(
      essence(judged(worldOfSame(2, program).world)),
    );
  });

  it('keep their names where a property tells them apart', () => {
    const visit = procedure('', function visit(shelf: Shelf) {
      NET_EPOCH_ENTER();
      mtx_lock(shelf.mtx);
      mtx_unlock(shelf.mtx);
      NET_EPOCH_EXIT();
    });
    const { world, shelf } = worldOfSame(3, visit);
    const claims = [
      claim(
        'sometimes',
        'the last one is alone in a section',
        (view) => view.sections(2) === 1 && view.sections(0) === 0 && view.sections(1) === 0,
      ),
      claim('always', 'the last one never holds it', (view) => view.holder(shelf, 'mtx') !== 2),
      claim('finally', 'nobody is in a section', (view) => [0, 1, 2].every((cpu) => view.sections(cpu) === 0)),
      claim('always', 'who holds it is in a section', (view) => {
        const cpu = view.holder(shelf, 'mtx');
        return cpu === null || view.sections(cpu) === 1;
      }),
    ];
    for (const reduce of [false, true])
      for (const each of [...claims.map((one) => [one]), claims]) {
        const [plain, forms] = [judged(world, each), judged(world, each, { symmetry: true, reduce })];
        expect([forms.verdict, forms.property]).toEqual([plain.verdict, plain.property]);
      }
    const states = (each: readonly Claim[]): number => judged(world, each, { symmetry: true }).states;
    expect(states(claims.slice(0, 1))).toBe(judged(world).states);
    expect(states(claims.slice(2))).toBeLessThan(judged(world).states / 3);
  });

  it('keep their names where a property tells them apart at the end', () => {
    const hold = procedure('', function hold(shelf: Shelf) {
      if (!atomic_cmpset(shelf, 'x', 0, 1)) return;
      mtx_lock(shelf.mtx);
      idle_until(() => shelf.x === 2);
    });
    for (const cpu of [0, 1]) {
      const { world, shelf } = worldOfSame(2, hold);
      const other = claim('finally', 'another one holds it', (view) => view.holder(shelf, 'mtx') !== cpu);
      expect(judged(world, [other], { symmetry: true }).property).toBe(other.name);
    }
  });

  it('keep their names where it is claimed that runs end: to go round for ever alone is not fair', () => {
    const ends: Conduct = { name: 'ends', kind: 'ends', sentence: 'every run ends', procedures: [] };
    const spin = procedure('', function spin(shelf: Shelf) {
      if (!atomic_cmpset(shelf, 'x', 0, 1)) {
        for (let i = 0; i < 8; i++) if (shelf.other === 1) return;
        shelf.flag = 1;
      } else
        forever(() => {
          for (let i = 0; i < 8; i++) if (shelf.other === 1) return null;
          return shelf.flag === 1 ? null : undefined;
        });
    });
    const { world } = worldOfSame(2, spin);
    expect(peersIn(world)).toEqual([['cpu0', 'cpu1']]);
    expect(judged(world, [ends], { symmetry: true })).toMatchObject({ verdict: 'holds', states: judged(world).states });
  });

  it('have their own names in a run that goes wrong', () => {
    const lose = procedure('', function lose(shelf: Shelf) {
      atomic_add(shelf, 'x', 1);
      if (shelf.x === 3) mtx_lock(shelf.mtx);
    });
    const { world } = worldOfSame(3, lose);
    const forms = judged(world, [], { symmetry: true });
    expect(forms).toMatchObject({ verdict: 'violated', property: 'lock-held-at-exit' });
    real(world, [], usualModel, forms);
    expect(stepsOf(forms)).toHaveLength(stepsOf(judged(world)).length);
    expect(new Set(forms.trace!.steps.map(({ cpu }) => cpu)).size).toBe(3);
  });
});

/** Programs with two or three CPUs that are the same, and perhaps another one. */
const sameCpus: fc.Arbitrary<DrawnProgram> = fc
  .tuple(drawnProgram, fc.constantFrom(2, 2, 3), fc.constantFrom(false, false, true))
  .map(([program, count, another]) => ({
    ...program,
    cpus: [
      ...Array.from({ length: count }, () => program.cpus[0]!),
      ...(another && count === 2 ? program.cpus.slice(1, 2) : []),
    ],
  }));

describe('drawn programs with CPUs that are the same', () => {
  it('come out as without renaming, with a run of the program itself', () => {
    const tally = { held: 0, violated: 0, fewer: 0, apart: 0 };
    fc.assert(
      fc.property(sameCpus, fc.boolean(), (program, fuse) => {
        const { world, properties } = build(program);
        const options = { quotient: true, fuse };
        const ask = (symmetry: boolean, reduce: boolean): Verdict =>
          judged(world, properties, { ...options, symmetry, reduce, budget: { maxStates: 3000 } });
        const plain = ask(false, false);
        if (plain.verdict === 'unknown') return;
        const forms = ask(true, false);
        if (forms.verdict === 'unknown') return;
        const why = printed(program);
        expect([forms.verdict, forms.trace?.steps.length], why).toEqual([plain.verdict, plain.trace?.steps.length]);
        real(world, properties, options, forms);
        tally[plain.verdict === 'holds' ? 'held' : 'violated']++;
        if (plain.verdict === 'holds') {
          expect([forms.depth, forms.neverFired], why).toEqual([plain.depth, plain.neverFired]);
          if (forms.states < plain.states) tally.fewer++;
        }
        if (program.cpus.some(({ p }) => p === 'unused')) return;
        const fewer = ask(true, true);
        if (fewer.verdict !== 'unknown') expect(fewer.verdict, why).toBe(plain.verdict);
        real(world, properties, options, fewer);
        if (JSON.stringify(program.claims).includes('sections') && forms.states === plain.states) tally.apart++;
      }),
      { seed: 20_261_126, numRuns: 800 },
    );
    expect(tally.held).toBeGreaterThan(150);
    expect(tally.violated).toBeGreaterThan(150);
    expect(tally.fewer).toBeGreaterThan(100);
    expect(tally.apart).toBeGreaterThan(2);
  });

  it('have as many forms as the reference explorer finds states that no exchange of CPUs makes one', () => {
    const tally = { compared: 0, fewer: 0, violated: 0 };
    fc.assert(
      fc.property(sameCpus, fc.boolean(), (program, fuse) => {
        const { world } = build(program);
        const options = { quotient: false, fuse };
        const forms = judged(world, [], { ...options, symmetry: true, budget: { maxStates: 500 } });
        const why = printed(program);
        if (forms.verdict === 'violated') {
          const { property, steps } = naive(world, [], fuse);
          expect([forms.property !== null, forms.trace!.steps.length], why).toEqual([property !== null, steps]);
          tally.violated++;
        }
        if (forms.verdict !== 'holds') return;
        const renumbers = withModel(world, options, (model) => (symmetryOf(model)?.types.length ?? 0) > 0);
        const orbits = naiveOrbits(world, fuse)!;
        if (renumbers) expect(forms.states, why).toBeLessThanOrEqual(orbits);
        else expect(forms.states, why).toBe(orbits);
        tally.compared++;
        if (forms.states < judged(world, [], options).states) tally.fewer++;
      }),
      { seed: 20_261_126, numRuns: 500 },
    );
    expect(tally.compared).toBeGreaterThan(100);
    expect(tally.fewer).toBeGreaterThan(50);
    expect(tally.violated).toBeGreaterThan(50);
  });
});

/** Of the suite's scenarios, some in which CPUs or ngthreads are the same. */
const scenarios = ['queue-stall', 'queued-writers', 'request-answer-close', 'teardown-shutdown', 'mkpeer-nat'];
const pairs = scenarios.flatMap((name) => ['upstream', 'gsoc23', 'lockfree'].map((design) => ({ name, design })));

describe('with CPUs renamed and without', () => {
  it.each(pairs)('$name on $design comes out the same', ({ name, design }) => {
    const { scenario } = findScenario(name);
    const world = worldOf({ scenario, design, off: [] });
    expect(peersIn(world)).not.toEqual([]);
    const [plain, forms] = [false, true].map((symmetry) => judged(world, claimsOf(scenario), { symmetry })) as [
      Verdict,
      Verdict,
    ];
    expect([forms.verdict, forms.depth, forms.trace?.steps.length]).toEqual([
      plain.verdict,
      plain.depth,
      plain.trace?.steps.length,
    ]);
    real(world, claimsOf(scenario), usualModel, forms);
    if (plain.verdict !== 'holds') return;
    expect(forms.neverFired).toEqual(plain.neverFired);
    expect(forms.states).toBeLessThan(plain.states);
  });
});
