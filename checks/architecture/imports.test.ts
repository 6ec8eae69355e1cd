import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Who may import what of ours. A folder that is not listed may import nothing but itself. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  spec: ['src/machine'],
  'src/machine': [],
  'src/explore': ['src/machine'],
  'src/netgraph': [],
  'src/viewer': ['src/machine', 'src/explore', 'src/report', 'spec'],
  'src/viewer/page': [],
  'src/live': ['src/machine', 'src/explore', 'src/viewer'],
  'src/export': ['src/machine', 'src/explore'],
  'src/differ': ['src/machine', 'src/explore', 'src/netgraph', 'spec'],
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

const within = (file: string, folder: string): boolean => file.startsWith(`${folder}/`);

describe('the parts of the suite', () => {
  it.each(Object.keys(allowed).filter((folder) => existsSync(join(root, folder))))(
    '%s imports nothing that it may not',
    (folder) => {
      const may = [folder, ...allowed[folder]!];
      const crossing = files(folder).flatMap((file) =>
        importsOf(file)
          .filter((imported) => !may.some((part) => within(imported, part)))
          .map((imported) => `${file} imports ${imported}`),
      );
      expect(crossing).toEqual([]);
    },
  );

  it('nothing imports the checks', () => {
    const importing = [...files('src'), ...files('spec')].filter((file) =>
      importsOf(file).some((i) => within(i, 'checks')),
    );
    expect(importing).toEqual([]);
  });

  it('the machine and the explorer know nothing of netgraph', () => {
    const naming = [...files('src/machine'), ...files('src/explore')].filter((file) =>
      /\b(netgraph|hook|hk_|nd_|ng_)/i.test(readFileSync(join(root, file), 'utf8')),
    );
    expect(naming).toEqual([]);
  });
});
