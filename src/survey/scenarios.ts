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

/** An interface goes away once, and so does the network stack; a process uses each of its two sockets in one thread: the model relies on all that. */
export const isPossible = (programs: readonly (readonly Operation[])[]): boolean => {
  const operations = programs.flat();
  const users = programs.flatMap((program) => [...new Set(program.map(socketOf).filter((socket) => socket !== null))]);
  return (
    ['detach', 'teardown'].every((once) => operations.filter((operation) => once in operation).length <= 1) &&
    new Set(users).size === users.length
  );
};

/** The socket that a process uses for it, or null. */
const socketOf = (operation: Operation): string | null => {
  if ('sendto' in operation) return `${operation.sendto.node} data`;
  if ('close' in operation)
    return operation.close.data === true ? `${operation.close.node} data` : operation.close.node;
  const [body] = Object.values(operation) as [{ readonly from?: string }];
  return body.from ?? null;
};

const isPacket = (operation: Operation): boolean =>
  ['send', 'sendto', 'input', 'output', 'filter'].some((kind) => kind in operation);
