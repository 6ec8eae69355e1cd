import { allocOwned, free, given, sameAddress } from '../src/machine/access.ts';
import { again, procedure, type Again } from '../src/machine/procedure.ts';
import { staticRecord, truth } from '../src/machine/record.ts';
import { ng_address_hook } from './address.ts';
import type { Hook } from './hook.ts';
import type { DataItem } from './item.ts';
import { own, Private } from './linked.ts';
import { Mbuf, rcvifOf } from './mbuf.ts';
import { NgType } from './ngtype.ts';
import { NGF_INVALID, type Node } from './node.ts';
import { ng_free_item, ng_package_data } from './package.ts';
import { ng_unref_node } from './reference.ts';
import { ng_rmnode_self } from './rmnode.ts';
import { ng_snd_item } from './send.ts';

/** ng_hub: what comes in by one hook goes out by all others. */
export const ng_hub = staticRecord(NgType, 'ng_hub');

/** struct ng_hub_private. */
export class HubPrivate extends Private {
  persistent = truth('the node stays when its last hook has gone; NGM_HUB_SET_PERSISTENT sets it');
}

/**
 * The number of hooks is loaded once, the list is walked afterwards, and the packet itself goes to the hook at which the
 * number says that it is the last. If the list has fewer hooks than the number said, the packet goes nowhere and is lost. Who
 * trusts the list alone (hub-walks-once) sends the packet itself to the first hook, when all others have had their copies.
 */
export const ng_hub_rcvdata = procedure(
  'ng_hub.c:117-146',
  function ng_hub_rcvdata(hook: Hook, item: DataItem, td_ng_outbound: number): void {
    const node = hook.hk_node; // 119
    const m = item.m; // 122
    if (given('hub-walks-once')) return flood(node, hook, item, td_ng_outbound);
    const nhooks = node.nd_numhooks; // 125
    if (nhooks === 1) return ng_free_item(item); // 126
    const first = node.nd_hooks; // 129
    if (first !== null) toEach(first, nhooks, hook, item, m, td_ng_outbound);
  },
);

/** The loop of ng_hub_rcvdata, from `hook2` on. `item` is NULL once it has been forwarded; `m` is what it carried. */
const toEach = procedure(
  'ng_hub.c:129-143',
  function toEach(
    hook2: Hook,
    nhooks: number,
    hook: Hook,
    item: DataItem | null,
    m: Mbuf | null,
    td_ng_outbound: number,
  ): void | Again {
    let left = nhooks;
    let mine = item;
    if (!sameAddress(hook2, hook) && --left === 1) {
      if (ng_address_hook(mine!, hook2)) ng_snd_item(mine!, td_ng_outbound); // 133
      mine = null;
    } else if (!sameAddress(hook2, hook)) {
      sendCopy(m!, hook2, td_ng_outbound);
    }
    const next = hook2.cle_next; // 129
    if (next !== null) return again(next, left, hook, mine, m, td_ng_outbound);
  },
);

const flood = procedure(
  'ng_hub.c:126-143',
  function flood(node: Node, hook: Hook, item: DataItem, td_ng_outbound: number): void {
    const first = node.nd_hooks; // 129
    if (first === null)
      ng_free_item(item); // 126
    else copyFrom(first, null, hook, item, td_ng_outbound);
  },
);

/** The loop, from `hook2` on. `mine`: the hook that the packet itself will go by. */
const copyFrom = procedure(
  'ng_hub.c:126-143',
  function copyFrom(hook2: Hook, mine: Hook | null, hook: Hook, item: DataItem, td_ng_outbound: number): void | Again {
    if (!sameAddress(hook2, hook) && mine !== null) sendCopy(item.m!, hook2, td_ng_outbound); // 135
    const way = mine === null && !sameAddress(hook2, hook) ? hook2 : mine;
    const next = hook2.cle_next; // 129
    if (next !== null) return again(next, way, hook, item, td_ng_outbound);
    if (way === null) return ng_free_item(item); // 126
    if (ng_address_hook(item, way)) ng_snd_item(item, td_ng_outbound); // 133
  },
);

/** m_dup and NG_SEND_DATA_ONLY. */
const sendCopy = procedure('ng_hub.c:135-141', function sendCopy(m: Mbuf, hook2: Hook, td_ng_outbound: number): void {
  void m.m_pkthdr_len; // 135
  const m2 = allocOwned(Mbuf); // 135
  m2.rcvif = rcvifOf(m); // 135
  const copy = ng_package_data(m2); // 139
  if (ng_address_hook(copy, hook2)) ng_snd_item(copy, td_ng_outbound); // 139
});

export const ng_hub_shutdown = procedure('ng_hub.c:152-160', function ng_hub_shutdown(node: Node): void {
  if (!given('private-with-owner')) {
    const priv = node.nd_private; // 154
    if (priv !== null) free(priv); // 156
    node.nd_private = null; // 157
  }
  ng_unref_node(node); // 158
});

export const ng_hub_nodefree = procedure('', function ng_hub_nodefree(node: Node): void {
  free(node.nd_private);
});

export const ng_hub_disconnect = procedure('ng_hub.c:163-171', function ng_hub_disconnect(hook: Hook): void {
  const priv = own(HubPrivate, hook.hk_node.nd_private); // 165
  const numhooks = hook.hk_node.nd_numhooks; // 167
  if (numhooks !== 0) return;
  const invalid = hook.hk_node.nd_flags & NGF_INVALID; // 168
  if (invalid || priv.persistent) return; // 168
  ng_rmnode_self(hook.hk_node); // 169
});
