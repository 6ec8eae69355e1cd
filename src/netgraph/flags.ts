/** Bits of the words of hooks, nodes and items, as in netgraph.h, and the modes of the gate. */

/** hk_flags: not yet or no longer to be used. */
export const HK_INVALID = 0x01;
/** Data for the hook goes through the queue. */
export const HK_QUEUE = 0x02;
/** Data for it is applied as a writer. */
export const HK_FORCE_WRITER = 0x04;
/** Only ng_deadhook. */
export const HK_DEAD = 0x08;
/** What is behind it needs much stack. */
export const HK_HI_STACK = 0x10;
/** It leads into the inbound path of the stack: a thread of the outbound path must not go on there. */
export const HK_TO_INBOUND = 0x20;
/** Somebody destroys it, or has. Not in the C. */
export const HK_DESTROYED = 0x40;

/** nd_flags: nobody new may use the node. */
export const NGF_INVALID = 0x01;
/** Every item is applied as a writer. */
export const NGF_FORCE_WRITER = 0x04;
/** ng_rmnode is at work; whoever comes second returns. */
export const NGF_CLOSING = 0x08;

/** A persistent node must go this time. */
export const NGF_REALLY_DIE = 0x10;
/** The node needs much stack. */
export const NGF_HI_STACK = 0x20;
/** The type has reset the node: it stays. Not in the C. */
export const NGF_REVIVED = 0x40;

/** Kept for the type. */
export const NGF_TYPE1 = 0x10000000;

/** el_flags: what the item is. */
export const NGQF_TYPE = 0x03;
export const NGQF_MESG = 0x00;
export const NGQF_DATA = 0x01;
export const NGQF_FN = 0x02;
export const NGQF_FN2 = 0x03;
/** It is applied as a reader; else as a writer. */
export const NGQF_READER = 0x04;
/** It was queued as a reader. */
export const NGQF_QREADER = 0x08;

/** q_flags, the gate: a writer is inside, something is queued, readers in fours. */
export const WRITER_ACTIVE = 0x1;
export const OP_PENDING = 0x2;
export const READER_INCREMENT = 0x4;
/** q_flags2: the node is on the worklist, or a thread drains its queue. */
export const NGQ2_WORKQ = 0x1;

export const NGQRW_R = 0;
export const NGQRW_W = 1;
/** Not in the C: a packet that is applied without entering the gate. */
export const NGQRW_NONE = 2;

/** The functions that are sent to nodes; `fn` of an item. */
export const FN_RMNODE = 1;
export const FN_RMHOOK_PART2 = 2;
export const FN_CON_PART2 = 3;
export const FN_CON_PART3 = 4;
export const FN_SOURCE_INTR = 5;

/** The way of a packet, passed along the calls: bit 0 says that the thread is on its way out (td_ng_outbound), above it how many items it is applying within each other. */
export const OUTBOUND = 1;
export const DEEPER = 2;
/** The stack of a thread, in items applied within each other: the 65th packet is queued (ng_base.c:2341-2347), or before where much stack is needed. */
export const STACK = 85;
