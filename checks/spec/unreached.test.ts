import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import unreached from '../../spec/unreached.json' with { type: 'json' };
import { readBaseline } from '../../src/command/gate/baseline.ts';

/**
 * The closed automata contain steps that no interleaving reaches. Those that not one check of all does are accepted in the
 * baseline, as counts are; here each must have its reason, and each reason its steps, so that a step that goes silent is not
 * passed over.
 */
type Reason = { readonly because: string; readonly steps: readonly string[] };
const reasons: readonly Reason[] = unreached;

const { silent } = readBaseline(join(import.meta.dirname, '../../spec/baseline.json'));
const patterns = reasons.flatMap(({ steps }) => steps);

const matches = (pattern: string, step: string): boolean =>
  pattern.endsWith('*') ? step.startsWith(pattern.slice(0, -1)) : step === pattern;

describe('spec/unreached.json', () => {
  it('has a reason for each step that no check does', () => {
    expect(silent.filter((step) => !patterns.some((pattern) => matches(pattern, step)))).toEqual([]);
  });

  it('gives no reason for steps that are done', () => {
    expect(patterns.filter((pattern) => !silent.some((step) => matches(pattern, step)))).toEqual([]);
  });
});
