import {
  at, counts, globals, hook_, ifindex_, ifnet_, ng_deadhook, ng_deadnode, mesg_, ngpcb_, ngsock_, node_, privateWord, slotOf, socket_, td_, THREADS, type_,
  type Pointer,
} from './layout.ts'; // prettier-ignore
import { ifp_, promiscuous } from './ether.ts';
import { tablesAt } from './nat.ts';
import { typeNames } from './ngtype.ts';
import { isLive, pooled, type PoolKind } from './pool.ts';
import { pools, range, statistics, used } from './statistics.ts';
import type { Td } from './td.ts';

/** An arena when nobody works on it: each record is used or in its pool, and what is used is reached and counted rightly. */

/**
 * Walks over everything, when no thread works on the arena, nothing is queued, no callout is pending and nothing waits for the end of a section.
 * @returns what is wrong, a sentence each: a record that is lost or in its pool twice, a list or a count that is not right, a lock that is
 * held, a section that is open, a packet that came from nowhere or went nowhere.
 */
export function checkArena(td: Td): readonly string[] {
  return [
    ...pools.flatMap((kind) => partition(td, kind)),
    ...graph(td),
    ...interfaces(td),
    ...sockets(td),
    ...counted(td),
    ...quiet(td),
    ...packets(td),
  ];
}

/** Each record is either used or in its pool. */
function partition(td: Td, kind: PoolKind): readonly string[] {
  const [first, end] = range(kind);
  const free = pooled(td, kind);
  const live = new Set(used(td, kind).map(slotOf));
  return Array.from({ length: end - first }, (_, i) => first + i)
    .filter((slot) => free.has(slot) === live.has(slot))
    .map((slot) => `${kind} ${slot} is ${free.has(slot) ? 'used and in its pool' : 'neither used nor in its pool'}`);
}

/**
 * Each interface is found by its index, which has a reference on it, as promiscuous mode has for each node that wants it; by no index what is freed. It and its node lead to
 * each other.
 */
function interfaces(td: Td): readonly string[] {
  const { arena } = td;
  const there = used(td, 'ifnet');
  const wanting = used(td, 'node').map((node) => etherWord(td, node, promiscuous));
  const found = Array.from({ length: counts.ifindex }, (_, i) => Atomics.load(arena, at(i, ifindex_.ifp)));
  return [
    ...there
      .filter((ifp) => found[slotOf(ifp)] !== ifp)
      .map((ifp) => `ifnet ${slotOf(ifp)} is used, but cannot be found`),
    ...found
      .filter((ifp) => ifp !== 0 && !there.includes(ifp))
      .map((ifp) => `ifnet ${slotOf(ifp)} can be found, but is freed`),
    ...there.flatMap((ifp) => {
      const wanted = wanting.filter((each) => each === ifp).length;
      const counted = Atomics.load(arena, at(ifp, ifnet_.if_pcount));
      const refs = Atomics.load(arena, at(ifp, ifnet_.if_refcount));
      return [
        ...(counted === wanted ? [] : [`if_pcount of ifnet ${slotOf(ifp)} is ${counted}, not ${wanted}`]),
        ...(refs === 1 + wanted ? [] : [`if_refcount of ifnet ${slotOf(ifp)} is ${refs}, not ${1 + wanted}`]),
      ];
    }),
    ...used(td, 'node')
      .map((node) => ({ node, ifp: interfaceOf(td, node) }))
      .filter(({ node, ifp }) => ifp !== 0 && Atomics.load(arena, at(ifp, ifnet_.if_l2com)) !== node)
      .map(({ node, ifp }) => `node ${slotOf(node)} has ifnet ${slotOf(ifp)}, which does not lead to it`),
    ...there
      .map((ifp) => ({ ifp, node: Atomics.load(arena, at(ifp, ifnet_.if_l2com)) }))
      .filter(({ ifp, node }) => node !== 0 && !(used(td, 'node').includes(node) && interfaceOf(td, node) === ifp))
      .map(({ ifp, node }) => `ifnet ${slotOf(ifp)} leads to node ${slotOf(node)}, which does not have it`),
  ];
}

/** The interface of an ether node, or 0. */
const interfaceOf = (td: Td, node: Pointer): Pointer => etherWord(td, node, ifp_);

/** A word of the private data of an ether node; 0 of any other. */
const etherWord = ({ arena }: Td, node: Pointer, word: number): number =>
  typeNames[Atomics.load(arena, at(node, node_.nd_type))] === 'ether'
    ? Atomics.load(arena, at(Atomics.load(arena, at(node, node_.nd_private)), privateWord(word)))
    : 0;

/** The private data of a node behind sockets knows each socket that is connected to it, and counts them and its node. */
function sockets(td: Td): readonly string[] {
  const { arena } = td;
  const connected = used(td, 'ngpcb');
  return used(td, 'ngsock').flatMap((priv) => {
    const word = (field: number): number => Atomics.load(arena, at(priv, field));
    const users = connected.filter((pcbp) => Atomics.load(arena, at(pcbp, ngpcb_.sockdata)) === priv);
    const known = [word(ngsock_.ctlsock), word(ngsock_.datasock)];
    const holders = users.length + (word(ngsock_.node) === 0 ? 0 : 1);
    return [
      ...users
        .filter((pcbp) => !known.includes(pcbp))
        .map((pcbp) => `ngsock ${slotOf(priv)} does not know ngpcb ${slotOf(pcbp)}`),
      ...known
        .filter((pcbp) => pcbp !== 0 && !users.includes(pcbp))
        .map((pcbp) => `ngsock ${slotOf(priv)} still knows ngpcb ${slotOf(pcbp)}`),
      ...(word(ngsock_.refs) === holders
        ? []
        : [`refs of ngsock ${slotOf(priv)} is ${word(ngsock_.refs)}, not ${holders}`]),
    ];
  });
}

/** Each type has as many nodes as it says. */
function counted(td: Td): readonly string[] {
  const ofNodes = used(td, 'node').map((node) => Atomics.load(td.arena, at(node, node_.nd_type)));
  return typeNames.flatMap((name, type) => {
    const refs = Atomics.load(td.arena, at(type, type_.refs));
    const nodes = ofNodes.filter((one) => one === type).length;
    return refs === nodes ? [] : [`${name} has ${nodes} nodes, not ${refs}`];
  });
}

function graph(td: Td): readonly string[] {
  const { arena } = td;
  const nodes = used(td, 'node');
  const hooks = used(td, 'hook');
  const byID = new Set<Pointer>();
  const table = Atomics.load(arena, globals.V_ng_ID_hash);
  for (let bucket = 0; bucket <= Atomics.load(arena, globals.V_ng_ID_hmask); bucket++)
    for (let n = Atomics.load(arena, table + bucket); n !== 0; n = Atomics.load(arena, at(n, node_.nd_idnodes_next)))
      byID.add(n);
  const onLists = new Map(nodes.map((node) => [node, hooksOf(td, node)]));
  const listed = new Set([...onLists.values()].flat());
  return [
    ...nodes.filter((node) => !byID.has(node)).map((node) => `node ${slotOf(node)} is used, but cannot be found`),
    ...[...byID]
      .filter((node) => !nodes.includes(node))
      .map((node) => `node ${slotOf(node)} can be found, but is freed`),
    ...hooks.filter((hook) => !listed.has(hook)).map((hook) => `hook ${slotOf(hook)} is on no list`),
    ...nodes.flatMap((node) => nodeIsRight(td, node, onLists.get(node)!)),
    ...hooks.flatMap((hook) => hookIsRight(td, hook)),
    ...(Atomics.load(arena, globals.V_ng_nodes) === byID.size ? [] : ['V_ng_nodes is not the number of nodes']),
    ...anchors(td, nodes, hooks),
  ];
}

/** The list of a node; where it comes upon what is freed it ends. */
function hooksOf(td: Td, node: Pointer): readonly Pointer[] {
  const { arena } = td;
  const hooks: Pointer[] = [];
  let hook = Atomics.load(arena, at(node, node_.nd_hooks));
  while (isLive(td, 'hook', hook) && !hooks.includes(hook)) {
    hooks.push(hook);
    hook = Atomics.load(arena, at(hook, hook_.cle_next));
  }
  return hooks;
}

function nodeIsRight(td: Td, node: Pointer, hooks: readonly Pointer[]): readonly string[] {
  const { arena } = td;
  const name = `node ${slotOf(node)}`;
  const wrong: string[] = [];
  const is = (field: number, wanted: number, what: string): void => {
    const value = Atomics.load(arena, at(node, field));
    if (value !== wanted) wrong.push(`${what} of ${name} is ${value}, not ${wanted}`);
  };
  is(node_.nd_numhooks, hooks.length, 'nd_numhooks');
  is(node_.nd_refs, 1 + hooks.length + (isBehindSocket(td, node) ? 1 : 0), 'nd_refs');
  is(node_.q_flags, 0, 'q_flags');
  is(node_.q_flags2, 0, 'q_flags2');
  is(node_.q_mtx, 0, 'q_mtx');
  is(node_.queue_first, 0, 'queue_first');
  hooks.forEach((hook, i) => {
    const before = i === 0 ? at(node, node_.nd_hooks) : at(hooks[i - 1]!, hook_.cle_next);
    if (Atomics.load(arena, at(hook, hook_.cle_prev)) !== before)
      wrong.push(`the list of ${name} is broken at hook ${slotOf(hook)}`);
  });
  return wrong;
}

/** The private data of a socket's node has a reference on it, as long as the node is not shut down. */
function isBehindSocket({ arena }: Td, node: Pointer): boolean {
  if (typeNames[Atomics.load(arena, at(node, node_.nd_type))] !== 'socket') return false;
  return Atomics.load(arena, at(Atomics.load(arena, at(node, node_.nd_private)), ngsock_.node)) === node;
}

function hookIsRight({ arena }: Td, hook: Pointer): readonly string[] {
  const peer = Atomics.load(arena, at(hook, hook_.hk_peer));
  const refs = Atomics.load(arena, at(hook, hook_.hk_refs));
  const name = `hook ${slotOf(hook)}`;
  const wanted = peer === ng_deadhook ? 1 : 2;
  return [
    ...(refs === wanted ? [] : [`hk_refs of ${name} is ${refs}, not ${wanted}`]),
    ...(peer === ng_deadhook ? [`${name} is on a list, but leads nowhere`] : []),
    ...(Atomics.load(arena, at(peer, hook_.hk_peer)) === hook ? [] : [`${name} is not the peer of its peer`]),
  ];
}

/** What is not hung on a node or a hook is lost: private memory; and no item is left when nothing is queued. */
function anchors(td: Td, nodes: readonly Pointer[], hooks: readonly Pointer[]): readonly string[] {
  const { arena } = td;
  const received = new Set(used(td, 'socket').flatMap((so) => unreceived(td, so)));
  const hung = new Set([
    ...nodes.map((node) => Atomics.load(arena, at(node, node_.nd_private))),
    ...nodes.map((node) => tablesAt(td, slotOf(node))),
    ...hooks.map((hook) => Atomics.load(arena, at(hook, hook_.hk_private))),
  ]);
  return [
    ...used(td, 'private').filter((p) => !hung.has(p)).map((p) => `private ${slotOf(p)} is hung on nothing`),
    ...used(td, 'mesg').filter((p) => !received.has(p)).map((p) => `mesg ${slotOf(p)} is lost`),
    ...(['item', 'dataitem', 'apply'] as const).flatMap((kind) => used(td, kind).map((p) => `${kind} ${slotOf(p)} is lost`)),
  ]; // prettier-ignore
}

/** Answers that a socket has not received yet, all their records. */
function unreceived({ arena }: Td, so: Pointer): readonly Pointer[] {
  const parts: Pointer[] = [];
  for (
    let first = Atomics.load(arena, at(so, socket_.so_rcv));
    first !== 0;
    first = Atomics.load(arena, at(first, mesg_.m_nextpkt))
  )
    for (let part = first; part !== 0; part = Atomics.load(arena, at(part, mesg_.m_next))) parts.push(part);
  return parts;
}

function quiet({ arena }: Td): readonly string[] {
  const locks = [
    'ng_topo_lock',
    'ng_idhash_lock',
    'ng_namehash_lock',
    'ng_worklist_mtx',
    'names_mtx',
    'ng_worklist_first',
    'cc_mtx',
    'cc_first',
    'cc_exec_curr',
    'tq_mtx',
    'tb_running',
  ] as const;
  const threads = Array.from({ length: THREADS }, (_, thread) => thread);
  return [
    ...locks.filter((lock) => Atomics.load(arena, globals[lock]) !== 0).map((lock) => `${lock} is not 0`),
    ...threads
      .filter((thread) => Atomics.load(arena, at(thread, td_.er_section)) !== 0)
      .map((thread) => `thread ${thread} is in a section`),
    ...threads
      .filter((thread) => Atomics.load(arena, at(thread, td_.er_first)) !== 0)
      .map((thread) => `thread ${thread} has callbacks to run`),
    ...(Atomics.load(arena, at(ng_deadhook, hook_.hk_refs)) === 1 ? [] : ['ng_deadhook has been counted']),
    ...(Atomics.load(arena, at(ng_deadnode, node_.nd_refs)) === 1 ? [] : ['ng_deadnode has been counted']),
  ];
}

/** Every packet that was sent or copied was delivered or dropped. */
function packets(td: Td): readonly string[] {
  const { sent, copied, delivered, dropped } = statistics(td);
  return sent + copied === delivered + dropped
    ? []
    : [`of ${sent + copied} packets ${delivered} were delivered and ${dropped} dropped`];
}
