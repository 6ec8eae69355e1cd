import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claimsMade } from '../../spec/properties.ts';
import { findScenario } from '../../src/command/catalogue.ts';
import { worldOf } from '../../src/command/jobs/job.ts';
import { walk } from '../../src/explore/runs/walk.ts';
import type { CheckOptions } from '../../src/explore/check.ts';
import type { Verdict } from '../../src/explore/search/verdict.ts';
import type { Claim, OperationClaim } from '../../src/machine/conduct.ts';
import { procedure } from '../../src/machine/procedure.ts';
import type { Property } from '../../src/machine/property.ts';
import { Shared, word } from '../../src/machine/record.ts';
import { World } from '../../src/machine/world.ts';
import { drawnProgram } from './drawing.ts';
import { printed } from './drawnProgram.ts';
import { build } from './interpreter.ts';
import { claim, judged } from './judgement.ts';

/** A search that goes on from the newest state first, beside the one that goes on from the oldest. */

/** What both must say where nothing fails: all but the depth, which is that of a run in one and a distance in the other, and the time. */
const whole = ({ seconds: _seconds, depth: _depth, trace: _trace, ...verdict }: Verdict): object => verdict;

/** Follows the run that is shown by the names of its steps. What never comes to be so is no failure of a step or state on it. */
const follow = (world: World, claims: readonly Claim[], { trace, property }: Verdict, why = ''): void => {
  const schedule = trace!.steps.map(({ cpu, step, picks }) => ({ cpu: trace!.cpus[cpu]!, step, picks }));
  const isOfRuns = claims.some(({ name, kind }) => name === property && kind === 'eventually');
  const end = isOfRuns ? { kind: 'finished' } : { kind: 'violated', property };
  expect(walk(world, claims, schedule).end, why).toMatchObject(end);
};

/** Both, compared. Where one finds that something fails, so does the other, though it need not be the same; and its run is one. */
const compare = (world: World, claims: readonly Claim[], options: Partial<CheckOptions> = {}): Verdict => {
  const broad = judged(world, claims, options);
  const deep = judged(world, claims, { ...options, depthFirst: true });
  expect(deep.verdict).toBe(broad.verdict);
  if (broad.verdict === 'holds') expect(whole(deep)).toEqual(whole(broad));
  else if (deep.trace?.circle === null) follow(world, claims, deep);
  return deep;
};

/** Of the suite's scenarios, some that hold and some that do not; with what is claimed of them, and with what can be asked for. */
const scenarios = [
  ['packet-shutdown', 'upstream'],
  ['packet-shutdown', 'gsoc23'],
  ['packet-shutdown', 'lockfree'],
  ['socket-close-message', 'lockfree'],
  ['request', 'upstream'],
  ['request', 'lockfree'],
  ['one2many-back', 'lockfree'],
  ['overtaking', 'upstream'],
  ['teardown', 'gsoc23'],
  ['request-answer-close', 'lockfree'],
  ['queue-stall', 'gsoc23'],
] as const;
const searches = [
  {},
  { symmetry: true },
  { quotient: false },
  { conduct: ['runs-end'] },
  { conduct: ['data-bounded'] },
  { conduct: ['data-unhindered', 'data-direct'] },
] as const;

describe('depth first', () => {
  it.each(scenarios)('says of %s on %s what breadth first says', (name, design) => {
    const { scenario } = findScenario(name);
    const world = worldOf({ scenario, design, off: [] });
    for (const { conduct, ...options } of searches as readonly (Partial<CheckOptions> & { conduct?: [] })[])
      compare(world, claimsMade(scenario, conduct), options);
  });

  it('says of drawn programs what breadth first says, whatever is claimed', () => {
    const tally = { held: 0, violated: 0, circles: 0, longer: 0 };
    fc.assert(
      fc.property(drawnProgram, fc.constantFrom(...claimed), (program, claimedOf) => {
        const { world, properties, procedures } = build(program);
        const claims = claimedOf(properties, procedures);
        const searched = judged(world, claims, { allFailures: true, budget: { maxStates: 2000 } });
        // A search that meets a bound first says no more, and which is met first depends on the order.
        if (searched.verdict === 'unknown' || searched.cutShort != null) return;
        const broad = judged(world, claims);
        const deep = judged(world, claims, { depthFirst: true });
        const why = printed(program);
        expect(deep.verdict, why).toBe(broad.verdict);
        if (broad.verdict === 'holds') {
          expect(whole(deep), why).toEqual(whole(broad));
          expect(deep.depth, why).toBeGreaterThanOrEqual(broad.depth);
          if (deep.depth > broad.depth) tally.longer++;
          tally.held++;
          return;
        }
        tally.violated++;
        if (deep.trace === null) return;
        if (deep.trace.circle !== null) tally.circles++;
        else follow(world, claims, deep, why);
      }),
      { seed: 20_261_126, numRuns: 1000 },
    );
    expect(tally.held).toBeGreaterThan(100);
    expect(tally.violated).toBeGreaterThan(100);
    expect(tally.circles).toBeGreaterThan(2);
    expect(tally.longer).toBeGreaterThan(2);
  });

  it('leaves out orders too, and says the same', () => {
    fc.assert(
      fc.property(drawnProgram, (program) => {
        const { world, properties } = build(program);
        const broad = judged(world, properties, { budget: { maxStates: 2000 } });
        if (broad.verdict === 'unknown' || program.cpus.some(({ p }) => p === 'unused')) return;
        const deep = judged(world, properties, { depthFirst: true, reduce: true });
        if (deep.verdict !== 'unknown') expect(deep.verdict, printed(program)).toBe(broad.verdict);
      }),
      { seed: 20_261_126, numRuns: 300 },
    );
  });

  it('meets what fails after many steps before it has seen all that needs fewer', () => {
    const world = deepWorld();
    const end = claim('finally', 'nobody counts to the end', () => boxes(world).some(({ x }) => x < LAST));
    const broad = judged(world, [end], { quotient: false });
    const deep = judged(world, [end], { quotient: false, depthFirst: true });
    expect(broad).toMatchObject({ verdict: 'violated', states: (LAST + 1) ** 3 });
    expect(deep).toMatchObject({ verdict: 'violated', states: 3 * LAST + 1, depth: 3 * LAST });
  });

  it('stops at a bound, in time, and when it is asked to', () => {
    const world = deepWorld();
    const stopped = (options: Partial<CheckOptions>): string =>
      judged(world, [], { depthFirst: true, ...options }).message;
    expect(stopped({ budget: { maxStates: 500 } })).toBe(
      'the budget of 500 states is used up, after 501 states and 93 steps',
    );
    expect(stopped({ budget: { seconds: 0 }, spent: 1 })).toMatch(/^the budget of 0 s is used up/);
    expect(stopped({ interrupted: () => true })).toMatch(/^the run was interrupted/);
  });
});

type Claimed = (properties: readonly Property[], procedures: readonly unknown[]) => readonly Claim[];
const ofOperation = (kind: OperationClaim['kind'], procedures: readonly unknown[]): OperationClaim => ({
  name: kind,
  kind,
  sentence: kind,
  procedures: procedures.slice(0, 2) as OperationClaim['procedures'],
});
/** What is claimed of drawn programs: what they claim themselves, what must come to be so, what concerns how steps are done. */
const claimed: readonly Claimed[] = [
  (properties) => properties,
  (properties) => properties,
  (properties) => properties.map((property) => ({ ...property, kind: 'eventually' })),
  (_, procedures) => [ofOperation('ends', procedures)],
  (_, procedures) => [ofOperation('bounded', procedures), ofOperation('unhindered', procedures)],
];

class Box extends Shared {
  x = word(0, 31, 'a number');
}
const LAST = 31;
const count = procedure('', function count(box: Box) {
  for (let i = 1; i <= LAST; i++) box.x = i;
});
const kept = new WeakMap<World, readonly Box[]>();
const boxes = (world: World): readonly Box[] => kept.get(world)!;
const deepWorld = (): World => {
  const world = new World();
  const made = [0, 1, 2].map((i) => world.make(Box, `box${i}`));
  made.forEach((box, i) => world.run(`cpu${i}`, count, box));
  kept.set(world, made);
  return world;
};
