import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mainDesigns } from '../../spec/designs.ts';
import { fileOf, run, scratch } from './command.ts';
import { calm, race } from './scenarios.ts';

const fields = [
  'scenario design off verdict property message states transitions depth localStates quotientStates neverFired seconds counterexample account',
].flatMap((names) => names.split(' '));

describe('check', () => {
  it('exits with 0 when the scenario holds', async () => {
    const { code, out, err } = await run('check', fileOf(calm, 'calm.json'), '--design', 'upstream');
    expect(out).toMatch(/^scenario +design +verdict +states +transitions +depth +seconds\ncalm +upstream +holds +\d/);
    expect(err).toBe('');
    expect(code).toBe(0);
  });

  it('explores on each design that is named', async () => {
    const { out } = await run('check', fileOf(calm, 'calm.json'), '--design', 'upstream', '--design', 'gsoc23');
    expect(out.match(/^calm +(?:upstream|gsoc23)/gm)).toEqual(['calm      upstream', 'calm      gsoc23']);
  });

  it('counts the steps that never happened, and names them when it is asked to', async () => {
    const counted = /^packet-rmhook on lockfree: (\d+) steps of (\d+) procedures\s+never\s+happened\s+in\s+any\s+run/m;
    const short = await run('check', 'packet-rmhook', '--design', 'lockfree');
    const [, steps = '', procedures = ''] = counted.exec(short.out)!;
    expect(short.out).toMatch(/; --unreached names\s+them\.\n$/);
    const long = await run('check', 'packet-rmhook', '--design', 'lockfree', '--unreached');
    const named = long.out
      .slice(long.out.search(counted))
      .split(':\n')[1]!
      .replaceAll(/\n {6}/g, ' ')
      .trim()
      .split('\n');
    expect(named).toHaveLength(Number(procedures));
    expect(named.flatMap((line) => line.split(', '))).toHaveLength(Number(steps));
  });

  it(
    'says the same by however many threads, of so many states that they go through it together',
    { timeout: 60_000 },
    async () => {
      const asked = ['check', 'pair-send-rmhook', '--design', 'lockfree', '--json'];
      const said = [];
      for (const threads of [['--threads', '1'], ['--threads', '3'], []]) {
        const { out } = await run(...asked, ...threads);
        said.push(out.replaceAll(/"seconds": [\d.]+/g, ''));
      }
      expect(said[0]).toContain('"states": 489374');
      expect(said[1]).toBe(said[0]);
      expect(said[2]).toBe(said[0]);
    },
  );

  it('exits with 1 when it is violated, and shows the sentence and the run with C lines', async () => {
    const { code, out } = await run('check', fileOf(race, 'race.json'), '--design', 'gsoc23');
    expect(out).toMatch(/race on gsoc23: violated: \S+ \(/);
    expect(out).toMatch(/^ +CPU0 +CPU1$/m);
    expect(out).toMatch(/^ +\d+ .*refcount_acquire hk_refs of/m);
    expect(out).toContain('numbers are lines of ng_base.c');
    expect(out).toContain('│ inside an epoch section');
    expect(out).toMatch(/Keep this run: npx netgraph-mc check \S+race\.json --design gsoc23 --save/);
    expect(code).toBe(1);
  });

  it('fits a terminal of 80 columns', async () => {
    const { out } = await run('check', fileOf(race, 'race.json'), '--design', 'gsoc23');
    const trace = out.split('\n').filter((line) => !line.includes('Keep this run') && !line.includes(': violated: '));
    expect(Math.max(...trace.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('prints one JSON object with the agreed fields, for every design when none is named', async () => {
    const { code, out } = await run('check', fileOf(race, 'race.json'), '--json');
    const { schemaVersion, results } = JSON.parse(out) as { schemaVersion: number; results: Record<string, unknown>[] };
    expect(schemaVersion).toBe(1);
    expect(results.map(({ design }) => design)).toEqual(expect.arrayContaining(['upstream', 'gsoc23']));
    for (const result of results) expect(Object.keys(result)).toEqual(fields);
    expect(results.find(({ design }) => design === 'gsoc23')).toMatchObject({
      scenario: 'race',
      off: [],
      verdict: 'violated',
      counterexample: null,
      account: expect.stringMatching(/ in \w+, \w+\.c:\d+/) as string,
    });
    expect(code).toBe(1);
  });

  it('gives the same verdict with the quotient off, on more local states', async () => {
    const args = ['check', fileOf(race), '--design', 'gsoc23', '--json'];
    type Result = { verdict: string; property: string; quotientStates: number; depth: number };
    const [on, off] = await Promise.all(
      [args, [...args, '--no-quotient']].map(
        async (each) => (JSON.parse((await run(...each)).out) as { results: Result[] }).results[0]!,
      ),
    );
    expect(off!.quotientStates).toBe(0);
    expect(on!.quotientStates).toBeGreaterThan(0);
    expect([off!.verdict, off!.property, off!.depth]).toEqual([on!.verdict, on!.property, on!.depth]);
  });

  it('does without a protection that is switched off, and says so', async () => {
    const { out } = await run(
      'check',
      fileOf(race, 'race.json'),
      '--design',
      'gsoc23',
      '--off',
      'deferred-free',
      '--json',
    );
    const { results } = JSON.parse(out) as { results: { off: string[]; verdict: string }[] };
    expect(results).toMatchObject([{ off: ['deferred-free'], verdict: 'violated' }]);
  });

  it('says the same in the same order, however many checks are explored at a time', async () => {
    const files = [fileOf(race, 'race.json'), fileOf(calm, 'calm.json')];
    const told = await Promise.all(
      ['1', '4'].map(async (workers) => {
        const { out } = await run('check', ...files, '--workers', workers, '--json');
        const { results } = JSON.parse(out) as { results: { seconds: number }[] };
        return results.map((result) => ({ ...result, seconds: 0 }));
      }),
    );
    expect(told[0]!.length).toBe(2 * mainDesigns.length);
    expect(told[1]).toEqual(told[0]);
  });

  it('saves a run that a replay walks to the same failure', async () => {
    const directory = scratch();
    const { out } = await run('check', fileOf(race, 'race.json'), '--design', 'gsoc23', '--out', directory, '--json');
    const { results } = JSON.parse(out) as { results: { property: string; counterexample: string }[] };
    const [{ property, counterexample }] = results as [(typeof results)[0]];
    const stem = `race-gsoc23-${property}`;
    expect(counterexample).toBe(join(directory, `${stem}.json`));
    expect(readdirSync(directory).toSorted()).toEqual([`${stem}.json`, `${stem}.txt`]);
    expect(readFileSync(join(directory, `${stem}.txt`), 'utf8')).toContain(`race on gsoc23: violates ${property}`);

    const again = await run('replay', counterexample, '--json');
    expect(JSON.parse(again.out)).toMatchObject({
      schemaVersion: 1,
      results: [
        { scenario: 'race', design: 'gsoc23', property, outcome: 'still fails', asExpected: true, specChanged: false },
      ],
    });
    expect(again.code).toBe(0);
  });
});

describe('list', () => {
  it('shows what there is, for programs', async () => {
    const { code, out } = await run('list', '--json');
    const catalogue = JSON.parse(out) as Record<string, { name: string }[]>;
    expect(Object.keys(catalogue)).toEqual(['schemaVersion', 'scenarios', 'designs', 'switches', 'properties']);
    expect(catalogue.scenarios!.map(({ name }) => name)).toContain('both-ends');
    expect(catalogue.designs!.map(({ name }) => name)).toEqual(expect.arrayContaining(['upstream', 'gsoc23']));
    expect(catalogue.properties!.map(({ name }) => name)).toContain('use-after-free');
    expect(code).toBe(0);
  });

  it('shows it to people', async () => {
    const { out } = await run('list');
    for (const heading of ['Scenarios', 'Designs', 'Switches', 'Properties'])
      expect(out).toMatch(new RegExp(`^${heading}`, 'm'));
  });
});

describe('help', () => {
  it('names every command and every exit code, at once', async () => {
    const began = performance.now();
    const { code, out } = await run('--help');
    expect(performance.now() - began).toBeLessThan(2_000);
    for (const command of ['gate', 'check', 'replay', 'minimize', 'list'])
      expect(out).toMatch(new RegExp(`^  ${command} `, 'm'));
    for (const meaning of ['0 holds', '1 violated', '2 unknown', '3 bad input', '70 a bug'])
      expect(out).toContain(meaning);
    expect(code).toBe(0);
  });
});
