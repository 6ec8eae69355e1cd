import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claimsOf } from '../../spec/properties.ts';
import { findScenario } from '../../src/command/catalogue.ts';
import { worldOf } from '../../src/command/jobs/job.ts';
import { withModel } from '../../src/explore/model/model.ts';
import { retrace } from '../../src/explore/runs/retrace.ts';
import type { Verdict } from '../../src/explore/search/verdict.ts';
import type { Claim } from '../../src/machine/conduct.ts';
import type { World } from '../../src/machine/world.ts';
import { drawnProgram } from './drawing.ts';
import { printed, seesQueued } from './drawnProgram.ts';
import { build } from './interpreter.ts';
import { judged } from './judgement.ts';

/** Every combination of what makes a search shorter: it must say the same, and show a run of the world as it is. */

type Switches = {
  readonly quotient: boolean;
  readonly fuse: boolean;
  readonly symmetry: boolean;
  readonly reduce: boolean;
};
const both = [false, true];
const combinations: readonly Switches[] = both.flatMap((fuse) =>
  both.flatMap((quotient) => both.flatMap((symmetry) => both.map((reduce) => ({ quotient, fuse, symmetry, reduce })))),
);
const none = combinations[0]!;

/** The run of a verdict, gone again step by step where nothing is left out: it ends with what the verdict says. */
const real = (world: World, claims: readonly Claim[], { quotient, fuse }: Switches, verdict: Verdict): void => {
  if (verdict.trace === null) return;
  const again = withModel(world, { quotient, fuse }, (model) => retrace(model, claims, verdict.trace!));
  expect(again?.finding).toEqual({ property: verdict.property, message: verdict.message });
};

/** Of the suite's scenarios, some with several items, packets or messages, and small enough to be explored sixteen times. */
const scenarios = [
  ['overtaking', 'gsoc23'],
  ['overtaking', 'lockfree'],
  ['path-named', 'lockfree'],
  ['mkpeer', 'gsoc23'],
  ['ipfw-connect', 'gsoc23'],
  ['socket-close-rmhook', 'gsoc23'],
  ['packet-shutdown', 'gsoc23'],
  ['packet-shutdown', 'lockfree'],
  ['tee-last', 'gsoc23'],
] as const;

describe('whatever is left out', () => {
  it.each(scenarios)('%s on %s comes out the same', (name, design) => {
    const { scenario } = findScenario(name);
    const world = worldOf({ scenario, design, off: [] });
    const claims = claimsOf(scenario);
    const [first, ...others] = combinations.map((switches) => {
      const verdict = judged(world, claims, switches);
      real(world, claims, switches, verdict);
      return { ...switches, verdict: verdict.verdict };
    });
    for (const other of others) expect(other).toMatchObject({ verdict: first!.verdict });
  });

  it('drawn programs come out the same', () => {
    const tally = { held: 0, violated: 0, fewer: 0 };
    fc.assert(
      fc.property(drawnProgram, fc.boolean(), (drawn, same) => {
        const program = same ? { ...drawn, cpus: drawn.cpus.map(() => drawn.cpus[0]!) } : drawn;
        // Leaving out orders relies on nobody having a reference to memory that another will allocate.
        if (program.cpus.some(({ p }) => p === 'unused')) return;
        const { world, properties } = build(program);
        const ask = (switches: Switches): Verdict =>
          judged(world, properties, { ...switches, budget: { maxStates: 4000 } });
        const plain = { apart: ask(none), fused: ask({ ...none, fuse: true }) };
        if (plain.apart.verdict === 'unknown' || plain.fused.verdict === 'unknown') return;
        const states = new Map<string, number>();
        for (const switches of combinations) {
          const verdict = ask(switches);
          // A bound that is met first ends the search: which one it is depends on the order.
          if (verdict.verdict === 'unknown') return;
          const why = `${printed(program)}\n${JSON.stringify(switches)}`;
          const { apart, fused } = plain;
          expect(verdict.verdict, why).toBe(switches.fuse && seesQueued(program) ? fused.verdict : apart.verdict);
          real(world, properties, switches, verdict);
          states.set(`${switches.symmetry} ${switches.reduce}`, verdict.states);
        }
        tally[plain.fused.verdict === 'holds' ? 'held' : 'violated']++;
        const alone = Math.min(states.get('true false')!, states.get('false true')!);
        if (plain.fused.verdict === 'holds' && states.get('true true')! < alone) tally.fewer++;
      }),
      { seed: 20_261_126, numRuns: 500 },
    );
    expect(tally.held).toBeGreaterThan(60);
    expect(tally.violated).toBeGreaterThan(60);
    expect(tally.fewer).toBeGreaterThan(1);
  });
});
