import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { load } from '../../src/counterexample/file.ts';
import { netgraphSubject } from '../../src/differ/netgraph.ts';
import type { Product } from '../../src/differ/product.ts';
import { walkSaved, type SavedWalk } from '../../src/differ/saved.ts';
import { replayOnLibrary } from '../../src/command/realised.ts';
import { readScenario } from '../../src/command/catalogue.ts';
import { comparing } from './comparing.ts';
import { mutated, without, type Mutation } from './mutated.ts';

const folder = join(import.meta.dirname, '../../counterexamples');

/** Walks a saved run on the library, or on one that is not as it should be. */
const walked = (file: string, mutation: Mutation | null = null): SavedWalk => {
  const { scenario, schedule } = load(join(folder, `${file}.json`));
  const whole = netgraphSubject(scenario.name, readScenario(scenario.definition, 'its scenario'));
  const subject = mutation === null ? whole : mutated(whole, mutation);
  return comparing(subject, (product: Product) => walkSaved(product, schedule));
};

const useAfterFree = 'packet-rmhook-lockfree-without-deferred-free-use-after-free';
const followed = [
  useAfterFree,
  'packet-rmhook-lockfree-without-private-with-owner-use-after-free',
  'packet-shutdown-minimal-gsoc23-closing-as-writer',
  'packet-left-node-gsoc23-null-dereference',
];
/** Where the library goes another way than the run, and with what. */
const parting = [
  { file: 'both-ends-lockfree-without-destroyed-once-disconnect-once', at: 22, instead: 'rw_wunlock ng_topo_lock #2' },
  { file: 'double-shutdown-minimal-gsoc23-null-dereference', at: 46, instead: 'NET_EPOCH_EXIT' },
  { file: 'overtaking-lockfree-without-data-outside-gate-in-order', at: 19, instead: 'applyData: load hk_flags' },
] as const;

describe('a saved run of another design on the library', () => {
  it.each(followed)('%s is followed to its end, and nothing fails', (file) => {
    expect(walked(file)).toMatchObject({ divergence: null, parted: null });
  });

  it.each(parting)('$file is followed up to step $at, and nothing fails', ({ file, at, instead }) => {
    const { divergence, parted } = walked(file);
    expect(divergence).toBeNull();
    expect(parted).toMatchObject({ at });
    expect(parted!.reason).toContain(instead);
  });

  it('fails on a library that leaves hk_peer as it was', () => {
    expect(walked(useAfterFree, without('store', 'hk_peer')).divergence).not.toBeNull();
  });

  it('goes on threads as it goes access by access', async () => {
    const lines: string[] = [];
    const terminal = { out: (line: string) => lines.push(line) } as unknown as Parameters<typeof replayOnLibrary>[1];
    const file = join(folder, `${useAfterFree}.json`);
    expect(await replayOnLibrary({ files: [file], on: 'threads', json: false }, terminal)).toBe(0);
    expect(lines.join()).toContain('does not fail');
  });

  it('is refused where the scenario cannot be compared', async () => {
    const none = {} as Parameters<typeof replayOnLibrary>[1];
    await expect(
      replayOnLibrary(
        { files: [join(folder, 'ether-input-minimal-gsoc23-use-after-free.json')], on: 'threads', json: false },
        none,
      ),
    ).rejects.toThrow('the library has no nodes of type ether as the specification has them');
  });
});
