import { beforeAll, describe, expect, it } from 'vitest';
import { findScenario, readScenario } from '../../src/command/catalogue.ts';
import { saveDivergence } from '../../src/command/divergence.ts';
import { replayOnLibrary } from '../../src/command/realised.ts';
import { walkToday } from '../../src/command/rerun.ts';
import { load } from '../../src/counterexample/file.ts';
import { lockstep } from '../../src/differ/lockstep.ts';
import { meantBy, walkSaved, withRoom, type SavedWalk } from '../../src/differ/saved.ts';
import { namesOf, usualModel } from '../../src/explore/model.ts';
import { scratch } from '../cli/command.ts';
import { comparing, libraryIn } from './comparing.ts';
import { mutated, without, type Mutation } from './mutated.ts';

/** What diff finds, in a file: it says the run again, on the library that it was found on and on others. */
const named = findScenario('packet-rmhook');

const savedOf = (mutation: Mutation): string | null =>
  comparing(mutated(libraryIn(named.scenario), mutation), (product) => {
    const found = lockstep(product, { seconds: 60, seed: 1, maxRuns: 12 });
    expect(found.verdict).toBe('violated');
    return saveDivergence(product, named, found, scratch());
  });

/** The walk of a saved divergence on a library that is not as it should be. */
const walkedOn = (path: string, mutation: Mutation): SavedWalk => {
  const counterexample = load(path);
  const own = namesOf(walkToday(path, counterexample).world!, usualModel).labels;
  const sound = libraryIn(withRoom(readScenario(counterexample.scenario.definition, path)));
  return comparing(mutated(sound, mutation), (product) =>
    walkSaved(product, meantBy(counterexample.schedule, own, product.model.labels)),
  );
};

describe.each([
  ['hk_peer', without('store', 'hk_peer')],
  ['q_flags', without('and', 'q_flags')],
  ['nd_refs', without('add', 'nd_refs')],
] as const)('a library that leaves %s as it was', (_field, mutation) => {
  let path: string;
  beforeAll(() => {
    path = savedOf(mutation)!;
  });

  it('parts ways in a run that is saved, and does so again in the saved run', () => {
    expect(load(path)).toMatchObject({ design: { name: 'lockfree' }, property: 'library-agrees', expect: 'fixed' });
    expect(walkedOn(path, mutation).divergence).not.toBeNull();
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
