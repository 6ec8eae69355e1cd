import { procedure } from '../src/machine/procedure.ts';
import { ng_address_ID } from './address.ts';
import { EINVAL } from './errno.ts';
import type { Item } from './item.ts';
import { answer } from './mesg.ts';
import type { Node } from './node.ts';
import { NG_QUEUE, ng_snd_item } from './send.ts';

/**
 * NG_RESPOND_MSG with an answer: the item of the question carries it back, through the queue, and with it the question's `apply` and
 * its mode. Who asked waits until the answer has been applied. Returns an error number.
 */
export const respond = procedure('netgraph.h:1020-1034', function respond(here: Node, item: Item): number {
  const dest = item.retaddr; // netgraph.h:1023
  item.retaddr = 0; // netgraph.h:1024
  item.msg = answer; // netgraph.h:1025
  if (!ng_address_ID(item, dest, here)) return EINVAL; // netgraph.h:1026
  return ng_snd_item(item, 0, NG_QUEUE); // netgraph.h:1029
});
