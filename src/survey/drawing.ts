import * as fc from 'fast-check';
import { clashIn } from '../../spec/scarce.ts';
import { graphs } from './graphs.ts';
import { operationsOn } from './operations.ts';
import { scenarioOf, type Drawn } from './scenarios.ts';

/** Two CPUs with one or two operations each, on one of the graphs. */
export const drawnScenario = (graphNames: readonly string[]): fc.Arbitrary<Drawn> =>
  fc.constantFrom(...graphNames).chain((name) => {
    const graph = graphs[name]!;
    const program = fc.array(fc.constantFrom(...operationsOn(graph)), { minLength: 1, maxLength: 2 });
    return fc
      .tuple(program, program)
      .filter((programs) => clashIn(programs) === null)
      .map((programs) => scenarioOf(name, graph, programs));
  });
