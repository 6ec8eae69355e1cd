import { describe, expect, it } from 'vitest';
import { claimsOf } from '../../spec/properties.ts';
import { findScenario } from '../../src/command/catalogue.ts';
import { usualSearch, worldOf } from '../../src/command/jobs/job.ts';
import { mutantsOf } from '../../src/command/matrix/mutants.ts';
import { switchesAsked } from '../../src/explore/asked.ts';
import { claim, judged } from '../engine/judgement.ts';

/** What a check asks of its design is known before it is explored, and with another answer to any other question it is the same check. */

/** Of the suite's scenarios, such as ask for different things and have few states. */
const some = [
  'ether-detach-input',
  'listhooks-rmhook',
  'mkpeer-failing',
  'mkpeer-nat',
  'socket-close-data',
  'teardown',
];

describe.each(['lockfree', 'gsoc23'])('on %s', (design) => {
  it.each(some)('%s asks for nothing more when it is explored', (name) => {
    const { scenario } = findScenario(name);
    const claims = claimsOf(scenario);
    const world = worldOf({ scenario, design, off: [] });
    const before = [...switchesAsked(world, claims, usualSearch)].toSorted();
    judged(world, claims);
    expect([...world.asked].toSorted()).toEqual(before);
  });
});

it('is not known of a property that asks in some states only, which is refused', () => {
  const { scenario } = findScenario('hub-alone');
  const world = worldOf({ scenario, design: 'lockfree', off: [] });
  const late = claim('always', 'late', (view) => view.sections(0) === 0 || view.given('source-in-epoch'));
  expect(() => judged(world, [late])).toThrow('a property asks for "source-in-epoch" in some states only');
});

it.each(['mkpeer-refused', 'patch-connect', 'socket-close-data'])(
  '%s on lockfree is the same without any protection that it does not ask for',
  (name) => {
    const { scenario } = findScenario(name);
    const claims = claimsOf(scenario);
    const counts = (...off: readonly string[]) => {
      const { verdict, states, transitions, depth, localStates } = judged(worldOf({ scenario, design: 'lockfree', off }), claims); // prettier-ignore
      return { verdict, states, transitions, depth, localStates };
    };
    const asked = switchesAsked(worldOf({ scenario, design: 'lockfree', off: [] }), claims, usualSearch);
    const others = mutantsOf('lockfree', []).filter((protection) => !asked.has(protection));
    expect(others.length).toBeGreaterThan(0);
    expect(counts(...others)).toEqual(counts());
  },
);
