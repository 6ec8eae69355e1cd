import { at, item_, type Pointer } from './layout.ts';
import {
  CONFIGURE, GET_IFNAME, GET_STATS, NGM_CONNECT, NGM_LISTHOOKS, NGM_LISTNAMES, NGM_LISTNODES, NGM_LISTTYPES, NGM_MKPEER, NGM_NAME, NGM_NODEINFO, NGM_RMHOOK,
  NGM_SHUTDOWN, NGM_TEXT_CONFIG, NGM_TEXT_STATUS, setPath,
} from './message.ts'; // prettier-ignore
import { typeNames, types, type TypeName } from './ngtype.ts';
import { ng_decodeidname, ng_path_parse } from './path.ts';
import { EINVAL, type Td } from './td.ts';
import { intern } from './text.ts';

/** What a program can say to a node, and how it is put into an item. */

/** What changes nothing and is answered: by the node itself, its links, all nodes, all that have a name, all types, what the type counts, what its interface is called. */
export type Question = 'nodeinfo' | 'listhooks' | 'listnodes' | 'listnames' | 'listtypes' | 'stats' | 'ifname';

/**
 * A control message. `textstatus` and `textconfig` go down to the type: a socket hands them up, the others refuse them. A path or a name in it is text; the
 * hooks are those of the node that is sent to, and of the other.
 */
export type Message =
  | { readonly cmd: 'shutdown' | 'textstatus' | 'textconfig' | Question }
  | { readonly cmd: 'rmhook'; readonly hook: string }
  | { readonly cmd: 'configure'; readonly value: number }
  | { readonly cmd: 'name'; readonly name: string }
  | { readonly cmd: 'mkpeer'; readonly hook: string; readonly type: TypeName; readonly peerhook: string }
  | { readonly cmd: 'connect'; readonly hook: string; readonly path: string; readonly peerhook: string };

/** What is said by the command alone. */
const bare = {
  shutdown: NGM_SHUTDOWN,
  nodeinfo: NGM_NODEINFO,
  listhooks: NGM_LISTHOOKS,
  listnodes: NGM_LISTNODES,
  listnames: NGM_LISTNAMES,
  listtypes: NGM_LISTTYPES,
  stats: GET_STATS,
  ifname: GET_IFNAME,
  textstatus: NGM_TEXT_STATUS,
  textconfig: NGM_TEXT_CONFIG,
} as const;

/** Of these, what is applied as a writer: what a type is asked by a message of its own is, as in the C. */
const writers: ReadonlySet<string> = new Set(['shutdown', 'stats', 'ifname', 'textconfig']);

/** NGM_READONLY: whether it is applied as a reader. The generic questions are. */
export const isReadOnly = ({ cmd }: Message): boolean => cmd in bare && !writers.has(cmd);

/** The error number of what can be told of a message before it is sent, or 0. */
export function mistakeIn(td: Td, message: Message): number {
  switch (message.cmd) {
    case 'shutdown':
    case 'configure':
    case 'nodeinfo':
    case 'listhooks':
    case 'listnodes':
    case 'listnames':
    case 'listtypes':
    case 'stats':
    case 'ifname':
    case 'textstatus':
    case 'textconfig':
      return 0;
    case 'rmhook':
      return intern(td, message.hook) === 0 ? EINVAL : 0;
    case 'name':
      return /[.:]/.test(message.name) || ng_decodeidname(message.name) !== 0 || intern(td, message.name) === 0
        ? EINVAL
        : 0;
    case 'mkpeer':
    case 'connect': {
      if (intern(td, message.hook) === 0 || intern(td, message.peerhook) === 0) return EINVAL;
      if (message.cmd === 'mkpeer') return types[typeNames.indexOf(message.type)] === undefined ? EINVAL : 0;
      const path = ng_path_parse(td, message.path);
      return typeof path === 'number' ? path : 0;
    }
  }
}

/** Puts a message into an item. */
export function writeMessage(td: Td, item: Pointer, message: Message): void {
  const { arena } = td;
  const set = (field: number, value: number): void => void Atomics.store(arena, at(item, field), value);
  switch (message.cmd) {
    case 'shutdown':
    case 'nodeinfo':
    case 'listhooks':
    case 'listnodes':
    case 'listnames':
    case 'listtypes':
    case 'stats':
    case 'ifname':
    case 'textstatus':
    case 'textconfig':
      return set(item_.cmd, bare[message.cmd]);
    case 'configure':
      set(item_.cmd, CONFIGURE);
      return set(item_.name, message.value);
    case 'name':
      set(item_.cmd, NGM_NAME);
      return set(item_.name, intern(td, message.name));
    case 'rmhook':
      set(item_.cmd, NGM_RMHOOK);
      return set(item_.ourhook, intern(td, message.hook));
    case 'mkpeer':
      set(item_.cmd, NGM_MKPEER);
      set(item_.peertype, typeNames.indexOf(message.type));
      break;
    case 'connect':
      set(item_.cmd, NGM_CONNECT);
      setPath(td, item, ng_path_parse(td, message.path) as Exclude<ReturnType<typeof ng_path_parse>, number>);
  }
  set(item_.ourhook, intern(td, message.hook));
  set(item_.peerhook, intern(td, message.peerhook));
}
