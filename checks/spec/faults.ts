import {
  allocOwned,
  atomically,
  choose,
  free,
  freeOwned,
  NET_EPOCH_CALL,
  rw_wlock,
  rw_wunlock,
} from '../../src/machine/access.ts';
import type { Value } from '../../src/machine/operation.ts';
import { forever, procedure } from '../../src/machine/procedure.ts';
import { slot, type Shared } from '../../src/machine/record.ts';
import type { World } from '../../src/machine/world.ts';
import { EtherPrivate } from '../../spec/ether.ts';
import { ng } from '../../spec/globals.ts';
import { NodeHash } from '../../spec/hash.ts';
import { HK_INVALID, Hook, ng_deadhook } from '../../spec/hook.ts';
import { IfIndex, IfNet } from '../../spec/ifnet.ts';
import { DataItem, Item, NGQF_DATA } from '../../spec/item.ts';
import { Mbuf } from '../../spec/mbuf.ts';
import {
  ng_deadnode,
  NGF_CLOSING,
  NGF_FORCE_WRITER,
  NGF_INVALID,
  NGF_REALLY_DIE,
  Node,
  NGQ2_WORKQ,
  OP_PENDING,
  READER_INCREMENT,
  WRITER_ACTIVE,
} from '../../spec/node.ts';
import { ng_hole } from '../../spec/hole.ts';
import { Ngpcb, SocketPrivate } from '../../spec/socket.ts';
import { ng_kill_node } from '../../spec/reference.ts';
import type { Scenario } from '../../spec/scenario.ts';

/**
 * Each claim is broken on purpose, in a graph in which nobody does anything: W:inet - B:b, just built, with one field that is
 * not as it should be. A claim that could not fail would be worth nothing.
 * This file is long because it is one table, with an entry or more for each claim there is.
 */
export const scenario: Scenario = {
  description: 'Nothing happens.',
  nodes: { W: { type: 'iface' }, B: { type: 'hole' } },
  links: [['W:inet', 'B:b']],
  cpus: [],
  ngthreads: 0,
  items: 1,
  packets: 1,
};

const W = slot(Node, 1);
const B = slot(Node, 2);
const inet = slot(Hook, 1);
const b = slot(Hook, 2);

const early = procedure('', function early() {
  NET_EPOCH_CALL(ng_kill_node, B);
});
const rash = procedure('', function rash() {
  free(B);
});

/** `of`: the graph and what is done in it; without it the one above, in which nothing happens. */
export type Fault = {
  readonly claim: string;
  readonly fault: string;
  readonly cause: (world: World) => void;
  readonly of?: Scenario;
  /** The claim that would fail next if this one were not made; without it none would. */
  readonly next?: string;
};

/** The same beside the node of a control socket. */
const withSocket: Scenario = { ...scenario, nodes: { ...scenario.nodes, S: { type: 'socket' } } };

/** A node with two hooks. */
const twoLinks: Scenario = {
  ...scenario,
  nodes: { ...scenario.nodes, C: { type: 'hole' } },
  links: [...scenario.links, ['C:c', 'B:other']],
};

/** A node is told by its name to go away. */
const named: Scenario = {
  ...scenario,
  nodes: { W: { type: 'iface' }, B: { type: 'hole', name: 'far' } },
  cpus: [{ run: [{ shutdown: { path: 'far:' } }] }],
  ngthreads: 1,
  items: 3,
  hash: { names: 1 },
};

/** Meanwhile a larger table takes the place of the table of names, in which the node is in the other bucket. */
const growing = (world: World): void => {
  const larger = world.make(NodeHash, 'the larger table');
  const grow = procedure('', function grow() {
    atomically(() => {
      rw_wlock(ng.ng_namehash_lock);
      const first = ng.V_ng_name_hash.bucket0;
      larger.bucket1 = first;
      if (first !== null) first.nd_nodes_prev = larger;
      ng.V_ng_name_hash = larger;
      ng.V_ng_name_hmask = 1;
      rw_wunlock(ng.ng_namehash_lock);
    });
  });
  world.run('grow', grow);
};

/** A node is named by way of another one. */
const byPath: Scenario = {
  ...twoLinks,
  nodes: { ...scenario.nodes, C: { type: 'hole', name: 'near' } },
  cpus: [{ run: [{ name: { path: 'near:c', name: 'far' } }] }],
  items: 1,
};

/** A thread that has something under way, and need not ever come to the end of it. */
const goingRound = (begin: () => () => void) => (world: World) => {
  const round = procedure('', function round() {
    const end = begin();
    forever(() => (choose(2) === 1 ? null : undefined));
    end();
  });
  world.run('round', round);
};

const ethernet: Scenario = { ...scenario, nodes: { E: { type: 'ether' } }, links: [] };

/** Values as the C would hold them; counts are numbers and locks names here, which the types of fields do not say. */
const put = (record: Shared, values: Readonly<Record<string, Value>>) => (world: World) =>
  world.set(record, values as Parameters<World['set']>[1]);

export const faults: readonly Fault[] = [
  { claim: 'disconnect-once', fault: 'disconnect was called twice', cause: put(b, { disconnects: 2 }) },
  { claim: 'shutdown-once', fault: 'a node was shut down twice', cause: put(B, { shutdowns: 2 }) },
  {
    claim: 'gate-exclusion',
    fault: 'two writers are inside',
    next: 'gate-left',
    cause: put(B, { writers: 2, q_flags: WRITER_ACTIVE }),
  },
  { claim: 'gate-exclusion', fault: 'a reader is inside that never entered', cause: put(B, { readers: 1 }) },
  {
    claim: 'gate-word',
    fault: 'a reader is counted beside a writer',
    next: 'gate-left',
    cause: put(B, { q_flags: WRITER_ACTIVE | READER_INCREMENT }),
  },
  {
    claim: 'single-threaded',
    fault: 'two packets at a time are in a node that forces writers',
    cause: put(B, { nd_flags: NGF_FORCE_WRITER, receiving: 2 }),
  },
  {
    claim: 'queue-pending-flag',
    fault: 'the flag is up and nothing is queued',
    cause: put(B, { q_flags: OP_PENDING }),
  },
  {
    claim: 'worklist-once',
    fault: 'a node is listed without NGQ2_WORKQ',
    next: 'refs-match',
    cause: put(ng, { ng_worklist_first: B, ng_worklist_last: B }),
  },
  {
    claim: 'peer-symmetry',
    fault: 'one end has forgotten the other',
    next: 'other-end-destroyed',
    cause: put(b, { hk_peer: ng_deadhook }),
  },
  { claim: 'peer-symmetry', fault: 'the sentinel has a peer', cause: put(ng_deadhook, { hk_peer: b }) },
  {
    claim: 'valid-pair',
    fault: 'a valid hook belongs to nobody',
    next: 'list-integrity',
    cause: put(b, { hk_node: ng_deadnode }),
  },
  {
    claim: 'valid-pair',
    fault: 'two hooks of a node have one name',
    of: twoLinks,
    cause: put(slot(Hook, 4), { hk_name: 'b' }),
  },
  {
    claim: 'no-hook-after-shutdown',
    fault: 'a hook is left on a node that has been shut down',
    next: 'no-zombie',
    cause: put(B, { nd_flags: NGF_INVALID, shutdowns: 1 }),
  },
  { claim: 'hash-counts', fault: 'a node too many is counted', cause: put(ng, { V_ng_nodes: 3 }) },
  { claim: 'hash-counts', fault: 'a name is counted that no node has', cause: put(ng, { V_ng_named_nodes: 1 }) },
  { claim: 'id-unique', fault: 'two nodes have one ID', cause: put(W, { nd_ID: 2 }) },
  { claim: 'id-unique', fault: 'a node has the ID that means none', cause: put(W, { nd_ID: 0 }) },
  {
    claim: 'name-unique',
    fault: 'two nodes have one name',
    cause: (world) => [W, B].forEach((node) => put(node, { nd_name: 'twin' })(world)),
  },
  {
    claim: 'name-found',
    fault: 'the table grows between the load of its mask and its lock',
    of: named,
    cause: growing,
  },
  { claim: 'gate-left', fault: 'a reader stays in the gate', cause: put(B, { q_flags: READER_INCREMENT }) },
  { claim: 'gate-left', fault: 'a writer stays in the gate', cause: put(B, { q_flags: WRITER_ACTIVE }) },
  { claim: 'work-taken', fault: 'a node is not on the worklist and says so', cause: put(B, { q_flags2: NGQ2_WORKQ }) },
  { claim: 'shutdown-obeyed', fault: 'a node stays that was told to go', cause: put(B, { told: true }) },
  { claim: 'really-dies', fault: 'a node stays that must die', cause: put(B, { nd_flags: NGF_REALLY_DIE }) },
  {
    claim: 'really-dies',
    fault: 'a node stays whose interface has gone',
    next: 'interface-has-node',
    of: ethernet,
    cause: put(slot(EtherPrivate, 0), { ifp: null }),
  },
  {
    claim: 'interface-has-node',
    fault: 'an interface has lost its node',
    of: ethernet,
    cause: put(slot(IfNet, 0), { if_l2com: null }),
  },
  {
    claim: 'interface-has-node',
    fault: 'an interface leads to a node that is not its own',
    of: ethernet,
    cause: put(slot(IfNet, 0), { if_l2com: B }),
  },
  {
    claim: 'node-freed-clean',
    fault: 'a node with a hook is given to NET_EPOCH_CALL',
    next: 'list-integrity',
    cause: (world) => void world.run('early', early),
  },
  {
    claim: 'node-freed-clean',
    fault: 'a node with a hook is freed',
    next: 'list-integrity',
    cause: (world) => void world.run('rash', rash),
  },
  { claim: 'no-leak', fault: 'a packet is in nobody’s hands', cause: (world) => void world.make(Mbuf, 'lost') },
  { claim: 'no-leak', fault: 'an item is in nobody’s hands', cause: (world) => void world.make(Item, 'lost') },
  {
    claim: 'no-leak',
    fault: 'a packet’s item is in nobody’s hands',
    cause: (world) => void world.make(DataItem, 'lost', { el_flags: NGQF_DATA }),
  },
  {
    claim: 'other-end-destroyed',
    fault: 'both ends are alone and valid',
    cause: (world) => [b, inet].forEach((hook) => put(hook, { hk_peer: ng_deadhook, hk_refs: 1 })(world)),
  },
  { claim: 'no-zombie', fault: 'a node is invalid and stays', cause: put(B, { nd_flags: NGF_INVALID }) },
  { claim: 'hooks-freed', fault: 'a hook is invalid and stays', cause: put(b, { hk_flags: HK_INVALID }) },
  { claim: 'list-integrity', fault: 'nd_numhooks is off by one', cause: put(B, { nd_numhooks: 2 }) },
  { claim: 'list-integrity', fault: 'a hook points back to the wrong place', cause: put(b, { cle_prev: W }) },
  {
    claim: 'list-integrity',
    fault: 'a hook is not on the list of its node',
    cause: put(B, { nd_hooks: null, nd_numhooks: 0 }),
  },
  { claim: 'list-integrity', fault: 'ng_deadnode has a hook', cause: put(ng_deadnode, { nd_hooks: b }) },
  { claim: 'refs-match', fault: 'a node has a reference that nobody holds', cause: put(B, { nd_refs: 3 }) },
  { claim: 'refs-match', fault: 'a hook has a reference that nobody holds', cause: put(b, { hk_refs: 3 }) },
  { claim: 'type-refs-match', fault: 'a type counts a node that is not there', cause: put(ng_hole, { refs: 3 }) },
  {
    claim: 'sockets-match',
    fault: 'a data socket is connected to a node that does not know it',
    of: withSocket,
    cause: put(slot(Ngpcb, 1), { sockdata: slot(SocketPrivate, 0) }),
  },
  {
    claim: 'sockets-match',
    fault: 'a node knows a data socket that is not connected to it',
    of: withSocket,
    cause: put(slot(SocketPrivate, 0), { datasock: slot(Ngpcb, 1) }),
  },
  {
    claim: 'sockets-match',
    fault: 'private data counts a socket that is not there',
    of: withSocket,
    cause: put(slot(SocketPrivate, 0), { refs: 3 }),
  },
  {
    claim: 'promisc-counted',
    fault: 'an interface is in promiscuous mode for nobody',
    of: ethernet,
    cause: put(slot(IfNet, 0), { if_pcount: 1 }),
  },
  {
    claim: 'promisc-counted',
    fault: 'an interface has gone and keeps a reference',
    of: ethernet,
    cause: put(slot(IfIndex, 0), { ifp: null }),
  },
  {
    claim: 'promisc-counted',
    fault: 'a node has an interface in promiscuous mode that counts nobody',
    of: ethernet,
    cause: put(slot(EtherPrivate, 0), { promisc: true }),
  },
  { claim: 'list-serialised', fault: 'two threads change a list', cause: put(B, { changing: 2 }) },
  {
    claim: 'list-intact',
    fault: 'a hook too many is counted',
    next: 'list-integrity',
    cause: put(B, { nd_numhooks: 2 }),
  },
  {
    claim: 'hooks-stay',
    fault: 'the list is changed under a reader',
    next: 'gate-left',
    cause: put(B, { readers: 1, changing: 1, q_flags: READER_INCREMENT }),
  },
  {
    claim: 'closing-as-writer',
    fault: 'a node closes that nobody has entered',
    cause: put(B, { nd_flags: NGF_CLOSING }),
  },
  {
    claim: 'no-data-in-shutdown',
    fault: 'a packet is in a node that is shut down',
    cause: put(B, { shutdowns: 1, receiving: 1 }),
  },
  {
    claim: 'path-open',
    fault: 'a hop leads from a node that the hook does not belong to',
    next: 'list-integrity',
    of: byPath,
    cause: put(slot(Hook, 3), { hk_node: B }),
  },
  { claim: 'connect-kept', fault: 'a link is promised that was not made', cause: put(ng, { promised: 1 }) },
  { claim: 'listing-consistent', fault: 'an entry is made of two peers', cause: put(ng, { mixed: true }) },
  {
    claim: 'interface-named',
    fault: 'an interface has a name that its node has not',
    of: { ...scenario, nodes: { ...scenario.nodes, E: { type: 'ether' } } },
    cause: put(slot(IfNet, 0), { renamed: 'wan' }),
  },
  { claim: 'in-order', fault: 'a packet is overtaken', cause: put(ng, { overtaken: true }) },
  {
    claim: 'requests-answered',
    fault: 'a request is under way while a thread goes round for ever',
    of: withSocket,
    cause: goingRound(() => {
      const priv = slot(SocketPrivate, 0);
      priv.error = -1;
      return () => (priv.error = 0);
    }),
  },
  {
    claim: 'items-applied',
    fault: 'an item is under way while a thread goes round for ever',
    cause: goingRound(() => {
      const item = allocOwned(Item);
      return () => freeOwned(item);
    }),
  },
  { claim: 'data-delivered', fault: 'no packet ever arrives', cause: put(ng, { expectsDelivery: true }) },
];
