import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { mainDesigns } from '../../spec/designs.ts';
import { copyOfSuite, ended, start, type Run } from './command.ts';
import { calm, race } from './scenarios.ts';

/** Two scenarios on every design. */
const all = 2 * mainDesigns.length;

type Baseline = { schemaVersion: number; results: Record<string, Record<string, Record<string, unknown>>> };

describe('the gate', () => {
  let copy: string;
  const run = (...args: readonly string[]): Promise<Run> => ended(start(args, copy));
  const baseline = (): Baseline => JSON.parse(readFileSync(join(copy, 'spec/baseline.json'), 'utf8')) as Baseline;
  const rewrite = (change: (baseline: Baseline) => void): void => {
    const changed = baseline();
    change(changed);
    writeFileSync(join(copy, 'spec/baseline.json'), JSON.stringify(changed));
  };

  beforeAll(async () => {
    copy = copyOfSuite({ calm, race });
    const update = await run('gate', '--update');
    expect(update.err).toMatch(/^netgraph-mc [\d.]+ \(Node\.js [^)]+\)\n$/);
    expect(update.code).toBe(0);
  });

  it('accepts what it finds when it is told to, and says what that changes', async () => {
    const copyWithout = copyOfSuite({ calm });
    const first = await ended(start(['gate', '--update'], copyWithout));
    expect(first.out).toContain('calm on gsoc23: new, holds');
    const again = await ended(start(['gate', '--update'], copyWithout));
    expect(again.out).toContain('spec/baseline.json: 0 changes.');
    expect(baseline().results.calm!.gsoc23).toMatchObject({ verdict: 'holds', property: null });
  });

  it('asks for expectations when there are none', async () => {
    const { code, err } = await ended(start(['gate'], copyOfSuite({ calm })));
    expect(err.split('\n').slice(1)).toEqual([
      'spec/baseline.json names no verdict to expect yet; "npm run update" accepts the present ones.',
      '',
    ]);
    expect(code).toBe(3);
  });

  it('passes when every verdict and count is as accepted, also where that is a violation', async () => {
    const { code, out } = await run('gate', '--full');
    expect(out).toMatch(/race +gsoc23 +violated .*\n +violated, as expected: /);
    expect(out).toMatch(new RegExp(`^The gate passes: ${all} of ${all} verdicts `, 'm'));
    expect(code).toBe(0);
  });

  it('leaves out what has more states when it is told to, says so, and does not pass on nothing', async () => {
    const sizes = Object.values(baseline().results).flatMap((byDesign) =>
      Object.values(byDesign).map(({ states }) => Number(states)),
    );
    const least = Math.min(...sizes);
    const left = sizes.filter((size) => size > least).length;
    const { code, out } = await run('gate', '--within', String(least));
    expect(out).toContain(`Left out, as asked: ${left} pair`);
    expect(code).toBe(0);
    const nothing = await run('gate', '--within', String(least - 1));
    expect(nothing.err).toContain('nothing would be checked');
    expect(nothing.code).toBe(3);
  });

  it('explores only the scenarios that are named, and of them everything', async () => {
    const { code, out } = await run('gate', 'race');
    expect(out).not.toMatch(/^calm /m);
    expect(out).toContain(`Left out, as asked: ${mainDesigns.length} pairs of other scenarios.`);
    expect(out).toMatch(new RegExp(`^The gate passes: ${mainDesigns.length} of ${mainDesigns.length} verdicts `, 'm'));
    expect(code).toBe(0);
  });

  it('has a shard with nothing in it where there are fewer verdicts than shards, and says so', async () => {
    const { code, out } = await run('gate', 'race', '--design', 'gsoc23', '--shard', '2/2');
    expect(out).toContain('Left to the other shards: 1 pair.');
    expect(out).toMatch(/^The gate passes: 0 of 0 verdicts /m);
    expect(code).toBe(0);
  });

  it('begins with what is soon known, whatever it is called', async () => {
    const { out } = await run('gate', '--full', '--no-cache', '--ndjson', '--workers', '1');
    const states = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string; states: number })
      .filter(({ event }) => event === 'verdict')
      .map((verdict) => verdict.states);
    expect(states).toHaveLength(all);
    expect(states).toEqual(states.toSorted((a, b) => a - b));
  });

  it('accepts a scenario that is new by itself, and leaves the others as they are', async () => {
    const others = copyOfSuite({ calm, race, later: calm });
    writeFileSync(join(others, 'spec/baseline.json'), JSON.stringify(baseline()));
    const told = await ended(start(['gate', 'later'], others));
    expect(told.err).toContain('"npx netgraph-mc gate later --update" accepts the present ones.');
    expect(told.code).toBe(3);
    const { code, out } = await ended(start(['gate', 'later', '--design', 'gsoc23', '--update'], others));
    expect(out).toContain('later on gsoc23: new, holds\nspec/baseline.json: 1 change.');
    expect(code).toBe(0);
    const { results } = JSON.parse(readFileSync(join(others, 'spec/baseline.json'), 'utf8')) as Baseline;
    expect(results).toEqual({ ...baseline().results, later: { gsoc23: baseline().results.calm!.gsoc23 } });
  });

  it('accepts a scenario with memory handed out once more where it is named, and explores it from then on', async () => {
    const with_ = copyOfSuite({ calm });
    await ended(start(['gate', '--update'], with_));
    const refused = await ended(start(['gate', 'calm+reuse'], with_));
    expect(refused.err).toContain('"npx netgraph-mc gate calm+reuse --update" accepts the present ones');
    expect(refused.code).toBe(3);
    const named = await ended(start(['gate', 'calm+reuse', '--design', 'lockfree', '--update'], with_));
    expect(named.out).toContain('calm+reuse on lockfree: new, holds');
    expect(readFileSync(join(with_, 'spec/VERDICTS.md'), 'utf8')).toMatch(/\| scenario .* \| lockfree\+reuse \|\n/);
    const whole = await ended(start(['gate', '--full'], with_));
    expect(whole.out).toMatch(/calm\+reuse +lockfree +holds/);
    expect(whole.code).toBe(0);
    const again = await ended(start(['gate', '--update'], with_));
    expect(again.out).toContain('spec/baseline.json: 0 changes.');
    expect((await ended(start(['gate', 'no-such+reuse'], with_))).code).toBe(3);
    // By itself it is meant where it was accepted, and what has gone or is not decided is not forgotten without a word.
    const alone = await ended(start(['gate', 'calm+reuse', '--update'], with_));
    expect(alone.out).toContain('spec/baseline.json: 0 changes.');
    const path = join(with_, 'spec/baseline.json');
    const changed = JSON.parse(readFileSync(path, 'utf8')) as Baseline & { undecided: object };
    changed.results['calm+reuse']!.gone = changed.results['calm+reuse']!.lockfree!;
    changed.undecided = { 'calm+reuse': { upstream: { reason: 'the budget', states: 1, depth: 1 } } };
    writeFileSync(path, JSON.stringify(changed));
    const forgets = await ended(start(['gate', '--update'], with_));
    expect(forgets.out).toContain('calm+reuse on gone: gone');
    expect(forgets.out).toContain('calm+reuse on upstream: new, holds');
  });

  it('fails when a number has changed, and says which', async () => {
    const before = baseline();
    const { states, transitions, depth } = before.results.calm!.gsoc23! as Record<string, number>;
    rewrite(({ results }) =>
      Object.assign(results.calm!.gsoc23!, { states: states! + 1, transitions: transitions! + 1, depth: depth! + 1 }),
    );
    const { code, out } = await run('gate', '--full');
    expect(out).toContain(`calm on gsoc23: states is ${states}, not ${states! + 1}`);
    expect(out).toContain(`calm on gsoc23: transitions is ${transitions}, not ${transitions! + 1}`);
    expect(out).toContain(`calm on gsoc23: depth is ${depth}, not ${depth! + 1}`);
    expect(out).toContain('"npx netgraph-mc gate calm --update" accepts it');
    expect(out).toMatch(new RegExp(`^The gate fails: ${all - 1} of ${all} verdicts `, 'm'));
    expect(code).toBe(1);
    rewrite(({ results }) => (results.calm = before.results.calm!));
  });

  it('fails when a verdict has changed, in JSON too', async () => {
    const before = baseline();
    rewrite(({ results }) => Object.assign(results.race!.gsoc23!, { verdict: 'holds', property: null }));
    const { code, out } = await run('gate', '--full', '--json');
    const { passed, differences, notExplored } = JSON.parse(out) as {
      passed: boolean;
      differences: unknown[];
      notExplored: unknown;
    };
    expect(notExplored).toEqual({ leftOut: 0, unexpected: [], undecided: {} });
    expect(passed).toBe(false);
    expect(differences).toContainEqual({
      scenario: 'race',
      design: 'gsoc23',
      what: 'verdict',
      expected: 'holds',
      found: 'violated',
    });
    expect(code).toBe(1);
    rewrite(({ results }) => (results.race = before.results.race!));
  });

  it('walks every saved run, and fails when one does not end as its file expects', async () => {
    await run('check', 'race', '--design', 'gsoc23', '--save');
    const [name] = readdirSync(join(copy, 'counterexamples')).filter((file) => file.endsWith('.json'));
    const path = join(copy, 'counterexamples', name!);
    const passing = await run('gate', '--full');
    expect(passing.out).toContain(`counterexamples/${name}: still fails, as expected`);
    expect(passing.code, passing.out).toBe(0);

    writeFileSync(path, readFileSync(path, 'utf8').replace('"expect": "still fails"', '"expect": "fixed"'));
    const failing = await run('gate', '--full');
    expect(failing.out).toContain(`counterexamples/${name}: still fails, not as expected (fixed)`);
    expect(failing.code).toBe(1);
  });
});
