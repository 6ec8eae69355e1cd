import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import findings from '../../spec/findings.json' with { type: 'json' };
import { claimsOf } from '../../spec/properties.ts';
import { readScenario } from '../../src/command/catalogue.ts';
import { freshFindings } from '../../src/command/findings.ts';
import { worldOf } from '../../src/command/job.ts';
import { load } from '../../src/counterexample/file.ts';
import { check } from '../../src/explore/check.ts';
import { strays } from '../../src/report/findings.ts';
import { suite } from '../../src/suite.ts';

describe('spec/FINDINGS.md', () => {
  it('is what is generated from spec/findings.json and the saved runs', () => {
    expect(readFileSync(suite.findings, 'utf8')).toBe(freshFindings());
  });

  it('has an entry for every saved run, and a saved run for every entry', () => {
    const entry = { name: 'n', breaks: 'b', designs: ['upstream'], walked: 'w' };
    expect(strays([{ ...entry, files: ['a.json'] }], ['a.json'])).toEqual([]);
    expect(strays([{ ...entry, files: ['a.json'] }], ['b.json'])).toEqual([
      'b.json has no entry in spec/findings.json',
      'a.json has an entry in spec/findings.json, but is not there',
    ]);
    expect(strays([{ ...entry, files: [] }], [])).toEqual(['"n" names no file']);
  });
});

/** All ways in which the scenario of a saved run breaks on a design, as property and C line of the failing step. */
const breaksOf = (file: string, design: string): readonly string[] => {
  const { scenario } = load(join(suite.counterexamples, file));
  const definition = readScenario(scenario.definition, file);
  const { failures = [] } = check(worldOf({ scenario: definition, design, off: [] }), claimsOf(definition), {
    quotient: true,
    fuse: true,
    reduce: false,
    allFailures: true,
    budget: { maxStates: 100_000 },
  });
  return failures.map(({ property, c }) => `${property} ${c}`);
};

describe.each(findings)('$name', ({ designs, files }) => {
  const [file] = files as [string];
  const {
    property,
    message,
    design: { name: design },
  } = load(join(suite.counterexamples, file));

  it('is first of all in the design of its run', () => {
    expect(designs[0]).toBe(design);
  });

  // One of the others stands for all: closing the automata of six designs for each finding would take minutes.
  it.each(designs.slice(1).slice(-1))('is seen in %s too', (other) => {
    const c = /\((\w+\.[ch]:\d+)\)/.exec(message)?.[1] ?? '';
    expect(breaksOf(file, other)).toContain(`${property} ${c}`);
  });
});
