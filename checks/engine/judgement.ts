import { expect } from 'vitest';
import type { Claim } from '../../src/machine/conduct.ts';
import type { Property, View } from '../../src/machine/property.ts';
import type { RecordType } from '../../src/machine/operation.ts';
import type { World } from '../../src/machine/world.ts';
import { check, type CheckOptions } from '../../src/explore/check.ts';
import { usualNeed } from '../../src/explore/model/model.ts';
import type { Verdict } from '../../src/explore/search/verdict.ts';
import { naive } from './naive.ts';

/** What the engine says of a world, as it is asked by default: with the quotient, private accesses fused. */
export const judged = (world: World, properties: readonly Claim[] = [], options: Partial<CheckOptions> = {}): Verdict =>
  check(world, properties, { quotient: true, fuse: true, byNeed: usualNeed, budget: {}, ...options });

/** What the engine says without the quotient, after comparing it with the reference explorer and with the quotient on. */
export const proven = (
  world: World,
  properties: readonly Claim[] = [],
  { fuse = true, statics = [] }: { readonly fuse?: boolean; readonly statics?: readonly RecordType[] } = {},
): Verdict => {
  const whole = judged(world, properties, { quotient: false, fuse });
  const { verdict, property, states, transitions } = whole;
  const steps = whole.trace?.steps.length ?? null;
  expect({ verdict, property, states, transitions, steps }).toEqual(naive(world, properties, fuse, statics));
  const merged = judged(world, properties, { quotient: true, fuse });
  expect({ verdict: merged.verdict, property: merged.property, names: stepsOf(merged) }).toEqual({
    verdict,
    property,
    names: stepsOf(whole),
  });
  return whole;
};

/** What a search says, and how much it went through. */
export const searched = ({ verdict, property, message, states, transitions, depth }: Verdict) => ({
  verdict,
  property,
  message,
  states,
  transitions,
  depth,
});

/** The steps of the run that a verdict shows, each with its CPU. */
export const stepsOf = ({ trace }: Verdict): readonly string[] =>
  trace?.steps.map(({ cpu, step }) => `${trace.cpus[cpu]!} ${step}`) ?? [];

export const claim = (kind: Property['kind'], name: string, holds: (view: View) => boolean): Property => ({
  name,
  kind,
  sentence: name,
  holds: (view) => holds(view) || `not: ${name}`,
});
