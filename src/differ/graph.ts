import type { Scenario } from '../../spec/scenario.ts';
import { IfIndex, IfNet } from '../../spec/ifnet.ts';
import { Hook, ng_deadhook as deadhook } from '../../spec/hook.ts';
import { ng_deadnode as deadnode, Node } from '../../spec/node.ts';
import { Ngpcb, NgsHash, Socket, SocketPrivate } from '../../spec/socket.ts';
import { slot, type Shared } from '../machine/record.ts';
import type { World } from '../machine/world.ts';
import {
  at, attach, create, hook_, ngpcb_, ngsock_, ng_deadhook, ng_deadnode, node_, privateWord, slotOf, socket_, type Design, type Pointer, type Td,
} from '../netgraph/index.ts'; // prettier-ignore
import { layNodes, type Sockets } from './laying.ts';
import { apart, calloutPlaces, namedPlaces, partsOf, placesOf, staticFields, words } from './private.ts';

/** The graph of a scenario, made by the library, and which record of it is which of the specification's. */
export type Graph = {
  readonly arena: Int32Array;
  readonly nodes: ReadonlyMap<string, Pointer>;
  /** By the names of their nodes. */
  readonly interfaces: ReadonlyMap<string, Pointer>;
  readonly sockets: ReadonlyMap<string, Sockets>;
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
export const BUILDER = 31;

export const lay = (scenario: Scenario, world: World, design: Design): Graph => {
  const arena = create(design);
  const td = attach(arena, BUILDER) as Td;
  const { nodes, interfaces, sockets, hooks } = layNodes(td, scenario);
  const records = [
    ...[...nodes.values()].map((p, i) => ['node', p, slot(Node, i + 1) as Shared] as const),
    ...scenario.links.flat().map((name, i) => ['hook', hooks.get(name)!, slot(Hook, i + 1) as Shared] as const),
  ];
  const owned = records.flatMap(([, p, record]) => privateOf(arena, world, p, record));
  const others: readonly (readonly [Shared, Pointer])[] = [
    ...[...interfaces.values()].flatMap((p, i) => [[slot(IfNet, i), p] as const, [slot(IfIndex, i), p] as const]),
    ...[...sockets.values()].flatMap((pair, i) => ofSockets(arena, pair, i)),
  ];
  const known = [
    ...records,
    ['node', ng_deadnode, deadnode as Shared] as const,
    ['hook', ng_deadhook, deadhook as Shared] as const,
  ];
  return {
    arena,
    nodes,
    interfaces,
    sockets,
    byPointer: new Map(known.map(([kind, p, record]) => [`${kind} ${slotOf(p)}`, record])),
    pointers: new Map([
      ...known.map(([, p, record]) => [record, p] as const),
      ...owned.map(({ priv, pointer }) => [priv, pointer] as const),
      ...others,
    ]),
    fields: new Map([
      ...owned.flatMap((one) => fieldsOf(one, world)),
      ...others.flatMap(([record, p]) => namedPlaces(record, p)),
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

/** What the library has made for the sockets of a node, and what it is in the specification: there too they are made together. */
const ofSockets = (
  arena: Int32Array,
  { control, data }: Sockets,
  i: number,
): readonly (readonly [Shared, Pointer])[] => {
  const pcbOf = (so: Pointer): Pointer => Atomics.load(arena, at(so, socket_.so_pcb));
  const priv = Atomics.load(arena, at(pcbOf(control), ngpcb_.sockdata));
  return [
    [slot(SocketPrivate, i), priv] as const,
    [slot(NgsHash, i), Atomics.load(arena, at(priv, ngsock_.hash))] as const,
    ...[control, data].flatMap((so, isData) =>
      so === 0 ? [] : [[slot(Socket, 2 * i + isData), so] as const, [slot(Ngpcb, 2 * i + isData), pcbOf(so)] as const],
    ),
  ];
};

type Owned = { readonly priv: Shared; readonly owner: Shared | null; readonly pointer: Pointer };

/** What hangs on a record, on both sides. */
const privateOf = (arena: Int32Array, world: World, p: Pointer, record: Shared): readonly Owned[] => {
  const [name, address] =
    record instanceof Node ? ['nd_private', at(p, node_.nd_private)] : ['hk_private', at(p, hook_.hk_private)];
  const pointer = Atomics.load(arena, address as number);
  const theirs = world.initial(record, record.type.byName.get(name as string)!) as Shared | null;
  if (pointer === 0 || theirs === null || theirs instanceof SocketPrivate) return [];
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
