import { inspect, isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  atomic_cmpset, idle_until, KASSERT, mtx_lock, mtx_unlock, rw_rlock, rw_runlock, rw_wlock, rw_wunlock, wait_until,
} from '../../src/machine/access.ts'; // prettier-ignore
import type { Conduct, OperationClaim } from '../../src/machine/conduct.ts';
import type { Routine } from '../../src/machine/operation.ts';
import { forever, procedure, type Procedure } from '../../src/machine/procedure.ts';
import { mutex, rwlock, Shared, staticRecord, word } from '../../src/machine/record.ts';
import { World } from '../../src/machine/world.ts';
import type { Verdict } from '../../src/explore/search/verdict.ts';
import { walk } from '../../src/explore/runs/walk.ts';
import { searchFewPreemptions } from '../../src/explore/fewPreemptions.ts';
import { usualModel, withModel } from '../../src/explore/model/model.ts';
import { retrace } from '../../src/explore/runs/retrace.ts';
import { chase } from '../../src/explore/runs/preemption.ts';
import { drawnProgram } from './drawing.ts';
import { printed, seesQueued, type DrawnProgram } from './drawnProgram.ts';
import { build } from './interpreter.ts';
import { judged, proven, stepsOf } from './judgement.ts';
import { naive } from './naive.ts';
import { naiveFailures } from './naiveFailures.ts';
import { naiveBounds, naiveEndless } from './naiveConduct.ts';

/** Claims about how steps are done: by hand in worlds of one idea each, and on drawn programs against the reference. */
class Table extends Shared {
  n = word(0, 9, 'a number');
  turns = word(0, 1, 'changes for ever');
  mtx = mutex('a mutex');
  rw = rwlock('an rwlock');
}
const table = staticRecord(Table, 'table');

const unhindered = (...procedures: readonly Routine[]): Conduct => ({
  name: 'unhindered',
  kind: 'unhindered',
  sentence: 'no reader waits for a writer',
  procedures,
});
const bounded = (...procedures: readonly Routine[]): OperationClaim => ({
  name: 'bounded',
  kind: 'bounded',
  sentence: 'it comes to an end',
  procedures,
});
const ends: Conduct = { name: 'ends', kind: 'ends', sentence: 'every run ends', procedures: [] };
/** No store while all of these run, in this order. */
const noStore = (...procedures: readonly Routine[]): Conduct => ({
  name: 'no store',
  kind: 'steps',
  sentence: 'it only reads',
  procedures,
  holds: ({ operation, running }) =>
    operation.kind !== 'cell' ||
    operation.name !== 'store' ||
    running.length !== procedures.length ||
    running.some((one, i) => one !== procedures[i]) ||
    'stores',
});

const worldOf = (...routines: readonly Routine[]): World => {
  const world = new World(new Map());
  for (const [i, routine] of routines.entries()) world.run(`cpu${i}`, routine as Procedure<[], unknown>);
  return world;
};

const reads = procedure('', function reads(): void {
  rw_rlock(table.rw);
  void table.n;
  rw_runlock(table.rw);
});
const writes = procedure('', function writes(): void {
  rw_wlock(table.rw);
  rw_wunlock(table.rw);
});
const locks = procedure('', function locks(): void {
  mtx_lock(table.mtx);
  mtx_unlock(table.mtx);
});

describe('that nobody waits', () => {
  const statics = [Table];
  it('is broken where a lock is held by a CPU that is not in the operation', () => {
    const verdict = proven(worldOf(reads, writes), [unhindered(reads)], { statics });
    expect(verdict).toMatchObject({ verdict: 'violated', property: 'unhindered' });
    expect(verdict.message).toBe('cpu0 at reads: rw_rlock rw waits for cpu1');
    expect(stepsOf(verdict)).toEqual(['cpu1 writes: rw_wlock rw', 'cpu0 reads: rw_rlock rw']);
  });

  it('holds where only readers meet, or where all who hold the lock are in the operation', () => {
    expect(proven(worldOf(reads, reads), [unhindered(reads)], { statics }).verdict).toBe('holds');
    expect(proven(worldOf(locks, locks), [unhindered(locks)], { statics }).verdict).toBe('holds');
    expect(proven(worldOf(reads, writes), [unhindered(reads, writes)], { statics }).verdict).toBe('holds');
  });

  it('is broken where one of several who hold it is not in the operation', () => {
    const inside = procedure('', function inside(): void {
      rw_rlock(table.rw);
      table.n = 1;
      idle_until(() => table.n === 2);
      rw_runlock(table.rw);
    });
    /** Holds the lock only while the other does. */
    const outside = procedure('', function outside(): void {
      idle_until(() => table.n === 1);
      rw_rlock(table.rw);
      rw_runlock(table.rw);
      table.n = 2;
    });
    const verdict = proven(worldOf(writes, inside, outside), [unhindered(writes, inside)], { statics });
    expect(verdict).toMatchObject({ verdict: 'violated', property: 'unhindered' });
    expect(verdict.message).toBe('cpu0 at writes: rw_wlock rw waits for cpu1, cpu2');
  });

  it('is not asked of locks that are left aside', () => {
    const besides = (...aside: readonly string[]): Conduct => ({ ...unhindered(reads), aside }) as Conduct;
    expect(proven(worldOf(reads, writes), [besides('rw')], { statics }).verdict).toBe('holds');
    expect(proven(worldOf(reads, writes), [besides('mtx')], { statics }).verdict).toBe('violated');
  });

  it('is broken by waiting for a condition, and not by waiting for work', () => {
    const waits = procedure('', function waits(): void {
      wait_until(() => table.n === 1);
    });
    const idles = procedure('', function idles(): void {
      idle_until(() => table.n === 1);
    });
    expect(proven(worldOf(waits), [unhindered(waits)], { statics }).property).toBe('unhindered');
    expect(proven(worldOf(idles), [unhindered(idles)], { statics }).verdict).toBe('holds');
  });
});

describe('a claim about steps', () => {
  const stores = procedure('', function stores(): void {
    table.n = 1;
  });
  const outer = procedure('', function outer(): void {
    stores();
  });
  /** The same future as `outer`: without the claim the two would be merged. */
  const other = procedure('', function other(): void {
    stores();
  });

  it('tells apart who called whom, though what follows is the same', () => {
    const both = procedure('', function both(): void {
      other();
      outer();
    });
    expect(proven(worldOf(both), [noStore(outer, stores)], { statics: [Table] }).property).toBe('no store');
    expect(proven(worldOf(other), [noStore(outer, stores)], { statics: [Table] }).verdict).toBe('holds');
    expect(stepsOf(proven(worldOf(both), [noStore(outer, stores)], { statics: [Table] })).length).toBe(2);
  });

  it('judges an access that is done, before a later one of the same step fails', () => {
    const fails = procedure('', function fails(): void {
      table.n = 1;
      KASSERT(false, 'no');
    });
    expect(proven(worldOf(fails), [noStore(fails)], { statics: [Table] }).property).toBe('no store');
  });
});

describe('an access that fails by itself', () => {
  it('is told as that failure', () => {
    const gives = procedure('', function gives(): void {
      mtx_unlock(table.mtx);
    });
    const never: Conduct = { ...noStore(gives), holds: () => 'does it' } as Conduct;
    expect(proven(worldOf(gives), [never], { statics: [Table] }).property).toBe('lock-not-owned');
  });
});

describe('a run that breaks a claim about steps', () => {
  it('is walked again, retraced and found with few pre-emptions', () => {
    const claims = [unhindered(reads)];
    const world = worldOf(reads, writes);
    const { trace } = judged(world, claims);
    const schedule = trace!.steps.map(({ cpu, step, picks }) => ({ cpu: trace!.cpus[cpu]!, step, picks }));
    expect(walk(world, claims, schedule).end).toMatchObject({ kind: 'violated', property: 'unhindered' });
    expect(walk(world, claims, schedule).trace).toEqual(trace);
    withModel(world, { quotient: true, fuse: true, conduct: claims }, (model) => {
      const again = retrace(model, claims, trace!);
      expect(again).toMatchObject({ finding: { property: 'unhindered' }, preemptions: 1 });
      const quarry = { properties: claims, wanted: () => true, countPreemptions: true };
      expect(chase(model, quarry, { budget: {} })).toMatchObject({ kind: 'found', preemptions: 1, trace });
    });
  });

  it('does not end a search for all failures: what comes after it is found as well', () => {
    const twice = procedure('', function twice(): void {
      table.n = 1;
      table.n = 2;
    });
    const verdict = judged(worldOf(twice), [noStore(twice), bounded(twice)], { allFailures: true });
    expect(verdict.failures?.map(({ step }) => step)).toEqual(['twice: store n #1', 'twice: store n #2']);
    expect(verdict.bounds).toEqual([{ property: 'bounded', cpu: 'cpu0', steps: 2 }]);
    const few = searchFewPreemptions(worldOf(twice), [noStore(twice)], 0, {
      ...usualModel,
      allFailures: true,
      budget: {},
    });
    expect(few.failures?.map(({ key, step }) => ({ key, step }))).toEqual(
      verdict.failures?.map(({ key, step }) => ({ key, step })),
    );
  });
});

/** Adds one by compare-and-set, and tries again when somebody else was faster. */
const adds = procedure('', function adds(): void {
  forever(() => {
    const n = table.n;
    return atomic_cmpset(table, 'n', n, (n + 1) % 10) || undefined;
  });
});
const flips = procedure('', function flips(): void {
  forever(() => {
    table.n = 1;
    table.n = 0;
  });
});
const writing = (times: number): Routine =>
  procedure('', function writing(): void {
    for (let i = 1; i <= times; i++) table.n = i;
  });

describe('the bound of an operation', () => {
  const boundOf = (world: World, claim: OperationClaim): number => {
    const [reference] = naiveBounds(world, claim, true, [Table]);
    for (const quotient of [false, true]) {
      const { bounds } = judged(world, [claim], { quotient });
      expect(bounds![0]!.steps ?? Infinity).toBe(reference);
    }
    return reference!;
  };

  it('is the length of a straight text', () => {
    expect(boundOf(worldOf(reads, reads), bounded(reads))).toBe(3);
  });

  it.each([0, 1, 2, 3])('grows with what the others write (%i)', (times) => {
    expect(boundOf(worldOf(adds, writing(times)), bounded(adds))).toBe(2 + 2 * times);
  });

  it('is none where another goes on for ever, and a run shows it', () => {
    expect(boundOf(worldOf(adds, flips), bounded(adds))).toBe(Infinity);
    const { verdict, property, trace } = judged(worldOf(adds, flips), [bounded(adds)]);
    expect({ verdict, property }).toEqual({ verdict: 'violated', property: 'bounded' });
    expect(trace!.steps.slice(trace!.circle!).some(({ cpu }) => cpu === 0)).toBe(true);
    expect(judged(worldOf(reads, flips), [bounded(reads)])).toMatchObject({ verdict: 'holds' });
  });

  it('is not needed for a run to end: one that goes on for ever is shown, unless it keeps another waiting for ever', () => {
    expect(judged(worldOf(reads, writing(3)), [ends])).toMatchObject({ verdict: 'holds' });
    const { verdict, property, trace } = judged(worldOf(reads, flips), [ends]);
    expect({ verdict, property }).toEqual({ verdict: 'violated', property: 'ends' });
    expect(trace!.steps.slice(trace!.circle!).map(({ cpu }) => cpu)).toContain(1);
    const waits = procedure('', function waits(): void {
      forever(() => (table.n === 1 ? null : undefined));
    });
    const lets = procedure('', function lets(): void {
      table.n = 1;
    });
    expect(judged(worldOf(waits, lets), [ends])).toMatchObject({ verdict: 'holds' });
    expect(judged(worldOf(waits, reads), [ends])).toMatchObject({ verdict: 'violated', property: 'ends' });
  });

  it('counts one operation at a time, also where the next begins in the same step', () => {
    const again = procedure('', function again(): void {
      forever(() => void reads());
    });
    expect(boundOf(worldOf(again), bounded(reads))).toBe(3);
    const twice = procedure('', function twice(): void {
      reads();
      reads();
    });
    expect(boundOf(worldOf(twice), bounded(reads))).toBe(3);
    expect(boundOf(worldOf(twice), bounded(twice))).toBe(6);
  });
});

/* ---- drawn programs ---- */

const SEED = 20_260_102;
const PROGRAMS = 500;
const SMALL = 300;
const budget = { maxStates: 4000 };

type Drawn = {
  readonly kind: Conduct['kind'];
  readonly procedures: readonly number[];
  /** The beginning of the names of what must not be done, as a regular expression. */
  readonly access: string;
  /** Of a claim about steps: how many of the procedures run at least. */
  readonly depth: number;
  readonly aside: readonly string[];
};
const drawnClaim: fc.Arbitrary<Drawn> = fc.record({
  kind: fc.constantFrom('steps', 'steps', 'unhindered', 'unhindered', 'unhindered', 'bounded'),
  procedures: fc.constantFrom([0], [1], [2], [1, 2]),
  access: fc.constantFrom('load', 'store', 'load|store', 'mtx|rw', 'atomic|refcount', 'alloc|free'),
  depth: fc.constantFrom(0, 0, 1, 2),
  aside: fc.constantFrom<readonly string[]>([], [], ['mtx']),
});

const claimOf = (
  { kind, procedures, access, depth, aside }: Drawn,
  number: number,
  all: readonly Routine[],
): Conduct => {
  const named = { name: `${kind} ${number}`, sentence: kind, procedures: procedures.map((i) => all[i]!) };
  if (kind !== 'steps') return { ...named, kind, aside };
  const wanted = new RegExp(`^(${access})`);
  return {
    ...named,
    kind,
    holds: ({ operation, running }) =>
      !wanted.test(operation.kind === 'cell' ? operation.name : operation.kind) || running.length <= depth || 'does it',
  };
};

type Tally = { compared: number; bounds: number; all: number; broken: Map<string, number> };

const essence = (verdict: Verdict) => ({
  verdict: verdict.verdict,
  property: verdict.property,
  steps: stepsOf(verdict).length,
  bounds: verdict.bounds?.map(({ steps }) => steps) ?? [],
});

const same = (what: string, one: unknown, other: unknown): void => {
  if (!isDeepStrictEqual(one, other)) throw new Error(`${what}:\n${inspect(one)}\n${inspect(other)}`);
};

const compare = (program: DrawnProgram, drawn: readonly Drawn[], fuse: boolean, tally: Tally): Verdict => {
  const { world, properties, procedures } = build(program);
  const claims = [...drawn.map((each, i) => claimOf(each, i, procedures)), ...properties];
  const whole = judged(world, claims, { quotient: false, fuse, budget });
  if (whole.message.startsWith('the budget')) return whole;
  same(
    'without the quotient and with it',
    essence(whole),
    essence(judged(world, claims, { quotient: true, fuse, budget })),
  );
  same('reduced and not', essence(judged(world, claims, { fuse, budget, reduce: true })), essence(whole));
  if (whole.states > SMALL) return whole;
  const { verdict, property, states, transitions, trace } = whole;
  if (property?.startsWith('bounded') !== true) {
    const steps = trace?.steps.length ?? null;
    same('engine and reference', { verdict, property, states, transitions, steps }, naive(world, claims, fuse));
  }
  tally.compared++;
  const kind = property?.split(' ')[0];
  if (kind !== undefined) tally.broken.set(kind, 1 + (tally.broken.get(kind) ?? 0));
  if (whole.bounds !== undefined) {
    const found = whole.bounds.map(({ steps }) => steps ?? Infinity);
    const expected = claims
      .filter((claim): claim is OperationClaim => claim.kind === 'bounded')
      .flatMap((claim) => naiveBounds(world, claim, fuse));
    same('bounds of engine and reference', found, expected);
    tally.bounds++;
  }
  return whole;
};

/** Each failure with the steps of a shortest run; of a state or an end, the property only: the reference writes no sentences. */
const failuresOf = ({ failures }: Verdict): ReadonlyMap<string, number> =>
  new Map(
    failures!
      .map(({ key, property, step, trace }) => [step === null ? property : key, trace?.steps.length ?? -1] as const)
      .toReversed(),
  );

/** Counts the distinct accesses that break a claim. */
const compareAll = (program: DrawnProgram, drawn: readonly Drawn[], fuse: boolean): number => {
  const { world, properties, procedures } = build(program);
  const asked = drawn.filter(({ kind }) => kind !== 'bounded');
  const claims = [...asked.map((each, i) => claimOf(each, i, procedures)), ...properties];
  const options = { fuse, allFailures: true, budget: { maxStates: SMALL } };
  const whole = judged(world, claims, { ...options, quotient: false });
  if (whole.verdict === 'unknown' || whole.cutShort != null) return 0;
  const found = failuresOf(whole);
  same('all that engine and reference find', found, naiveFailures(world, claims, fuse));
  same(
    'all without the quotient and with it',
    found,
    failuresOf(judged(world, claims, { ...options, quotient: true })),
  );
  // What must be reached in some run, or on every run for ever, no one run with an end shows to be broken.
  const ofNoRun = claims.filter(({ kind }) => kind === 'sometimes' || kind === 'eventually').map(({ name }) => name);
  const few = searchFewPreemptions(world, claims, 99, { fuse, quotient: true, allFailures: true, budget: {} });
  same(
    'all and those with few pre-emptions',
    keysOf(few),
    keysOf(whole).filter((key) => !ofNoRun.some((name) => key.startsWith(name))),
  );
  return [...found.keys()].filter((key) => /^(steps|unhindered) /.test(key)).length;
};

const keysOf = ({ failures = [] }: Verdict): readonly string[] => failures.map(({ key }) => key).toSorted();

describe('claims about steps on drawn programs', () => {
  it('are judged as the reference judges them, with the quotient and without, fused and apart', () => {
    const tally: Tally = { compared: 0, bounds: 0, all: 0, broken: new Map() };
    fc.assert(
      fc.property(drawnProgram, fc.array(drawnClaim, { minLength: 1, maxLength: 2 }), (program, drawn) => {
        try {
          const apart = compare(program, drawn, false, tally);
          const fused = compare(program, drawn, true, tally);
          if (apart.verdict !== 'unknown' && fused.verdict !== 'unknown' && !seesQueued(program))
            same('apart and fused', apart.verdict, fused.verdict);
          tally.all += compareAll(program, drawn, program.cpus.length > 2);
        } catch (thrown) {
          const claims = drawn.map((each) => JSON.stringify(each)).join('\n');
          throw new Error(
            `${printed(program)}\n${claims}\n\n${thrown instanceof Error ? thrown.message : String(thrown)}`,
          );
        }
      }),
      { seed: SEED, numRuns: PROGRAMS },
    );
    expect(tally.compared).toBeGreaterThan(PROGRAMS / 2);
    expect(tally.all).toBeGreaterThan(PROGRAMS / 20);
    expect(tally.bounds).toBeGreaterThan(PROGRAMS / 20);
    expect(tally.broken.get('steps')).toBeGreaterThan(PROGRAMS / 50);
    expect(tally.broken.get('unhindered')).toBeGreaterThan(PROGRAMS / 100);
  });
});

/** What a thread does with two words, one thing after the other; it asks for ever, or a few times, for the value that it waits for. */
type Deed = { readonly does: 'set' | 'await' | 'lock'; readonly word: 'n' | 'turns'; readonly value: 0 | 1 };
const drawnDeeds: fc.Arbitrary<readonly Deed[]> = fc.array(
  fc.record({
    does: fc.constantFrom('set', 'set', 'await', 'lock'),
    word: fc.constantFrom('n', 'turns'),
    value: fc.constantFrom(0, 1),
  }),
  { minLength: 1, maxLength: 3 },
);
const doing = (deeds: readonly Deed[], again: boolean): Routine =>
  procedure('', function doing(): void {
    const once = (): void => {
      for (const { does, word: at, value } of deeds)
        if (does === 'set') table[at] = value;
        else if (does === 'await') forever(() => (table[at] === value ? null : undefined));
        else {
          mtx_lock(table.mtx);
          table[at] = value;
          mtx_unlock(table.mtx);
        }
    };
    if (again) forever(once);
    else once();
  });

describe('that every fair run ends', () => {
  const drawnThreads = fc.array(fc.tuple(drawnDeeds, fc.constantFrom(false, false, false, true)), {
    minLength: 1,
    maxLength: 3,
  });

  it('is judged in worlds of threads that wait for each other as the reference judges it', () => {
    const tally = { holds: 0, violated: 0, unfair: 0 };
    fc.assert(
      fc.property(drawnThreads, (threads) => {
        const world = worldOf(...threads.map(([deeds, again]) => doing(deeds, again)));
        const { verdict, property, states } = judged(world, [ends], { quotient: false });
        if (property === 'deadlock') return;
        const { isEndless, hasCircle } = naiveEndless(world, true, [Table]);
        expect([verdict, property]).toEqual(isEndless ? ['violated', 'ends'] : ['holds', null]);
        expect(judged(world, [ends]).verdict).toBe(verdict);
        expect(states).toBeLessThan(SMALL * SMALL);
        tally[isEndless ? 'violated' : 'holds']++;
        if (hasCircle && !isEndless) tally.unfair++;
      }),
      { seed: SEED, numRuns: PROGRAMS },
    );
    for (const times of Object.values(tally)) expect(times).toBeGreaterThan(PROGRAMS / 100);
  });

  it('is judged on drawn programs as the reference judges it, renumbered too', () => {
    let violated = 0;
    fc.assert(
      fc.property(drawnProgram, (program) => {
        const { world } = build(program);
        const whole = judged(world, [ends], { budget: { maxStates: SMALL } });
        if (whole.verdict === 'unknown' || (whole.property !== null && whole.property !== 'ends')) return;
        const { isEndless } = naiveEndless(world, true);
        expect(whole.verdict, printed(program)).toBe(isEndless ? 'violated' : 'holds');
        expect(judged(world, [ends], { symmetry: true }).verdict !== 'holds', printed(program)).toBe(isEndless);
        if (isEndless) violated++;
      }),
      { seed: SEED, numRuns: PROGRAMS / 4 },
    );
    expect(violated).toBeGreaterThan(PROGRAMS / 400);
  });
});
