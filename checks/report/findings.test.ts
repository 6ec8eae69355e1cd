import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import findings from '../../spec/findings.json' with { type: 'json' };
import { claimsOf } from '../../spec/properties.ts';
import { readScenario } from '../../src/command/catalogue.ts';
import { freshFindings } from '../../src/command/findings.ts';
import { worldOf } from '../../src/command/jobs/job.ts';
import { designNames } from '../../src/command/selection.ts';
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
    budget: { maxStates: 200_000 },
  });
  return failures.map(({ property, c }) => `${property} ${c}`);
};

/**
 * Of these the automata are large, or a run that breaks is far away in some design: all the designs of one take 3 s to a minute. So
 * the first of the others stands for all. Of the rest every design that is named is explored, in less than a second each.
 */
const slow: readonly string[] = [
  'connect-abandoned-minimal-upstream-refcount-resurrection.json',
  'connect-removed-minimal-upstream-connect-kept.json',
  'connect-twice-upstream-valid-pair.json',
  'id-collide-minimal-upstream-type-refs-match.json',
  'list-hooks-peer-minimal-upstream-use-after-free.json',
  'queue-mix-rmhook-minimal-upstream13-use-after-free.json',
  'socket-last-hook-minimal-upstream-refcount-resurrection.json',
  'source-shutdown-minimal-upstream-no-leak.json',
  'tee-bypass-shutdown-minimal-upstream-peer-symmetry.json',
];

describe.each(findings)('$name', ({ designs, files }) => {
  const [file] = files as [string];
  const {
    property,
    message,
    design: { name: design },
  } = load(join(suite.counterexamples, file));
  const others = designs.slice(1);

  it('is first of all in the design of its run', () => {
    expect(designs[0]).toBe(design);
  });

  it('names each design once', () => {
    expect(new Set(designs).size).toBe(designs.length);
    expect(designNames()).toEqual(expect.arrayContaining([...designs]));
  });

  it.each(slow.includes(file) ? others.slice(0, 1) : others)('is seen in %s too', (other) => {
    const c = /\((\w+\.[ch]:\d+)\)/.exec(message)?.[1] ?? '';
    expect(breaksOf(file, other)).toContain(`${property} ${c}`);
  });
});

it('takes for slow what there is', () => {
  const known = findings.flatMap(({ files }) => files);
  expect(known).toEqual(expect.arrayContaining([...slow]));
});
