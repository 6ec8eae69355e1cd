import { describe, expect, it } from 'vitest';
import { exhaustive } from '../../src/differ/exhaustive.ts';
import { graphs, type Operation } from '../../src/survey/graphs.ts';
import { scenarioOf } from '../../src/survey/scenarios.ts';
import { comparing, libraryIn } from './comparing.ts';

/**
 * Three threads that meet on a small graph, in every interleaving, callbacks included: so many states are there of both together. Those of the
 * suite's own scenarios that are small enough are searched where they are compared otherwise.
 */
const send: Operation = { send: { node: 'W' } };
const named = (node: string): Operation => ({ name: { node, name: 'n' } });
const persist: Operation = { configure: { node: 'H', command: 'NGM_HUB_SET_PERSISTENT' } };

const searched: readonly (readonly [graph: string, third: Operation, states: number])[] = [
  ['sink', send, 4_376],
  ['sink', named('B'), 1_563],
  ['hub', named('H'), 3_763],
  ['hub', persist, 3_387],
  ['patch', named('P'), 8_003],
];

describe('two packets and a third operation at a time', () => {
  it.each(searched)(
    'on the graph %s, %j, agree with the specification in every interleaving',
    (name, third, states) => {
      const { scenario } = scenarioOf(name, graphs[name]!, [[send], [send], [third]]);
      const found = comparing(libraryIn({ ...scenario, ngthreads: 0 }), (product) =>
        exhaustive(product, { maxStates: 100_000 }),
      );
      expect(found).toMatchObject({ verdict: 'holds', states });
    },
  );
});
