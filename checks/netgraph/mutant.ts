import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

type Netgraph = typeof import('../../src/netgraph/index.ts');

/** A copy of the library with one place changed, made on the disk for as long as a check needs it: the library itself has no switch for it. */
export const withMutant = async <T>(
  { file, from, to }: { readonly file: string; readonly from: string; readonly to: string },
  use: (mutant: Netgraph) => T,
): Promise<T> => {
  const folder = mkdtempSync(join(tmpdir(), 'netgraph-'));
  try {
    cpSync(join(import.meta.dirname, '../../src/netgraph'), folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    const text = readFileSync(join(folder, file), 'utf8');
    if (text.split(from).length !== 2) throw new Error(`${file} has not exactly one "${from}"`);
    writeFileSync(join(folder, file), text.replace(from, to));
    return use((await import(/* @vite-ignore */ join(folder, 'index.ts'))) as Netgraph);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
