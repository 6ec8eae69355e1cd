import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Datapath } from '../../src/report/datapath.ts';
import { fileOf, run, scratch } from './command.ts';
import { calm, race } from './scenarios.ts';

const outcomesOf = ({ rows }: Datapath): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    rows.map(({ design, claims }) => [design, Object.values(claims).map(({ outcome }) => outcome)] as const),
  );

describe('data', () => {
  it('says of each design what it promises', async () => {
    const { code, out } = await run('data', fileOf(race), '--design', 'upstream', 'gsoc23', '--json');
    expect(outcomesOf(JSON.parse(out) as Datapath)).toEqual({
      upstream: ['broken', 'broken', 'broken', 'kept'],
      gsoc23: ['broken', 'kept', 'broken', 'kept'],
    });
    expect(code).toBe(0);
  });

  it('shows it as text, and as Markdown', async () => {
    const [text, markdown] = await Promise.all([
      run('data', fileOf(calm), '--design', 'upstream'),
      run('data', fileOf(calm), '--design', 'upstream', '--markdown'),
    ]);
    expect(text.out).toMatch(/^upstream +kept in 1 +kept in 1 +broken in 1 of 1 +kept in 1 +\d+ \(own\)$/m);
    expect(text.out).toMatch(/^ng_acquire_read: atomic_cmpset q_flags +ng_base\.c:2104 +own +\d+$/m);
    expect(text.out).toMatch(/^refcount_acquire +2 \+ 0$/m);
    expect(markdown.out).toContain('| upstream | kept in 1 | kept in 1 | broken in 1 of 1 | kept in 1 |');
  });

  it('calls nothing kept that was not explored to the end', async () => {
    const { code, out } = await run('data', fileOf(race), '--design', 'gsoc23', '--max-states', '20', '--json');
    expect(outcomesOf(JSON.parse(out) as Datapath)).toEqual({ gsoc23: ['unknown', 'unknown', 'broken', 'unknown'] });
    expect(code).toBe(2);
  });

  it('refuses a scenario that sends nothing', async () => {
    const { code, err } = await run('data', 'double-shutdown');
    expect(err).toContain('double-shutdown.json sends no data.');
    expect(code).toBe(3);
  });
});

describe('check --claim', () => {
  it('saves a run that is walked again and made minimal', async () => {
    const directory = scratch();
    const checked = await run(
      'check', fileOf(race, 'race.json'), '--design', 'upstream', '--claim', 'data-unhindered', '--out', directory,
    ); // prettier-ignore
    expect(checked.out).toContain('violated: data-unhindered');
    expect(checked.out.replaceAll(/\s+/g, ' ')).toContain('(ng_base.c:3656) waits for CPU1.');
    expect(checked.code).toBe(1);
    const file = join(directory, 'race-upstream-data-unhindered.json');
    const [walked, minimal] = [
      await run('replay', file, '--json'),
      await run('minimize', file, '--out', directory, '--json'),
    ];
    expect(JSON.parse(walked.out)).toMatchObject({ results: [{ outcome: 'still fails' }] });
    expect(JSON.parse(minimal.out)).toMatchObject({ results: [{ property: 'data-unhindered', outcome: 'minimal' }] });
  });

  it('knows what can be claimed', async () => {
    const { code, err } = await run('check', 'packet-rmhook', '--claim', 'data-unhinderd');
    expect(err).toContain('Did you mean "data-unhindered"?');
    expect(code).toBe(3);
  });
});
