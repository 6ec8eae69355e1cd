import { MOST_BUCKETS } from '../../spec/bounds.ts';
import { actsOf, connecting, type Scenario } from '../../spec/scenario.ts';
import { XMIT_ALL } from '../../spec/one2many.ts';
import {
  ask, at, ether_ifattach, globals, hook_, hookOf, idHash, idOf, intern, loadFirewall, make, nameHash, ngc_attach, ngd_attach, ngd_connect, node_, nodeBehind,
  nodeOf, privateWord, rehash, type Pointer, type Td, type TypeName,
} from '../netgraph/index.ts'; // prettier-ignore
import { words } from './private.ts';

/** How the library makes the graph of a scenario: by what any program can ask of it, but for what only a type can set. */
export type Laid = {
  readonly nodes: ReadonlyMap<string, Pointer>;
  readonly interfaces: ReadonlyMap<string, Pointer>;
  readonly sockets: ReadonlyMap<string, Sockets>;
  readonly hooks: ReadonlyMap<string, Pointer>;
};

/** The control socket of a node, and its data socket; 0: it has none. */
export type Sockets = { readonly control: Pointer; readonly data: Pointer };

/* Flags that nobody can ask a node for: its type sets them. */
const NGF_FORCE_WRITER = 0x04;
const HK_QUEUE = 0x02;

/** The nodes by their names, and the interfaces and sockets by those of their nodes; hooks as links name them. */
export const layNodes = (td: Td, scenario: Scenario): Laid => {
  const nodes = new Map<string, Pointer>();
  const interfaces = new Map<string, Pointer>();
  const sockets = new Map<string, Sockets>();
  for (const [name, { type, data = false }] of Object.entries(scenario.nodes)) {
    if (type === 'ether') interfaces.set(name, ether_ifattach(td, `${INTERFACE}${interfaces.size}`));
    if (type === 'socket') sockets.set(name, opened(td, data, connecting(scenario).includes(name)));
    if (type === 'ether') nodes.set(name, nodeOf(td, interfaces.get(name)!));
    else if (type === 'socket') nodes.set(name, nodeBehind(td, sockets.get(name)!.control));
    else nodes.set(name, made(td, type as TypeName));
  }
  for (const name of namesIn(scenario)) intern(td, name);
  const hooks = layLinks(td, scenario, nodes);
  setUp(td, scenario, nodes, hooks);
  sizeHashes(td, scenario);
  if (makesFailing(scenario)) Atomics.store(td.arena, globals.free_private, 0);
  return { nodes, interfaces, sockets, hooks };
};

/** The names of hooks and nodes that a program will use: so no run has to wait for the table of names. */
const namesIn = ({ cpus }: Scenario): readonly string[] =>
  cpus.flatMap(({ run }) =>
    run.flatMap((operation) =>
      Object.values(operation).flatMap((body: Readonly<Record<string, unknown>>) =>
        [body.hook, body.peerhook, body.name, ...hopsOf(body.path)].filter((name) => typeof name === 'string'),
      ),
    ),
  );

/** The hooks that a path leads over, though there may be none called so: a name that nobody has given to anything leads nowhere without a look. */
const hopsOf = (path: unknown): readonly string[] =>
  typeof path === 'string'
    ? path
        .slice(path.indexOf(':') + 1)
        .split('.')
        .filter((hop) => hop !== '')
    : [];

const opened = (td: Td, isConnected: boolean, connects: boolean): Sockets => {
  const control = ngc_attach(td);
  const data = isConnected || connects ? ngd_attach(td) : 0;
  if (isConnected) ngd_connect(td, data, `[${idOf(td, nodeBehind(td, control)).toString(16)}]:`);
  return { control, data };
};

/** The nodes of interfaces and of the firewall have names in the library, and in the specification only those that a scenario gives. */
const INTERFACE = 'interface';

/** A node of a type. */
const made = (td: Td, type: TypeName): Pointer => (type === 'ipfw' ? loadFirewall(td) : make(td, type));

/** Whether a node is to be made whose constructor fails: it finds no memory for its private data then. */
const makesFailing = ({ cpus }: Scenario): boolean =>
  cpus.some(({ run }) =>
    run.flatMap(actsOf).some((operation) => 'mkpeer' in operation && operation.mkpeer.type === 'failing'),
  );

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
  for (const [
    name,
    { type, packets = 1, nolinger, forceWriter, queued = [], name: called, persistent, all },
  ] of Object.entries(drafts)) {
    const node = nodes.get(name)!;
    if (called !== undefined) ask(td, node, { cmd: 'name', name: called });
    if (forceWriter === true) Atomics.or(td.arena, at(node, node_.nd_flags), NGF_FORCE_WRITER);
    for (const hook of queued) Atomics.or(td.arena, at(hooks.get(`${name}:${hook}`)!, hook_.hk_flags), HK_QUEUE);
    if (persistent === true) setPrivate(td.arena, node, 'HubPrivate', 'persistent', 1);
    if (nolinger === true) ask(td, node, { cmd: 'configure', value: 1 });
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
