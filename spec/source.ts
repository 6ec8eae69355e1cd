import {
  allocOwned, atomic_clear, free, given, KASSERT, NET_EPOCH_ENTER, NET_EPOCH_EXIT, sameAddress,
} from '../src/machine/access.ts'; // prettier-ignore
import { procedure } from '../src/machine/procedure.ts';
import { pointer, staticRecord, word } from '../src/machine/record.ts';
import { ng_address_hook } from './address.ts';
import { Callout, ng_callout, ng_uncallout, ng_uncallout_drain, wheel } from './callout.ts';
import { ENETDOWN } from './errno.ts';
import { Hook } from './hook.ts';
import type { DataItem } from './item.ts';
import { own, type Private } from './linked.ts';
import { Mbuf } from './mbuf.ts';
import { NgType } from './ngtype.ts';
import { NGF_TYPE1, Node } from './node.ts';
import { ng_free_item, ng_package_data } from './package.ts';
import { ng_unref_node } from './reference.ts';
import { ng_rmnode_self } from './rmnode.ts';
import { ng_snd_item } from './send.ts';

/** ng_source: sends copies of a packet by its hook "output", one at each tick of a callout. It has been started. */
export const ng_source = staticRecord(NgType, 'ng_source');

/** It is sending. */
export const NG_SOURCE_ACTIVE = NGF_TYPE1;

/** struct privdata. Its first part is the callout intr_ch. */
export class SourcePrivate extends Callout {
  node: Node = pointer(() => Node, 'the node, without a reference');
  output: Hook | null = pointer(() => Hook, 'the hook "output", without a reference; stays when the hook goes');
  snd_queue: Mbuf | null = pointer(() => Mbuf, 'the packets to copy: one, or none while it is being copied');
  packets = word(0, 3, 'how many are still to be sent');
}

export const ng_source_rcvdata = procedure(
  'ng_source.c:553-577',
  function ng_source_rcvdata(hook: Hook, item: DataItem, _td_ng_outbound: number): void {
    const sc = own(SourcePrivate, hook.hk_node.nd_private); // 555
    const m = item.m!; // 559
    item.m = null; // 559
    ng_free_item(item); // 560
    const isOutput = sameAddress(hook, sc.output); // 563
    KASSERT(isOutput, 'ng_source_rcvdata: no hook!');
    free(m); // 565
  },
);

/** What the callout has done on the node at each tick. `arg1` is the private data as it was when the callout was set off. */
export const ng_source_intr = procedure(
  'ng_source.c:726-767',
  function ng_source_intr(node: Node, _hook: Hook | null, arg1: Private | null): void {
    const sc = own(SourcePrivate, arg1); // 728
    if (sc.packets === 0) return ng_source_stop(sc); // 734
    if (sc.output === null) return ng_source_stop(sc); // 734
    if (!(sc.node.nd_flags & NG_SOURCE_ACTIVE)) return ng_source_stop(sc); // 735
    ng_source_send(sc); // 761
    if (sc.packets === 0) return ng_source_stop(sc); // 762
    setOff(sc, node); // 765
  },
);

const setOff = procedure('ng_source.c:765-766', function setOff(sc: SourcePrivate, node: Node): void {
  ng_callout(sc, node, null, ng_source_intr, sc); // 765
});

/** The interface has room for one packet at a time, so the loop of the C has one turn. */
export const ng_source_send = procedure('ng_source.c:773-816', function ng_source_send(sc: SourcePrivate): void {
  KASSERT((sc.node.nd_flags & NG_SOURCE_ACTIVE) !== 0, 'ng_source_send: inactive node'); // 780
  if (sc.packets === 0) return; // 783
  const m = sc.snd_queue; // 788
  if (m === null) return;
  sc.snd_queue = null; // 788
  void m.m_pkthdr_len; // 793
  const m2 = allocOwned(Mbuf); // 793
  sc.snd_queue = m; // 803
  const copy = ng_package_data(m2); // 807
  if (given('source-in-epoch')) NET_EPOCH_ENTER();
  const error = ng_address_hook(copy, sc.output) ? ng_snd_item(copy, 0) : ENETDOWN; // 807
  if (given('source-in-epoch')) NET_EPOCH_EXIT();
  if (error !== 0)
    wheel.stands = true; // 808
  else sc.packets -= 1; // 812
});

const ng_source_stop = procedure('ng_source.c:711-718', function ng_source_stop(sc: SourcePrivate): void {
  ng_uncallout(sc, sc.node); // 713
  deactivate(sc); // 714
});

const deactivate = procedure('ng_source.c:714', function deactivate(sc: SourcePrivate): void {
  const node = sc.node; // 714
  if (given('node-flags-atomic'))
    atomic_clear(node, 'nd_flags', NG_SOURCE_ACTIVE); // 714
  else node.nd_flags &= ~NG_SOURCE_ACTIVE; // 714
});

const ng_source_clr_data = procedure('ng_source.c:666-678', function ng_source_clr_data(sc: SourcePrivate): void {
  const m = sc.snd_queue; // 671
  if (m === null) return;
  sc.snd_queue = null; // 671
  free(m); // 674
});

/** shutdown. */
export const ng_source_rmnode = procedure('ng_source.c:583-594', function ng_source_rmnode(node: Node): void {
  const sc = own(SourcePrivate, node.nd_private); // 585
  if (given('source-drains-callout')) {
    ng_uncallout_drain(sc, node);
    deactivate(sc);
  } else ng_source_stop(sc); // 587
  ng_source_clr_data(sc); // 588
  if (given('private-with-owner')) return ng_unref_node(node); // 590
  node.nd_private = null; // 589
  ng_unref_node(node); // 590
  free(sc); // 591
});

export const ng_source_nodefree = procedure('', function ng_source_nodefree(node: Node): void {
  free(node.nd_private);
});

export const ng_source_disconnect = procedure('ng_source.c:600-609', function ng_source_disconnect(hook: Hook): void {
  const sc = own(SourcePrivate, hook.hk_node.nd_private); // 604
  KASSERT(sc !== null, 'ng_source_disconnect: null node private');
  const last = hook.hk_node.nd_numhooks === 0; // 606
  const isOutput = !last && sameAddress(hook, sc!.output); // 606
  if (last || isOutput) ng_rmnode_self(hook.hk_node); // 607
});
