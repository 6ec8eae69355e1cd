import { allocOwned, free, given, NET_EPOCH_ENTER, NET_EPOCH_EXIT } from '../src/machine/access.ts';
import { foreach, procedure, type Procedure } from '../src/machine/procedure.ts';
import { pointer, routine, Shared, staticRecord, word } from '../src/machine/record.ts';
import { ng_address_hook } from './address.ts';
import { ng } from './globals.ts';
import { HK_INVALID, type Hook } from './hook.ts';
import { type IfIndex, ifnet_byindex } from './ifnet.ts';
import type { DataItem } from './item.ts';
import { own, Private } from './linked.ts';
import { Mbuf, rcvifOf } from './mbuf.ts';
import { NgType } from './ngtype.ts';
import { Node } from './node.ts';
import { ng_free_item, ng_package_data } from './package.ts';
import { ng_unref_node } from './reference.ts';
import { ng_snd_item } from './send.ts';

/** ng_ipfw: the one node through which the firewall sends packets into the graph. All its hooks force queueing. */
export const ng_ipfw = staticRecord(NgType, 'ng_ipfw');

type IpfwInput = Procedure<[m: Mbuf, cookie: number], boolean>;

/** The static variables of ng_ipfw.c, and the pointer by which the firewall calls it. */
export class Firewall extends Shared {
  fw_node: Node | null = pointer(() => Node, 'the only node, without a reference; never cleared');
  ng_ipfw_input_p: IpfwInput | null = routine<IpfwInput>('how the firewall calls netgraph; NULL: not at all');
}
export const firewall = staticRecord(Firewall, 'firewall');

/** struct ng_ipfw_hook_priv. */
export class IpfwHookPrivate extends Private {
  cookie = word(0, 3, 'the number of the rule that the hook is for');
}

/** ipfw_check_packet: a packet, which has come by an interface or was made here, has met a rule "netgraph N". With no hook for it the packet is dropped. */
export const filter = procedure('ip_fw_pfil.c:290-303', function filter(cookie: number, by: IfIndex | null): void {
  NET_EPOCH_ENTER();
  const rcvif = by === null ? null : ifnet_byindex(by);
  if (by !== null && rcvif === null) return NET_EPOCH_EXIT();
  const m = allocOwned(Mbuf);
  if (rcvif !== null) m.rcvif = rcvif;
  const input = firewall.ng_ipfw_input_p; // 294
  const taken = input !== null && (given('ipfw-loads-once') ? input(m, cookie) : firewall.ng_ipfw_input_p!(m, cookie)); // 299
  if (!taken) free(m);
  NET_EPOCH_EXIT();
});

/** Returns whether there is a hook for the rule; then the packet belongs to netgraph. */
export const ng_ipfw_input = procedure('ng_ipfw.c:284-332', function ng_ipfw_input(m: Mbuf, cookie: number): boolean {
  const present = firewall.fw_node !== null; // 293
  if (!present) return false;
  const hook = ng_ipfw_findhook1(firewall.fw_node!, cookie); // 294
  if (hook === null) return false;
  const item = ng_package_data(m); // 329
  if (ng_address_hook(item, hook)) ng_snd_item(item, 0); // 329
  return true;
});

/** Looks a hook up by the number of its rule. The firewall calls it outside the gate, ng_findhook within. */
const ng_ipfw_findhook1 = procedure(
  'ng_ipfw.c:212-224',
  function ng_ipfw_findhook1(node: Node, cookie: number): Hook | null {
    return foreach(
      node.nd_hooks, // 217
      (hook) => hook.cle_next, // 217
      (hook) => {
        const hpriv = own(IpfwHookPrivate, hook.hk_private); // 218
        if (hook.hk_flags & HK_INVALID) return; // 219
        if (hpriv.cookie === cookie) return hook; // 219
      },
    );
  },
);

export const ng_ipfw_findhook = procedure(
  'ng_ipfw.c:199-208',
  function ng_ipfw_findhook(node: Node, name: string): Hook | null {
    if (/\D/.test(name)) return null; // 206
    return ng_ipfw_findhook1(node, Number(name)); // 207
  },
);

/** A packet goes back to the stack, which looks at the interface that it has come by; here that, and that it is freed, is all. */
export const ng_ipfw_rcvdata = procedure(
  'ng_ipfw.c:227-281',
  function ng_ipfw_rcvdata(_hook: Hook, item: DataItem, _td_ng_outbound: number): void {
    const m = item.m!; // 234
    item.m = null; // 234
    ng_free_item(item); // 235
    const rcvif = rcvifOf(m); // ip_input.c:613
    if (rcvif !== null) void rcvif.if_flags; // ip_input.c:711
    ng.delivered = true;
    free(m); // 254
    ng.delivered = false;
  },
);

export const ng_ipfw_shutdown = procedure('ng_ipfw.c:335-346', function ng_ipfw_shutdown(node: Node): void {
  firewall.ng_ipfw_input_p = null; // 343
  ng_unref_node(node); // 344
});

export const ng_ipfw_disconnect = procedure('ng_ipfw.c:349-357', function ng_ipfw_disconnect(hook: Hook): void {
  if (given('private-with-owner')) return;
  const hpriv = hook.hk_private!; // 351
  free(hpriv); // 353
  hook.hk_private = null; // 354
});

export const ng_ipfw_hookfree = procedure('', function ng_ipfw_hookfree(hook: Hook): void {
  free(hook.hk_private);
});
