import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { essence, fingerprint } from '../../src/counterexample/fingerprint.ts';

describe('the fingerprint of a specification', () => {
  it('does not see comments and blank lines', () => {
    expect(essence('/* a\n b */\nconst a = 1; // 3657\n\n\nconst b = 2;')).toBe('const a = 1;\nconst b = 2;');
  });
  it('sees what only looks like a comment', () => {
    expect(essence(`const a = 'x // y';\nconst b = "/* z */";\nconst c = \`//\`;`)).toBe(
      `const a = 'x // y';\nconst b = "/* z */";\nconst c = \`//\`;`,
    );
  });
  it('changes with a statement and with the name of a file, and with nothing else', () => {
    const directory = mkdtempSync(join(tmpdir(), 'netgraph-mc-'));
    const of = (text: string, name = 'a.ts'): string => {
      writeFileSync(join(directory, name), text);
      const print = fingerprint(directory);
      rmSync(join(directory, name));
      return print;
    };
    expect(of('a();')).toMatch(/^[0-9a-f]{64}$/);
    expect(of('a(); // why')).toBe(of('a();'));
    expect(of('b();')).not.toBe(of('a();'));
    expect(of('a();', 'b.ts')).not.toBe(of('a();'));
    rmSync(directory, { recursive: true });
  });
});
