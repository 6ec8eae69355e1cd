import {
  count, flags, ghost, guardedBy, mutex, name, pointer, staticRecord, truth, word,
  type Mutex, type RefCount,
} from '../src/machine/record.ts'; // prettier-ignore
import { MOST_IDS } from './bounds.ts';
import { Hook } from './hook.ts';
import { Item } from './item.ts';
import { Linked, Private } from './linked.ts';
import { NgType } from './ngtype.ts';

/* Bits of nd_flags (netgraph.h). */
/** Nobody new may use the node. */
export const NGF_INVALID = 0x01;
/** Every item is applied as a writer. */
export const NGF_FORCE_WRITER = 0x04;
/** ng_rmnode is at work; whoever comes second returns. */
export const NGF_CLOSING = 0x08;
/** A persistent node must go this time. */
export const NGF_REALLY_DIE = 0x10;
/** The node needs much stack. */
export const NGF_HI_STACK = 0x20;

/** The shutdown method has reset the node: it stays. Not in the C, where NG_NODE_REVIVE clears NGF_INVALID for that. */
export const NGF_REVIVED = 0x40;

/** Kept for the type. */
export const NGF_TYPE1 = 0x10000000;

/* Bits of q_flags and q_flags2 (ng_base.c:1953-1987). */
export const WRITER_ACTIVE = 0x1;
export const OP_PENDING = 0x2;
export const READER_INCREMENT = 0x4;
/** What keeps a reader from entering directly. */
export const NGQ_RMASK = WRITER_ACTIVE | OP_PENDING;
/** The node is on the worklist, or an ngthread drains its queue. */
export const NGQ2_WORKQ = 0x1;

/** Readers that a check can have in one node at a time; one more stops it at a bound. */
const READERS = 7;

/** Hooks that a node of a scenario can have. */
export const MOST_HOOKS = 4;

/** struct ng_node with its struct ng_queue (netgraph.h). */
export class Node extends Linked {
  nd_type: NgType = pointer(() => NgType, 'the installed type');
  nd_name = name('its name, or ""; an array of characters in the C, one word here');
  nd_unhashed = truth(
    'it has left the name hash for good; touched under ng_namehash_lock only. Of names-while-hashed, not of the C',
  );
  nd_ID = word(0, MOST_IDS, 'the number by which messages find it');
  nd_flags = flags(
    { NGF_INVALID, NGF_FORCE_WRITER, NGF_CLOSING, NGF_REALLY_DIE, NGF_HI_STACK, NGF_REVIVED, NGF_TYPE1 },
    'changed by plain loads and stores under no lock',
  );
  nd_numhooks = word(-2, MOST_HOOKS, 'number of hooks on the list; below zero only after a hook was taken off twice');
  nd_private: Private | null = pointer(() => Private, 'memory of the type; freed by its shutdown');
  nd_hooks: Hook | null = pointer(() => Hook, 'first hook of the list');
  nd_nodes_next: Node | null = pointer(() => Node, 'nd_nodes: next node of its chain in the name hash');
  nd_nodes_prev: Linked | null = pointer(() => Linked, 'nd_nodes: the node or table that points here');
  nd_idnodes_next: Node | null = pointer(() => Node, 'nd_idnodes: next node of its chain in the ID hash');
  nd_idnodes_prev: Linked | null = pointer(() => Linked, 'nd_idnodes: the node or table that points here');
  nd_refs: RefCount = count(
    15,
    'one for its existence, one a hook, one an item, one on the worklist, one in ng_rmnode',
  );
  node_mtx: Mutex = mutex('serialises removals from nd_hooks, where the design has it');

  q_flags = word(
    0,
    READERS * READER_INCREMENT + NGQ_RMASK,
    'the gate: WRITER_ACTIVE 1, OP_PENDING 2, readers in fours',
  );
  q_flags2 = guardedBy('q_mtx', flags({ NGQ2_WORKQ }, 'whether an ngthread is on its way here'));
  q_mtx: Mutex = mutex('guards the queue');
  queue_first: Item | null = guardedBy(
    'q_mtx',
    pointer(() => Item, 'head of the STAILQ of items'),
  );
  queue_last: Item | null = guardedBy(
    'q_mtx',
    pointer(() => Item, 'its last item'),
  );
  q_work: Node | null = pointer(() => Node, 'next node on the worklist; touched under ng_worklist_mtx only');

  readers = ghost(word(0, READERS, 'threads that apply an item here as readers'));
  writers = ghost(word(0, READERS, 'threads that apply an item here as writers'));
  changing = ghost(word(0, READERS, 'threads that change the list of its hooks, or nd_numhooks'));
  receiving = ghost(word(0, READERS, 'threads in rcvdata here'));
  told = ghost(truth('NGM_SHUTDOWN has come'));
  shutdowns = ghost(word(0, 2, 'how often shutdown has begun'));
}

/** What a hook points to that belongs to no node. Its two mutexes were never initialised: to take one is an error. */
export const ng_deadnode = staticRecord(Node, 'ng_deadnode');
