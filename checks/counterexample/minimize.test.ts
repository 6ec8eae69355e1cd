import { once } from 'node:events';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { properties } from '../../spec/properties.ts';
import type { Scenario } from '../../spec/scenario.ts';
import { worldOf } from '../../src/command/jobs/job.ts';
import { walkToday } from '../../src/command/replay/rerun.ts';
import { keepBeside } from '../../src/counterexample/file.ts';
import type { Counterexample } from '../../src/counterexample/form.ts';
import { check } from '../../src/explore/check.ts';
import { withModel } from '../../src/explore/model/model.ts';
import { chase } from '../../src/explore/runs/preemption.ts';
import { retrace } from '../../src/explore/runs/retrace.ts';
import type { Site } from '../../src/explore/search/site.ts';
import type { Trace } from '../../src/explore/search/verdict.ts';
import { kinds } from '../../src/minimize/cut.ts';
import { manyStates, minimize, type Limits, type Minimum } from '../../src/minimize/minimum.ts';
import { ended, fileOf, run, scratch, start } from '../cli/command.ts';
import { calm, race } from '../cli/scenarios.ts';

/** The race, and much beside it that it does not need. */
const crowded = {
  ...race,
  nodes: { ...race.nodes, C: { type: 'hub', persistent: true } },
  cpus: [
    { run: [{ listhooks: { node: 'C' } }] },
    race.cpus[0]!,
    { run: [...race.cpus[1]!.run, { listhooks: { node: 'C' } }] },
  ],
  ngthreads: 1,
  packets: 3,
  covers: ['data-delivered'],
} as unknown as Scenario;
const plainRace = race as unknown as Scenario;

/** Two packets go to a queue that nobody works on: it fails with the first. */
const stuck = {
  ...race,
  nodes: { W: { type: 'iface' }, B: { type: 'hole', queued: ['b'] } },
  cpus: [{ run: [{ send: { node: 'W' } }] }, { run: [{ send: { node: 'W' } }] }],
  packets: 2,
  items: 0,
};

/** Two packets go to a queue that is not served again after the first. */
const lossy = {
  ...stuck,
  nodes: { W: { type: 'iface' }, B: { type: 'hole', queued: ['b'], forceWriter: true } },
  ngthreads: 2,
} as unknown as Scenario;

const design = { design: 'gsoc23', off: [] };
const whole = { quotient: true, fuse: true };
const limits: Limits = { maxStates: manyStates };

/** A shortest run of the scenario to a failure that is wanted. */
const runTo = (scenario: Scenario, wanted: (site: Site) => boolean): Trace | null =>
  withModel(worldOf({ scenario, ...design }), whole, (model) => {
    const found = chase(model, { properties, wanted, countPreemptions: false }, { budget: {} });
    return found.kind === 'found' ? found.trace : null;
  });
const siteOf = (scenario: Scenario, trace: Trace): Site =>
  withModel(worldOf({ scenario, ...design }), whole, (model) => retrace(model, properties, trace)!.site);
const minimumOf = (scenario: Scenario, trace: Trace, more: Partial<Limits> = {}): Minimum =>
  minimize({ scenario, ...design, trace }, { ...limits, ...more }) as Minimum;

const isLoss = ({ property }: Site): boolean => property === 'no-leak';

describe('a run that is made minimal', () => {
  let trace: Trace;
  let minimum: Minimum;
  beforeAll(() => {
    trace = check(worldOf({ scenario: crowded, ...design }), properties, { ...whole, budget: {} }).trace!;
    minimum = minimumOf(crowded, trace);
  });

  it('comes from a scenario with nothing in it that the failure does not need', () => {
    const { nodes, links, cpus } = plainRace;
    expect(minimum.scenario).toMatchObject({ nodes, links, cpus, ngthreads: 0, packets: 1 });
    expect(Object.keys(minimum.scenario.nodes)).toEqual(Object.keys(nodes));
    expect(minimum.scenario).not.toHaveProperty('covers');
    expect(minimum).toMatchObject({
      outcome: 'minimal',
      reason: '',
      before: { cpus: 4, operations: 4, steps: trace.steps.length },
      after: { cpus: 2, operations: 2, preemptions: 1, steps: minimum.trace.steps.length },
    });
    expect(minimum.leftOut.slice(0, 3)).toEqual(['CPU0 (listhooks C)', 'node C', '1 ngthread']);
  });

  it('loses its failure with any piece more', () => {
    const site = siteOf(crowded, trace);
    const still = kinds(0)
      .flatMap((kind) => kind(minimum.scenario))
      .filter(({ scenario }) => failsAt(scenario, site));
    expect(still).toEqual([]);
    expect(failsAt(minimum.scenario, site)).toBe(true);
  });

  it('fails where the run did that it was made from', () => {
    expect(siteOf(minimum.scenario, minimum.trace)).toEqual(siteOf(crowded, trace));
    expect(minimum.site).toEqual(siteOf(crowded, trace));
  });

  it('is the same when it is made minimal again', () => {
    const again = minimumOf(minimum.scenario, minimum.trace);
    expect(again).toEqual({ ...minimum, before: minimum.after, leftOut: [] });
  });

  it('keeps its own failure where another of the same property is nearer', () => {
    const another = runTo(
      plainRace,
      ({ property, at }) => property === minimum.site.property && at !== minimum.site.at,
    )!;
    const other = minimumOf(plainRace, another);
    expect(other.site.property).toBe(minimum.site.property);
    expect(other.site.at).not.toBe(minimum.site.at);
    expect(siteOf(other.scenario, other.trace)).toEqual(other.site);
  });

  it('is unknown where a smaller scenario was not explored to the end, and says how many', () => {
    const short = minimumOf(lossy, runTo(lossy, isLoss)!, { maxStates: 60 });
    expect(short).toMatchObject({ outcome: 'unknown', leftOut: [], after: short.before });
    expect(short.reason).toMatch(/^whether \d+ smaller scenarios fail was not found out, each within 60 states$/);
  });

  it('is what there was when it is interrupted', () => {
    const kept: Minimum[] = [];
    const onKept = (minimum: Minimum): void => void kept.push(minimum);
    const stopped = minimumOf(lossy, runTo(lossy, isLoss)!, { interrupted: () => kept.length > 1, onKept });
    expect(stopped).toEqual({ ...kept.at(-1), reason: expect.stringMatching(/^it was interrupted/) as string });
    expect(stopped).toMatchObject({ outcome: 'unknown', leftOut: ['1 ngthread'], scenario: { ngthreads: 1 } });
    expect(siteOf(stopped.scenario, stopped.trace)).toEqual(stopped.site);
  });

  it('is none where the run fails no longer', () => {
    const shorter = { ...trace, steps: trace.steps.slice(0, -1) };
    const failing = { scenario: crowded, ...design, trace: shorter };
    expect(minimize(failing, limits)).toBe('the run does not fail where it ends');
  });
});

/** By the search that a check makes, past the failures that are nearer. */
const failsAt = (scenario: Scenario, site: Site): boolean => {
  try {
    return runTo(scenario, ({ property, at }) => property === site.property && at === site.at) !== null;
  } catch {
    return false;
  }
};

describe('an end that is wrong', () => {
  it('keeps somebody who works on the queues', () => {
    const minimum = minimumOf(lossy, runTo(lossy, isLoss)!);
    expect(minimum.site).toEqual({ property: 'no-leak', at: '<dataitem> stays in the queue of <node> for ever' });
    expect(minimum.scenario).toMatchObject({ ngthreads: 1, cpus: lossy.cpus });
  });
});

describe('minimize', () => {
  const read = (path: string): Counterexample => JSON.parse(readFileSync(path, 'utf8')) as Counterexample;
  const savedRun = async (scenario: unknown, name: string): Promise<string> => {
    const args = ['check', fileOf(scenario, `${name}.json`), '--design', 'gsoc23', '--out', scratch(), '--json'];
    const { out } = await run(...args);
    return (JSON.parse(out) as { results: [{ counterexample: string }] }).results[0].counterexample;
  };
  let file: string;
  beforeAll(async () => {
    file = await savedRun(stuck, 'stuck');
  });

  it('saves the smaller run under a name of its own, and says what is left of what', async () => {
    const directory = scratch();
    const { code, out, err } = await run('minimize', file, '--out', directory);
    expect(err).toBe('');
    expect(out).toMatch(/: minimal\n {2}stuck on gsoc23, no-leak$/m);
    expect(out).toMatch(/2 CPUs → 1, 2 operations → 1, \d+ steps → \d+, \d+ pre-emptions? → 0/);
    expect(out).toMatch(/Left out: CPU0 \(send W\); 1 of 2\s+packets\./);
    expect(code).toBe(0);
    const stem = 'stuck-minimal-gsoc23-no-leak';
    expect(readdirSync(directory).toSorted()).toEqual([`${stem}.json`, `${stem}.txt`]);
    const smaller = read(join(directory, `${stem}.json`));
    expect(smaller).toMatchObject({ schemaVersion: 1, preemptions: 0, property: 'no-leak', expect: 'still fails' });
    expect(smaller.scenario.definition).toMatchObject({
      description: 'What is left of stuck without all that no-leak on gsoc23 does not need.',
      packets: 1,
    });
    expect(readFileSync(join(directory, `${stem}.txt`), 'utf8')).toMatch(/^The run, \d+ steps, 0 pre-emptions:$/m);
    expect(walkToday(stem, smaller).replay.outcome).toBe('still fails');
  });

  it('leaves alone what has the name already, unless it is the same', () => {
    const directory = scratch();
    const { replay } = walkToday(file, read(file));
    const keep = (): string => keepBeside(read(file), replay.trace!, directory);
    const first = keep();
    expect(keep()).toBe(first);
    writeFileSync(first, 'mine');
    expect(keep()).toBe(first.replace('.json', '-2.json'));
    expect(keep()).toBe(first.replace('.json', '-2.json'));
    expect(readFileSync(first, 'utf8')).toBe('mine');
  });

  it('saves it in place when it is told to', async () => {
    const copy = join(scratch(), 'copy.json');
    writeFileSync(copy, readFileSync(file));
    expect((await run('minimize', copy, '--in-place')).code).toBe(0);
    expect(read(copy)).toMatchObject({ scenario: { name: 'stuck-minimal' }, preemptions: 0 });
    expect(readFileSync(copy.replace('.json', '.txt'), 'utf8')).toContain('stuck-minimal on gsoc23');
  });

  it('has nothing to keep where the run no longer fails', async () => {
    const fixed = fileOf({ ...read(file), scenario: { name: 'calm', definition: calm } });
    const { code, out } = await run('minimize', fixed, '--out', scratch(), '--json');
    expect(JSON.parse(out)).toMatchObject({
      results: [{ outcome: 'unknown', reason: expect.stringContaining('no longer fails'), counterexample: null }],
    });
    expect(code).toBe(2);
  });

  it.each([
    ['a file that is no saved run', () => [fileOf(calm)], /own\.json: the file has "nodes"/],
    ['a place where nothing can be saved', () => [file, '--out', '/dev/full'], /nothing can be saved there/],
    ['two places to save in', () => [file, '--out', scratch(), '--in-place'], /cannot be used with/],
  ])('refuses %s', async (_what, args, sentence) => {
    const { code, err, out } = await run('minimize', ...args());
    expect(err).toMatch(sentence);
    expect(out).toBe('');
    expect(code).toBe(3);
  });

  describe('that takes too long', () => {
    /**
     * The run of a small race in a scenario where much else goes on. The CPU that the failure needs does the most, so that
     * the first thing tried is to do without it; and then there is no end of states, and no failure.
     */
    let long: string;
    beforeAll(async () => {
      const saved = read(await savedRun(race, 'race'));
      const [send, remove] = saved.scenario.definition.cpus as typeof race.cpus;
      const busy = { run: [{ send: { node: 'C' } }, { send: { node: 'C' } }] };
      const definition = {
        ...race,
        nodes: { ...race.nodes, C: { type: 'iface' }, D: { type: 'hole' } },
        links: [...race.links, ['C:inet', 'D:d']],
        cpus: [send, { run: [remove!.run[0], remove!.run[0], remove!.run[0]] }, busy, busy, busy, busy],
        items: 6,
        packets: 9,
      };
      long = fileOf({ ...saved, scenario: { name: 'long', definition } });
    });
    // On a slow machine it is over while the automata are being closed, and the reason says so.
    const overTime = /^the budget of 1 s is used up/;
    const forever = ['--max-states', '1000000000', '--json'];

    it('stops when its time is over', async () => {
      const directory = scratch();
      const { code, out } = await run('minimize', long, '--timeout', '1', '--out', directory, ...forever);
      expect(JSON.parse(out)).toMatchObject({
        results: [{ outcome: 'unknown', reason: expect.stringMatching(overTime), leftOut: [], counterexample: null }],
      });
      expect(readdirSync(directory)).toEqual([]);
      expect(code).toBe(2);
    });

    it('stops at Ctrl-C', async () => {
      const child = start(['minimize', long, '--out', scratch(), ...forever]);
      const running = ended(child);
      // A file is told every 15 seconds how far it is; then there is something to interrupt.
      await once(child.stderr, 'data');
      child.kill('SIGINT');
      const { code, out, err } = await running;
      expect(err).toContain('Stopping');
      expect(JSON.parse(out)).toMatchObject({
        results: [{ outcome: 'unknown', reason: expect.stringMatching(/^it was interrupted/) as string }],
      });
      expect(code).toBe(2);
    });
  });
});
