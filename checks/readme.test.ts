import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readBaseline } from '../src/command/gate/baseline.ts';
import { findScenario, scenarioNames } from '../src/command/catalogue.ts';
import { designNames } from '../src/command/selection.ts';
import { unsupported } from '../src/differ/comparable.ts';
import { suite } from '../src/suite.ts';

/** What README.md says is so. */
const root = join(import.meta.dirname, '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

const commands = [...readme.matchAll(/^npx netgraph-mc ([^#\n]*)/gm)].map(([, args]) => args!.trim());

type Part = readonly [from: string, to: string];
const between = (from: string, to: string): string => {
  const start = readme.indexOf(from);
  const end = readme.indexOf(to, start + from.length);
  if (start < 0 || end < 0) throw new Error(`README.md has no part from "${from}" to "${to}"`);
  return readme.slice(start, end);
};
const section = (title: string): Part => [`\n## ${title}\n`, '\n## '];

/** What is said of the options that all commands have. */
const ofAll: Part = ['\nAll of them but ', '\n`source <('];
const few: Part = ['\nFew options: ', '\n\n'];
const ci = section('In a CI');

/** Where the options of each command are told. */
const sections: Readonly<Record<string, readonly Part[]>> = {
  gate: [['\n`gate` by itself ', '\n`npm run update` '], ci],
  check: [['\n`check` also takes\n', '\n`gate` by itself '], ci],
  replay: [section('The library beside the specification'), section('Looking at a run')],
  diff: [section('The library beside the specification')],
  explore: [section('Looking at a run')],
  export: [section('Ask SPIN, Rumur or TLC')],
  minimize: [section('Small runs')],
  explain: [few],
  survey: [section('Looking for what nobody thought of')],
  matrix: [section('What each protection is for')],
  data: [section('Does data wait?')],
  new: [few],
  findings: [],
  doctor: [],
  manual: [],
  list: [few],
};

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
    const named = [...readme.matchAll(/npm (?:run ([\w:]+)|(start|test)\b)/g)].map(
      ([, script, short]) => script ?? short!,
    );
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

  it('names each folder of src and of src/explore, and paths that there are', () => {
    const layout = readme.slice(readme.indexOf('## Layout'));
    const paths = [...layout.matchAll(/^\| `([^`]+)`/gm)].map(([, path]) => path!);
    const folders = ['src', 'src/explore'].flatMap((folder) =>
      readdirSync(join(root, folder), { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => `${folder}/${name}/`),
    );
    expect(paths).toEqual(expect.arrayContaining(folders));
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

  const asked = (...args: readonly string[]): string =>
    spawnSync(process.execPath, ['src/cli.ts', ...args, '--help'], { cwd: root, encoding: 'utf8' }).stdout;
  const commandsIn = (help: string): readonly string[] =>
    [...help.slice(help.indexOf('Commands:')).matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name!);

  it('says where the options of each command stand', () => {
    expect(Object.keys(sections).toSorted()).toEqual(
      commandsIn(asked())
        .filter((name) => name !== 'help' && name !== 'complete')
        .toSorted(),
    );
  });

  it.each(Object.entries(sections))('names every option of %s', (command, places) => {
    const told = [between(...ofAll), ...places.map((place) => between(...place))].join('\n');
    const helps = [
      asked(command),
      ...(command === 'new' ? ['design', 'scenario', 'property'].map((kind) => asked(command, kind)) : []),
    ];
    const options = helps.flatMap((help) =>
      [...help.matchAll(/^ +(?:-\w, )?(--[a-z-]+)/gm)].map(([, option]) => option!),
    );
    expect(options).toContain('--help');
    expect(options.filter((option) => !new RegExp(`${option}(?![\\w-])`).test(told))).toEqual([]);
  });
});
