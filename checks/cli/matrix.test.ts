import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import unhook from '../../spec/scenarios/packet-rmhook.json' with { type: 'json' };
import shutdown from '../../spec/scenarios/packet-shutdown.json' with { type: 'json' };
import { copyOfSuite, ended, scratch, start, type Run } from './command.ts';
import { calm, endless, race } from './scenarios.ts';

/**
 * Upstream on four scenarios. It fails in *race* itself; without its gate two others fail, and *shutdown* has the shorter run;
 * nobody here asks for a path, so nobody misses what protects one.
 */
const scenarios = { calm, race, unhook, shutdown };

/** As if these were the accepted verdicts: nothing has to be explored to know what upstream holds, and *unhook* is cheaper. */
const accepted = {
  calm: ['holds', null, 10],
  unhook: ['holds', null, 1000],
  shutdown: ['holds', null, 2000],
  race: ['violated', 'no-leak', 20],
} as const;

const suiteWith = (names: readonly (keyof typeof accepted)[]): string => {
  const copy = copyOfSuite(Object.fromEntries(names.map((name) => [name, scenarios[name]])));
  const results = Object.fromEntries(
    names.map((name) => {
      const [verdict, property, states] = accepted[name];
      return [name, { upstream: { verdict, property, states, transitions: states, depth: 9 } }];
    }),
  );
  const baseline = { schemaVersion: 2, results, undecided: {}, silent: [] };
  writeFileSync(join(copy, 'spec/baseline.json'), JSON.stringify(baseline));
  writeFileSync(join(copy, 'README.md'), 'before\n<!-- matrix -->\nyesterday\n<!-- /matrix -->\nafter\n');
  return copy;
};

type Catch = { scenario: string; property: string; depth: number; counterexample: string | null };
type Row = { protection: string; caughtBy: Catch[]; held: string[]; unknown: { scenario: string; reason: string }[] };
type Matrix = {
  schemaVersion: number;
  design: string;
  leftOut: { scenario: string; reason: string }[];
  rows: Row[];
};

const runIn = (copy: string, ...args: readonly string[]): Promise<Run> =>
  ended(start(['matrix', '--design', 'upstream', ...args], copy));

const shownBy = ({ rows }: Matrix): readonly Catch[] =>
  rows.flatMap(({ caughtBy }) => caughtBy.filter(({ counterexample }) => counterexample !== null));

describe('the necessity matrix', () => {
  let copy: string;
  const run = (...args: readonly string[]): Promise<Run> => runIn(copy, ...args);
  const json = async (...args: readonly string[]): Promise<Matrix & { code: number | null }> => {
    const { code, out } = await run(...args, '--json');
    return { code, ...(JSON.parse(out) as Matrix) };
  };

  beforeAll(() => {
    copy = suiteWith(['calm', 'race', 'unhook', 'shutdown']);
  });

  it('names what fails without each protection, shortest run first, and exits with 1 where nobody misses one', async () => {
    const { code, schemaVersion, design, leftOut, rows } = await json();
    expect([schemaVersion, design, code]).toEqual([1, 'upstream', 1]);
    expect(leftOut).toEqual([{ scenario: 'race', reason: 'no-leak' }]);
    expect(rows).toMatchObject([
      {
        protection: 'gate',
        caughtBy: [
          { scenario: 'shutdown', property: 'closing-as-writer', depth: 27, counterexample: null },
          { scenario: 'unhook', property: 'hooks-stay', counterexample: null },
        ],
        held: ['calm'],
        unknown: [],
      },
      {
        protection: 'address-under-topology-lock',
        caughtBy: [
          { scenario: 'shutdown', property: 'use-after-free' },
          { scenario: 'unhook', property: 'use-after-free' },
        ],
      },
      { protection: 'path-under-topology-lock', caughtBy: [], held: ['calm', 'unhook', 'shutdown'], unknown: [] },
    ]);
  });

  it('says the same of a protection that no scenario asks for where it is explored without it all the same', async () => {
    const two = ['gate', 'path-under-topology-lock'];
    expect(await json(...two, '--unasked')).toEqual(await json(...two));
  });

  it('exits with 0 when everything that was asked for is missed, and says so row by row', async () => {
    const { code, out } = await run('gate', '--scenario', 'shutdown', 'race');
    expect(out).toMatch(/^without +caught in +steps +property\ngate +1 of 1 +27 +closing-as-writer\n +in shutdown\n/);
    expect(out).toContain('race (no-leak)');
    expect(out).toContain('1 of 1 row caught.');
    expect(code).toBe(0);
  });

  it('exits with 2 when a row without a catch was not explored to its end, and names what is unknown', async () => {
    const args = ['path-under-topology-lock', '--scenario', 'shutdown', 'calm', '--max-states', '100', '--unasked'];
    const { code, out } = await run(...args);
    expect(out).toMatch(/^path-under-topology-lock +0 of 2 +unknown$/m);
    expect(out.replaceAll(/\s+/g, ' ')).toMatch(/unknown: shutdown \(.*100 states/);
    expect(out).toContain('Unknown whether anybody misses: path-under-topology-lock.');
    expect(code).toBe(2);
  });

  it('is content with the cheapest scenario that catches when it is told to, however many are at work', async () => {
    const one = await json('gate', '--first', '--workers', '1');
    expect(one.rows).toMatchObject([{ caughtBy: [{ scenario: 'unhook' }], held: ['calm'], unknown: [] }]);
    expect(one.code).toBe(0);
    expect(await json('gate', '--first', '--workers', '4')).toEqual(one);
  });

  it('explores what has no accepted verdict with all protections on first, within the same bound', async () => {
    const unaccepted = copyOfSuite({ calm, race, shutdown });
    const { out } = await runIn(unaccepted, 'gate', '--within', '1500', '--json');
    const { leftOut, rows } = JSON.parse(out) as Matrix;
    expect(leftOut).toEqual([
      { scenario: 'race', reason: 'no-leak' },
      { scenario: 'shutdown', reason: expect.stringContaining('unknown: ') as string },
    ]);
    expect(rows).toMatchObject([{ protection: 'gate', caughtBy: [], held: ['calm'] }]);
  });

  it('does not judge on nothing, nor on what is no protection or no design', async () => {
    const nothing = await run('gate', '--scenario', 'race');
    expect(nothing.err).toContain('no scenario that upstream holds');
    expect(nothing.code).toBe(3);
    const none = await run('node-mutex');
    expect(none.err).toContain('"node-mutex" is no protection that design "upstream" has on; on are "gate", ');
    expect(none.code).toBe(3);
    const nowhere = await run('--design', 'up');
    expect(nowhere.err).toContain('There is no design "up"');
    expect(nowhere.code).toBe(3);
  });

  it('saves the shortest run of each row, which a replay walks to the same failure', async () => {
    const directory = scratch();
    const told = await json('address-under-topology-lock', '--save', directory);
    const [path, ...more] = shownBy(told).map(({ counterexample }) => counterexample!);
    expect(more).toEqual([]);
    expect(path).toBe(join(directory, 'shutdown-upstream-without-address-under-topology-lock-use-after-free.json'));
    const again = await ended(start(['replay', path!, '--json'], copy));
    expect(JSON.parse(again.out)).toMatchObject({ results: [{ asExpected: true, outcome: 'still fails' }] });
  });

  it('takes away both of a pair, and shows the other beside it', async () => {
    const paired = suiteWith(['shutdown']);
    const pairs = `export const pairs = [['address-under-topology-lock', 'path-under-topology-lock']];\n`;
    writeFileSync(join(paired, 'spec/protections.ts'), pairs);
    const { out, code } = await runIn(paired, 'path-under-topology-lock', '--json');
    const { rows } = JSON.parse(out) as Matrix;
    expect(rows.map(({ protection, caughtBy }) => [protection, caughtBy.length])).toEqual([
      ['address-under-topology-lock', 1],
      ['path-under-topology-lock', 0],
      ['address-under-topology-lock + path-under-topology-lock', 1],
    ]);
    expect(code).toBe(1);
  });

  it('pins its rows, keeps those that were not asked for, and takes away a run that shows no row any more', async () => {
    const text = (path: string): string => readFileSync(join(copy, path), 'utf8');
    const pinned = (): Matrix => JSON.parse(text('spec/matrix.json')) as Matrix;
    const first = await run('--update');
    expect(first.out).toContain('spec/matrix.json: 3 rows new of 3.');
    expect(first.code).toBe(1);
    const before = pinned();
    expect(before).not.toHaveProperty('leftOut');
    expect(shownBy(before).map(({ counterexample }) => counterexample)).toEqual([
      'counterexamples/shutdown-upstream-without-gate-closing-as-writer.json',
      'counterexamples/shutdown-upstream-without-address-under-topology-lock-use-after-free.json',
    ]);
    for (const { counterexample, depth } of shownBy(before))
      expect((JSON.parse(text(counterexample!)) as { schedule: unknown[] }).schedule).toHaveLength(depth);
    const readme = text('README.md');
    expect(readme).toMatch(/^before\n<!-- matrix -->\n[^]*\n<!-- \/matrix -->\nafter\n$/);
    expect(readme).not.toContain('yesterday');
    expect(readme).toMatch(/^\| `gate`: .* \| `shutdown` and 1 more \| closing-as-writer \| 27 \| .*json\) \|$/m);
    expect(readme).toMatch(/^\| `path-under-topology-lock`: .*nobody misses it/m);

    // What the row says of a scenario that was not tried stays, and that its run is the shorter one, though in what is pinned it has been lost.
    const [gate, ...others] = before.rows;
    const lost = { ...gate!, caughtBy: gate!.caughtBy.map((each) => ({ ...each, counterexample: null })) };
    writeFileSync(join(copy, 'spec/matrix.json'), JSON.stringify({ ...before, rows: [lost, ...others] }));
    const within = await run('gate', '--within', '1500', '--update');
    expect(within.out).toContain('unhook-upstream-without-gate-hooks-stay.json: gone.');
    const saving = 'npx netgraph-mc matrix gate --design upstream --scenario shutdown --update';
    expect(within.out).toContain(`gate: the shortest run is now that of shutdown. To save it: ${saving}`);
    expect(pinned().rows).toEqual([lost, ...others]);
    await run('gate', '--scenario', 'shutdown', '--update');
    expect(pinned()).toEqual(before);
    expect(text('README.md')).toBe(readme);
    expect(readdirSync(join(copy, 'counterexamples'))).toHaveLength(4);

    // A scenario that there is no more goes from the row, with the run that showed it.
    rmSync(join(copy, 'spec/scenarios/shutdown.json'));
    const without = await run('gate', '--within', '1500', '--update');
    expect(without.out).toContain('shutdown-upstream-without-gate-closing-as-writer.json: gone.');
    expect(pinned().rows[0]!.caughtBy).toMatchObject([{ scenario: 'unhook' }]);
    expect(text('README.md')).toMatch(/^\| `gate`: .* \| `unhook` \| hooks-stay /m);
    expect(existsSync(join(copy, 'counterexamples/shutdown-upstream-without-gate-closing-as-writer.txt'))).toBe(false);
  });

  it('asks for its place in README before anything is explored', async () => {
    const placeless = copyOfSuite({ endless });
    writeFileSync(join(placeless, 'README.md'), 'nothing\n');
    const { code, err } = await runIn(placeless, '--update');
    expect(err).toContain('README.md has no place for the matrix');
    expect(code).toBe(3);
  });

  it('refuses to pin what has no place beside what is pinned, before anything is explored', async () => {
    const pinned = suiteWith(['calm']);
    const before = '{"schemaVersion": 1, "design": "lockfree", "rows": []}';
    writeFileSync(join(pinned, 'spec/matrix.json'), before);
    const other = await runIn(pinned, '--update');
    expect(other.err).toContain('spec/matrix.json is of the design lockfree: rows of upstream cannot be pinned in it.');
    expect(other.code).toBe(3);
    expect(readFileSync(join(pinned, 'spec/matrix.json'), 'utf8')).toBe(before);
    const own = await runIn(pinned, '--design', 'lockfree', '--scenario', './calm.json', '--update');
    expect(own.err).toContain('"./calm.json" is no scenario of the suite, and only those are pinned.');
    expect(own.code).toBe(3);
  });

  it('pins nothing when Ctrl-C comes', async () => {
    const interrupted = suiteWith(['calm']);
    writeFileSync(join(interrupted, 'spec/scenarios/calm.json'), JSON.stringify(endless));
    const child = start(['matrix', '--design', 'upstream', '--update'], interrupted);
    const run = ended(child);
    await once(child.stdout, 'data');
    child.kill('SIGINT');
    const { code, err } = await run;
    expect(err).toContain('spec/matrix.json is left as it was: it was interrupted.');
    expect(code).toBe(2);
    expect(existsSync(join(interrupted, 'spec/matrix.json'))).toBe(false);
    expect(readdirSync(join(interrupted, 'counterexamples'))).toEqual([]);
  });
});
