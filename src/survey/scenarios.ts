import type { Scenario } from '../../spec/scenario.ts';
import { graphs, type Graph, type Operation } from './graphs.ts';
import { multisets, operationsOn, wordOf } from './operations.ts';

export type Drawn = { readonly name: string; readonly scenario: Scenario };

/** Every scenario with so many operations on each graph, the small graphs first. */
export const scenariosOf = (graphNames: readonly string[], size: number): readonly Drawn[] =>
  graphNames.flatMap((name) => {
    const graph = graphs[name]!;
    return multisets(operationsOn(graph), size)
      .map((operations) => operations.map((operation) => [operation]))
      .filter(isPossible)
      .map((programs) => scenarioOf(name, graph, programs));
  });

/** One CPU for each program, and one ngthread. Memory enough for what these operations can need. */
export const scenarioOf = (name: string, graph: Graph, programs: readonly (readonly Operation[])[]): Drawn => {
  const operations = programs.flat();
  const made = operations.filter((operation) => 'mkpeer' in operation).length;
  const linked = operations.filter((operation) => 'connect' in operation).length;
  const sends = Object.values(graph.nodes).some(({ type }) => type === 'source') ? 1 : 0;
  const packets = sends + operations.filter(isPacket).length;
  return {
    name: [name, ...programs.map((program) => program.map(wordOf).join('+'))].join('-'),
    scenario: {
      description: `On the graph ${name}, at a time: ${operations.map((each) => JSON.stringify(each)).join(', ')}.`,
      nodes: graph.nodes,
      links: graph.links.map(([one, other]) => [one, other]),
      cpus: programs.map((run) => ({ run: [...run] })),
      ngthreads: 1,
      items: 2 * operations.length + 2,
      packets: 2 * packets,
      ...(made > 0 ? { newNodes: made } : {}),
      ...(made + linked > 0 ? { hooks: 2 * (made + linked) } : {}),
    },
  };
};

/** An interface goes away once, and a socket has one thread: the model of it relies on that. */
export const isPossible = (programs: readonly (readonly Operation[])[]): boolean =>
  programs.flat().filter((operation) => 'detach' in operation).length <= 1 &&
  programs.filter((program) => program.some(isRequest)).length <= 1;

const isRequest = (operation: Operation): boolean => Object.values(operation).some((body) => 'from' in body);

const isPacket = (operation: Operation): boolean =>
  'send' in operation || 'input' in operation || 'output' in operation || 'filter' in operation;
