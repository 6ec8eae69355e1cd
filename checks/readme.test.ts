import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readBaseline } from '../src/command/baseline.ts';
import { findScenario, scenarioNames } from '../src/command/catalogue.ts';
import { designNames } from '../src/command/selection.ts';
import { unsupported } from '../src/differ/comparable.ts';
import { suite } from '../src/suite.ts';

/** What README.md says is so. */
const root = join(import.meta.dirname, '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

const commands = [...readme.matchAll(/^npx netgraph-mc ([^#\n]*)/gm)].map(([, args]) => args!.trim());

describe('README.md', () => {
  it.each(commands)('npx netgraph-mc %s runs', (args) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['src/cli.ts', ...args.split(' ')], {
      cwd: root,
      encoding: 'utf8',
    });
    // A check that is given a budget is there to show what becomes of a search that it ends.
    expect(/^check .*--max-states/.test(args) ? [2] : [0, 1], stderr).toContain(status);
    expect(stdout).not.toBe('');
  });

  it('names scripts that there are', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const named = [...readme.matchAll(/npm (?:run )?(start|test|update)\b/g)].map(([, script]) => script!);
    expect(named.length).toBeGreaterThan(0);
    for (const script of named) expect(scripts).toHaveProperty(script);
  });

  it('says that every scenario is decided on every published design, and so it is', () => {
    const { results } = readBaseline(suite.baseline);
    expect(readme.replaceAll('\n', ' ')).toContain('every scenario is decided on each of them');
    const published = designNames().filter((design) => design !== 'lockfree');
    const decided = scenarioNames().filter((name) => published.every((design) => results[name]?.[design]));
    expect(decided).toEqual(scenarioNames());
  });

  it('says how many scenarios the library can do', () => {
    const compared = scenarioNames().filter((name) => unsupported(findScenario(name).scenario) === null);
    expect(readme).toContain(`the scenarios that the library can do, ${compared.length} so far`);
  });

  it('names paths that there are', () => {
    const layout = readme.slice(readme.indexOf('## Layout'));
    const paths = [...layout.matchAll(/^\| `([^`]+)`/gm)].map(([, path]) => path!);
    expect(paths.length).toBeGreaterThan(5);
    for (const path of paths) expect(existsSync(join(root, path)), path).toBe(true);
  });

  it('shows what minimize says of the run that it is shown with', () => {
    const [, first, second, said] =
      /^npx netgraph-mc (check [^\n]*)\nnpx netgraph-mc (minimize [^\n]*)\n```[^`]*```\n([^`]*)\n```/m.exec(readme)!;
    const told = [first!, second!].map(
      (args) => spawnSync(process.execPath, ['src/cli.ts', ...args.split(' ')], { cwd: root, encoding: 'utf8' }).stdout,
    );
    expect(told[1]).toContain(said);
  });

  it.each(['check', 'diff', 'explore', 'export', 'gate', 'matrix', 'minimize', 'survey'])(
    'names every option of %s',
    (command) => {
      const { stdout } = spawnSync(process.execPath, ['src/cli.ts', command, '--help'], {
        cwd: root,
        encoding: 'utf8',
      });
      const options = [...stdout.matchAll(/^ +(--[a-z-]+)/gm)].map(([, option]) => option!);
      expect(options.length).toBeGreaterThan(3);
      for (const option of options) expect(readme).toContain(`\`${option}`.slice(1));
    },
  );
});
