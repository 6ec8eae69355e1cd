import { failed, type Made } from './addhook.ts';
import { makeAnswer } from './answer.ts';
import { ng_con_nodes } from './connect.ts';
import { ng_destroy_hook } from './destroy.ts';
import { ng_findhook } from './findhook.ts';
import { ng_free_item } from './item.ts';
import { at, item_, node_, type Pointer } from './layout.ts';
import { listHooks, listNames, listNodes, listTypes, nodeInfo } from './listing.ts';
import { ng_mkpeer } from './make.ts';
import { ng_name_node } from './name.ts';
import { ng_path2noderef, type Path } from './path.ts';
import { ng_unref_node } from './reference.ts';
import { types } from './ngtype.ts';
import { respond } from './respond.ts';
import { ng_rmnode } from './rmnode.ts';
import { EINVAL, ENOMEM, type Td } from './td.ts';

/** The generic control messages (ng_base.c:2561-3002): what restructures, and what asks. */
export const NGM_SHUTDOWN = 1;
export const NGM_MKPEER = 2;
export const NGM_CONNECT = 3;
export const NGM_NAME = 4;
export const NGM_RMHOOK = 5;
/** Of the type's own. The C has a command for each, and a cookie; here a number, and what it means says the type. */
export const CONFIGURE = 6;
/** The counters of the type's own, as NGM_TEE_GET_STATS. */
export const GET_STATS = 7;
/* Commands that only read (NGM_READONLY), and are answered. */
export const NGM_NODEINFO = 8;
export const NGM_LISTHOOKS = 9;
export const NGM_LISTNODES = 10;
export const NGM_LISTNAMES = 11;
export const NGM_LISTTYPES = 13;
/** What the interface of an ether is called: NGM_ETHER_GET_IFNAME. */
export const GET_IFNAME = 16;
/* Commands that go down to the type: a reader's and a writer's. */
export const NGM_TEXT_STATUS = 14;
export const NGM_TEXT_CONFIG = 15;
/** NGM_LINK_IS_UP and NGM_LINK_IS_DOWN, which its number says: to the type, if that takes messages. */
export const LINK_STATE = 17;
/** NGF_RESP: an answer. */
export const ANSWER = 12;

/** Does what the message says, in the gate of `here`. The item is freed, or carries the answer back. Returns an error number. */
export function ng_generic_msg(td: Td, here: Pointer, item: Pointer): number {
  const cmd = Atomics.load(td.arena, at(item, item_.cmd));
  if (cmd === NGM_TEXT_STATUS || cmd === NGM_TEXT_CONFIG) return passDown(td, here, item);
  const answer = answerTo(td, here, cmd);
  if (answer !== null && answer.error === 0) return respond(td, item, answer.made);
  const error = answer === null ? obey(td, here, item) : answer.error;
  ng_free_item(td, item);
  return error;
}

/** To the type, if it takes messages. None has a text to tell or to take, so the message is an empty one, which a socket hands up (2981-2988). */
function passDown(td: Td, here: Pointer, item: Pointer): number {
  const { rcvmsg } = typeOf(td, here);
  const text = rcvmsg === undefined ? 0 : makeAnswer(td, 0);
  if (text === 0) {
    ng_free_item(td, item);
    return rcvmsg === undefined ? EINVAL : ENOMEM;
  }
  Atomics.store(td.arena, at(item, item_.msg), text);
  return rcvmsg!(td, here, item);
}

/** The answer to a command; null: it has none. */
function answerTo(td: Td, here: Pointer, cmd: number): Made | null {
  switch (cmd) {
    case NGM_NODEINFO:
      return made(nodeInfo(td, here));
    case NGM_LISTHOOKS:
      return made(listHooks(td, here));
    case NGM_LISTNODES:
      return made(listNodes(td));
    case NGM_LISTNAMES:
      return made(listNames(td));
    case NGM_LISTTYPES:
      return made(listTypes(td));
    case GET_STATS:
      return typeOf(td, here).stats?.(td, here) ?? failed(EINVAL);
    case GET_IFNAME:
      return typeOf(td, here).ifname?.(td, here) ?? failed(EINVAL);
    default:
      return null;
  }
}

const made = (answer: Pointer): Made => (answer === 0 ? failed(ENOMEM) : { error: 0, made: answer });

function obey(td: Td, here: Pointer, item: Pointer): number {
  const { arena } = td;
  const ourhook = Atomics.load(arena, at(item, item_.ourhook));
  const peerhook = Atomics.load(arena, at(item, item_.peerhook));
  switch (Atomics.load(arena, at(item, item_.cmd))) {
    case NGM_SHUTDOWN:
      ng_rmnode(td, here);
      return 0;
    case NGM_MKPEER:
      return ng_mkpeer(td, here, ourhook, peerhook, Atomics.load(arena, at(item, item_.peertype)));
    case NGM_CONNECT:
      return connect(td, here, item, ourhook, peerhook);
    case NGM_NAME:
      return ng_name_node(td, here, Atomics.load(arena, at(item, item_.name)));
    case CONFIGURE:
      return configure(td, here, Atomics.load(arena, at(item, item_.name)));
    default:
      return removeHook(td, ng_findhook(td, here, ourhook));
  }
}

const typeOf = ({ arena }: Td, node: Pointer): (typeof types)[number] =>
  types[Atomics.load(arena, at(node, node_.nd_type))]!;

function configure(td: Td, here: Pointer, value: number): number {
  return typeOf(td, here).configure?.(td, here, value) ?? EINVAL;
}

function connect(td: Td, here: Pointer, item: Pointer, ourhook: number, peerhook: number): number {
  const { error: lost, made: node2 } = ng_path2noderef(td, here, pathIn(td, item));
  if (lost !== 0) return lost;
  const error = ng_con_nodes(td, item, here, ourhook, node2, peerhook);
  ng_unref_node(td, node2);
  return error;
}

const HOPS = [item_.hop0, item_.hop1, item_.hop2, item_.hop3] as const;

function pathIn({ arena }: Td, item: Pointer): Path {
  const hops = HOPS.slice(0, Atomics.load(arena, at(item, item_.hops))).map((hop) =>
    Atomics.load(arena, at(item, hop)),
  );
  return { root: Atomics.load(arena, at(item, item_.root)), hops };
}

/** Puts a path into a message. */
export function setPath({ arena }: Td, item: Pointer, { root, hops }: Path): void {
  Atomics.store(arena, at(item, item_.root), root);
  Atomics.store(arena, at(item, item_.hops), hops.length);
  hops.forEach((hop, i) => Atomics.store(arena, at(item, HOPS[i]!), hop));
}

/** That there is no such hook is no error, as in the C. */
function removeHook(td: Td, hook: Pointer): number {
  if (hook !== 0) ng_destroy_hook(td, hook);
  return 0;
}
