import type { Act, Turn } from '../../spec/scenario.ts';
import type { Graph } from './graphs.ts';

/** All that makes sense on a graph, each once. */
export const operationsOn = (graph: Graph): readonly Act[] => [
  ...Object.entries(graph.nodes).flatMap(([node, draft]) => ofNode(node, draft)),
  ...graph.links.flat().map((address) => removal(address)),
  ...(graph.more ?? []),
  ...(Object.values(graph.nodes).some(({ type }) => type === 'iface') ? [] : [{ teardown: {} }]),
];

/** The shutdown of an iface is not modelled, be it by a message or with its network stack, and a socket's is its close. */
const ofNode = (node: string, { type, data = false }: Graph['nodes'][string]): readonly Act[] => {
  const asked: readonly Act[] = [{ shutdown: { node } }, { listhooks: { node } }];
  if (type === 'iface') return [{ send: { node } }];
  if (type === 'ether')
    return [
      { input: { node } },
      { output: { node } },
      { detach: { node } },
      { rename: { node, name: 'interface' } },
      { linkstate: { node, up: true } },
      ...['NGM_ETHER_SET_PROMISC', 'NGM_ETHER_DETACH'].map((command) => ({ configure: { node, command } }) as Act),
      ...asked,
    ];
  if (type === 'ipfw') return [{ filter: { rule: 0 } }, ...asked];
  if (type !== 'socket') return asked;
  return [{ bind: { node, name: 'process' } }, ...(data ? [] : [{ connectdata: { node } }])];
};

const removal = (address: string): Act => {
  const [node = '', hook = ''] = address.split(':');
  return { rmhook: { node, hook } };
};

/** Every multiset of so many of them: who is CPU0 and who CPU1 makes no difference. */
export const multisets = <T>(of: readonly T[], size: number): readonly (readonly T[])[] =>
  size === 0 ? [[]] : of.flatMap((first, i) => multisets(of.slice(i), size - 1).map((rest) => [first, ...rest]));

/** In one word for each part: `rmhook-A-a`. */
export const wordOf = (turn: Turn): string =>
  'any' in turn
    ? 'any'
    : Object.entries(turn)
        .flatMap(([kind, body]) => [kind, ...Object.values(body)])
        .map((part) => String(part).replaceAll(/\W/g, ''))
        .join('-');
