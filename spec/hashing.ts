import type { World } from '../src/machine/world.ts';
import { ng } from './globals.ts';
import { bucket, hash32_str, NodeHash } from './hash.ts';
import { MOST_BUCKETS } from './bounds.ts';
import type { Node } from './node.ts';
import type { Scenario } from './scenario.ts';

/** The two hashes as they are when the check begins. */

type Named = { readonly node: Node; readonly ID: number; readonly name: string };

export const layHashes = (world: World, nodes: readonly Named[], { hash = {} }: Scenario): void => {
  const { ids = MOST_BUCKETS, names = MOST_BUCKETS, tables = 0 } = hash;
  const named = nodes.filter(({ name }) => name !== '');
  world.set(ng, {
    V_ng_ID_hash: table(world, 'the ID hash', ids, nodes, (one) => one.ID, ['nd_idnodes_next', 'nd_idnodes_prev']),
    V_ng_ID_hmask: ids - 1,
    V_ng_nodes: nodes.length,
    V_ng_kept: nodes.length,
    vnetGoes: true,
    V_nextID: nodes.length + 1,
    V_ng_name_hash: table(world, 'the name hash', names, named, (one) => hash32_str(one.name), [
      'nd_nodes_next',
      'nd_nodes_prev',
    ]),
    V_ng_name_hmask: names - 1,
    V_ng_named_nodes: named.length,
  });
  if (tables > 0) world.reserve(NodeHash, tables);
};

type Linkage = readonly ['nd_idnodes_next', 'nd_idnodes_prev'] | readonly ['nd_nodes_next', 'nd_nodes_prev'];

/** A table with its chains, in which who came later stands in front. */
const table = (
  world: World,
  title: string,
  buckets: number,
  nodes: readonly Named[],
  hash: (one: Named) => number,
  [next, prev]: Linkage,
): NodeHash => {
  const made = world.make(NodeHash, title);
  for (let i = 0; i < buckets; i++) {
    const chain = nodes.filter((one) => hash(one) % buckets === i).toReversed();
    world.set(made, { [bucket(i)]: chain[0]?.node ?? null });
    chain.forEach(({ node }, at) =>
      world.set(node, { [next]: chain[at + 1]?.node ?? null, [prev]: chain[at - 1]?.node ?? made }),
    );
  }
  return made;
};
