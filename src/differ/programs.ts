import type { Scenario } from '../../spec/scenario.ts';
import {
  NGM_HUB_SET_PERSISTENT,
  NGM_NAT_SET_IPADDR,
  NGM_SOCK_CMD_NOLINGER,
  NGM_ETHER_DETACH,
  NGM_ETHER_GET_IFNAME,
  NGM_ETHER_SET_PROMISC,
  NGM_TEE_GET_STATS,
} from '../../spec/mesg.ts';
import { XMIT_ALL, XMIT_ROUNDROBIN } from '../../spec/one2many.ts';
import type { World } from '../machine/world.ts';
import {
  close, ETHER_DETACH, ETHER_PROMISC, ether_ifdetach, ether_input, ether_linkstate, ether_output, ether_reassign, ether_rename, filter, globals, ngc_bind, ngc_send, ngd_connect, ngd_send, post, runCallbacks, send, serviceQueue, softclock,
  sourcestats, vnet_netgraph_uninit, type Message, type Pointer, type Td, type TypeName,
} from '../netgraph/index.ts'; // prettier-ignore
import { isWaiting } from './comparable.ts';
import type { Program } from './control.ts';
import type { Graph } from './graph.ts';
import type { Thread } from './subject.ts';

/** What the threads of the library do: the operations of a scenario's CPUs, the callout of a node that sends, the ngthreads. */

/** How often each ngthread looks for work before its program ends; what is left then is as if it came later. */
const LOOKS = 3;
/**
 * While somebody waits for what others do, the ngthreads must not be over: they sleep until there is work, or nobody waits any more. How
 * many of those are done stands in a word that the library does not use.
 */
const DONE = globals.magic + 1;
const MOST_LOOKS = 12;
const awaitWorkFor = (arena: Int32Array, waiting: number): void => {
  for (;;) {
    const seq = Atomics.load(arena, globals.ng_worklist_seq);
    if (Atomics.load(arena, globals.ng_worklist_first) !== 0 || Atomics.load(arena, DONE) === waiting) return;
    Atomics.wait(arena, globals.ng_worklist_seq, seq);
  }
};

const tellDone = (arena: Int32Array): void => {
  Atomics.add(arena, DONE, 1);
  Atomics.add(arena, globals.ng_worklist_seq, 1);
  Atomics.notify(arena, globals.ng_worklist_seq);
};

/** What each thread does at the end that is no ngthread. */
export const LAST = [runCallbacks, runCallbacks] as const;

type Cpu = Scenario['cpus'][number];
type Deed = (arena: Int32Array) => number | void;

const programOf = ({ run }: Cpu, td: (arena: Int32Array) => Td, graph: Graph): Program => {
  const deeds = run.map((operation) => callOf(operation, td, graph) ?? sentBy(operation, td, graph));
  return [
    ...deeds,
    ...(isWaiting({ run }) ? [tellDone] : []),
    ...LAST.map((last) => (arena: Int32Array) => last(td(arena))),
  ];
};

/** What the rest of the kernel does, or a process; null: the operation is a message. */
const callOf = (
  operation: Cpu['run'][number],
  td: (arena: Int32Array) => Td,
  { nodes, interfaces, sockets }: Graph,
): Deed | null => {
  if ('send' in operation) return (arena) => send(td(arena), nodes.get(operation.send.node)!, 1);
  if ('filter' in operation) return (arena) => Number(filter(td(arena), operation.filter.rule, 1));
  const ifp = (node: string): Pointer => interfaces.get(node)!;
  if ('input' in operation) return (arena) => Number(ether_input(td(arena), ifp(operation.input.node), 1));
  if ('output' in operation) return (arena) => Number(ether_output(td(arena), ifp(operation.output.node), 1));
  if ('detach' in operation) return (arena) => ether_ifdetach(td(arena), ifp(operation.detach.node));
  if ('rename' in operation) {
    const { node, name } = operation.rename;
    return (arena) => ether_rename(td(arena), ifp(node), name);
  }
  if ('move' in operation) {
    const { node, name } = operation.move;
    return (arena) => ether_reassign(td(arena), ifp(node), name);
  }
  if ('linkstate' in operation) {
    const { node, up } = operation.linkstate;
    return (arena) => ether_linkstate(td(arena), ifp(node), up);
  }
  if ('close' in operation) {
    const { control, data } = sockets.get(operation.close.node)!;
    return (arena) => close(td(arena), operation.close.data === true ? data : control);
  }
  if ('bind' in operation) {
    const { node, name } = operation.bind;
    return (arena) => ngc_bind(td(arena), sockets.get(node)!.control, name);
  }
  if ('connectdata' in operation) {
    const { node, path = pathTo(node, [...nodes.keys()]) } = operation.connectdata;
    return (arena) => ngd_connect(td(arena), sockets.get(node)!.data, path);
  }
  if ('teardown' in operation) return (arena) => vnet_netgraph_uninit(td(arena));
  if (!('sendto' in operation)) return null;
  const { node, hook = '' } = operation.sendto;
  return (arena) => ngd_send(td(arena), sockets.get(node)!.data, hook, 1);
};

const sentBy = (operation: object, td: (arena: Int32Array) => Td, { nodes, sockets }: Graph): Deed => {
  const [[command, body]] = Object.entries(operation) as [[Message['cmd'], Body]];
  const names = [...nodes.keys()];
  const message = messageOf(command, body, names);
  if (body.from !== undefined) {
    const so = sockets.get(body.from)!.control;
    const path = body.node === undefined ? body.path! : pathTo(body.node, names);
    return (arena) => ngc_send(td(arena), so, path, message);
  }
  const to = body.node === undefined ? body.path! : nodes.get(body.node)!;
  return (arena) => post(td(arena), to, message);
};

/** The nodes have their IDs in the order in which they are named. */
const pathTo = (node: string, names: readonly string[]): string => `[${(1 + names.indexOf(node)).toString(16)}]:`;

/** What an operation that is a message says. */
type Body = Readonly<
  Record<'from' | 'node' | 'path' | 'hook' | 'peer' | 'peerhook' | 'name' | 'command' | 'type', string>
> & {
  readonly all?: boolean;
};

const messageOf = (cmd: Message['cmd'], body: Body, nodes: readonly string[]): Message => {
  const { hook, peer, peerhook, name, command, all = false } = body;
  switch (cmd) {
    case 'rmhook':
      return { cmd, hook };
    case 'name':
      return { cmd, name };
    case 'configure':
      if (command === NGM_TEE_GET_STATS) return { cmd: 'stats' };
      if (command === NGM_ETHER_GET_IFNAME) return { cmd: 'ifname' };
      return { cmd, value: valueOf(command, all) };
    case 'connect':
      return { cmd, hook, path: nodes.includes(peer) ? pathTo(peer, nodes) : peer, peerhook };
    case 'mkpeer':
      // A node of any type whose constructor needs memory: there is none for it.
      return { cmd, hook, type: body.type === 'failing' ? 'hub' : (body.type as TypeName), peerhook };
    default:
      return { cmd };
  }
};

/** What a message of a type's own sets. */
const valueOf = (command: string, all: boolean): number => {
  if (command === NGM_ETHER_SET_PROMISC) return ETHER_PROMISC;
  if (command === NGM_ETHER_DETACH) return ETHER_DETACH;
  if ([NGM_HUB_SET_PERSISTENT, NGM_NAT_SET_IPADDR, NGM_SOCK_CMD_NOLINGER].includes(command)) return 1;
  return all ? XMIT_ALL : XMIT_ROUNDROBIN;
};

const isSending = (td: Td, source: Pointer): boolean => {
  const told = sourcestats(td, source);
  return typeof told === 'object' && told.errors === 0;
};

/**
 * The thread that runs the callout of a node that sends, once for each packet and once more. When something could not be sent the model takes no more off
 * the wheel, so the thread stops then: it looks for that when it has seen that the callout is pending again, and nobody else runs it.
 */
const ticking = (td: (arena: Int32Array) => Td, source: Pointer, packets: number): Program => {
  const look = (arena: Int32Array): void => {
    if (Atomics.load(arena, globals.cc_first) !== 0 && isSending(td(arena), source)) softclock(td(arena));
  };
  return [
    ...Array.from({ length: packets + 1 }, () => look),
    ...LAST.map((last) => (arena: Int32Array) => last(td(arena))),
  ];
};

/** The threads, as the model has CPUs: those of the scenario, that of the callout, and from number `own` on the ngthreads. */
export const programsOf = (
  world: World,
  scenario: Scenario,
  graph: Graph,
  td: (thread: number) => (arena: Int32Array) => Td,
): { readonly threads: readonly Thread[]; readonly own: number } => {
  const { cpus, ngthreads } = scenario;
  const threads: Thread[] = cpus.map((cpu, i) => ({
    name: world.cpus[i]!.name,
    cpu: i,
    program: programOf(cpu, td(i), graph),
  }));
  const sources = Object.entries(scenario.nodes).filter(([, { type }]) => type === 'source');
  for (const [source, { packets = 1 }] of sources)
    threads.push({
      name: 'callout',
      cpu: threads.length,
      program: ticking(td(threads.length), graph.nodes.get(source)!, packets),
    });
  const own = threads.length;
  const waiting = cpus.filter(isWaiting).length;
  for (let i = 0; i < ngthreads; i++) {
    const thread = own + i;
    const look = (arena: Int32Array) => serviceQueue(td(thread)(arena));
    const program =
      waiting === 0
        ? Array.from({ length: LOOKS }, () => look)
        : Array.from({ length: MOST_LOOKS }, () => (arena: Int32Array) => {
            awaitWorkFor(arena, waiting);
            return look(arena);
          });
    threads.push({ name: `ngthread${i}`, cpu: thread, program });
  }
  return { threads, own };
};
