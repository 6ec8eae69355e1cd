import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { copyOfSuite, ended, start, type Run } from '../cli/command.ts';
import { calm, race } from '../cli/scenarios.ts';
import type { Verdict } from '../../src/explore/search/verdict.ts';
import type { Story } from '../../src/viewer/page/form.ts';
import { choicesIn, type Choice } from '../../src/viewer/page/path.ts';

/** `--html DIRECTORY` of check, replay and gate. */
describe('pages of many verdicts', () => {
  let copy: string;
  const run = (...args: readonly string[]): Promise<Run> => ended(start(args, copy));
  const pagesIn = (directory: string): readonly string[] => readdirSync(join(copy, directory)).toSorted();
  const text = (directory: string, page = 'index.html'): string => readFileSync(join(copy, directory, page), 'utf8');
  const linksIn = (html: string): readonly string[] => [...html.matchAll(/<a href="([^"]+)"/g)].map(([, to]) => to!);
  const storyIn = (html: string): Story =>
    JSON.parse(/<script type="application\/json" id="story">(.*)<\/script>/.exec(html)![1]!) as Story;

  /** The verdicts on some designs, which all break, as a baseline has them. */
  const violated = async (scenario: string, ...designs: readonly string[]): Promise<Record<string, object>> => {
    const entries = designs.map(async (design) => {
      const { out } = await run('check', scenario, '--design', design, '--json');
      const [{ verdict, property, states, transitions, depth }] = (JSON.parse(out) as { results: [Verdict] }).results;
      expect(verdict).toBe('violated');
      return [design, { verdict, property, states, transitions, depth }] as const;
    });
    return Object.fromEntries(await Promise.all(entries));
  };

  beforeAll(() => {
    copy = copyOfSuite({ calm, race });
  });

  it('check: one for each run that goes wrong, and an index that leads to each', async () => {
    const { code, err, out } = await run('check', '--design', 'gsoc23', '--html', 'a', '--save');
    expect(code).toBe(1);
    expect(err).toBe('Pages: a/index.html\n');
    const [page] = linksIn(text('a'));
    expect(pagesIn('a')).toEqual(['index.html', page]);
    expect(text('a')).toContain('1 of 2 checks found something wrong');
    expect(text('a')).toMatch(/calm on gsoc23<\/th><td>✓ holds/);
    const { headline, property, cpus, steps, command } = storyIn(text('a', page));
    expect(out.replaceAll(/\s+/g, ' ')).toContain(headline.replaceAll(/\s+/g, ' '));
    expect(page).toBe(`race-gsoc23-${property}.html`);
    expect(cpus.map(({ program }) => program)).toEqual(['send W', 'rmhook B b', '']);
    const [, path] = /^npx netgraph-mc explore race --design gsoc23 --path (\S+)$/.exec(command!)!;
    expect((choicesIn(path!) as readonly Choice[]).map(({ cpu }) => cpu)).toEqual(steps.map(({ cpu }) => cpu));
  });

  it('check: one for each distinct failure, when all are asked for', async () => {
    const { out } = await run('check', 'race', '--design', 'gsoc23', '--all-failures', '--json', '--html', 'b');
    const { results } = JSON.parse(out) as { results: { failures: { property: string; steps: number }[] }[] };
    const { failures } = results[0]!;
    expect(failures.length).toBeGreaterThan(1);
    const stories = linksIn(text('b')).map((page) => storyIn(text('b', page)));
    expect(stories.map(({ property, steps }) => ({ property, steps: steps.length }))).toEqual(
      failures.map(({ property, steps }) => ({ property, steps })),
    );
  });

  it('gate: an index of all, and pages of what is saved or not as expected', async () => {
    const results = await violated('race', 'gsoc23', 'gsoc24');
    Object.assign(results.gsoc23!, { states: 1 });
    writeFileSync(
      join(copy, 'spec/baseline.json'),
      JSON.stringify({ schemaVersion: 2, results: { race: results }, undecided: {}, silent: [] }),
    );
    const { code } = await run('gate', '--full', '--html', 'c');
    expect(code).toBe(1);
    const [unexpected, ...others] = linksIn(text('c'));
    expect(text('c')).toContain('The gate fails: ');
    expect(text('c').indexOf('✗ violated, not as expected')).toBeLessThan(text('c').indexOf('✓ violated, as expected'));
    expect(text('c')).toMatch(/✗ violated, not as expected<\/td><td>states is [\d,]+, not 1; use-after-free: /);
    expect(text('c')).toMatch(/✓ violated, as expected<\/td><td>[\w-]+: /);
    expect(storyIn(text('c', unexpected)).title).toBe('race on gsoc23');
    const saved = readdirSync(join(copy, 'counterexamples')).filter((file) => file.endsWith('.json'));
    expect(others).toHaveLength(saved.length);
    expect(pagesIn('c')).toEqual(['index.html', unexpected!, ...others].toSorted());
  });

  it('says at once when nothing can be saved there', async () => {
    writeFileSync(join(copy, 'file'), '');
    const { code, err } = await run('check', 'calm', '--html', 'file');
    expect(code).toBe(3);
    expect(err).toBe('file: nothing can be saved there, a part of its path is not a directory.\n');
  });
});
