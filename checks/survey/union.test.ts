import { describe, expect, it } from 'vitest';
import { properties } from '../../spec/properties.ts';
import { actsOf, ScenarioError, type Scenario } from '../../spec/scenario.ts';
import { worldOf } from '../../src/command/jobs/job.ts';
import { unsupported } from '../../src/differ/comparable.ts';
import { check } from '../../src/explore/check.ts';
import { searchFewPreemptions } from '../../src/explore/fewPreemptions.ts';
import { usualModel } from '../../src/explore/model/model.ts';
import { minimize, type Minimum } from '../../src/minimize/minimum.ts';
import { graphs } from '../../src/survey/graphs.ts';
import { operationsOn } from '../../src/survey/operations.ts';
import { scenariosOf, unionOf, waysOf } from '../../src/survey/scenarios.ts';
import { programsOf } from '../../src/viewer/programs.ts';

/** All scenarios of a graph in one, in which each CPU has the choice of what it does. */

const design = { design: 'gsoc23', off: [] };
const failuresOf = (scenario: Scenario): readonly string[] => {
  const verdict = check(worldOf({ scenario, ...design }), properties, { ...usualModel, budget: {}, allFailures: true });
  expect(verdict.cutShort ?? null).toBe(null);
  return verdict.failures!.map(({ key }) => key);
};

describe('a scenario on a graph', () => {
  it('has the memory for messages about links that are made in the run', () => {
    const drawn = scenariosOf(['unlinked'], 3).filter(({ name }) => /listhooks-A-connect-A.*-connect-B/.test(name));
    expect(drawn.length).toBe(1);
    const world = worldOf({ scenario: drawn[0]!.scenario, design: 'lockfree', off: [] });
    const verdict = searchFewPreemptions(world, properties, 1, { ...usualModel, budget: {} });
    expect(verdict.within).toEqual({ preemptions: 1, cut: null });
  });
});

describe('a choice of operations', () => {
  it('fails in all ways in which one of them does, and in no other', () => {
    const each = scenariosOf(['pair'], 2).flatMap(({ scenario }) => failuresOf(scenario));
    expect(new Set(failuresOf(unionOf('pair', 2).scenario))).toEqual(new Set(each));
  });

  it('is made minimal to what the failure needs of it', () => {
    const { scenario } = unionOf('pair', 2);
    const { trace, property } = check(worldOf({ scenario, ...design }), properties, { ...usualModel, budget: {} });
    expect(trace!.steps.map(({ did }) => did)).toContainEqual(expect.stringMatching(/^choose [1-6] of 6;/));
    const minimal = minimize({ scenario, ...design, trace: trace! }, { maxStates: 100_000 }) as Minimum;
    expect(minimal).toMatchObject({ outcome: 'minimal', site: { property } });
    expect(minimal.scenario.cpus.flatMap(({ run }) => run).filter((turn) => 'any' in turn)).toEqual([]);
    expect(minimal.leftOut.join('; ')).toMatch(/all but \w+ .* of what CPU\d may choose/);
  });

  it('is left to one CPU each where there is only one of what it needs', () => {
    for (const name of Object.keys(graphs)) {
      const { cpus } = unionOf(name, 3).scenario;
      const acts = cpus.map(({ run }) => run.flatMap(actsOf).map((act) => JSON.stringify(act)));
      expect(new Set(acts.flat())).toEqual(new Set(operationsOn(graphs[name]!).map((act) => JSON.stringify(act))));
      for (const once of ['detach', 'teardown'])
        expect(acts.filter((all) => all.some((act) => act.includes(`"${once}"`))).length).toBeLessThan(2);
    }
  });

  it('has what nothing of the kind can come after in the last turn, where there are several', () => {
    for (const [name, graph] of Object.entries(graphs)) {
      const { scenario } = unionOf(name, 2, 2);
      expect(() => worldOf({ scenario, design: 'lockfree', off: [] })).not.toThrow();
      const acts = scenario.cpus.flatMap(({ run }) => run.flatMap(actsOf).map((act) => JSON.stringify(act)));
      expect(new Set(acts)).toEqual(new Set(operationsOn(graph).map((act) => JSON.stringify(act))));
    }
    // Of seven operations one ends the network stack, which one CPU may, and at last; of fourteen, one takes the interface away as well, which the other may, and one tells of its link, which one may.
    expect(waysOf(unionOf('pair', 2, 2).scenario)).toBe(6 * 7 * 6 * 6);
    expect(waysOf(unionOf('ether', 2, 2).scenario)).toBe(11 * 12 * 12 * 13);
  });

  it('says which of the operations cannot be done', () => {
    const { scenario } = unionOf('pair', 2);
    const wrong = { ...scenario, cpus: [{ run: [{ any: [{ shutdown: { node: 'A' } }, { send: { node: 'A' } }] }] }] };
    expect(() => worldOf({ scenario: wrong as Scenario, ...design })).toThrow(
      expect.objectContaining({ path: '/cpus/0/run/0/any/1/send/node' }) as ScenarioError,
    );
  });

  it('is told as one', () => {
    const cpus = [
      { run: [{ any: [{ send: { node: 'W' } }, { shutdown: { node: 'B' } }] }, { nodeinfo: { node: 'B' } }] },
    ];
    expect(programsOf({ cpus })).toEqual(['any of send W | shutdown B, nodeinfo B']);
  });

  it('is nothing that the library could be compared in', () => {
    expect(unsupported(unionOf('pair', 2).scenario)).toMatch(/no choice/);
  });
});
