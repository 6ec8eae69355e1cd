import { Graph, layout } from '@dagrejs/dagre';
import type { Still } from '../explore/still.ts';
import type { Drawing, Side } from './page/form.ts';

/**
 * Where the nodes and hooks of a run stand: laid out once, over all links that there ever are in it, so that nothing jumps from one
 * step to the next. A hook stands on that side of its node on which its first peer is.
 */
export const drawingOf = (types: readonly string[], names: readonly string[], stills: readonly Still[]): Drawing => {
  const present = (record: number): boolean => stills.some(({ records }) => records[record]!.life !== 'unused');
  const drawn = (type: string): readonly number[] =>
    types.flatMap((name, i) => (name === type && !isSentinel(stills, i) && present(i) ? [i] : []));
  const nodes = drawn('Node');
  const hooks = drawn('Hook').flatMap((hook) => {
    const home = firstOf(stills, hook, 'hk_node', nodes, names);
    return home === null ? [] : [{ hook, home, peer: firstOf(stills, hook, 'hk_peer', drawn('Hook'), names) }];
  });
  const homeOf = new Map(hooks.map(({ hook, home }) => [hook, home]));
  const links = hooks.flatMap(({ home, peer }) => {
    const other = peer === null ? undefined : homeOf.get(peer);
    return other === undefined || other === home ? [] : [[home, other] as const];
  });
  const widths = new Map(
    nodes.map((node) => [
      node,
      Math.max(96, 28 * hooks.filter(({ home }) => home === node).length, 9 * names[node]!.length + 40),
    ]),
  );
  const graph = laidOut(nodes, widths, links);
  const at = (node: number): Point => graph.node(String(node)) as Point;
  const sides = hooks.map(({ home, peer }) => {
    const other = peer === null ? undefined : homeOf.get(peer);
    return other === undefined || other === home ? ('bottom' as const) : towards(at(home), at(other));
  });
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return {
    width: Math.ceil(width),
    height: Math.ceil(height),
    nodeHeight: NODE_HEIGHT,
    nodes: nodes.map((record) => ({ record, x: at(record).x, y: at(record).y, width: widths.get(record)! })),
    hooks: hooks.map(({ hook, home }, i) => {
      const mates = hooks.flatMap((other, j) => (other.home === home && sides[j] === sides[i] ? [j] : []));
      return {
        record: hook,
        side: sides[i]!,
        ...port(at(home), widths.get(home)!, sides[i]!, mates.indexOf(i), mates.length),
      };
    }),
  };
};

const NODE_HEIGHT = 60;

type Point = { readonly x: number; readonly y: number };

const laidOut = (
  nodes: readonly number[],
  widths: ReadonlyMap<number, number>,
  links: readonly (readonly [number, number])[],
): Graph => {
  const graph = new Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: 70, ranksep: 220, marginx: 40, marginy: 44 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const node of nodes) graph.setNode(String(node), { width: widths.get(node)!, height: NODE_HEIGHT });
  for (const [one, other] of links)
    if (!graph.hasEdge(String(other), String(one))) graph.setEdge(String(one), String(other));
  layout(graph);
  return graph;
};

/** A sentinel is there from the beginning and never dies: it is shown by what is missing. */
const isSentinel = (stills: readonly Still[], record: number): boolean => stills[0]!.records[record]!.life === 'static';

/** The first of these records that a field of a record ever points to. */
const firstOf = (
  stills: readonly Still[],
  record: number,
  field: string,
  among: readonly number[],
  names: readonly string[],
): number | null => {
  for (const { records } of stills) {
    const pointsTo = records[record]!.fields[field];
    const found = among.find((other) => names[other] === pointsTo);
    if (found !== undefined) return found;
  }
  return null;
};

const towards = (from: Point, to: Point): Side => {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  if (Math.abs(dx) > 30) return dx > 0 ? 'right' : 'left';
  return dy > 0 ? 'bottom' : 'top';
};

/** The place of the `index`-th of `count` hooks on one side. */
const port = ({ x, y }: Point, width: number, side: Side, index: number, count: number): Point => {
  const share = (index + 1) / (count + 1) - 0.5;
  if (side === 'left' || side === 'right')
    return { x: x + (side === 'left' ? -width / 2 : width / 2), y: y + share * NODE_HEIGHT };
  return { x: x + share * width, y: y + (side === 'top' ? -NODE_HEIGHT / 2 : NODE_HEIGHT / 2) };
};
