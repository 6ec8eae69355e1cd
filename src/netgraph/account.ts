import {
  FIRST_DATA_ITEM, at, counts, globals, hook_, ng_deadhook, ng_deadnode, node_, pointerTo, slotOf, td_, THREADS,
  type Pointer,
} from './layout.ts'; // prettier-ignore
import { tablesAt } from './nat.ts';
import { generationAt, isLive, pooled, type PoolKind } from './pool.ts';
import type { Td } from './td.ts';

/** What is in an arena when nobody works on it: each record is used or in its pool, and what is used is reached and counted rightly. */

export type Statistics = {
  readonly live: Readonly<Record<PoolKind, number>>;
  readonly sent: number;
  readonly delivered: number;
  readonly dropped: number;
  readonly copied: number;
  readonly queued: number;
  /** Records that wait for the end of sections, and the most that one thread has had. */
  readonly deferred: number;
  readonly mostDeferred: number;
};

const pools = [
  'node',
  'hook',
  'item',
  'dataitem',
  'ifnet',
  'private',
  'mesg',
  'apply',
] as const satisfies readonly PoolKind[];
/** The numbers of the records of a pool, without those that are always there. */
const range = (kind: PoolKind): readonly [number, number] => {
  if (kind === 'item') return [1, FIRST_DATA_ITEM];
  if (kind === 'dataitem') return [FIRST_DATA_ITEM, counts.item];
  return [kind === 'node' || kind === 'hook' ? 2 : 1, counts[kind]];
};

/** The records of a kind that are used. */
export function used(td: Td, kind: PoolKind): readonly Pointer[] {
  const [first, end] = range(kind);
  return Array.from({ length: end - first }, (_, i) => first + i)
    .map((slot) => pointerTo(slot, Atomics.load(td.arena, generationAt(kind, slot))))
    .filter((p) => isLive(td, kind, p));
}

const sum = ({ arena }: Td, counter: number): number =>
  Array.from({ length: THREADS }, (_, thread) => Atomics.load(arena, at(thread, counter))).reduce((a, b) => a + b);

/** Counters of all threads together, and what is used. Exact when nobody works on the arena. */
export function statistics(td: Td): Statistics {
  return {
    live: Object.fromEntries(pools.map((kind) => [kind, used(td, kind).length])) as Record<PoolKind, number>,
    sent: sum(td, td_.sent),
    delivered: sum(td, td_.delivered),
    dropped: sum(td, td_.dropped),
    copied: sum(td, td_.copied),
    queued: sum(td, td_.queued),
    deferred: sum(td, td_.er_deferred),
    mostDeferred: Math.max(
      ...Array.from({ length: THREADS }, (_, thread) => Atomics.load(td.arena, at(thread, td_.er_most))),
    ),
  };
}

/**
 * Walks over everything, when no thread works on the arena, nothing is queued, no callout is pending and nothing waits for the end of a section.
 * @returns what is wrong, a sentence each: a record that is lost or in its pool twice, a list or a count that is not right, a lock that is
 * held, a section that is open, a packet that came from nowhere or went nowhere.
 */
export function checkArena(td: Td): readonly string[] {
  return [...pools.flatMap((kind) => partition(td, kind)), ...graph(td), ...quiet(td), ...packets(td)];
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

function nodeIsRight({ arena }: Td, node: Pointer, hooks: readonly Pointer[]): readonly string[] {
  const name = `node ${slotOf(node)}`;
  const wrong: string[] = [];
  const is = (field: number, wanted: number, what: string): void => {
    const value = Atomics.load(arena, at(node, field));
    if (value !== wanted) wrong.push(`${what} of ${name} is ${value}, not ${wanted}`);
  };
  is(node_.nd_numhooks, hooks.length, 'nd_numhooks');
  is(node_.nd_refs, 1 + hooks.length, 'nd_refs');
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
  const hung = new Set([
    ...nodes.map((node) => Atomics.load(arena, at(node, node_.nd_private))),
    ...nodes.map((node) => tablesAt(td, slotOf(node))),
    ...hooks.map((hook) => Atomics.load(arena, at(hook, hook_.hk_private))),
  ]);
  return [
    ...used(td, 'private').filter((p) => !hung.has(p)).map((p) => `private ${slotOf(p)} is hung on nothing`),
    ...(['item', 'dataitem', 'mesg', 'apply'] as const).flatMap((kind) => used(td, kind).map((p) => `${kind} ${slotOf(p)} is lost`)),
  ]; // prettier-ignore
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
