import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { freshFindings } from '../../src/command/findings.ts';
import { strays } from '../../src/report/findings.ts';
import { suite } from '../../src/suite.ts';

describe('spec/FINDINGS.md', () => {
  it('is what is generated from spec/findings.json and the saved runs', () => {
    expect(readFileSync(suite.findings, 'utf8')).toBe(freshFindings());
  });

  it('has an entry for every saved run, and a saved run for every entry', () => {
    const entry = { name: 'n', breaks: 'b', walked: 'w' };
    expect(strays([{ ...entry, files: ['a.json'] }], ['a.json'])).toEqual([]);
    expect(strays([{ ...entry, files: ['a.json'] }], ['b.json'])).toEqual([
      'b.json has no entry in spec/findings.json',
      'a.json has an entry in spec/findings.json, but is not there',
    ]);
    expect(strays([{ ...entry, files: [] }], [])).toEqual(['"n" names no file']);
  });
});
