import { kinds } from '../../spec/kinds.ts';
import type { Scenario } from '../../spec/scenario.ts';
import { accessesOf, type Made } from '../explore/runs/course.ts';
import { usualModel, withModel } from '../explore/model/model.ts';
import type { Operation, Routine } from '../machine/operation.ts';
import type { Costs, Hop } from '../report/datapath.ts';
import { worldOf } from './jobs/job.ts';

/**
 * What one hop costs a packet, measured: one packet goes alone from an interface through two relays to a sink. The hop is all that
 * is done in the receive routine of the first relay and not in that of the second: the way in, from one entry to the next, and the
 * way back, when the calls return.
 */
const chain: Scenario = {
  description: 'One packet goes from an interface through two relays to a sink, and nothing else happens.',
  nodes: { W: { type: 'iface' }, P: { type: 'patch' }, Q: { type: 'patch' }, B: { type: 'hole' } },
  links: [
    ['W:inet', 'P:in'],
    ['P:out', 'Q:in'],
    ['Q:out', 'B:b'],
  ],
  cpus: [{ run: [{ send: { node: 'W' } }] }],
  ngthreads: 0,
  items: 2,
  packets: 1,
};

export const hopOf = (design: string): Hop =>
  withModel(worldOf({ scenario: chain, design, off: [] }), usualModel, (model) => {
    const made = accessesOf(model).map((each) => ({ each, depth: receiversOn(each) }));
    const second = made.findIndex(({ depth }) => depth === 2);
    if (second < 0) throw new Error(`[suite bug] on ${design} no packet comes through the relays`);
    const hop = (from: number, to: number): Costs =>
      costsOf(made.slice(from, to).flatMap(({ each, depth }) => (depth === 1 ? [each.operation] : [])));
    return { design, in: hop(0, second), back: hop(second, made.length) };
  });

const receivers: ReadonlySet<Routine | null | undefined> = new Set(
  Object.values(kinds).map(({ methods }) => ('rcvdata' in methods ? methods.rcvdata : undefined)),
);

/** How many receive routines are running. */
const receiversOn = ({ stack }: Made): number =>
  stack.filter(({ instance }) => instance.within === null && receivers.has(instance.procedure)).length;

/** By kind of access. What only the owner of a record can touch is counted apart: no other CPU has its cache line. */
const costsOf = (operations: readonly Operation[]): Costs => {
  const costs: Record<string, number> = {};
  for (const operation of operations) {
    const kind = kindOf(operation);
    if (kind !== null) costs[kind] = (costs[kind] ?? 0) + 1;
  }
  return costs;
};

/** Null: it is in the model only. */
const kindOf = (operation: Operation): string | null => {
  if (operation.kind === 'alloc' || operation.kind === 'free') return operation.kind;
  if (operation.kind.startsWith('NET_EPOCH')) return operation.kind;
  if (operation.kind !== 'cell') return null;
  const { access, kind } = operation.cell.field;
  if (access === 'ghost' || kind === 'perThread') return null;
  return access === 'shared' ? operation.name : `${operation.name} of its own`;
};
