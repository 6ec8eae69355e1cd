import type { Scenario } from '../../spec/scenario.ts';
import { Hook, ng_deadhook as deadhook } from '../../spec/hook.ts';
import { ng_deadnode as deadnode, Node } from '../../spec/node.ts';
import { XMIT_ALL } from '../../spec/one2many.ts';
import { slot, type Shared } from '../machine/record.ts';
import type { World } from '../machine/world.ts';
import {
  ask, at, attach, create, hook_, hookOf, make, ng_deadhook, ng_deadnode, node_, placeOf, slotOf, type Pointer, type Td, type TypeName,
} from '../netgraph/index.ts'; // prettier-ignore
import { words } from './private.ts';

/** The graph of a scenario, made by the library, and which record of it is which of the specification's. */
export type Graph = {
  readonly arena: Int32Array;
  readonly nodes: ReadonlyMap<string, Pointer>;
  readonly byPointer: ReadonlyMap<string, Shared>;
  readonly pointers: ReadonlyMap<Shared, Pointer>;
  /** The private data of nodes and hooks, which are freed with it, and what has some. */
  readonly privates: ReadonlyMap<Shared, Pointer>;
  readonly owners: ReadonlyMap<Shared, Shared>;
  readonly owning: ReadonlySet<Shared>;
};

/** Who builds the graph; no thread of a scenario has its number. */
const BUILDER = 31;
/* Flags that nobody can ask a node for: its type sets them. */
const NGF_FORCE_WRITER = 0x04;
const HK_QUEUE = 0x02;

export const lay = (scenario: Scenario, world: World): Graph => {
  const arena = create('lockfree');
  const td = attach(arena, BUILDER) as Td;
  const nodes = new Map(Object.entries(scenario.nodes).map(([name, { type }]) => [name, make(td, type as TypeName)]));
  const hooks = layLinks(td, scenario, nodes);
  setUp(td, scenario, nodes, hooks);
  const records = [
    ...[...nodes.values()].map((p, i) => ['node', p, slot(Node, i + 1) as Shared] as const),
    ...scenario.links.flat().map((name, i) => ['hook', hooks.get(name)!, slot(Hook, i + 1) as Shared] as const),
  ];
  const owned = records.flatMap(([, p, record]) => privateOf(arena, world, p, record));
  const privates = owned.map(({ priv, pointer }) => [priv, pointer] as const);
  const known = [
    ...records,
    ...privates.map(([record, p]) => ['private', p, record] as const),
    ['node', ng_deadnode, deadnode as Shared] as const,
    ['hook', ng_deadhook, deadhook as Shared] as const,
  ];
  return {
    arena,
    nodes,
    byPointer: new Map(known.map(([kind, p, record]) => [`${kind} ${slotOf(p)}`, record])),
    pointers: new Map(known.filter(([kind]) => kind !== 'private').map(([, p, record]) => [record, p])),
    privates: new Map(privates),
    owners: new Map(owned.map(({ priv, owner }) => [priv, owner])),
    owning: new Set(owned.map(({ owner }) => owner)),
  };
};

const layLinks = (td: Td, { links }: Scenario, nodes: ReadonlyMap<string, Pointer>): ReadonlyMap<string, Pointer> => {
  const hooks = new Map<string, Pointer>();
  for (const [one, other] of links) {
    const [[a, hook], [b, peerhook]] = [one!.split(':'), other!.split(':')] as [[string, string], [string, string]];
    const ID = Atomics.load(td.arena, at(nodes.get(b)!, node_.nd_ID)).toString(16);
    ask(td, nodes.get(a)!, { cmd: 'connect', hook, path: `[${ID}]:`, peerhook });
    hooks.set(one!, hookOf(td, nodes.get(a)!, hook)).set(other!, hookOf(td, nodes.get(b)!, peerhook));
  }
  return hooks;
};

/** What a scenario says of a node beside its type. */
const setUp = (
  td: Td,
  { nodes: drafts }: Scenario,
  nodes: ReadonlyMap<string, Pointer>,
  hooks: ReadonlyMap<string, Pointer>,
): void => {
  for (const [name, { forceWriter, queued = [], name: called, persistent, all }] of Object.entries(drafts)) {
    const node = nodes.get(name)!;
    if (called !== undefined) ask(td, node, { cmd: 'name', name: called });
    if (forceWriter === true) Atomics.or(td.arena, at(node, node_.nd_flags), NGF_FORCE_WRITER);
    for (const hook of queued) Atomics.or(td.arena, at(hooks.get(`${name}:${hook}`)!, hook_.hk_flags), HK_QUEUE);
    if (persistent === true) setPrivate(td.arena, node, 'HubPrivate', 'persistent', 1);
    if (all === true) setPrivate(td.arena, node, 'One2ManyPrivate', 'xmitAlg', XMIT_ALL);
  }
};

const setPrivate = (arena: Int32Array, node: Pointer, type: string, field: string, value: number): void => {
  const priv = Atomics.load(arena, at(node, node_.nd_private));
  Atomics.store(arena, words[type]![field]!(priv), value);
};

type Owned = { readonly priv: Shared; readonly owner: Shared; readonly pointer: Pointer };

/** What hangs on a record, on both sides. */
const privateOf = (arena: Int32Array, world: World, p: Pointer, record: Shared): readonly Owned[] => {
  const [name, address] =
    record instanceof Node ? ['nd_private', at(p, node_.nd_private)] : ['hk_private', at(p, hook_.hk_private)];
  const pointer = Atomics.load(arena, address as number);
  const theirs = world.initial(record, record.type.byName.get(name as string)!) as Shared | null;
  return pointer === 0 || theirs === null ? [] : [{ priv: theirs, owner: record, pointer }];
};

/** What a word of the arena is, and of which record of the specification. */
export const placed = (address: number, { byPointer, owners, owning }: Graph) => {
  const { kind, slot: number, field } = placeOf(address);
  const record = byPointer.get(`${kind} ${number}`) ?? null;
  const first = field === 'ec_next' && record !== null && !owning.has(record) ? record : null;
  if (kind !== 'private') return { kind, number, record, field, frees: first };
  const frees = field === 'word0' ? (owners.get(record!) ?? null) : null;
  return { kind, number, record, field: fieldOf(record, address), frees };
};

const fieldOf = (record: Shared | null, address: number): string => {
  const known = Object.entries(words[record?.type.name ?? ''] ?? {});
  return known.find(([, word]) => placeOf(word(0)).field === placeOf(address).field)?.[0] ?? '';
};
