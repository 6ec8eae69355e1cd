import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

/**
 * Who imports what of ours, and may: no more, and nothing is listed that is not so. `src` are the files that stand in it, but for the command
 * itself. So are `src/explore` and `src/command` those that stand in them: what is asked of the explorer; the commands that are small, and what
 * commands share. Their folders are parts of their own.
 *
 * Up to `src/export` it is a ladder, so the folders of `src/explore` are one too: each imports only those before it. The parts after it know each
 * other: `src/command` and its folders call all of them, `src/minimize` and `src/survey` use `src/command/jobs`, and `src/report`, which has the
 * texts of all, tells what these two and `src/counterexample` have found. The folders of `src/command` are no ladder: the thread that does the jobs
 * does those of `diff` and `replay` too, which hand them to it.
 */
const allowed: Readonly<Record<string, readonly string[]>> = {
  'src/machine': [],
  spec: ['src/machine'],
  'src/explore/automata': ['src/machine'],
  'src/explore/compiled': [],
  'src/explore/states': ['src/explore/compiled'],
  'src/explore/model': ['src/explore/automata', 'src/explore/compiled', 'src/explore/states', 'src/machine'],
  'src/explore/symmetry': ['src/explore/automata', 'src/explore/model', 'src/machine'],
  'src/explore/levels': [
    'src/explore/compiled',
    'src/explore/model',
    'src/explore/states',
    'src/explore/symmetry',
    'src/machine',
  ],
  'src/explore/search': [
    'src/explore/automata',
    'src/explore/levels',
    'src/explore/model',
    'src/explore/states',
    'src/explore/symmetry',
    'src/machine',
  ],
  'src/explore/runs': [
    'src/explore/automata',
    'src/explore/model',
    'src/explore/search',
    'src/explore/states',
    'src/machine',
  ],
  'src/explore': [
    'src/explore/automata',
    'src/explore/model',
    'src/explore/runs',
    'src/explore/search',
    'src/explore/states',
    'src/machine',
  ],
  src: ['src/explore/runs', 'src/machine'],
  'src/netgraph': [],
  'src/differ': [
    'spec',
    'src/explore',
    'src/explore/automata',
    'src/explore/model',
    'src/explore/runs',
    'src/explore/search',
    'src/machine',
    'src/netgraph',
  ],
  'src/viewer/page': [],
  'src/cache': ['src', 'src/explore/search'],
  'src/scaffold': ['src', 'src/machine'],
  'src/matrix': ['src'],
  'src/export': ['src/explore/model', 'src/explore/search', 'src/explore/states', 'src/machine'],

  'src/report': [
    'src/counterexample',
    'src/differ',
    'src/explore/automata',
    'src/explore/search',
    'src/matrix',
    'src/minimize',
    'src/survey',
  ],
  'src/counterexample': [
    'src',
    'src/explore',
    'src/explore/model',
    'src/explore/runs',
    'src/explore/search',
    'src/machine',
    'src/report',
  ],
  'src/minimize': [
    'spec',
    'src/command/jobs',
    'src/explore/automata',
    'src/explore/model',
    'src/explore/runs',
    'src/explore/search',
    'src/machine',
  ],
  'src/survey': ['spec', 'src/command/jobs', 'src/explore/search', 'src/report'],
  'src/viewer': [
    'spec',
    'src',
    'src/explore/model',
    'src/explore/runs',
    'src/explore/search',
    'src/machine',
    'src/report',
    'src/viewer/page',
  ],
  'src/live': [
    'src/explore',
    'src/explore/model',
    'src/explore/runs',
    'src/explore/search',
    'src/machine',
    'src/viewer',
    'src/viewer/page',
  ],
  'src/command/jobs': [
    'spec',
    'src',
    'src/command',
    'src/command/diff',
    'src/command/replay',
    'src/counterexample',
    'src/differ',
    'src/explore',
    'src/explore/automata',
    'src/explore/levels',
    'src/explore/model',
    'src/explore/search',
    'src/explore/states',
    'src/export',
    'src/machine',
    'src/report',
  ],
  'src/command/explain': [
    'spec',
    'src',
    'src/command',
    'src/command/gate',
    'src/counterexample',
    'src/machine',
    'src/report',
  ],
  'src/command/replay': [
    'spec',
    'src',
    'src/command',
    'src/command/explain',
    'src/command/gate',
    'src/command/jobs',
    'src/counterexample',
    'src/differ',
    'src/explore/model',
    'src/explore/runs',
    'src/explore/search',
    'src/machine',
    'src/report',
    'src/viewer',
    'src/viewer/page',
  ],
  'src/command/diff': [
    'src',
    'src/command',
    'src/command/jobs',
    'src/command/replay',
    'src/counterexample',
    'src/differ',
    'src/explore/model',
    'src/netgraph',
    'src/report',
  ],
  'src/command/gate': [
    'src',
    'src/cache',
    'src/command',
    'src/command/explain',
    'src/command/jobs',
    'src/command/replay',
    'src/explore/search',
    'src/report',
  ],
  'src/command/matrix': [
    'spec',
    'src',
    'src/command',
    'src/command/explain',
    'src/command/gate',
    'src/command/jobs',
    'src/explore/search',
    'src/matrix',
    'src/report',
  ],
  'src/command/survey': [
    'src',
    'src/command',
    'src/command/jobs',
    'src/command/matrix',
    'src/counterexample',
    'src/explore/search',
    'src/matrix',
    'src/report',
    'src/survey',
  ],
  'src/command': [
    'spec',
    'src',
    'src/command/explain',
    'src/command/gate',
    'src/command/jobs',
    'src/command/replay',
    'src/command/survey',
    'src/counterexample',
    'src/explore/model',
    'src/explore/runs',
    'src/explore/search',
    'src/live',
    'src/machine',
    'src/minimize',
    'src/report',
    'src/scaffold',
    'src/viewer',
    'src/viewer/page',
  ],

  'src/options': [
    'src',
    'src/command',
    'src/command/diff',
    'src/command/explain',
    'src/command/gate',
    'src/command/jobs',
    'src/command/matrix',
    'src/command/replay',
    'src/command/survey',
    'src/report',
  ],
  'src/cli.ts': ['src', 'src/command', 'src/command/jobs', 'src/machine', 'src/options', 'src/report'],
};

const root = normalize(join(import.meta.dirname, '../..'));
const files = (folder: string): readonly string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(folder, file));

const importsOf = (file: string): readonly string[] =>
  [
    ...readFileSync(join(root, file), 'utf8').matchAll(/from '(\.[^']+)'|import\('(\.[^']+)'\)|from '#page\/([^']+)'/g),
  ].map(([, a, b, page]) =>
    page === undefined ? relative(root, join(root, dirname(file), a ?? b!)) : join('src/viewer/page', page),
  );

const COMMAND = 'src/cli.ts';

/** Whose folders are parts of their own. */
const DIVIDED = ['src/command', 'src/explore', 'src/viewer'];

/** The part that a file belongs to. */
const partOf = (file: string): string => {
  if (file === COMMAND) return COMMAND;
  const [top, folder, inner, ...rest] = file.split('/');
  if (top !== 'src' || inner === undefined) return top!;
  const part = `src/${folder}`;
  return rest.length > 0 && DIVIDED.includes(part) ? `${part}/${inner}` : part;
};

const ours = [...files('src'), ...files('spec')];

describe('the parts of the suite', () => {
  it('are all listed', () => {
    expect(Object.keys(allowed).toSorted()).toEqual([...new Set(ours.map(partOf))].toSorted());
  });

  it('are a ladder up to src/export', () => {
    const names = Object.keys(allowed);
    const upwards = names.filter((name, i) => allowed[name]!.some((other) => names.indexOf(other) > i));
    expect(upwards.filter((name) => names.indexOf(name) <= names.indexOf('src/export'))).toEqual([]);
  });

  it.each(Object.entries(allowed))('%s imports what it may, and nothing else', (part, may) => {
    const imported = new Map<string, string>();
    for (const file of ours.filter((each) => partOf(each) === part))
      for (const other of importsOf(file)) if (partOf(other) !== part) imported.set(partOf(other), `${file}: ${other}`);
    imported.delete('package.json');
    expect([...imported].filter(([other]) => !may.includes(other))).toEqual([]);
    expect(may.filter((other) => !imported.has(other))).toEqual([]);
  });

  it('nothing imports the checks', () => {
    const importing = ours.filter((file) => importsOf(file).some((imported) => imported.startsWith('checks/')));
    expect(importing).toEqual([]);
  });

  it('the machine and the explorer know nothing of netgraph', () => {
    const naming = [...files('src/machine'), ...files('src/explore')].filter((file) =>
      /\b(netgraph|hook|hk_|nd_|ng_)/i.test(readFileSync(join(root, file), 'utf8')),
    );
    expect(naming).toEqual([]);
  });
});
