import { atomically, given, NET_EPOCH_ENTER, NET_EPOCH_EXIT } from '../src/machine/access.ts';
import { procedure } from '../src/machine/procedure.ts';
import { ng_address_hook } from './address.ts';
import { EtherPrivate, once } from './ether.ts';
import { taskqueue_swi, type IfIndex, type IfNet } from './ifnet.ts';
import type { Item } from './item.ts';
import { own } from './linked.ts';
import type { Mesg } from './mesg.ts';
import type { Node } from './node.ts';
import { ng_package_msg } from './package.ts';
import { ng_snd_item } from './send.ts';

/** The link of an interface comes up or goes down, and who is at the hook "lower" of its node is told. */

/** The thread of taskqueue_swi runs the task of the interface (if_linktask), if that has not gone: a driver asks for it no more when it has taken the interface away. */
export const linkstate = procedure('subr_taskqueue.c:440-479', function linkstate(index: IfIndex, msg: Mesg): void {
  const ifp = atomically(() => {
    taskqueue_swi.tb_running = index.ifp; // 463
    return index.ifp;
  });
  if (ifp === null) return;
  do_link_state_change(ifp, msg); // 467
  taskqueue_swi.tb_running = null; // 470
});

/** Without a reference on the interface: who takes that away waits for the task. In no gate, and in no section; what it does beside (vlan, carp, bridge, lagg) is left out. */
const do_link_state_change = procedure('if.c:2374-2387', function do_link_state_change(ifp: IfNet, msg: Mesg): void {
  if (given('ether-link-in-epoch')) NET_EPOCH_ENTER();
  const known = ifp.if_l2com; // 2386
  const item = known === null ? null : ng_ether_link_state(ifp, msg, once(known)); // 2387
  if (given('ether-link-in-epoch')) NET_EPOCH_EXIT();
  if (item !== null) ng_snd_item(item, 0); // ng_ether.c:393
});

/** The message, addressed; sending it is the last that is done, and left to the caller. NULL where it leads nowhere. */
const ng_ether_link_state = procedure(
  'ng_ether.c:376-400',
  function ng_ether_link_state(ifp: IfNet, msg: Mesg, known: Node | null): Item | null {
    const node = known ?? ifp.if_l2com!; // 378
    const priv = own(EtherPrivate, node.nd_private); // 379
    const connected = priv.lower !== null; // 390
    if (!connected) return null;
    const item = ng_package_msg(msg); // 393
    return ng_address_hook(item, priv.lower, node) ? item : null; // 393
  },
);
