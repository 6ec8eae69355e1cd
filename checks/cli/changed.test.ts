import { execFileSync } from 'node:child_process';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { copyOfSuite, ended, scratch, start } from './command.ts';
import { calm, race } from './scenarios.ts';

/** `gate --changed`, in a history of two commits: one that accepts the verdicts, one that edits a procedure. */
describe('what has changed since the verdicts were accepted', () => {
  let copy: string;
  const git = (where: string, ...words: readonly string[]): string =>
    execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@b.c', ...words], { cwd: where, encoding: 'utf8' });
  const changed = (where: string) =>
    ended(start(['gate', '--changed', '--full', '--design', 'lockfree', '--design', 'gsoc23'], where));

  beforeAll(async () => {
    copy = copyOfSuite({ calm, race });
    git(copy, 'init', '-q');
    await ended(start(['gate', '--update'], copy));
    git(copy, 'add', 'spec', 'src', 'package.json');
    git(copy, 'commit', '-qm', 'accepted');
    const path = join(copy, 'spec/hole.ts');
    const text = readFileSync(path, 'utf8');
    const edited = text.replace('ng_free_item(item); // 209', '');
    expect(edited).not.toBe(text);
    writeFileSync(path, edited);
    git(copy, 'commit', '-qam', 'edited');
  });

  it('is told before and after, with the procedures that were edited, and fails', async () => {
    const { code, out } = await changed(copy);
    expect(out).toMatch(/^calm on lockfree: verdict: holds → violated/m);
    expect(out).toMatch(/^ {2}edited, and reached by it: ngh_rcvdata \(spec\/hole\.ts\)$/m);
    expect(out).toMatch(/^Edited since \w+ accepted the verdicts: ngh_rcvdata\.$/m);
    expect(out).toMatch(/^The gate fails: /m);
    expect(code).toBe(1);
  });

  it('is not told where the history is cut off: all of it would seem to come with the last commit', async () => {
    const shallow = join(scratch(), 'clone');
    git(copy, 'clone', '-q', '--depth', '1', `file://${copy}`, shallow);
    symlinkSync(join(copy, 'node_modules'), join(shallow, 'node_modules'));
    const { code, err } = await changed(shallow);
    expect(err).toContain('this clone is shallow: "git fetch --unshallow" brings it');
    expect(code).toBe(3);
  });
});
