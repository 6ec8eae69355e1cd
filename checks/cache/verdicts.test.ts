import { appendFileSync, globSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { Ground } from '../../src/cache/ground.ts';
import { partsOf, REST } from '../../src/cache/parts.ts';
import { copyOfSuite, ended, start } from '../cli/command.ts';
import { calm, race } from '../cli/scenarios.ts';

const root = join(import.meta.dirname, '../..');
const changed = (before: string, after: string): readonly string[] => {
  const [was, is] = [partsOf(before).hashes, partsOf(after).hashes];
  return [...new Set([...was.keys(), ...is.keys()])].filter((part) => was.get(part) !== is.get(part));
};

describe('a file of the specification in parts', () => {
  const text = readFileSync(join(root, 'spec/reference.ts'), 'utf8');

  it('has a part for each procedure that is written in it, in every file', () => {
    for (const path of globSync('spec/*.ts', { cwd: root })) {
      const source = readFileSync(join(root, path), 'utf8');
      const written = [...source.matchAll(/procedure\((?:\s*'[^']*',)?\s*function (\w+)\(/g)].map(([, name]) => name!);
      const parts = [...partsOf(source).hashes.keys()].filter((part) => part !== REST);
      expect(parts.toSorted(), path).toEqual([...new Set(written)].toSorted());
    }
  });

  it('is the same when only comments and blank lines are others', () => {
    const edited = text
      .replace('/** Giving references back', '/** Give them back.\n\n * Or not')
      .replace('\n}', '\n\n}');
    expect(edited).not.toBe(text);
    expect(changed(text, edited)).toEqual([]);
  });

  it('is another in the one procedure whose statement or C line is edited', () => {
    expect(changed(text, text.replace('free(node); // 803\n});', 'free(node); // 804\n});'))).toEqual(['ng_kill_node']);
    expect(changed(text, text.replace('if (node === ng_deadnode) return;', ''))).toEqual(['ng_unref_node']);
    expect(changed(text, `${text}\nexport const another = 1;\n`)).toEqual([REST]);
  });
});

describe('a gate that has been run before', () => {
  let copy: string;
  type Told = Record<string, { cached: boolean; verdict: string }>;
  const gate = async (...args: readonly string[]): Promise<Told> => {
    const { out, err } = await ended(start(['gate', '--full', '--design', 'gsoc23', '--json', ...args], copy));
    expect(err).toMatch(/^netgraph-mc [^\n]*\n$/);
    type Result = { scenario: string; cached: boolean; verdict: string };
    const { results } = JSON.parse(out) as { results: Result[] };
    return Object.fromEntries(results.map(({ scenario, cached, verdict }) => [scenario, { cached, verdict }]));
  };
  const edit = (file: string, what: string, by: string): void => {
    const path = join(copy, file);
    const text = readFileSync(path, 'utf8');
    expect(text).toContain(what);
    writeFileSync(path, text.replace(what, by));
  };
  const known = { cached: true };
  const found = { cached: false };

  beforeAll(async () => {
    copy = copyOfSuite({ calm, race });
    const { code, err } = await ended(start(['gate', '--update', '--design', 'gsoc23'], copy));
    expect(code, err).toBe(0);
  });

  it('takes each verdict as it was found, and finds it anew when it is told to', async () => {
    expect(await gate()).toMatchObject({ calm: known, race: { cached: true, verdict: 'violated' } });
    expect(await gate('--no-cache')).toMatchObject({ calm: found, race: found });
  });

  it('finds none anew after the edit of a comment, and tells the lines of today', async () => {
    edit('spec/hole.ts', '/**', '/**\n * A line more.\n *');
    expect(await gate()).toMatchObject({ calm: known, race: known });
    const sarif = join(copy, 'run.sarif');
    await ended(start(['gate', '--full', '--design', 'gsoc23', '--sarif', sarif], copy));
    const { region } = (
      JSON.parse(readFileSync(sarif, 'utf8')) as {
        runs: { results: { locations: { physicalLocation: { region: { startLine: number } } }[] }[] }[];
      }
    ).runs[0]!.results[0]!.locations[0]!.physicalLocation;
    expect(readFileSync(join(copy, 'spec/hole.ts'), 'utf8').split('\n')[region.startLine - 1]).toContain('// 207');
  });

  it('finds anew what reaches a procedure that was edited, and nothing else', async () => {
    edit(
      'spec/hole.ts',
      'function ngh_disconnect(hook: Hook): void {',
      'function ngh_disconnect(hook: Hook): void {\n  if (hook === null) return;',
    );
    expect(await gate()).toMatchObject({ calm: known, race: found });
    expect(await gate()).toMatchObject({ calm: known, race: known });
  });

  it('finds all anew after an edit of the engine, and what was cut off', async () => {
    edit('src/explore/search/search.ts', 'LOOK = 4096', 'LOOK = 2048');
    expect(await gate()).toMatchObject({ calm: found, race: found });
    for (const file of readdirSync(join(copy, '.netgraph-mc')))
      writeFileSync(join(copy, '.netgraph-mc', file), '{"form":');
    expect(await gate()).toMatchObject({ calm: found, race: found });
  });

  it.each(['job', 'thread', 'hand'])('depends on what threads do in a search: %s.ts', (name) => {
    const before = new Ground(copy).hash;
    appendFileSync(join(copy, `src/command/jobs/${name}.ts`), '\nexport {};\n');
    expect(new Ground(copy).hash).not.toBe(before);
  });

  it('keeps nothing that is unknown', async () => {
    const kept = readdirSync(join(copy, '.netgraph-mc')).length;
    edit('spec/scenarios/calm.json', '"packets":1', '"packets":2');
    const child = start(['gate', '--full', '--design', 'gsoc23'], copy);
    child.stdout.once('data', () => child.kill('SIGINT'));
    expect((await ended(child)).code).toBe(2);
    expect(readdirSync(join(copy, '.netgraph-mc'))).toHaveLength(kept);
  });
});
