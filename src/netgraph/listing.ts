import { beginOf, makeAnswer, put, type Place } from './answer.ts';
import { NET_EPOCH_ENTER, NET_EPOCH_EXIT } from './epoch.ts';
import { HK_INVALID, NGF_INVALID } from './flags.ts';
import { idHash, nameHash, type Hash } from './hash.ts';
import {
  at, hook_, mesgWord, node_, type_, type Field, type Pointer,
} from './layout.ts'; // prettier-ignore
import { rw_rlock, rw_runlock } from './lock.ts';
import { live } from './pool.ts';
import { typeNames } from './ngtype.ts';
import type { Td } from './td.ts';

/**
 * The listings (ng_base.c:2643-2820). Each makes an answer, or returns 0 when there is no memory for one. What an answer says of a node are four numbers: its
 * name, or 0; its type; its ID; how many hooks it has.
 */
const NODE_NUMBERS = 4;
/** Where among them the number of hooks is. */
const HOOKS = 3;
/** Of a link: what it is called here and there, and the node there. */
const LINK_NUMBERS = 2 + NODE_NUMBERS;

/** The first numbers of types are of those that are not listed: that of ng_deadnode. */
const DEAD = 1;
const TYPE_NUMBERS = 2;

/** What never changes of a node, and its name: that is looked at, and then copied. */
function tellNode(td: Td, place: Place, node: Pointer): void {
  const { arena } = td;
  const isNamed = Atomics.load(arena, at(node, node_.nd_name)) !== 0;
  put(td, place, isNamed ? Atomics.load(arena, at(node, node_.nd_name)) : 0);
  put(td, place, Atomics.load(arena, at(node, node_.nd_type)));
  put(td, place, Atomics.load(arena, at(node, node_.nd_ID)));
}

const tellCount = (td: Td, place: Place, node: Pointer): void =>
  put(td, place, Atomics.load(td.arena, at(node, node_.nd_numhooks)));

/** NGM_NODEINFO: the node itself. */
export function nodeInfo(td: Td, here: Pointer): Pointer {
  const answer = makeAnswer(td, NODE_NUMBERS);
  if (answer === 0) return 0;
  const place = beginOf(answer);
  tellNode(td, place, here);
  tellCount(td, place, here);
  return answer;
}

/**
 * NGM_LISTHOOKS: the node, and its valid hooks, of which it has said before how many there are: a list that has more is cut off. The gate keeps
 * the list, for nobody adds a hook beside a reader, and the section keeps the peers and their nodes.
 */
export function listHooks(td: Td, here: Pointer): Pointer {
  const { arena } = td;
  const nhooks = Atomics.load(arena, at(here, node_.nd_numhooks));
  const answer = makeAnswer(td, NODE_NUMBERS + nhooks * LINK_NUMBERS);
  if (answer === 0) return 0;
  const place = beginOf(answer);
  tellNode(td, place, here);
  put(td, place, 0);
  NET_EPOCH_ENTER(td);
  const listed = listFrom(td, place, Atomics.load(arena, at(here, node_.nd_hooks)), nhooks);
  NET_EPOCH_EXIT(td);
  Atomics.store(arena, at(answer, mesgWord(HOOKS)), listed);
  return answer;
}

function listFrom(td: Td, place: Place, first: Pointer, nhooks: number): number {
  const { arena } = td;
  let listed = 0;
  for (let hook = first; hook !== 0 && listed < nhooks; hook = Atomics.load(arena, at(hook, hook_.cle_next))) {
    if (Atomics.load(arena, at(live(td, 'hook', hook), hook_.hk_flags)) & HK_INVALID) continue;
    listPeer(td, place, hook);
    listed++;
  }
  return listed;
}

/** One entry, of one peer: hk_peer is loaded once. */
function listPeer(td: Td, place: Place, hook: Pointer): void {
  const { arena } = td;
  put(td, place, Atomics.load(arena, at(hook, hook_.hk_name)));
  const peer = live(td, 'hook', Atomics.load(arena, at(hook, hook_.hk_peer)));
  put(td, place, Atomics.load(arena, at(peer, hook_.hk_name)));
  const node = live(td, 'node', Atomics.load(arena, at(peer, hook_.hk_node)));
  tellNode(td, place, node);
  tellCount(td, place, node);
}

/** NGM_LISTNODES: how many valid nodes there are, and each. */
export const listNodes = (td: Td): Pointer => listTable(td, idHash);

/** NGM_LISTNAMES: the same of those that have a name. */
export const listNames = (td: Td): Pointer => listTable(td, nameHash);

/** Under the lock of a hash every node in it has a reference, and none is added. */
function listTable(td: Td, { lock, count, table, hmask, next }: Hash): Pointer {
  const { arena } = td;
  rw_rlock(td, lock);
  const answer = makeAnswer(td, 1 + Atomics.load(arena, count) * NODE_NUMBERS);
  if (answer !== 0) {
    const place = beginOf(answer);
    put(td, place, 0);
    let listed = 0;
    for (let i = 0; i <= Atomics.load(arena, hmask); i++)
      listed += listChain(td, place, Atomics.load(arena, table) + i, next);
    Atomics.store(arena, at(answer, mesgWord(0)), listed);
  }
  rw_runlock(td, lock);
  return answer;
}

function listChain(td: Td, place: Place, bucket: number, next: Field): number {
  const { arena } = td;
  let listed = 0;
  for (let node = Atomics.load(arena, bucket); node !== 0; node = Atomics.load(arena, at(node, next))) {
    if (Atomics.load(arena, at(node, node_.nd_flags)) & NGF_INVALID) continue;
    tellNode(td, place, node);
    tellCount(td, place, node);
    listed++;
  }
  return listed;
}

/** NGM_LISTTYPES: how many types there are, and of each its number and how many nodes are of it. All types are there before everything, and stay. */
export function listTypes(td: Td): Pointer {
  const listed = typeNames.length - DEAD;
  const answer = makeAnswer(td, 1 + listed * TYPE_NUMBERS);
  if (answer === 0) return 0;
  const place = beginOf(answer);
  put(td, place, listed);
  for (let type = DEAD; type < typeNames.length; type++) {
    put(td, place, type);
    put(td, place, Atomics.load(td.arena, at(type, type_.refs)));
  }
  return answer;
}
