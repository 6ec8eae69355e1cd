import { allocOwned, free, freeOwned, given } from '../src/machine/access.ts';
import { procedure } from '../src/machine/procedure.ts';
import { DataItem, Item, NGQF_DATA, NGQF_HELD, NGQF_MESG, NGQF_READER, NGQF_TYPE, NGQF_WRITER } from './item.ts';
import type { Mbuf } from './mbuf.ts';
import type { Mesg } from './mesg.ts';
import { ng_unref_hook, ng_unref_node } from './reference.ts';

/** Items: made around what they carry, and freed with it. */

export const ng_package_data = procedure('ng_base.c:3579-3591', function ng_package_data(m: Mbuf | null): DataItem {
  const item = allocOwned(DataItem); // 3583
  item.el_flags = NGQF_DATA | NGQF_READER; // 3588
  item.m = m; // 3589
  return item;
});

/** A message is a writer, unless its command says that it only reads (NGM_READONLY). */
export const ng_package_msg = procedure('ng_base.c:3601-3621', function ng_package_msg(msg: Mesg): Item {
  const item = allocOwned(Item); // 3605
  item.el_flags = NGQF_MESG | (msg.readonly ? NGQF_READER : NGQF_WRITER); // 3611
  item.msg = msg; // 3618
  return item;
});

/**
 * Frees an item and whatever it still holds; whoever takes something out of an item sets it to NULL. What a packet was addressed to
 * and not yet queued for it does not hold (items-without-references).
 */
export const ng_free_item = procedure('ng_base.c:3061-3099', function ng_free_item(item: Item): void {
  const { el_flags } = item; // 3070
  const type = el_flags & NGQF_TYPE; // 3070
  if (type === NGQF_DATA) {
    const { m } = item as DataItem; // 3073
    if (m !== null) free(m); // 3073
  }
  if (!given('items-without-references') || type !== NGQF_DATA || el_flags & NGQF_HELD) {
    const node = item.el_dest; // 3088
    if (node !== null) ng_unref_node(node); // 3088
    const hook = item.el_hook; // 3089
    if (hook !== null) ng_unref_hook(hook); // 3089
  }
  freeOwned(item); // 3097
});
