import { Graph, layout } from '@dagrejs/dagre';
import type { Still } from '../explore/runs/still.ts';
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
  const sizes = new Map(
    nodes.map((node) => [node, sizeOf(names[node]!, hooks.filter(({ home }) => home === node).length)]),
  );
  const graph = laidOut(sizes, links);
  const at = (node: number): Point => graph.node(String(node)) as Point;
  const sided = hooks.map(({ hook, home, peer }) => {
    const other = peer === null ? undefined : homeOf.get(peer);
    const goal = other === undefined || other === home ? null : at(other);
    return { hook, home, goal, side: goal === null ? ('bottom' as const) : towards(at(home), goal) };
  });
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return {
    width: Math.ceil(width),
    height: Math.ceil(height),
    nodes: nodes.map((record) => ({ record, x: at(record).x, y: at(record).y, ...sizes.get(record)! })),
    hooks: sided.map((one) => {
      const mates = sided.filter(({ home, side }) => home === one.home && side === one.side).toSorted(byGoal);
      const place = (mates.indexOf(one) + 1) / (mates.length + 1) - 0.5;
      return { record: one.hook, side: one.side, ...port(at(one.home), sizes.get(one.home)!, one.side, place) };
    }),
  };
};

type Point = { readonly x: number; readonly y: number };
type Size = { readonly width: number; readonly height: number };

/** Room for the name, and for the words beside as many hooks as might stand on one side. */
const sizeOf = (name: string, hooks: number): Size => ({
  width: Math.max(124, 9 * name.length + 40),
  height: Math.max(60, 48 * hooks),
});

/** Hooks of one side stand in the order of where they lead, so that links do not cross near their node. */
const byGoal = (a: { readonly goal: Point | null }, b: { readonly goal: Point | null }): number =>
  a.goal === null || b.goal === null ? 0 : a.goal.y - b.goal.y || a.goal.x - b.goal.x;

const laidOut = (sizes: ReadonlyMap<number, Size>, links: readonly (readonly [number, number])[]): Graph => {
  const graph = new Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: 70, ranksep: 190, marginx: 40, marginy: 44 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const [node, size] of sizes) graph.setNode(String(node), { ...size });
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

/** A place on the rim of a node; `place`: from -0.5 to 0.5 along the side. */
const port = ({ x, y }: Point, { width, height }: Size, side: Side, place: number): Point =>
  side === 'left' || side === 'right'
    ? { x: x + (side === 'left' ? -width / 2 : width / 2), y: y + place * height }
    : { x: x + place * width, y: y + (side === 'top' ? -height / 2 : height / 2) };
