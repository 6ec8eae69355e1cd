import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { copyOfSuite, ended, fileOf, run, scratch, start } from './command.ts';
import { race } from './scenarios.ts';

describe('explain', () => {
  it('says what a claim is, and where the C says so', async () => {
    const { code, out, err } = await run('explain', 'queue-pending-flag');
    expect(out).toMatch(/^queue-pending-flag\n {2}OP_PENDING is set .*\(claimed of every state\)\n/s);
    expect(out).toMatch(/What the C says\n {4}S4: OP_PENDING .*\(ng_base\.c:1940-1951\)/s);
    expect(err).toBe('');
    expect(code).toBe(0);
  });

  it('says of a claim that a scenario must ask for it', async () => {
    expect((await run('explain', 'in-order')).out.replaceAll(/\s+/g, ' ')).toContain('where a scenario asks for it');
  });

  it('knows what the machine watches, and the assertions of the C by what they print', async () => {
    const kind = async (name: string) =>
      (JSON.parse((await run('explain', name, '--json')).out) as { kind: string }).kind;
    const names = ['use-after-free', 'ng_snd_item: hook for data is NULL', 'ng_ether_disconnect: weird hook'];
    expect(await Promise.all(names.map(kind))).toEqual(['engine', 'KASSERT', 'panic']);
  });

  it('knows the accepted verdicts and the saved runs that break a property', async () => {
    const copy = copyOfSuite({ race });
    const directory = scratch();
    const checked = await run('check', fileOf(race, 'race.json'), '--design', 'gsoc23', '--out', directory, '--json');
    const [{ property }] = (JSON.parse(checked.out) as { results: [{ property: string }] }).results;
    mkdirSync(join(copy, 'counterexamples'), { recursive: true });
    cpSync(directory, join(copy, 'counterexamples'), { recursive: true });
    const accepted = { states: 1, transitions: 1, depth: 1 };
    const results = {
      race: {
        gsoc23: { verdict: 'violated', property, ...accepted },
        upstream: { verdict: 'holds', property: null, ...accepted },
      },
    };
    writeFileSync(
      join(copy, 'spec/baseline.json'),
      JSON.stringify({ schemaVersion: 2, results, undecided: {}, silent: [] }),
    );

    const explained = (...args: string[]) => ended(start(['explain', ...args], copy)).then(({ out }) => out);
    const [json, text, other] = await Promise.all([
      explained(property, '--json'),
      explained(property),
      explained('no-zombie', '--json'),
    ]);
    expect(JSON.parse(json)).toMatchObject({
      schemaVersion: 1,
      name: property,
      verdicts: [{ scenario: 'race', design: 'gsoc23' }],
      counterexamples: [`counterexamples/race-gsoc23-${property}.json`],
    });
    expect(text).toContain('    race on gsoc23\n');
    expect(text).toContain(`    counterexamples/race-gsoc23-${property}.json\n`);
    expect(JSON.parse(other)).toMatchObject({ verdicts: [], counterexamples: [] });
  });

  it('knows designs and switches', async () => {
    expect((await run('explain', 'gsoc23')).out).toMatch(/^gsoc23\n.*\(a design\)\n\n {2}Switches that it has on\n/s);
    const { out } = await run('explain', 'node-mutex');
    expect(out).toMatch(/^node-mutex\n.*\(a switch\)\n\n {2}Designs that have it on\n.* {4}gsoc23\n/s);
    const { out: late } = await run('explain', 'listing-in-epoch');
    expect(late).toMatch(/Designs that have it on\n {4}repair-4\n {4}repair-5\n {4}lockfree\n$/);
    expect(out).not.toMatch(/^ {4}upstream$/m);
  });

  it('lists all properties when none is named', async () => {
    const { code, out } = await run('explain');
    for (const name of ['use-after-free', 'no-leak', 'in-order', 'ng_acquire_read: working on deadnode'])
      expect(out).toMatch(new RegExp(`^${name}$`, 'm'));
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(code).toBe(0);
    const { properties } = JSON.parse((await run('explain', '--json')).out) as { properties: { name: string }[] };
    expect(properties.map(({ name }) => name)).toContain('no-leak');
  });

  it('names the nearest when there is none of that name', async () => {
    const { code, out, err } = await run('explain', 'use-after-fre');
    expect(err).toMatch(/^There is no property, design or switch "use-after-fre"\. Did you mean "use-after-free"\?/);
    expect(out).toBe('');
    expect(code).toBe(3);
  });

  it('prints the table of the specification', async () => {
    const { out } = await run('explain', '--markdown');
    expect(out).toBe(readFileSync(join(import.meta.dirname, '../../spec/PROPERTIES.md'), 'utf8'));
  });
});
