import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratch } from '../cli/command.ts';

/**
 * Coverage is easily measured wrong: what children and threads run is lost when they are ended before they have written it down, and
 * what was transformed has other lines. So it is measured here on a file of which it is known.
 */
const root = join(import.meta.dirname, '../..');
const tool = (name: string): string => join(root, 'node_modules', name);

describe('npm run coverage', () => {
  it('counts the lines of a file of which it is known which of them run', () => {
    const directory = scratch();
    const known = join(import.meta.dirname, 'src/known.ts');
    const report = `--no-all --include checks/coverage/src/known.ts --reporter text --no-check-coverage`.split(' ');
    const places = ['--report-dir', directory, '--temp-directory', join(directory, 'tmp')];
    const tests = [tool('vitest/vitest.mjs'), 'run', '--pool=threads', join(known, '..')];
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [tool('c8/bin/c8.js'), ...report, ...places, process.execPath, ...tests],
      { cwd: root, encoding: 'utf8', env: { ...process.env, NODE_V8_COVERAGE: undefined } },
    );
    expect(stdout, stderr).toMatch(/^ known\.ts \|.* \| 15-21,26 +$/m);
  });
});
