import type { Act, Scenario } from '../../spec/scenario.ts';

/**
 * A small graph. What can be done to any graph follows from its nodes and hooks (operations.ts); `more` is what makes sense on
 * this one only.
 */
export type Graph = {
  readonly nodes: Scenario['nodes'];
  readonly links: readonly (readonly [string, string])[];
  readonly more?: readonly Act[];
};

/** An interface that sends into it is in most graphs: without packets there is nothing for a change of the graph to meet. */
export const graphs: Readonly<Record<string, Graph>> = {
  alone: {
    nodes: { A: { type: 'hub' }, S: { type: 'socket' } },
    links: [],
    more: [
      { name: { node: 'A', name: 'a' } },
      { listhooks: { node: 'A', from: 'S' } },
      { shutdown: { node: 'A', from: 'S' } },
      { mkpeer: { node: 'A', hook: 'x', type: 'hole', peerhook: 'y' } },
      { mkpeer: { node: 'A', hook: 'x', type: 'failing', peerhook: 'y' } },
    ],
  },
  pair: { nodes: { A: { type: 'hole' }, B: { type: 'hole' } }, links: [['A:a', 'B:b']] },
  named: {
    nodes: { A: { type: 'hub', name: 'a' }, B: { type: 'hole' } },
    links: [['A:x', 'B:b']],
    more: [
      { name: { node: 'A', name: 'b' } },
      { name: { node: 'B', name: 'a' } },
      { listhooks: { path: 'a:' } },
      { listhooks: { path: 'a:x' } },
      { listnames: { node: 'B' } },
    ],
  },
  unlinked: {
    nodes: { A: { type: 'hub' }, B: { type: 'hub' } },
    links: [],
    more: [
      { connect: { node: 'A', hook: 'x', peer: 'B', peerhook: 'y' } },
      { connect: { node: 'B', hook: 'y', peer: 'A', peerhook: 'x' } },
    ],
  },
  sink: { nodes: { W: { type: 'iface' }, B: { type: 'hole' } }, links: [['W:inet', 'B:b']] },
  queued: { nodes: { W: { type: 'iface' }, B: { type: 'hole', queued: ['b'] } }, links: [['W:inet', 'B:b']] },
  hub: {
    nodes: { W: { type: 'iface' }, H: { type: 'hub' }, B: { type: 'hole' } },
    links: [
      ['W:inet', 'H:w'],
      ['H:b', 'B:b'],
    ],
  },
  patch: {
    nodes: { W: { type: 'iface' }, P: { type: 'patch' }, B: { type: 'hole' } },
    links: [
      ['W:inet', 'P:in'],
      ['P:out', 'B:b'],
    ],
  },
  tee: {
    nodes: { W: { type: 'iface' }, T: { type: 'tee' }, V: { type: 'iface' } },
    links: [
      ['W:inet', 'T:left'],
      ['T:right', 'V:inet'],
    ],
    more: [{ textstatus: { node: 'T' } }],
  },
  one2many: {
    nodes: { W: { type: 'iface' }, M: { type: 'one2many' }, A: { type: 'hole' } },
    links: [
      ['W:inet', 'M:one'],
      ['M:many0', 'A:a'],
    ],
  },
  nat: {
    nodes: { W: { type: 'iface' }, N: { type: 'nat' }, V: { type: 'iface' } },
    links: [
      ['W:inet', 'N:in'],
      ['N:out', 'V:inet'],
    ],
  },
  writer: { nodes: { W: { type: 'iface' }, B: { type: 'hole', forceWriter: true } }, links: [['W:inet', 'B:b']] },
  ether: { nodes: { E: { type: 'ether' }, B: { type: 'hole' } }, links: [['E:lower', 'B:b']] },
  upper: { nodes: { E: { type: 'ether' }, B: { type: 'hole' } }, links: [['E:upper', 'B:b']] },
  interface: {
    nodes: { E: { type: 'ether' }, B: { type: 'hub' } },
    links: [],
    more: [
      { connect: { node: 'B', hook: 'x', peer: 'E', peerhook: 'upper' } },
      { connect: { node: 'E', hook: 'upper', peer: 'B', peerhook: 'x' } },
      { connect: { node: 'B', hook: 'y', peer: 'E', peerhook: 'lower' } },
    ],
  },
  wired: { nodes: { W: { type: 'iface' }, E: { type: 'ether' } }, links: [['W:inet', 'E:upper']] },
  linked: {
    nodes: { A: { type: 'hub' }, B: { type: 'hub' } },
    links: [['A:x', 'B:y']],
    more: [
      { connect: { node: 'A', hook: 'z', peer: 'B', peerhook: 'w' } },
      { connect: { path: '[1]:x', hook: 'z', peer: '.:y', peerhook: 'w' } },
      { mkpeer: { node: 'A', hook: 'z', type: 'hole', peerhook: 'w' } },
      { configure: { node: 'A', command: 'NGM_HUB_SET_PERSISTENT' } },
    ],
  },
  many: {
    nodes: { W: { type: 'iface' }, M: { type: 'one2many' }, A: { type: 'hole' }, B: { type: 'hole' } },
    links: [
      ['W:inet', 'M:one'],
      ['M:many0', 'A:a'],
      ['M:many1', 'B:b'],
    ],
    more: [{ configure: { node: 'M', command: 'NGM_ONE2MANY_SET_CONFIG', all: true } }],
  },
  process: {
    nodes: { S: { type: 'socket', data: true }, B: { type: 'hub' } },
    links: [['S:s', 'B:b']],
    more: [
      { sendto: { node: 'S', hook: 's' } },
      { close: { node: 'S' } },
      { close: { node: 'S', data: true } },
      { shutdown: { node: 'S' } },
      { listhooks: { node: 'B', from: 'S' } },
      { rmhook: { node: 'B', hook: 'b', from: 'S' } },
      { shutdown: { node: 'B', from: 'S' } },
    ],
  },
  receiver: {
    nodes: { W: { type: 'iface' }, S: { type: 'socket', data: true } },
    links: [['W:inet', 'S:s']],
    more: [
      { close: { node: 'S' } },
      { close: { node: 'S', data: true } },
      { shutdown: { node: 'S' } },
      { textconfig: { node: 'S' } },
    ],
  },
  stack: {
    nodes: { A: { type: 'hub', name: 'a' }, B: { type: 'hole' } },
    links: [['A:x', 'B:b']],
    more: [{ name: { node: 'B', name: 'b' } }],
  },
  ipfw: { nodes: { F: { type: 'ipfw' }, B: { type: 'hole' } }, links: [['F:0', 'B:b']] },
  source: { nodes: { G: { type: 'source', packets: 1 }, B: { type: 'hole' } }, links: [['G:output', 'B:b']] },
};
