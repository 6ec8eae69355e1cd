import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../spec/scenario.ts';
import { load } from '../../src/counterexample/file.ts';
import { unsupported } from '../../src/differ/comparable.ts';
import { meantBy, walkSaved, withRoom, type SavedStep, type SavedWalk } from '../../src/differ/saved.ts';
import { replayOnLibrary } from '../../src/command/replay/realised.ts';
import { worldOf } from '../../src/command/jobs/job.ts';
import { namesOf, usualModel } from '../../src/explore/model/model.ts';
import { readScenario } from '../../src/command/catalogue.ts';
import { scratch } from '../cli/command.ts';
import { comparing, libraryIn } from './comparing.ts';
import { mutated, without, type Mutation } from './mutated.ts';

const folder = join(import.meta.dirname, '../../counterexamples');

type Run = { readonly steps: readonly SavedStep[]; readonly room: Scenario };

/** A saved run in the steps of the library's design, and its scenario with memory to go on; the one that was asked for last is kept. */
let last: { readonly file: string; readonly run: Run } | null = null;
const runIn = (file: string): Run => {
  if (last?.file === file) return last.run;
  const { scenario: saved, design, schedule } = load(join(folder, `${file}.json`));
  const scenario = readScenario(saved.definition, 'its scenario');
  const own = namesOf(worldOf({ scenario, design: design.name, off: design.off }), usualModel).labels;
  const room = withRoom(scenario);
  const steps = comparing(libraryIn(room), ({ model }) => meantBy(schedule, own, model.labels));
  last = { file, run: { steps, room } };
  return last.run;
};

/** Walks a saved run on the library, or on one that is not as it should be. */
const walked = (file: string, mutation: Mutation | null = null, most?: number): SavedWalk => {
  const { steps, room } = runIn(file);
  const whole = libraryIn(room);
  const subject = mutation === null ? whole : mutated(whole, mutation);
  return comparing(subject, (product) => walkSaved(product, steps, most));
};

const useAfterFree = 'listhooks-rmhook-lockfree-without-listing-in-epoch-use-after-free';
const followed = [
  useAfterFree,
  'packet-shutdown-minimal-gsoc23-closing-as-writer',
  'packet-left-node-gsoc23-null-dereference',
];
/** Where the library goes another way than the run, and with what. */
const parting = [
  { file: 'both-ends-lockfree-without-destroyed-once-disconnect-once', at: 34, instead: 'ng_queue_rw: mtx_lock q_mtx' },
  { file: 'double-shutdown-minimal-gsoc23-null-dereference', at: 46, instead: 'NET_EPOCH_EXIT' },
  { file: 'overtaking-lockfree-without-data-outside-gate-in-order', at: 19, instead: 'applyData: load hk_flags' },
] as const;

/** Every saved run of a scenario that can be compared. */
const comparable = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .filter((name) => unsupported(readScenario(load(join(folder, name)).scenario.definition, name)) === null)
  .map((name) => name.replace(/\.json$/, ''));
/** Those whose local automata take more than a second to make are not walked here; `replay --on implementation` walks them as well. */
const costly =
  /^(both-ends|connect-(abandoned|dying|shutdown|twice|two|walks)|hub-lockfree|list-hooks|one2many-config-lock|packet-left|path-hop-lock|storm|tee-minimal|unlinked)/;

const above: ReadonlySet<string> = new Set([...followed, ...parting.map(({ file }) => file)]);

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

  it.each(comparable.filter((file) => !costly.test(file) && !above.has(file)))(
    '%s does not make the library fail',
    (file) => {
      expect(walked(file)).toMatchObject({ divergence: null, cutShort: false });
    },
  );

  it('is known to nobody where the scenario has no memory to go on', () => {
    const file = 'packet-rmhook-minimal-gsoc23-hooks-stay';
    const { definition } = load(join(folder, `${file}.json`)).scenario;
    expect(comparing(libraryIn(readScenario(definition, file)), (product) => walkSaved(product, []))).toMatchObject({
      divergence: null,
      cutShort: true,
    });
  });

  it.each([20, 400])('is known to nobody when it is given up after %i accesses', (most) => {
    expect(walked(useAfterFree, null, most)).toMatchObject({ divergence: null, cutShort: true });
    expect(walked(useAfterFree).cutShort).toBe(false);
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

  it.each(['step', 'cpu'] as const)('is stale where no %s of it is one of its own design', async (part) => {
    const lines: string[] = [];
    const terminal = { out: (line: string) => lines.push(line) } as unknown as Parameters<typeof replayOnLibrary>[1];
    const run = JSON.parse(readFileSync(join(folder, `${useAfterFree}.json`), 'utf8')) as { schedule: object[] };
    const file = join(scratch(), 'run.json');
    writeFileSync(
      file,
      JSON.stringify({ ...run, schedule: run.schedule.map((each) => ({ ...each, [part]: 'nobody' })) }),
    );
    expect(await replayOnLibrary({ files: [file], on: 'implementation', json: false }, terminal)).toBe(1);
    expect(lines.join()).toContain('stale');
  });

  it('is refused where the scenario cannot be compared', async () => {
    const none = {} as Parameters<typeof replayOnLibrary>[1];
    await expect(
      replayOnLibrary(
        {
          files: [join(folder, 'teardown-minimal-upstream13-panic.json')],
          on: 'threads',
          json: false,
        },
        none,
      ),
    ).rejects.toThrow('without an ngthread nobody serves the queues that a CPU waits for');
  });
});
