import type { Mutex } from '../src/machine/record.ts';
import { MOST_CPUS, World } from '../src/machine/world.ts';
import { softclock } from './callout.ts';
import { ScenarioError, listed, pointerTo } from './fault.ts';
import { ApplyInfo } from './applyinfo.ts';
import { indexOf } from './devices.ts';
import { EtherPrivate } from './ether.ts';
import { ng } from './globals.ts';
import { HoleHookInfo } from './hole.ts';
import { HubPrivate } from './hub.ts';
import { PatchPrivate } from './patch.ts';
import { noMemory, setups } from './setup.ts';
import { HookPriv, SocketPrivate, type Socket } from './socket.ts';
import { controlOf, dataOf } from './sockets.ts';
import { bind, close, connect, sendto } from './syscall.ts';
import { vnet_netgraph_uninit } from './teardown.ts';
import { HK_DEAD, HK_INVALID, HK_QUEUE, Hook, ng_deadhook } from './hook.ts';
import { IfacePrivate } from './iface.ts';
import { DataItem, Item } from './item.ts';
import { linkstate } from './linkstate.ts';
import { layHashes } from './hashing.ts';
import { filter, IpfwHookPrivate } from './ipfw.ts';
import { kinds, type Call, type Kind, type NodeDraft } from './kinds.ts';
import type { Private } from './linked.ts';
import { Mbuf } from './mbuf.ts';
import {
  answer, Mesg, NGM_CONNECT, NGM_LINK_IS_DOWN, NGM_LINK_IS_UP, NGM_LISTHOOKS, NGM_LISTNAMES, NGM_LISTNODES, NGM_LISTTYPES, NGM_MKPEER, NGM_NAME, NGM_NODEINFO,
  NGM_RMHOOK, NGM_SHUTDOWN, NGM_TEXT_CONFIG, NGM_TEXT_STATUS,
} from './mesg.ts'; // prettier-ignore
import { LibAlias, NatPrivate } from './nat.ts';
import { ng_deadtype, ng_failing, type NgType } from './ngtype.ts';
import { MOST_HOOKS, NGF_FORCE_WRITER, NGF_INVALID, ng_deadnode, Node } from './node.ts';
import { One2ManyPrivate } from './one2many.ts';
import { programOf, type Operation } from './program.ts';
import { clashIn } from './scarce.ts';
import { actsOf, connecting, type Act, type Scenario, type Turn } from './scenario.ts';
import { ngthread } from './worklist.ts';

export { ScenarioError };

/**
 * Builds the world that a scenario describes: the graph as it is when all its links are made and nothing is under way, with
 * exactly the references that the C holds then, and the CPUs that run.
 */
export const build = (scenario: Scenario, switches: Readonly<Record<string, boolean>>): World => {
  const world = new World(new Map(Object.entries(switches)), scenario.reuse === true ? 2 : 1);
  layGround(world, scenario);
  const graph = new Graph(world, scenario);
  for (const [name, draft] of Object.entries(scenario.nodes)) graph.addNode(name, draft);
  scenario.links.forEach(([one, other], i) => graph.addLink(one!, other!, i));
  layFreeMemory(world, scenario);
  graph.settle();
  graph.checkQueued();
  const clash = clashIn(scenario.cpus.map(({ run }) => run));
  if (clash !== null) throw new ScenarioError(pointerTo('cpus', clash.cpu, 'run', clash.turn), clash.why);
  const taken = new Set(Array.from({ length: scenario.ngthreads }, (_, i) => `ngthread${i}`).concat('callbacks'));
  scenario.cpus.forEach((cpu, i) => {
    const { name = `CPU${i}`, run } = cpu;
    if (taken.has(name)) throw new ScenarioError(pointerTo('cpus', i), `is called "${name}", as another one is.`);
    taken.add(name);
    const turns = run.map((turn, j) => graph.turn(turn, pointerTo('cpus', i, 'run', j)));
    world.run(name, programOf(turns));
  });
  if (Object.values(scenario.nodes).some(({ type }) => type === 'source')) world.run('callout', softclock);
  for (let i = 0; i < scenario.ngthreads; i++) world.run(`ngthread${i}`, ngthread);
  if (world.cpus.length > MOST_CPUS)
    throw new ScenarioError(
      '/cpus',
      `has ${scenario.cpus.length} CPUs, ${world.cpus.length} with ngthreads and the callout, but ${MOST_CPUS} in all can be explored at most.`,
    );
  return world;
};

/** A mutex that was never initialised is no better than one that was destroyed. */
const uninitialised = 'destroyed' as unknown as Mutex;

/** What is there before any graph: the sentinels, the types, free memory. */
const layGround = (world: World, scenario: Scenario): void => {
  const { items, packets, covers = [], claims = [], stack = 0, cpus } = scenario;
  world.set(ng_deadtype, { name: 'dead', refs: 0 });
  world.set(ng_deadnode, {
    nd_type: ng_deadtype,
    nd_flags: NGF_INVALID,
    q_mtx: uninitialised,
    node_mtx: uninitialised,
  });
  world.set(ng_deadhook, {
    hk_name: 'dead',
    hk_flags: HK_INVALID | HK_DEAD,
    hk_peer: ng_deadhook,
    hk_node: ng_deadnode,
  });
  world.set(ng, {
    linkChanges: cpus.some(({ run }) => run.flatMap(actsOf).some((act) => 'linkstate' in act)),
    expectsDelivery: covers.includes('data-delivered'),
    claims: claims.join(' '),
    stackSize: stack,
  });
  for (const [name, { type, methods }] of Object.entries(kinds))
    world.set(type, { name, refs: 1, ...methods, ...setups[name] });
  world.set(ng_failing, { name: 'failing', refs: 1, constructor_: noMemory });
  world.set(answer, { response: true });
  world.reserve(Item, items);
  world.reserve(DataItem, packets);
  world.reserve(Mbuf, packets);
};

/** Memory for what is made in the run. */
const layFreeMemory = (world: World, { cpus, nodes, hooks = 0, newNodes = 0 }: Scenario): void => {
  const run = cpus.flatMap((cpu) => cpu.run.flatMap(actsOf));
  const made = run.flatMap((operation) => ('mkpeer' in operation ? [operation.mkpeer.type] : []));
  const used = [...made, ...Object.values(nodes).map(({ type }) => type)];
  if (newNodes > 0) world.reserve(Node, newNodes);
  if (hooks > 0) world.reserve(Hook, hooks);
  if (hooks > 0 && used.includes('hole')) world.reserve(HoleHookInfo, hooks);
  if (hooks > 0 && used.includes('socket')) world.reserve(HookPriv, hooks);
  if (hooks > 0 && used.includes('ipfw')) world.reserve(IpfwHookPrivate, hooks);
  if (made.includes('one2many')) world.reserve(One2ManyPrivate, newNodes);
  if (made.includes('nat')) {
    world.reserve(NatPrivate, newNodes);
    world.reserve(LibAlias, newNodes);
  }
  if (made.includes('patch')) world.reserve(PatchPrivate, newNodes);
  if (made.includes('hub')) world.reserve(HubPrivate, newNodes);
  if (run.some((operation) => 'move' in operation)) world.reserve(EtherPrivate, newNodes);
  const requests = run.filter((operation) => Object.values(operation).some((body) => 'from' in body)).length;
  if (requests > 0) world.reserve(ApplyInfo, requests);
};

const typeOf = (name: keyof typeof kinds | 'failing'): NgType => (name === 'failing' ? ng_failing : kinds[name].type);

type MessageDraft = Exclude<
  Act,
  | { send: unknown }
  | { input: unknown }
  | { output: unknown }
  | { detach: unknown }
  | { rename: unknown }
  | { move: unknown }
  | { linkstate: unknown }
  | { filter: unknown }
  | { teardown: unknown }
  | { close: unknown }
  | { sendto: unknown }
  | { bind: unknown }
  | { connectdata: unknown }
>;
type Target = { readonly node?: string; readonly path?: string; readonly from?: string };

/** By which a path leads to a node from anywhere. */
const pathTo = (ID: number): string => `[${ID.toString(16)}]:`;

/** What is asked and changes nothing. */
const listings = {
  nodeinfo: NGM_NODEINFO,
  listhooks: NGM_LISTHOOKS,
  listnodes: NGM_LISTNODES,
  listnames: NGM_LISTNAMES,
  listtypes: NGM_LISTTYPES,
  textstatus: NGM_TEXT_STATUS,
} as const;

type BuiltNode = {
  readonly node: Node;
  readonly kind: Kind;
  readonly draft: NodeDraft;
  readonly ID: number;
  readonly priv: Private | null;
  /** Newest first, as on nd_hooks. */
  readonly hooks: Map<string, Hook>;
};

class Graph {
  readonly #world: World;
  readonly #scenario: Scenario;
  readonly #nodes = new Map<string, BuiltNode>();

  constructor(world: World, scenario: Scenario) {
    this.#world = world;
    this.#scenario = scenario;
  }

  addNode(name: string, draft: NodeDraft): void {
    const kind: Kind = kinds[draft.type];
    const priv = kind.construct(this.#world, `${name}.private`, draft);
    const ID = this.#nodes.size + 1;
    const node = this.#world.make(Node, name, {
      nd_type: kind.type,
      nd_ID: ID,
      nd_name: draft.name ?? '',
      nd_flags: (kind.nodeFlags ?? 0) | (draft.forceWriter === true ? NGF_FORCE_WRITER : 0),
      nd_private: priv,
    });
    this.#nodes.set(name, { node, kind, draft, ID, priv, hooks: new Map() });
  }

  addLink(one: string, other: string, index: number): void {
    const a = this.#addHook(one, pointerTo('links', index, 0));
    const b = this.#addHook(other, pointerTo('links', index, 1));
    this.#world.set(a, { hk_peer: b });
    this.#world.set(b, { hk_peer: a });
  }

  #addHook(address: string, path: string): Hook {
    const [nodeName, hookName] = address.split(':') as [string, string];
    const { node, kind, draft, priv, hooks } = this.#find(nodeName, path);
    if (kind.hooks !== null && !kind.hooks.includes(hookName))
      throw new ScenarioError(
        path,
        `names hook "${hookName}", but its node is of type ${draft.type}, whose hooks are ${listed(kind.hooks)}.`,
      );
    if (hooks.has(hookName)) throw new ScenarioError(path, `links hook "${address}" a second time.`);
    const queued = draft.queued?.includes(hookName) === true;
    // One reference for the list, one from the peer.
    const hook = this.#world.make(Hook, address, {
      hk_name: hookName,
      hk_flags: kind.hookFlags | (queued ? HK_QUEUE : 0),
      hk_node: node,
      hk_refs: 2,
    });
    const info = kind.newhook(this.#world, `${address}.private`, priv, hook, hookName);
    this.#world.set(hook, { hk_private: info });
    hooks.set(hookName, hook);
    return hook;
  }

  /** Links the hooks of each node, and counts what depends on their number. */
  settle(): void {
    const perType = new Map<Kind, number>();
    for (const [name, { node, kind, priv, hooks }] of this.#nodes) {
      if (hooks.size > MOST_HOOKS)
        throw new ScenarioError(
          pointerTo('nodes', name),
          `has ${hooks.size} hooks, but can have ${MOST_HOOKS} at most.`,
        );
      const list = [...hooks.values()].toReversed();
      list.forEach((hook, i) =>
        this.#world.set(hook, { cle_next: list[i + 1] ?? null, cle_prev: list[i - 1] ?? node }),
      );
      const held = kind.attach?.(this.#world, node, priv, hooks) ?? 0;
      // One reference for its existence, one from each hook.
      this.#world.set(node, { nd_hooks: list[0] ?? null, nd_numhooks: list.length, nd_refs: 1 + list.length + held });
      perType.set(kind, (perType.get(kind) ?? 0) + 1);
    }
    layHashes(
      this.#world,
      [...this.#nodes.values()].map(({ node, draft, ID }) => ({ node, ID, name: draft.name ?? '' })),
      this.#scenario,
    );
    for (const [{ type }, nodes] of perType) this.#world.set(type, { refs: 1 + nodes });
  }

  checkQueued(): void {
    for (const [name, { draft, hooks }] of this.#nodes)
      draft.queued?.forEach((hook, i) => this.#hook(name, hook, hooks, pointerTo('nodes', name, 'queued', i)));
  }

  turn(turn: Turn, path: string): readonly Operation[] {
    if (!('any' in turn)) return [this.#operation(turn, path)];
    return turn.any.map((act, i) => this.#operation(act, `${path}/any/${i}`));
  }

  #operation(operation: Act, path: string): Operation {
    if ('send' in operation) {
      const { priv, draft } = this.#find(operation.send.node, `${path}/send/node`);
      if (priv instanceof IfacePrivate) return { kind: 'send', through: priv };
      throw new ScenarioError(
        `${path}/send/node`,
        `names a ${draft.type}, but only an iface sends; they are ${listed(this.#names('iface'))}.`,
      );
    }
    if ('filter' in operation) return this.#filter(operation.filter, path);
    if ('input' in operation) return this.#call('input', operation.input.node, path);
    if ('output' in operation) return this.#call('output', operation.output.node, path);
    if ('detach' in operation) return this.#call('detach', operation.detach.node, path);
    if ('rename' in operation) return this.#rename(operation.rename, path);
    if ('move' in operation) return this.#call('move', operation.move.node, path, operation.move.name);
    if ('linkstate' in operation) return this.#linkstate(operation.linkstate, path);
    if ('teardown' in operation) return this.#teardown(path);
    if ('close' in operation) {
      const { node, data = false } = operation.close;
      const so = this.#socket(node, data, `${path}/close/node`);
      return { kind: 'call', call: () => close(so, data) };
    }
    if ('bind' in operation) {
      const { node, name } = operation.bind;
      const so = this.#socket(node, false, `${path}/bind/node`);
      return { kind: 'call', call: () => bind(so, name) };
    }
    if ('connectdata' in operation) {
      const { node, path: to } = operation.connectdata;
      const so = this.#socket(node, true, `${path}/connectdata/node`);
      const way = to ?? pathTo(this.#find(node, path).ID);
      return { kind: 'call', call: () => connect(so, way) };
    }
    if ('sendto' in operation) {
      const { node, hook = '' } = operation.sendto;
      const so = this.#socket(node, true, `${path}/sendto/node`);
      return { kind: 'call', call: () => sendto(so, hook) };
    }
    return this.#sent(operation, path);
  }

  #linkstate({ node, up }: { readonly node: string; readonly up: boolean }, path: string): Operation {
    const index = indexOf(this.#ether(node, `${path}/linkstate/node`));
    const cmd = up ? NGM_LINK_IS_UP : NGM_LINK_IS_DOWN;
    const msg = this.#message({ cmd, own: true }, cmd);
    return { kind: 'call', call: () => linkstate(index, msg) };
  }

  #filter({ rule, by }: { readonly rule: number; readonly by?: string }, path: string): Operation {
    const index = by === undefined ? null : indexOf(this.#ether(by, `${path}/filter/by`));
    return { kind: 'call', call: () => filter(rule, index) };
  }

  /** The private data of an ether. */
  #ether(name: string, path: string): EtherPrivate {
    const { priv, draft } = this.#find(name, path);
    if (priv instanceof EtherPrivate) return priv;
    throw new ScenarioError(
      path,
      `names a ${draft.type}, but only an ether has an interface; they are ${listed(this.#names('ether'))}.`,
    );
  }

  #rename({ node, name }: { readonly node: string; readonly name: string }, path: string): Operation {
    if (this.#moves())
      throw new ScenarioError(
        `${path}/rename`,
        'gives an interface another name, but one moves to another network stack, whose names are not modelled apart from those of this one.',
      );
    return this.#call('rename', node, path, name);
  }

  /** Whether an interface moves to another network stack. */
  #moves(): boolean {
    return this.#scenario.cpus.some(({ run }) => run.flatMap(actsOf).some((act) => 'move' in act));
  }

  #teardown(path: string): Operation {
    if (this.#moves())
      throw new ScenarioError(
        `${path}/teardown`,
        'ends the network stack, but an interface moves to another one, which is not modelled apart from it.',
      );
    for (const [name, { kind }] of this.#nodes)
      if (kind.shutdown !== true)
        throw new ScenarioError(`${path}/teardown`, `takes "${name}" away: ${kind.shutdown}.`);
    return { kind: 'call', call: vnet_netgraph_uninit };
  }

  /** A control message: where it goes, and what it says. */
  #sent(operation: MessageDraft, path: string): Operation {
    const [command, body] = Object.entries(operation)[0] as [string, Target];
    const { node, path: address, from } = body;
    if ((node === undefined) === (address === undefined))
      throw new ScenarioError(`${path}/${command}`, 'needs either a node or a path.');
    const target = node === undefined ? null : this.#find(node, `${path}/${command}/node`);
    if ('shutdown' in operation && target !== null && target.kind.shutdown !== true)
      throw new ScenarioError(`${path}/shutdown/node`, `names an iface: ${target.kind.shutdown}.`);
    const msg = this.#content(operation, path, target);
    if (from === undefined) return { kind: 'message', to: target === null ? address! : target.ID, msg };
    const through = this.#socket(from, false, `${path}/${command}/from`);
    return { kind: 'request', through, to: target === null ? address! : pathTo(target.ID), msg };
  }

  #content(operation: MessageDraft, path: string, target: BuiltNode | null): Mesg {
    if ('rmhook' in operation) {
      const { node, hook } = operation.rmhook;
      const { hooks: more = 0 } = this.#scenario;
      if (target !== null && more === 0) this.#hook(node!, hook, target.hooks, `${path}/rmhook/hook`);
      return this.#message({ cmd: NGM_RMHOOK, ourhook: hook }, `rmhook ${hook}`);
    }
    if ('connect' in operation) {
      const { hook, peer, peerhook } = operation.connect;
      const known = this.#nodes.get(peer);
      const way = known === undefined ? peer : pathTo(known.ID);
      const content = { cmd: NGM_CONNECT, ourhook: hook, path: way, peerhook };
      return this.#message(content, `connect ${hook} ${way} ${peerhook}`);
    }
    if ('mkpeer' in operation) {
      const { hook, type, peerhook } = operation.mkpeer;
      const content = { cmd: NGM_MKPEER, ourhook: hook, peerhook, peertype: typeOf(type) };
      return this.#message(content, `mkpeer ${type} ${hook} ${peerhook}`);
    }
    if ('name' in operation)
      return this.#message({ cmd: NGM_NAME, name: operation.name.name }, `name ${operation.name.name}`);
    if ('shutdown' in operation) return this.#message({ cmd: NGM_SHUTDOWN }, 'shutdown');
    if ('textconfig' in operation) return this.#message({ cmd: NGM_TEXT_CONFIG }, 'textconfig');
    if ('configure' in operation) {
      const { command: cmd, all = false } = operation.configure;
      return this.#message({ cmd, own: true, all }, `${cmd}${all ? ' all' : ''}`);
    }
    const [command] = Object.keys(operation) as [keyof typeof listings];
    return this.#message({ cmd: listings[command], readonly: true }, command);
  }

  /** The control socket or the data socket of a node. */
  #socket(name: string, isData: boolean, path: string): Socket {
    const { priv, draft } = this.#find(name, path);
    if (!(priv instanceof SocketPrivate))
      throw new ScenarioError(path, `names a ${draft.type}, but only a socket is used by a process.`);
    if (isData && draft.data !== true && !connecting(this.#scenario).includes(name))
      throw new ScenarioError(path, `names "${name}", which has no data socket.`);
    return isData ? dataOf(priv) : controlOf(priv);
  }

  #call(name: Call, nodeName: string, path: string, newName = ''): Operation {
    const { kind, draft, priv } = this.#find(nodeName, `${path}/${name}/node`);
    if (kind.calls !== undefined) return { kind: 'call', call: kind.calls[name](priv, newName) };
    throw new ScenarioError(
      `${path}/${name}/node`,
      `names a ${draft.type}, but only an ether has ${name}; they are ${listed(this.#names('ether'))}.`,
    );
  }

  /** One message for each content: a message never changes. */
  readonly #messages = new Map<string, Mesg>();
  #message(content: Partial<Mesg>, title: string): Mesg {
    const known = this.#messages.get(title);
    if (known !== undefined) return known;
    const msg = this.#world.make(Mesg, title, content);
    this.#messages.set(title, msg);
    return msg;
  }

  #find(name: string, path: string): BuiltNode {
    const node = this.#nodes.get(name);
    if (node === undefined)
      throw new ScenarioError(path, `names node "${name}", but the nodes are ${listed(this.#nodes.keys())}.`);
    return node;
  }

  #hook(nodeName: string, name: string, hooks: Map<string, Hook>, path: string): void {
    if (!hooks.has(name))
      throw new ScenarioError(
        path,
        `names hook "${name}", but the hooks of "${nodeName}" are ${listed(hooks.keys())}.`,
      );
  }

  #names(type: NodeDraft['type']): readonly string[] {
    return [...this.#nodes].filter(([, { draft }]) => draft.type === type).map(([name]) => name);
  }
}
