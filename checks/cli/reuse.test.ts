import { describe, expect, it } from 'vitest';
import { findScenario, reusing } from '../../src/command/catalogue.ts';
import { run } from './command.ts';

describe('a scenario where memory is handed out once more', () => {
  it('is the scenario, but for that', () => {
    const plain = findScenario('mkpeer-nat');
    const again = findScenario(reusing('mkpeer-nat'));
    expect(again).toEqual({ ...plain, name: 'mkpeer-nat+reuse', scenario: { ...plain.scenario, reuse: true } });
  });

  it('has runs that the scenario has not', async () => {
    const states = async (name: string): Promise<number> => {
      const { out } = await run('check', name, '--design', 'lockfree', '--json');
      return (JSON.parse(out) as { results: [{ states: number; verdict: string }] }).results[0].states;
    };
    expect(await states('teardown-shutdown+reuse')).toBeGreaterThan(await states('teardown-shutdown'));
  });

  it('is said to be missing by its name', async () => {
    const { code, err } = await run('check', 'no-such+reuse');
    expect(err).toContain('There is no scenario "no-such"');
    expect(code).toBe(3);
  });
});
