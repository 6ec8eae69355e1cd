import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import unreached from '../../spec/unreached.json' with { type: 'json' };
import { readBaseline } from '../../src/command/baseline.ts';

/**
 * The closed automata contain steps that no interleaving reaches. Which ones those are is accepted in the baseline, as counts are;
 * here each must have its reason, and each reason its steps, so that a step that goes silent is not passed over.
 */
type Reason = { readonly because: string; readonly steps: readonly string[] };
const reasons: Readonly<Record<string, readonly Reason[]>> = unreached;

const baseline = readBaseline(join(import.meta.dirname, '../../spec/baseline.json'));

const silentIn = (scenario: string): readonly string[] =>
  Object.values(baseline[scenario] ?? {}).flatMap(({ neverFired }) => neverFired);

const matches = (pattern: string, step: string): boolean =>
  pattern.endsWith('*') ? step.startsWith(pattern.slice(0, -1)) : step === pattern;

describe.each(Object.keys(baseline))('%s', (scenario) => {
  const patterns = (reasons[scenario] ?? []).flatMap(({ steps }) => steps);

  it('has a reason for each step that never happens in an exhausted search', () => {
    const unexplained = silentIn(scenario).filter((step) => !patterns.some((pattern) => matches(pattern, step)));
    expect(unexplained).toEqual([]);
  });

  it('gives no reason for steps that do happen', () => {
    const idle = patterns.filter((pattern) => !silentIn(scenario).some((step) => matches(pattern, step)));
    expect(idle).toEqual([]);
  });
});
