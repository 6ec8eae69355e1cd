import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Counterexample } from '../../src/counterexample/form.ts';
import { run, scratch, fileOf } from '../cli/command.ts';
import { calm, race } from '../cli/scenarios.ts';

/** A saved run of the published branch, changed as a design or a text may change, and walked again. */

type Result = {
  outcome: string;
  at: number | null;
  reason: string;
  nearest: string | null;
  enabled: unknown[];
  asExpected: boolean;
};

describe('a saved run', () => {
  let saved: Counterexample;
  const replayed = async (change: Partial<Counterexample>): Promise<Result & { code: number | null }> => {
    const path = join(scratch(), 'changed.json');
    writeFileSync(path, JSON.stringify({ ...saved, ...change }));
    const { code, out } = await run('replay', path, '--json');
    return { ...(JSON.parse(out) as { results: Result[] }).results[0]!, code };
  };

  beforeAll(async () => {
    const { out } = await run('check', fileOf(race, 'race.json'), '--design', 'gsoc23', '--out', scratch(), '--json');
    const [{ counterexample }] = (JSON.parse(out) as { results: [{ counterexample: string }] }).results;
    saved = JSON.parse(readFileSync(counterexample, 'utf8')) as Counterexample;
  });

  it('carries names only, and all that it takes to walk it', () => {
    expect(saved).toMatchObject({
      schemaVersion: 1,
      expect: 'still fails',
      scenario: { name: 'race', definition: race },
    });
    expect(saved.design).toMatchObject({ name: 'gsoc23', off: [], switches: { 'deferred-free': true } });
    for (const { cpu, step } of saved.schedule) {
      expect(['CPU0', 'CPU1', 'callbacks', 'epoch callbacks']).toContain(cpu);
      expect(step).toMatch(/^\w+: \w+|^grace period ends$/);
    }
  });

  it('still fails: the same property, at its last step', async () => {
    const result = await replayed({});
    expect(result).toMatchObject({ outcome: 'still fails', at: saved.schedule.length, asExpected: true, code: 0 });
  });

  it('is not as expected when it was said to be fixed', async () => {
    expect(await replayed({ expect: 'fixed' })).toMatchObject({ outcome: 'still fails', asExpected: false, code: 1 });
  });

  it('fails differently when another property breaks on the way', async () => {
    expect(await replayed({ property: 'deadlock' })).toMatchObject({
      outcome: 'fails differently',
      reason: expect.stringContaining(`breaks ${saved.property} instead of deadlock`),
      code: 1,
    });
  });

  it('still fails where its own way is gone but another run fails: it says at which step it parts, and why', async () => {
    const [first, ...rest] = saved.schedule;
    const result = await replayed({ schedule: [first!, ...rest.slice(1)] });
    expect(result).toMatchObject({ outcome: 'still fails', asExpected: true, code: 0 });
    expect(result.at).toBeGreaterThan(1);
    expect(result.reason).toContain('is about to do');
    expect(result.reason).toContain('but another run fails');
    expect(result.enabled).toContainEqual({ cpu: expect.any(String), step: expect.any(String) });
  });

  it('is not fixed by being cut short', async () => {
    const half = saved.schedule.slice(0, saved.schedule.length >> 1);
    expect(await replayed({ schedule: half })).toMatchObject({ outcome: 'still fails', at: half.length, code: 0 });
  });

  it('is stale where it names a CPU that is not there', async () => {
    const [first, ...rest] = saved.schedule;
    const result = await replayed({ schedule: [{ ...first!, cpu: 'CPU9' }, ...rest] });
    expect(result).toMatchObject({ outcome: 'stale', nearest: 'CPU0', code: 1 });
  });

  it('is fixed where no run fails any more', async () => {
    const schedule = saved.schedule.filter(({ cpu }) => cpu === 'CPU0').slice(0, 3);
    const result = await replayed({ scenario: { name: 'calm', definition: calm }, schedule, expect: 'fixed' });
    expect(result).toMatchObject({ outcome: 'fixed', at: 3, asExpected: true, code: 0 });
    expect(result.reason).toContain('no run fails');
  });

  it('is fixed where a step has gone with its failure: no run fails any more', async () => {
    const schedule = saved.schedule.map((step, i) => (i === 1 ? { ...step, step: 'ng_send_fn: gone' } : step));
    const result = await replayed({ scenario: { name: 'calm', definition: calm }, schedule, expect: 'fixed' });
    expect(result).toMatchObject({ outcome: 'fixed', at: 2, asExpected: true, code: 0 });
    expect(result.reason).toMatch(/has no step "ng_send_fn: gone" any more; no run fails, in [\d,]+ states/);
  });

  it('is stale where a step has gone and other runs fail: it says which name is nearest', async () => {
    const at = saved.schedule.findIndex(({ step }) => step.startsWith('ng_address_hook: refcount_acquire hk_refs'));
    const schedule = saved.schedule.with(at, {
      ...saved.schedule[at]!,
      step: 'ng_address_hook: refcount_acquire hk_ref',
    });
    expect(await replayed({ schedule })).toMatchObject({
      outcome: 'stale',
      at: at + 1,
      nearest: expect.stringContaining('refcount_acquire hk_refs'),
      reason: expect.stringContaining('and another run fails'),
      code: 1,
    });
  });

  it.each([
    ['design', { name: 'gsoc22', off: [], switches: {} }, /no design "gsoc22"/, 'gsoc23'],
    ['switch', { name: 'gsoc23', off: ['defered-free'], switches: {} }, /no switch "defered-free"/, 'deferred-free'],
  ])('is stale where its %s has gone', async (_what, design, reason, nearest) => {
    expect(await replayed({ design })).toMatchObject({
      outcome: 'stale',
      reason: expect.stringMatching(reason),
      nearest,
      code: 1,
    });
  });

  it('is stale where its scenario can no longer be built', async () => {
    const definition = { ...race, cpus: [{ run: [{ rmhook: { node: 'B', hook: 'gone' } }] }] };
    expect(await replayed({ scenario: { name: 'race', definition } })).toMatchObject({
      outcome: 'stale',
      reason:
        'its scenario can no longer be built: /cpus/0/run/0/rmhook/hook names hook "gone", but the hooks of "B" are "b"',
    });
    const odd = { ...race, nodes: { ...race.nodes, B: { type: 'hole', colour: 'red' } } };
    expect(await replayed({ scenario: { name: 'race', definition: odd } })).toMatchObject({
      outcome: 'stale',
      reason: expect.stringMatching(/^its scenario can no longer be built: \/nodes\/B has "colour", .*[^.]$/),
    });
  });
});
