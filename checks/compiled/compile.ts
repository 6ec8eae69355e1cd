import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { main } from 'assemblyscript/asc';

const root = join(import.meta.dirname, '../..');
const sources = 'src/explore/compiled/assembly';
const options =
  '-O3 --noAssert --runtime stub --use abort= --importMemory --importTable --sharedMemory --enable threads --initialMemory 16 --maximumMemory 65536'.split(
    ' ',
  );
export const target = join(root, 'src/explore/compiled/module.ts');

/**
 * What src/explore/compiled/module.ts is to be: the sources in AssemblyScript as a WebAssembly module. `npm run compile` writes it. Decorators of functions, which are
 * not TypeScript, stand there as comments: `// @inline`.
 */
export const compile = async (): Promise<string> => {
  let binary: Uint8Array | null = null;
  let complaints = '';
  const { error } = await main([`${sources}/index.ts`, '--outFile', 'loop.wasm', '--baseDir', root, ...options], {
    readFile: (name, base) => {
      try {
        return readFileSync(join(base, name), 'utf8').replaceAll(/^\/\/ (@\w+)/gm, '$1');
      } catch {
        return null;
      }
    },
    writeFile: (_, contents) => void (binary = contents as Uint8Array),
    stderr: { write: (chunk: string | Uint8Array) => void (complaints += chunk.toString()) },
  });
  if (error !== null || binary === null) throw new Error(complaints);
  return [
    '// Made by `npm run compile` from the sources in assembly/; not to be edited.',
    'export const compiled =',
    `  '${Buffer.from(binary).toString('base64')}';`,
    '',
  ].join('\n');
};

if (import.meta.main) writeFileSync(target, await compile());
