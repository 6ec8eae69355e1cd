import {
  free, given, KASSERT, NET_EPOCH_ENTER, NET_EPOCH_EXIT, panic, refcount_acquire, rw_rlock, rw_runlock, rw_wlock,
  rw_wunlock, sameAddress,
} from '../src/machine/access.ts'; // prettier-ignore
import { procedure } from '../src/machine/procedure.ts';
import { ghost, pointer, rwlock, staticRecord, word, type RwLock } from '../src/machine/record.ts';
import { ng_address_hook } from './address.ts';
import { ng } from './globals.ts';
import { Hook } from './hook.ts';
import type { DataItem } from './item.ts';
import { own, Private } from './linked.ts';
import type { Mbuf } from './mbuf.ts';
import { NgType } from './ngtype.ts';
import { ng_free_item, ng_package_data } from './package.ts';
import { ng_unref_hook } from './reference.ts';
import { ng_snd_item } from './send.ts';

/** ng_iface: a network interface. A source, for what the stack sends through it; a sink, for what comes by its hook. */
export const ng_iface = staticRecord(NgType, 'ng_iface');

/** struct ng_iface_private. One address family is modelled, so there is one hook, "inet". */
export class IfacePrivate extends Private {
  hook: Hook | null = pointer(() => Hook, 'hooks[0], "inet"; changed under the lock, also read without it');
  lock: RwLock = rwlock('the rmlock of the private data');
  sent = ghost(word(0, 7, 'packets sent through it, where somebody asks'));
}

/** The interface's way into the graph. It keeps a reference on its own hook for the time of the call, or leaves that to the section of the stack. */
export const ng_iface_send = procedure('ng_iface.c:433-474', function ng_iface_send(priv: IfacePrivate, m: Mbuf): void {
  if (given('iface-in-epoch')) return sendInSection(priv, m);
  rw_rlock(priv.lock); // 452
  const hook = priv.hook; // 453
  if (hook === null) {
    free(m); // 455
    rw_runlock(priv.lock); // 456
    return;
  }
  refcount_acquire(hook.hk_refs); // 459
  rw_runlock(priv.lock); // 460
  const item = ng_package_data(m); // 463
  if (ng_address_hook(item, hook)) ng_snd_item(item, 1); // 463
  ng_unref_hook(hook); // 465
});

const sendInSection = procedure('ng_iface.c:453-463', function sendInSection(priv: IfacePrivate, m: Mbuf): void {
  const hook = priv.hook; // 453
  if (hook === null) return free(m); // 455
  const item = ng_package_data(m); // 463
  if (ng_address_hook(item, hook)) ng_snd_item(item, 1); // 463
});

/** A packet comes by the hook and goes up the stack, which here means that it is freed. */
export const ng_iface_rcvdata = procedure(
  'ng_iface.c:683-736',
  function ng_iface_rcvdata(hook: Hook, item: DataItem, _td_ng_outbound: number): void {
    const priv = own(IfacePrivate, hook.hk_node.nd_private); // 685
    const isInet = sameAddress(priv.hook, hook); // 686
    const m = item.m!; // 692
    item.m = null; // 692
    ng_free_item(item); // 693
    if (given('iface-in-epoch') && !isInet) return free(m);
    KASSERT(isInet, 'ng_iface_rcvdata: iffam');
    NET_EPOCH_ENTER(); // 731
    ng.delivered = true;
    free(m); // 732
    ng.delivered = false;
    NET_EPOCH_EXIT(); // 733
  },
);

export const ng_iface_disconnect = procedure('ng_iface.c:769-780', function ng_iface_disconnect(hook: Hook): void {
  const priv = own(IfacePrivate, hook.hk_node.nd_private); // 771
  const isInet = sameAddress(priv.hook, hook); // 772
  if (!isInet) panic('ng_iface_disconnect'); // 775
  rw_wlock(priv.lock); // 776
  priv.hook = null; // 777
  rw_wunlock(priv.lock); // 778
});
