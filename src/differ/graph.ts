import { MOST_BUCKETS } from '../../spec/bounds.ts';
import type { Scenario } from '../../spec/scenario.ts';
import { IfNet } from '../../spec/ether.ts';
import { Hook, ng_deadhook as deadhook } from '../../spec/hook.ts';
import { ng_deadnode as deadnode, Node } from '../../spec/node.ts';
import { XMIT_ALL } from '../../spec/one2many.ts';
import { slot, type Shared } from '../machine/record.ts';
import type { World } from '../machine/world.ts';
import {
  ask, at, attach, create, ether_ifattach, globals, hook_, hookOf, idHash, intern, loadFirewall, make, nameHash, ng_deadhook, ng_deadnode, node_, nodeOf, privateWord, rehash, slotOf, type Design, type Pointer, type Td, type TypeName,
} from '../netgraph/index.ts'; // prettier-ignore
import { apart, calloutPlaces, interfacePlaces, partsOf, placesOf, staticFields, words } from './private.ts';

/** The graph of a scenario, made by the library, and which record of it is which of the specification's. */
export type Graph = {
  readonly arena: Int32Array;
  readonly nodes: ReadonlyMap<string, Pointer>;
  /** By the names of their nodes. */
  readonly interfaces: ReadonlyMap<string, Pointer>;
  readonly byPointer: ReadonlyMap<string, Shared>;
  readonly pointers: ReadonlyMap<Shared, Pointer>;
  /** Where the fields of private data are, and of what is there only once, and which field of what an address is. */
  readonly fields: ReadonlyMap<number, readonly [record: Shared, field: string]>;
  /** By its number in the library, private data, and the node or hook that begins to be freed with it; null: with other memory. */
  readonly privates: ReadonlyMap<number, { readonly pointer: Pointer; readonly owner: Shared | null }>;
  readonly owning: ReadonlySet<Shared>;
  /** Records that can be made in the run. */
  readonly made: readonly Shared[];
};

/** Who builds the graph; no thread of a scenario has its number. */
const BUILDER = 31;
/* Flags that nobody can ask a node for: its type sets them. */
const NGF_FORCE_WRITER = 0x04;
const HK_QUEUE = 0x02;

export const lay = (scenario: Scenario, world: World, design: Design): Graph => {
  const arena = create(design);
  const td = attach(arena, BUILDER) as Td;
  const nodes = new Map<string, Pointer>();
  const interfaces = new Map<string, Pointer>();
  for (const [name, { type }] of Object.entries(scenario.nodes)) {
    if (type === 'ether') interfaces.set(name, ether_ifattach(td, `${INTERFACE}${interfaces.size}`));
    nodes.set(name, type === 'ether' ? nodeOf(td, interfaces.get(name)!) : made(td, type as TypeName));
  }
  for (const name of namesIn(scenario)) intern(td, name);
  const hooks = layLinks(td, scenario, nodes);
  setUp(td, scenario, nodes, hooks);
  sizeHashes(td, scenario);
  if (makesFailing(scenario)) Atomics.store(arena, globals.free_private, 0);
  const records = [
    ...[...nodes.values()].map((p, i) => ['node', p, slot(Node, i + 1) as Shared] as const),
    ...scenario.links.flat().map((name, i) => ['hook', hooks.get(name)!, slot(Hook, i + 1) as Shared] as const),
  ];
  const owned = records.flatMap(([, p, record]) => privateOf(arena, world, p, record));
  const ifnets = [...interfaces.values()].map((p, i) => [slot(IfNet, i), p] as const);
  const known = [
    ...records,
    ['node', ng_deadnode, deadnode as Shared] as const,
    ['hook', ng_deadhook, deadhook as Shared] as const,
  ];
  return {
    arena,
    nodes,
    interfaces,
    byPointer: new Map(known.map(([kind, p, record]) => [`${kind} ${slotOf(p)}`, record])),
    pointers: new Map([
      ...known.map(([, p, record]) => [record, p] as const),
      ...owned.map(({ priv, pointer }) => [priv, pointer] as const),
      ...ifnets,
    ]),
    fields: new Map([
      ...owned.flatMap((one) => fieldsOf(one, world)),
      ...ifnets.flatMap(([record, p]) => interfacePlaces(record, p)),
      ...owned.flatMap(({ priv, pointer }) => calloutPlaces(priv, pointer)),
      ...staticFields,
    ]),
    privates: new Map(owned.map(({ pointer, owner }) => [slotOf(pointer), { pointer, owner }])),
    owning: new Set(owned.flatMap(({ owner }) => (owner === null ? [] : [owner]))),
    made: makeable(world),
  };
};

/** Memory that the specification has kept free for nodes, hooks and their private data. */
const makeable = (world: World): readonly Shared[] =>
  world
    .types()
    .filter((type) => type === Node || type === Hook || words[type.name] !== undefined)
    .flatMap((type) => Array.from({ length: world.slots(type) }, (_, i) => slot(type, i)))
    .filter((record) => !world.isLive(record));

/** The names of hooks and nodes that a program will use: so no run has to wait for the table of names. */
const namesIn = ({ cpus }: Scenario): readonly string[] =>
  cpus.flatMap(({ run }) =>
    run.flatMap((operation) =>
      Object.values(operation).flatMap((body: Readonly<Record<string, unknown>>) =>
        [body.hook, body.peerhook, body.name].filter((name) => typeof name === 'string'),
      ),
    ),
  );

/** The nodes of interfaces and of the firewall have names in the library, and in the specification only those that a scenario gives. */
const INTERFACE = 'interface';

/** A node of a type. */
const made = (td: Td, type: TypeName): Pointer => (type === 'ipfw' ? loadFirewall(td) : make(td, type));

/** Whether a node is to be made whose constructor fails: it finds no memory for its private data then. */
const makesFailing = ({ cpus }: Scenario): boolean =>
  cpus.some(({ run }) => run.some((operation) => 'mkpeer' in operation && operation.mkpeer.type === 'failing'));

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
  for (const [name, { type, packets = 1, forceWriter, queued = [], name: called, persistent, all }] of Object.entries(
    drafts,
  )) {
    const node = nodes.get(name)!;
    if (called !== undefined) ask(td, node, { cmd: 'name', name: called });
    if (forceWriter === true) Atomics.or(td.arena, at(node, node_.nd_flags), NGF_FORCE_WRITER);
    for (const hook of queued) Atomics.or(td.arena, at(hooks.get(`${name}:${hook}`)!, hook_.hk_flags), HK_QUEUE);
    if (persistent === true) setPrivate(td.arena, node, 'HubPrivate', 'persistent', 1);
    if (type === 'source') startSource(td, node, packets);
    if (type === 'nat') ask(td, node, { cmd: 'configure', value: 1 });
    if (all === true) setPrivate(td.arena, node, 'One2ManyPrivate', 'xmitAlg', XMIT_ALL);
  }
};

/** The hash tables get the sizes that they have in the scenario, though they may have too many nodes for those. */
const sizeHashes = (td: Td, { hash: { ids = MOST_BUCKETS, names = MOST_BUCKETS } = {} }: Scenario): void => {
  rehash(td, idHash, ids - 1);
  rehash(td, nameHash, names - 1);
};

/** It has a packet to copy, and its callout is pending. */
const startSource = (td: Td, node: Pointer, packets: number): void => {
  setPrivate(td.arena, node, 'SourcePrivate', 'snd_queue', 1);
  ask(td, node, { cmd: 'configure', value: packets });
};

const setPrivate = (arena: Int32Array, node: Pointer, type: string, field: string, value: number): void => {
  const priv = Atomics.load(arena, at(node, node_.nd_private));
  Atomics.store(arena, at(priv, privateWord(words[type]![field]!)), value);
};

type Owned = { readonly priv: Shared; readonly owner: Shared | null; readonly pointer: Pointer };

/** What hangs on a record, on both sides. */
const privateOf = (arena: Int32Array, world: World, p: Pointer, record: Shared): readonly Owned[] => {
  const [name, address] =
    record instanceof Node ? ['nd_private', at(p, node_.nd_private)] : ['hk_private', at(p, hook_.hk_private)];
  const pointer = Atomics.load(arena, address as number);
  const theirs = world.initial(record, record.type.byName.get(name as string)!) as Shared | null;
  if (pointer === 0 || theirs === null) return [];
  const field = apart[theirs.type.name]?.field;
  if (field === undefined) return [{ priv: theirs, owner: record, pointer }];
  const behind = Atomics.load(arena, at(pointer, privateWord(words[theirs.type.name]![field]!)));
  return [
    { priv: theirs, owner: null, pointer },
    { priv: world.initial(theirs, theirs.type.byName.get(field)!) as Shared, owner: record, pointer: behind },
  ];
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
