import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freshReadme } from '../../src/command/matrix/files.ts';
import { isOfSuite } from '../../src/command/catalogue.ts';
import { mutantsOf } from '../../src/command/matrix/mutants.ts';
import { load } from '../../src/counterexample/file.ts';
import { readMatrix } from '../../src/matrix/pinned.ts';
import { fateOf, partsOf } from '../../src/matrix/row.ts';
import { suite } from '../../src/suite.ts';

const matrix = readMatrix(suite.matrix);
const rows = matrix?.rows ?? [];

describe('README.md', () => {
  it('has the table of what is pinned', () => {
    expect(readFileSync(suite.readme, 'utf8')).toBe(freshReadme({ rows }));
  });
});

describe('the pinned matrix', () => {
  it('has every protection of lockfree, and each is missed', () => {
    expect(matrix!.design).toBe('lockfree');
    expect(rows.map(({ protection }) => protection)).toEqual(mutantsOf('lockfree', []));
    expect(rows.filter((row) => !['missed', 'covered'].includes(fateOf(row, rows)))).toEqual([]);
  });

  it.each(rows)('names each scenario that $protection was tried on once, and all of them are there', (row) => {
    const tried = [...row.caughtBy, ...row.unknown].map(({ scenario }) => scenario).concat(row.held);
    expect(tried.filter((name, i) => !isOfSuite(name) || tried.indexOf(name) !== i)).toEqual([]);
  });

  it.each(rows)('shows $protection by its shortest run, which is saved', ({ protection, caughtBy }) => {
    for (const { counterexample, scenario, property, depth } of caughtBy.slice(0, 1)) {
      if (counterexample === null) continue;
      const path = join(suite.counterexamples, '..', counterexample);
      expect(existsSync(path)).toBe(true);
      expect(existsSync(path.replace(/json$/, 'txt'))).toBe(true);
      const saved = load(path);
      expect(saved.schedule).toHaveLength(depth);
      expect([saved.scenario.name, saved.property]).toEqual([scenario, property]);
      expect(saved.design).toMatchObject({ name: matrix!.design, off: partsOf(protection) });
    }
    expect(caughtBy.slice(1).filter(({ counterexample }) => counterexample !== null)).toEqual([]);
  });
});
