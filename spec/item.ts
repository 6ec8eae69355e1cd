import type { Procedure } from '../src/machine/procedure.ts';
import { flags, owned, pointer, queued, routine, Shared, word } from '../src/machine/record.ts';
import { ApplyInfo } from './applyinfo.ts';
import { MOST_IDS } from './bounds.ts';
import { Hook } from './hook.ts';
import { Private } from './linked.ts';
import { Mbuf } from './mbuf.ts';
import { Mesg } from './mesg.ts';
import { Node } from './node.ts';

/* Bits of el_flags (netgraph.h). */
export const NGQF_TYPE = 0x03;
export const NGQF_MESG = 0x00;
export const NGQF_DATA = 0x01;
export const NGQF_FN = 0x02;
export const NGQF_FN2 = 0x03;
export const NGQF_RW = 0x04;
export const NGQF_READER = 0x04;
export const NGQF_WRITER = 0x00;
/** How it was queued: bit set as a reader, else as a writer. */
export const NGQF_QREADER = 0x08;
/** A packet: el_dest and el_hook hold references. Not in the C, where they always do; a message's or a function's always do here too. */
export const NGQF_HELD = 0x10;
/** A packet that has come from a queue: its rcvif is to be found again (queue-forgets-interface). Not in the C. */
export const NGQF_WAITED = 0x20;

/** ng_item_fn: what an item of type NGQF_FN has done on its node. */
export type ItemFn = Procedure<[node: Node, hook: Hook | null, arg1: Private | null], void>;

/** ng_item_fn2: the same for NGQF_FN2. The item belongs to the function. Returns an error number. */
export type ItemFn2 = Procedure<[node: Node, item: Item, hook: Hook | null], number>;

/**
 * struct ng_item (netgraph.h): an envelope. At any time one thread owns it, or it is on a queue. So its fields make no steps,
 * and a touch by anybody else is an error in itself.
 *
 * The union `body` is laid out flat. Read each field once: nobody else can change it, and a second load would give
 * the local automaton a second value to remember.
 */
export class Item extends Shared {
  el_flags = queued(
    flags(
      { NGQF_DATA, NGQF_FN, NGQF_READER, NGQF_QREADER, NGQF_HELD, NGQF_WAITED },
      'type, wanted mode, mode it was queued in, whether it holds references, whether it was queued',
    ),
  );
  el_next: Item | null = queued(pointer(() => Item, 'next item of the queue'));
  el_dest: Node | null = owned(pointer(() => Node, 'the node it will be applied on; holds a reference'));
  el_hook: Hook | null = owned(pointer(() => Hook, 'the hook it enters by, or NULL; holds a reference'));
  msg: Mesg | null = owned(pointer(() => Mesg, 'NGQF_MESG: the message'));
  retaddr = owned(word(0, MOST_IDS, 'NGQF_MESG: ID of the node that wants the answer, or 0'));
  fn: ItemFn | null = owned(routine<ItemFn>('NGQF_FN: the function'));
  fn_arg1: Private | null = owned(pointer(() => Private, 'NGQF_FN: its argument'));
  fn2: ItemFn2 | null = owned(routine<ItemFn2>('NGQF_FN2: the function; one word with fn in the C'));
  apply: ApplyInfo | null = owned(pointer(() => ApplyInfo, 'who waits until the item has been applied'));
  depth = owned(
    word(0, 2, 'how often it was applied: 0, 1, more; kept only for an item with apply, for nothing else reads it'),
  );
}

/** An item that carries a packet. The C takes these from a zone of their own (ng_qdzone), so they are a type of their own. */
export class DataItem extends Item {
  m: Mbuf | null = owned(pointer(() => Mbuf, 'NGQF_DATA: the packet'));
}
