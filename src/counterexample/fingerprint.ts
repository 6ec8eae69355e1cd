import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Says whether the specification is the one that a run was found on. Comments and blank lines are left out of it: they
 * change nothing that a run depends on.
 */

/** SHA-256 over the `.ts` files of a directory, by path. */
export const fingerprint = (directory: string): string => {
  const hash = createHash('sha256');
  for (const path of globSync('**/*.ts', { cwd: directory }).toSorted())
    hash.update(`${path}\n${essence(readFileSync(join(directory, path), 'utf8'))}\n`);
  return hash.digest('hex');
};

/** One match of this is a comment, or something in which `//` is no comment. */
const tokens = /\/\*[^]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\[^]|[^`\\])*`/g;

/** The text without its comments, blank lines and line ends' spaces. */
export const essence = (text: string): string =>
  text
    .replace(tokens, (token) => (token.startsWith('/') ? '' : token))
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .join('\n');
