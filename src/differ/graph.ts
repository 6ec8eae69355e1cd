import type { Scenario } from '../../spec/scenario.ts';
import { Hook, ng_deadhook as deadhook } from '../../spec/hook.ts';
import { ng_deadnode as deadnode, Node } from '../../spec/node.ts';
import { XMIT_ALL } from '../../spec/one2many.ts';
import { slot, type Shared } from '../machine/record.ts';
import type { World } from '../machine/world.ts';
import {
  ask, at, attach, create, hook_, hookOf, make, ng_deadhook, ng_deadnode, node_, placeOf, privateWord, slotOf, type Pointer, type Td, type TypeName,
} from '../netgraph/index.ts'; // prettier-ignore
import { partsOf, placesOf, words } from './private.ts';

/** The graph of a scenario, made by the library, and which record of it is which of the specification's. */
export type Graph = {
  readonly arena: Int32Array;
  readonly nodes: ReadonlyMap<string, Pointer>;
  readonly byPointer: ReadonlyMap<string, Shared>;
  readonly pointers: ReadonlyMap<Shared, Pointer>;
  /** Where the fields of private data are, and which field of what an address is. */
  readonly fields: ReadonlyMap<number, readonly [record: Shared, field: string]>;
  /** By the number of private data of the library, the node or hook that is freed with it. */
  readonly owners: ReadonlyMap<number, Shared>;
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
  const known = [
    ...records,
    ['node', ng_deadnode, deadnode as Shared] as const,
    ['hook', ng_deadhook, deadhook as Shared] as const,
  ];
  return {
    arena,
    nodes,
    byPointer: new Map(known.map(([kind, p, record]) => [`${kind} ${slotOf(p)}`, record])),
    pointers: new Map(known.map(([, p, record]) => [record, p])),
    fields: new Map(owned.flatMap((one) => fieldsOf(one, world))),
    owners: new Map(owned.map(({ pointer, owner }) => [slotOf(pointer), owner])),
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
  Atomics.store(arena, at(priv, privateWord(words[type]![field]!)), value);
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

const fieldsOf = (
  { priv, pointer }: Owned,
  world: World,
): readonly (readonly [number, readonly [Shared, string]])[] => {
  const parts = partsOf(priv, (field) => world.initial(priv, priv.type.byName.get(field)!));
  return [priv, ...parts].flatMap((record) =>
    placesOf(record, pointer).map(([field, address]) => [address, [record, field]] as const),
  );
};

/** What a word of the arena is, and of which record of the specification. */
export const placed = (address: number, { byPointer, fields, owners, owning }: Graph) => {
  const { kind, slot: number, field } = placeOf(address);
  if (kind !== 'private') {
    const record = byPointer.get(`${kind} ${number}`) ?? null;
    const frees = field === 'ec_next' && record !== null && !owning.has(record) ? record : null;
    return { kind, number, record, field, frees };
  }
  const [record, known] = fields.get(address) ?? [null, ''];
  return { kind, number, record, field: known, frees: field === 'word0' ? (owners.get(number) ?? null) : null };
};
