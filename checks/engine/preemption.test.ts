import { inspect, isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claimsOf } from '../../spec/properties.ts';
import { findScenario } from '../../src/command/catalogue.ts';
import { worldOf } from '../../src/command/jobs/job.ts';
import { atomic_cmpset, idle_until, wait_until } from '../../src/machine/access.ts';
import { procedure } from '../../src/machine/procedure.ts';
import type { Property } from '../../src/machine/property.ts';
import { Shared, word } from '../../src/machine/record.ts';
import { World } from '../../src/machine/world.ts';
import { usualModel, withModel } from '../../src/explore/model/model.ts';
import { searchFewPreemptions } from '../../src/explore/fewPreemptions.ts';
import { chase, type Chase, type Quarry } from '../../src/explore/runs/preemption.ts';
import { retrace } from '../../src/explore/runs/retrace.ts';
import type { Verdict } from '../../src/explore/search/verdict.ts';
import { walk } from '../../src/explore/runs/walk.ts';
import { drawnProgram } from './drawing.ts';
import { printed, type DrawnProgram } from './drawnProgram.ts';
import { build } from './interpreter.ts';
import { claim, judged } from './judgement.ts';
import { leastTo } from './naivePreemption.ts';

/** The seed is fixed, so that a run can be repeated; another one is tried by changing it here. */
const SEED = 20_261_125;
const PROGRAMS = 120;
const RELAYS = 300;
/** The reference is slow, and visits each state once for each CPU. */
const SMALL = 100;

type Found = Extract<Chase, { kind: 'found' }>;

const chased = (world: World, properties: readonly Property[], quarry: Partial<Quarry>): Chase =>
  withModel(world, { quotient: true, fuse: true }, (model) =>
    chase(model, { properties, wanted: () => true, countPreemptions: true, ...quarry }, { budget: {} }),
  );
const breaking =
  (property: string): Quarry['wanted'] =>
  (site) =>
    site.property === property;

/** Walks the run again by the names of its steps, and counts its pre-emptions anew. */
const followed = (world: World, properties: readonly Property[], { trace }: Pick<Found, 'trace'>) => {
  const schedule = trace.steps.map(({ cpu, step, picks }) => ({ cpu: trace.cpus[cpu]!, step, picks }));
  const again = withModel(world, { quotient: true, fuse: true }, (model) => retrace(model, properties, trace));
  return { end: walk(world, properties, schedule).end, again };
};

const same = (what: string, one: unknown, other: unknown): void => {
  if (!isDeepStrictEqual(one, other)) throw new Error(`${what}:\n${inspect(one)}\n${inspect(other)}`);
};

type Tally = { compared: number; preemptions: number[]; longer: number; properties: Set<string> };
const nothing = (): Tally => ({ compared: 0, preemptions: [], longer: 0, properties: new Set() });

const agree = (world: World, properties: readonly Property[], tally: Tally): void => {
  const { property, trace, states } = judged(world, properties, { budget: { maxStates: 4000 } });
  if (property === null || trace === null) return;
  const wanted = breaking(property);
  const plain = chased(world, properties, { wanted, countPreemptions: false }) as Found;
  same('the shortest run', plain.trace.steps.length, trace.steps.length);
  if (states > SMALL) return;
  const fewest = chased(world, properties, { wanted }) as Found;
  const [preemptions, steps] = [fewest.preemptions, fewest.trace.steps.length];
  same('engine and reference', { preemptions, steps }, leastTo(world, properties, property));
  const { end, again } = followed(world, properties, fewest);
  same('the walk', end, { kind: 'violated', ...fewest.finding });
  const within = chased(world, properties, { wanted, mostPreemptions: preemptions }) as Found;
  same('within as many', [within.preemptions, within.trace], [preemptions, fewest.trace]);
  if (preemptions > 0) {
    const { kind, beyond } = chased(world, properties, { wanted, mostPreemptions: preemptions - 1 });
    same('within fewer', [kind, beyond], ['none', true]);
  }
  same('the run again', [again!.finding, again!.preemptions], [fewest.finding, preemptions]);
  tally.compared++;
  tally.properties.add(property);
  tally.preemptions[preemptions] = (tally.preemptions[preemptions] ?? 0) + 1;
  if (steps > trace.steps.length) tally.longer++;
};

/** Calls `compare` on each, and shows the one that it fails for. */
const onEach = <T>(drawn: fc.Arbitrary<T>, runs: number, shown: (one: T) => string, compare: (one: T) => void): void =>
  fc.assert(
    fc.property(drawn, (one) => {
      try {
        compare(one);
      } catch (thrown) {
        throw new Error(`${shown(one)}\n\n${thrown instanceof Error ? thrown.message : String(thrown)}`);
      }
    }),
    { seed: SEED, numRuns: runs },
  );

class Baton extends Shared {
  x = word(0, 9, 'how far it has come');
}

/** What a CPU does: carry the baton on from where it must be, or wait (with work, or for work) until it has come there. */
type Leg = readonly ['carry' | 'wait' | 'idle', number];

/** A relay: the baton must not come to the end, and it comes there only when the CPUs take turns. */
const relay = (programs: readonly (readonly Leg[])[], end: number) => {
  const world = new World();
  const baton = world.make(Baton, 'baton');
  programs.forEach((legs, i) => {
    const runner = procedure('', function runner() {
      for (const [what, k] of legs)
        if (what === 'carry') atomic_cmpset(baton, 'x', k, k + 1);
        else if (what === 'wait') wait_until(() => baton.x >= k);
        else idle_until(() => baton.x >= k);
    });
    world.run(`cpu${i}`, runner);
  });
  return { world, baton, properties: [claim('always', 'not there', () => baton.x < end)] };
};

/** Who carries it from 0 to 1, from 1 to 2, and so on; and what each does before that, which may be waiting until it is there. */
const drawnRelay = fc.array(
  fc.record({
    owner: fc.nat(2),
    before: fc.oneof(
      { weight: 5, arbitrary: fc.constant('nothing' as const) },
      { weight: 2, arbitrary: fc.constantFrom('wait' as const, 'idle' as const) },
      { weight: 2, arbitrary: fc.tuple(fc.constant('carry' as const), fc.nat(5)) },
      { weight: 2, arbitrary: fc.tuple(fc.constant('idle' as const), fc.nat(1)) },
    ),
  }),
  { minLength: 3, maxLength: 6, size: 'max' },
);
type DrawnRelay = typeof drawnRelay extends fc.Arbitrary<infer T> ? T : never;

const programsOf = (drawn: DrawnRelay): readonly (readonly Leg[])[] =>
  [0, 1, 2].map((cpu) =>
    drawn.flatMap(({ owner, before }, k): readonly Leg[] => {
      if (owner !== cpu) return [];
      const carry: Leg = ['carry', k];
      if (before === 'nothing') return [carry];
      return [typeof before === 'string' ? [before, k] : before, carry];
    }),
  );

describe('a run with the fewest pre-emptions', () => {
  it('is what the reference finds in drawn programs, and can be walked again', () => {
    const tally = nothing();
    onEach<DrawnProgram>(drawnProgram, PROGRAMS, printed, (program) => {
      const { world, properties } = build(program);
      agree(world, properties, tally);
    });
    expect(tally.compared).toBeGreaterThan(PROGRAMS / 3);
    expect(tally.properties.size).toBeGreaterThan(12);
  });

  it('is what the reference finds where CPUs must take turns', () => {
    const tally = nothing();
    onEach(drawnRelay, RELAYS, JSON.stringify, (drawn) => {
      const { world, properties } = relay(programsOf(drawn), drawn.length);
      agree(world, properties, tally);
    });
    for (const preemptions of [0, 1, 2]) expect(tally.preemptions[preemptions]).toBeGreaterThan(10);
    expect(tally.preemptions[3]).toBeGreaterThan(0);
    expect(tally.longer).toBeGreaterThan(10);
  });

  const fewest = (programs: readonly (readonly Leg[])[], end: number): readonly [number, readonly string[]] => {
    const { world, properties } = relay(programs, end);
    const { preemptions, trace } = chased(world, properties, { wanted: breaking('not there') }) as Found;
    return [preemptions, trace.steps.map(({ cpu }) => trace.cpus[cpu]!)];
  };

  it('is longer than the shortest where that saves one', () => {
    // The shortest run leaves cpu0 before its last step, which does nothing.
    const programs: Leg[][] = [
      [
        ['carry', 0],
        ['carry', 9],
      ],
      [['carry', 1]],
    ];
    expect(fewest(programs, 2)).toEqual([0, ['cpu0', 'cpu0', 'cpu1']]);
  });

  it.each([
    ['could go on', 'carry', 9, 1],
    ['is blocked', 'wait', 2, 0],
    ['waits for work', 'idle', 2, 0],
    ['waits for work that is there', 'idle', 1, 0],
  ] as const)('leaves a CPU that %s: a pre-emption or not', (_what, what, k, preemptions) => {
    const programs: Leg[][] = [
      [
        ['carry', 0],
        [what, k],
        ['carry', 2],
      ],
      [
        ['carry', 1],
        ['carry', 3],
      ],
    ];
    expect(fewest(programs, 3)[0]).toBe(preemptions);
  });

  it('does not go through another failure, nor end in one that is not wanted', () => {
    const programs: Leg[][] = [
      [
        ['carry', 0],
        ['carry', 1],
      ],
    ];
    const { world, baton } = relay(programs, 2);
    const properties = [1, 2].map((k) => claim('always', `not ${k}`, () => baton.x !== k));
    expect(chased(world, properties, { wanted: breaking('not 1') }).kind).toBe('found');
    expect(chased(world, properties, { wanted: breaking('not 2') })).toMatchObject({ kind: 'none' });
    expect(chased(world, properties.slice(1), { wanted: breaking('not 2') }).kind).toBe('found');
  });
});

describe('runs with the fewest pre-emptions to each failure', () => {
  type Each = { compared: number; several: number; kept: number; states: number };

  const agreeOnEach = (world: World, properties: readonly Property[], tally: Each): void => {
    const all = judged(world, properties, { allFailures: true, budget: { maxStates: SMALL } });
    if (all.verdict !== 'violated' || all.cutShort !== null) return;
    const found = chased(world, properties, { allFailures: true }) as Found;
    const catches = [found, ...found.others];
    const keysOf = (some: readonly { readonly key: string }[]) => some.map(({ key }) => key).toSorted();
    same('as those that a search for all finds', keysOf(catches), keysOf(all.failures!));
    same('nothing is cut', found.cut, null);
    for (const each of catches) {
      const { end, again } = followed(world, properties, each);
      same('the walk', end, { kind: 'violated', ...each.finding });
      same('the run again', again!.preemptions, each.preemptions);
    }
    for (const name of new Set(catches.map(({ finding }) => finding.property))) {
      const { preemptions, trace } = catches.find(({ finding }) => finding.property === name)!;
      same('the least', { preemptions, steps: trace.steps.length }, leastTo(world, properties, name));
    }
    const most = found.others.at(-1)?.preemptions ?? 0;
    if (most > 0) {
      const within = chased(world, properties, { allFailures: true, mostPreemptions: most - 1 });
      const rest = within.kind === 'found' ? [within, ...within.others] : [];
      same('within fewer', keysOf(rest), keysOf(catches.filter(({ preemptions }) => preemptions < most)));
      if (rest.length > 0) tally.kept++;
    }
    tally.compared++;
    if (catches.length > 1) tally.several++;
    if (catches.some(({ label }) => label === null)) tally.states++;
  };

  it('are to those that a search for all failures finds, and to no other, in drawn programs', () => {
    const tally: Each = { compared: 0, several: 0, kept: 0, states: 0 };
    onEach<DrawnProgram>(drawnProgram, 3 * PROGRAMS, printed, (program) => {
      const { world, properties } = build(program);
      // What must be reached in some run, or on every run for ever, no one run with an end shows to be broken.
      const ofOneRun = properties.filter(({ kind }) => kind === 'always' || kind === 'finally');
      agreeOnEach(world, ofOneRun, tally);
    });
    expect(tally.compared).toBeGreaterThan(PROGRAMS);
    expect(tally.several).toBeGreaterThan(PROGRAMS / 5);
    expect(tally.kept).toBeGreaterThan(3);
    expect(tally.states).toBeGreaterThan(PROGRAMS / 10);
  });

  it('are not all of them where a bound of the model is met', () => {
    const { scenario } = findScenario('packet-shutdown');
    const world = worldOf({ scenario: { ...scenario, items: 1 }, design: 'gsoc23', off: [] });
    const { verdict, cutShort, within } = searchFewPreemptions(world, claimsOf(scenario), 2, {
      ...usualModel,
      allFailures: true,
      budget: {},
    });
    expect(verdict).toBe('violated');
    expect(cutShort).toContain('as far as the bounds of the model go');
    expect(within!.cut).toMatch(/reserves no more/);
  });

  it('are all of them where no run has more pre-emptions', () => {
    const { scenario } = findScenario('packet-shutdown');
    const world = worldOf({ scenario, design: 'gsoc23', off: [] });
    const options = { ...usualModel, allFailures: true, budget: {} };
    const [few, all] = [1, 99].map((most) => searchFewPreemptions(world, claimsOf(scenario), most, options));
    expect(all).toMatchObject({ cutShort: null, within: { cut: null } });
    const cutShort = 'only the runs with at most 1 pre-emption were looked at';
    expect(few).toMatchObject({ cutShort, within: { cut: null } });
  });

  it('are shown as far as a budget lets them be found, and it is said what ended the search', () => {
    const programs: Leg[][] = [[['carry', 0]], [['carry', 1]], [['carry', 2]]];
    const { world, baton } = relay(programs, 9);
    const properties = [
      claim('always', 'not 2', () => baton.x !== 2),
      claim('finally', 'not 1 at last', () => baton.x !== 1),
    ];
    const within = (maxStates: number) => {
      const options = { ...usualModel, allFailures: true, budget: { maxStates } };
      return searchFewPreemptions(world, properties, 2, options);
    };
    const namesOf = ({ failures }: Verdict) => failures?.map(({ property }) => property);
    expect(namesOf(within(100))).toEqual(['not 2', 'not 1 at last']);
    expect(within(100)).toMatchObject({ cutShort: null, within: { preemptions: 2, cut: null } });
    const few = within(10);
    expect(namesOf(few)).toEqual(['not 2']);
    expect(few).toMatchObject({
      verdict: 'violated',
      cutShort: 'the budget of 10 states is used up, among the runs with at most 2 pre-emptions',
      within: { preemptions: 2, cut: 'the budget of 10 states is used up' },
    });
  });
});

describe('a check of the runs with few pre-emptions', () => {
  const take: Leg[][] = [
    [
      ['carry', 0],
      ['carry', 9],
      ['carry', 2],
    ],
    [
      ['carry', 1],
      ['carry', 3],
    ],
  ];
  const verdictWithin = (most: number) => {
    const { world, properties } = relay(take, 3);
    return { world, properties, verdict: searchFewPreemptions(world, properties, most, { ...usualModel, budget: {} }) };
  };

  it('finds what needs no more, and shows a run to it', () => {
    const { world, properties, verdict } = verdictWithin(1);
    expect(verdict).toMatchObject({ verdict: 'violated', property: 'not there' });
    const schedule = verdict.trace!.steps.map(({ cpu, step, picks }) => ({ cpu: `cpu${cpu}`, step, picks }));
    expect(walk(world, properties, schedule).end).toMatchObject({ kind: 'violated', property: 'not there' });
  });

  it('never says that something holds', () => {
    const { verdict } = verdictWithin(0);
    expect(verdict).toMatchObject({ verdict: 'unknown', message: 'no run with at most 0 pre-emptions fails' });
    const { world, properties } = relay(take, 9);
    const all = searchFewPreemptions(world, properties, 99, { ...usualModel, budget: {} });
    expect(all).toMatchObject({ verdict: 'unknown', message: expect.stringContaining('there are no others') });
  });

  it('says so when a budget ends it', () => {
    const { world, properties } = relay(take, 9);
    const given = searchFewPreemptions(world, properties, 99, { ...usualModel, budget: { maxStates: 3 } });
    expect(given).toMatchObject({ verdict: 'unknown', message: expect.stringContaining('3 states is used up') });
  });
});
