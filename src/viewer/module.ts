import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The modules of a page, ready to be carried in it.
 *
 * The page is written in TypeScript modules like everything else, and uses two libraries as they come from the registry. They are not
 * bundled: a browser can put modules together by itself. An import map gives each name its text as a `data:` address, so the
 * page is one file that asks nobody for anything, and there is neither a build nor a second copy of the code. What makes
 * that possible is that page modules import each other by names (`#page/graph.ts`, an alias in package.json) and not by paths.
 */
export const importMap = (): string => JSON.stringify({ imports: Object.fromEntries([...libraries(), ...ours()]) });

/** The module that a page begins with. */
export const entry = '#page/main.ts';

const folder = join(import.meta.dirname, 'page');

const ours = (): readonly (readonly [string, string])[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.ts'))
    .toSorted()
    .map((file) => [`#page/${file}`, address(stripped(readFileSync(join(folder, file), 'utf8')))] as const);

/** In the form that their packages have for browsers, one file each; minified where there is such a one beside it. */
const libraries = (): readonly (readonly [string, string])[] =>
  ['preact', 'preact/hooks', 'jsep'].map((name) => {
    const file = fileURLToPath(import.meta.resolve(name));
    const small = file.replace(/\.js$/, '.min.js');
    const text = readFileSync(existsSync(small) ? small : file, 'utf8');
    return [name, address(text.replace(/^\/\/# sourceMappingURL=.*$/m, ''))] as const;
  });

const address = (text: string): string => `data:text/javascript;base64,${Buffer.from(text).toString('base64')}`;

/**
 * The text without its types. Node warns on the first use that the function may change; that is for us to notice (a check runs
 * what comes out) and nothing that a user could do anything about.
 */
const stripped = (text: string): string => {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(text).replaceAll(/[ \t]+$/gm, '');
  } finally {
    process.emitWarning = emitWarning;
  }
};
