import { actsOf, type Act, type Scenario, type Turn } from '../../spec/scenario.ts';
import { graphs, type Graph } from './graphs.ts';
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

/**
 * All scenarios with so many operations on a graph in one: each CPU does any of them. What can be done only once, or by one process, is left to one CPU
 * each; where a graph has more of that than there are CPUs, some of it does not meet.
 */
export const unionOf = (name: string, size: number): Drawn => {
  const graph = graphs[name]!;
  const acts = operationsOn(graph);
  const scarce = [...new Set(acts.map(needOf))].filter((need) => need !== null);
  const choices = Array.from({ length: size }, (_, cpu) =>
    acts.filter((act) => {
      const need = needOf(act);
      return need === null || scarce.indexOf(need) % size === cpu;
    }),
  );
  return scenarioOf(
    name,
    graph,
    choices.filter((any) => any.length > 0).map((any) => [{ any: [...any] }]),
  );
};

/** One CPU for each program, and one ngthread. Memory enough for what these operations can need. */
export const scenarioOf = (name: string, graph: Graph, programs: readonly (readonly Turn[])[]): Drawn => {
  const operations = programs.flat();
  const may = (is: (act: Act) => boolean): number => operations.filter((turn) => actsOf(turn).some(is)).length;
  const made = may((act) => 'mkpeer' in act);
  const linked = may((act) => 'connect' in act);
  const sends = Object.values(graph.nodes).some(({ type }) => type === 'source') ? 1 : 0;
  const packets = sends + may(isPacket);
  return {
    name: [name, ...programs.map((program) => program.map(wordOf).join('+'))].join('-'),
    scenario: {
      description: `On the graph ${name}, at a time: ${operations.map(told).join(', ')}.`,
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

const told = (turn: Turn): string => ('any' in turn ? `any of ${turn.any.length} operations` : JSON.stringify(turn));

/** An interface goes away once, and so does the network stack; a process uses each of its two sockets in one thread: the model relies on all that. */
export const isPossible = (programs: readonly (readonly Act[])[]): boolean => {
  const operations = programs.flat();
  const users = programs.flatMap((program) => [...new Set(program.map(socketOf).filter((socket) => socket !== null))]);
  return (
    onces.every((once) => operations.filter((operation) => once in operation).length <= 1) &&
    new Set(users).size === users.length
  );
};

const onces = ['detach', 'teardown'];

/** What of it there is only one of, or null. */
const needOf = (act: Act): string | null => onces.find((once) => once in act) ?? socketOf(act);

/** The socket that a process uses for it, or null. */
const socketOf = (operation: Act): string | null => {
  if ('sendto' in operation) return `${operation.sendto.node} data`;
  if ('close' in operation)
    return operation.close.data === true ? `${operation.close.node} data` : operation.close.node;
  const [body] = Object.values(operation) as [{ readonly from?: string }];
  return body.from ?? null;
};

const isPacket = (operation: Act): boolean =>
  ['send', 'sendto', 'input', 'output', 'filter'].some((kind) => kind in operation);
