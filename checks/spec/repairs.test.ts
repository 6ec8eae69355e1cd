import { describe, expect, it } from 'vitest';
import { designs, repairs, type Switch } from '../../spec/designs.ts';
import { claimsOf } from '../../spec/properties.ts';
import { findScenario } from '../../src/command/catalogue.ts';
import { worldOf } from '../../src/command/jobs/job.ts';
import { check } from '../../src/explore/check.ts';

/** Small in every step, and each broken by `upstream` or by what a step could spoil. */
const scenarios = [
  'bind-shutdown', 'connectdata-close', 'connectdata-shutdown', 'connectdata-two', 'ether-detach-told', 'ether-ifname', 'ether-move', 'ether-move-new',
  'ether-move-told', 'ether-promisc', 'ether-promisc-move', 'ether-promisc-told', 'ether-rename', 'ether-rename-reset', 'ipfw-detach', 'mkpeer-failing', 'mkpeer-nat', 'mkpeer-refused',
  'overtaking', 'packet-rmhook', 'packet-shutdown', 'path-hop', 'queue-stall', 'rename-rehash', 'request-answer-close',
  'request-flushed', 'request-shutdown', 'socket-close', 'socket-close-data', 'socket-close-message', 'socket-close-path',
  'socket-close-queued', 'socket-connect', 'socket-data-shutdown', 'tee-bypass', 'teardown', 'teardown-ether', 'teardown-ether-detach',
  'teardown-ether-input', 'teardown-ether-rename', 'teardown-shutdown',
]; // prettier-ignore

const verdictOf = (scenario: string, design: string): string => {
  const named = findScenario(scenario);
  const world = worldOf({ scenario: named.scenario, design, off: [] });
  const budget = { maxStates: 400_000 };
  return check(world, claimsOf(named.scenario), { quotient: true, fuse: true, budget }).verdict;
};

describe('the way from upstream to lockfree', () => {
  it('ends in lockfree, and begins with upstream', () => {
    expect(repairs.at(-1)!.name).toBe('lockfree');
    const changed = repairs.flatMap(({ adds, drops }) => [...adds, ...drops]);
    expect(new Set(changed).size).toBe(changed.length);
    const before = designs['upstream']!.switches;
    const after = designs['lockfree']!.switches;
    for (const name of repairs.flatMap(({ drops }) => drops))
      expect([before[name], after[name]]).toEqual([true, false]);
    for (const name of repairs.flatMap(({ adds }) => adds)) expect([before[name], after[name]]).toEqual([false, true]);
    const different = Object.keys(before).filter((name) => before[name as Switch] !== after[name as Switch]);
    expect(new Set(different)).toEqual(new Set(changed));
  });

  it.each(scenarios)('makes %s no worse with any step, and in the end it holds', (scenario) => {
    const verdicts = ['upstream', ...repairs.map(({ name }) => name)].map((design) => verdictOf(scenario, design));
    expect(verdicts).not.toContain('unknown');
    const first = verdicts.indexOf('holds');
    expect(first).toBeGreaterThanOrEqual(0);
    expect(verdicts.slice(first)).toEqual(verdicts.slice(first).map(() => 'holds'));
  });
});
