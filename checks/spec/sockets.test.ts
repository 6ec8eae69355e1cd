import { describe, expect, it } from 'vitest';
import { check } from '../../src/explore/check.ts';
import { build } from '../../spec/build.ts';
import { designs } from '../../spec/designs.ts';
import { properties } from '../../spec/properties.ts';
import type { Scenario } from '../../spec/scenario.ts';
import answered from '../../spec/scenarios/request-answer-close.json' with { type: 'json' };
import closed from '../../spec/scenarios/socket-close-data.json' with { type: 'json' };
import shut from '../../spec/scenarios/request-shutdown.json' with { type: 'json' };
import sent from '../../spec/scenarios/socket-send-rmhook.json' with { type: 'json' };
import reset from '../../spec/scenarios/teardown-ether.json' with { type: 'json' };
import torn from '../../spec/scenarios/teardown.json' with { type: 'json' };

/** What was found by reading the C of upstream, and what the C does right there. */

const judge = (scenario: unknown): string => {
  const world = build(scenario as Scenario, designs['upstream']!.switches);
  const verdict = check(world, properties, { quotient: true, fuse: true, budget: {} });
  return verdict.verdict === 'violated' ? `${verdict.property}: ${verdict.message}` : verdict.verdict;
};

describe('on upstream', () => {
  it('a socket whose request has been answered is closed, and its node goes', () =>
    expect(judge(answered)).toBe('holds'));
  it('a node that a shutdown only resets goes the second time, when the network stack goes', () =>
    expect(judge(reset)).toBe('holds'));
  it('a packet meets a data socket that is being closed', () =>
    expect(judge(closed)).toMatch(/^use-after-free: .*ng_socket of ngpcb S\.datapcb/));
  it('a request meets a node that has been shut down, and is not looked for', () =>
    expect(judge(shut)).toMatch(/^null-dereference: /));
  it('the look-up of ngd_send meets the end of a hook', () =>
    expect(judge(sent)).toMatch(/^use-after-free: .*hookpriv S:a/));
  it('the end of the network stack meets the end of a node in another thread', () =>
    expect(judge(torn)).toMatch(/^panic: .*won't die/));
});
