import { actsOf, type Act, type Scenario, type Turn } from '../../spec/scenario.ts';
import { clashIn, needOf } from '../../spec/scarce.ts';
import { graphs, type Graph } from './graphs.ts';
import { multisets, operationsOn, wordOf } from './operations.ts';

export type Drawn = { readonly name: string; readonly scenario: Scenario };

/** Every scenario with so many operations on each graph, the small graphs first. */
export const scenariosOf = (graphNames: readonly string[], size: number): readonly Drawn[] =>
  graphNames.flatMap((name) => {
    const graph = graphs[name]!;
    return multisets(operationsOn(graph), size)
      .map((operations) => operations.map((operation) => [operation]))
      .filter((programs) => clashIn(programs) === null)
      .map((programs) => scenarioOf(name, graph, programs));
  });

/**
 * All scenarios with so many CPUs on a graph in one, each of which does so many operations one after the other: any of them. What can be done only
 * once, or by one process, is left to one CPU each, and what nothing of the kind can come after to its last turn; where a graph has more of that than there
 * are CPUs, some of it does not meet.
 */
export const unionOf = (name: string, size: number, each = 1): Drawn => {
  const graph = graphs[name]!;
  const acts = operationsOn(graph);
  const scarce = [...new Set(acts.flatMap((act) => needOf(act)?.name ?? []))];
  const any = (cpu: number, turn: number): readonly Act[] =>
    acts.filter((act) => {
      const need = needOf(act);
      if (need === null) return true;
      return scarce.indexOf(need.name) % size === cpu && (!need.ends || turn === each - 1);
    });
  const programs = Array.from({ length: size }, (_, cpu) =>
    Array.from({ length: each }, (_, turn) => any(cpu, turn)).filter((choice) => choice.length > 0),
  );
  return scenarioOf(
    name,
    graph,
    programs.filter((program) => program.length > 0).map((program) => program.map((choice) => ({ any: [...choice] }))),
  );
};

/** How many scenarios without a choice are in one with choices. */
export const waysOf = ({ cpus }: Scenario): number =>
  cpus.flatMap(({ run }) => run.map((turn) => actsOf(turn).length)).reduce((product, ways) => product * ways, 1);

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
      // A node that is shut down sends to the other end of each of its links, also of those that are made.
      items: 2 * operations.length + Math.max(2, graph.links.length + made + linked + 1),
      packets: 2 * packets,
      ...(made > 0 ? { newNodes: made } : {}),
      ...(made + linked > 0 ? { hooks: 2 * (made + linked) } : {}),
    },
  };
};

const told = (turn: Turn): string => ('any' in turn ? `any of ${turn.any.length} operations` : JSON.stringify(turn));

/** What needs a packet, or an item of one. */
const isPacket = (operation: Act): boolean =>
  ['send', 'sendto', 'connectdata', 'input', 'output', 'filter'].some((kind) => kind in operation);
