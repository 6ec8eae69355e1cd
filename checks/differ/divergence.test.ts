import { beforeAll, describe, expect, it } from 'vitest';
import { findScenario, readScenario } from '../../src/command/catalogue.ts';
import { saveDivergence } from '../../src/command/diff/divergence.ts';
import { replayOnLibrary } from '../../src/command/replay/realised.ts';
import { worldOf } from '../../src/command/jobs/job.ts';
import { walkToday } from '../../src/command/replay/rerun.ts';
import { load } from '../../src/counterexample/file.ts';
import { Crew } from '../../src/differ/crew.ts';
import { lockstep } from '../../src/differ/lockstep.ts';
import { keyOf, specified } from '../../src/differ/netgraph.ts';
import { meantBy, walkSaved, withRoom, type SavedWalk } from '../../src/differ/saved.ts';
import { onThreads } from '../../src/differ/threads.ts';
import { namesOf, usualModel } from '../../src/explore/model/model.ts';
import type { Design } from '../../src/netgraph/index.ts';
import { scratch } from '../cli/command.ts';
import { comparing, libraryIn } from './comparing.ts';
import { mutated, without, type Mutation } from './mutated.ts';

/** What diff finds, in a file: it says the run again, on the library that it was found on and on others. */
const named = findScenario('packet-rmhook');

const savedOf = (design: Design, mutation: Mutation): string | null =>
  comparing(mutated(libraryIn(named.scenario, design), mutation), (product) => {
    const found = lockstep(product, { seconds: 60, seed: 1, maxRuns: 12 });
    expect(found.verdict).toBe('violated');
    return saveDivergence(product, named, design, found, scratch());
  });

/** The walk of a saved divergence on a library that is not as it should be. */
const walkedOn = (path: string, design: Design, mutation: Mutation): SavedWalk => {
  const counterexample = load(path);
  const scenario = readScenario(counterexample.scenario.definition, path);
  const own = namesOf(worldOf({ scenario, design: specified[design], off: [] }), usualModel).labels;
  const sound = libraryIn(withRoom(scenario), design);
  return comparing(mutated(sound, mutation), (product) =>
    walkSaved(product, meantBy(counterexample.schedule, own, product.model.labels)),
  );
};

describe.each([
  ['lockfree', 'hk_peer', without('store', 'hk_peer')],
  ['lockfree', 'nd_refs', without('add', 'nd_refs')],
  ['rwlock', 'hk_refs', without('add', 'hk_refs')],
] as const)('a library in the design %s that leaves %s as it was', (design, _field, mutation) => {
  let path: string;
  beforeAll(() => {
    path = savedOf(design, mutation)!;
  });

  it('parts ways in a run that is saved, and does so again in the saved run', () => {
    expect(load(path)).toMatchObject({
      design: { name: specified[design] },
      property: 'library-agrees',
      expect: 'fixed',
    });
    expect(walkedOn(path, design, mutation).divergence).not.toBeNull();
  });

  it('is told in a run that the specification can go', () => {
    expect(walkToday(path, load(path)).replay).toMatchObject({ outcome: 'fixed', at: load(path).schedule.length });
  });

  it('is another than the library, which does not fail in the saved run', async () => {
    const lines: string[] = [];
    const terminal = { out: (line: string) => lines.push(line) } as unknown as Parameters<typeof replayOnLibrary>[1];
    expect(await replayOnLibrary({ files: [path], on: 'implementation', json: false }, terminal)).toBe(0);
    expect(lines.join()).toContain('does not fail');
  });
});

describe('a library on threads that opens no epoch section', () => {
  it('parts ways in a run that is saved, and does so again in the saved run', async () => {
    const mutation = without('store', 'er_section');
    const module = new URL('./wrongLibrary.ts', import.meta.url).href;
    const whole = mutated(libraryIn(named.scenario), mutation);
    const crew = new Crew(whole, { module, key: keyOf(named.scenario) }, 1);
    const path = await comparing(whole, async (product) => {
      const found = await onThreads(product, crew, 30, 20).finally(() => crew.end());
      expect(found).toMatchObject({ verdict: 'violated', divergence: { access: expect.any(String) as string } });
      return saveDivergence(product, named, 'lockfree', found, scratch());
    });
    expect(walkedOn(path!, 'lockfree', mutation).divergence).not.toBeNull();
  });
});

describe('a library on threads that finds its own fault', () => {
  it('parts ways with the model, which has none', async () => {
    const module = new URL('./faultyLibrary.ts', import.meta.url).href;
    const { scenario } = findScenario('packet-shutdown');
    const crew = new Crew(libraryIn(scenario), { module, key: keyOf(scenario) }, 1);
    const found = await comparing(libraryIn(scenario), (product) =>
      onThreads(product, crew, 30, 20).finally(() => crew.end()),
    );
    expect(found).toMatchObject({
      verdict: 'violated',
      divergence: {
        reason: expect.stringMatching(/^the library finds a fault: a count is lowered below zero/) as string,
      },
    });
  });
});
