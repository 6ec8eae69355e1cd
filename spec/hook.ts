import {
  count, flags, ghost, name, pointer, routine, staticRecord, truth, word, type RefCount,
} from '../src/machine/record.ts'; // prettier-ignore
import { Linked, Private } from './linked.ts';
import type { RcvData } from './ngtype.ts';
import { Node } from './node.ts';

/* Bits of hk_flags (netgraph.h). */
/** Not yet or no longer to be used. */
export const HK_INVALID = 0x01;
/** Data for it goes through the queue. */
export const HK_QUEUE = 0x02;
/** Data for it is applied as a writer. */
export const HK_FORCE_WRITER = 0x04;
/** Only ng_deadhook. */
export const HK_DEAD = 0x08;
/** What is behind it needs much stack. */
export const HK_HI_STACK = 0x10;
/** It leads into the inbound path of the stack: a thread of the outbound path must not go on there. */
export const HK_TO_INBOUND = 0x20;
/** Somebody destroys it, or has; not in the C, where a hook that is destroyed has ng_deadnode. Set under the topology lock. */
export const HK_DESTROYED = 0x40;

/** struct ng_hook (netgraph.h): one end of a link. */
export class Hook extends Linked {
  hk_name = name('what its node calls the link');
  hk_private: Private | null = pointer(() => Private, 'memory of the type; freed by its disconnect');
  hk_flags = flags(
    { HK_INVALID, HK_QUEUE, HK_FORCE_WRITER, HK_DEAD, HK_HI_STACK, HK_TO_INBOUND, HK_DESTROYED },
    'changed by plain loads and stores',
  );
  hk_peer: Hook = pointer(() => Hook, 'the other end, or ng_deadhook');
  hk_node: Node = pointer(() => Node, 'the node it is attached to, or ng_deadnode');
  cle_next: Hook | null = pointer(
    () => Hook,
    'hk_hooks: the next hook of its node; kept when it is taken off the list',
  );
  cle_prev: Linked | null = pointer(() => Linked, 'hk_hooks: where the pointer lies that points here');
  hk_rcvdata: RcvData | null = routine<RcvData>('overrides rcvdata of the type');
  hk_refs: RefCount = count(15, 'one for the list, one from the peer, one an item, one for whoever works on it');

  marrying = ghost(truth('it has got a peer that does not have it as a peer yet'));
  disconnects = ghost(word(0, 2, 'how often disconnect has begun for it'));
}

/** The peer of a hook that has none. It is its own peer. */
export const ng_deadhook = staticRecord(Hook, 'ng_deadhook');
