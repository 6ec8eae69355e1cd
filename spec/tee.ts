import { allocOwned, atomically, free, given, KASSERT, sameAddress } from '../src/machine/access.ts';
import { procedure } from '../src/machine/procedure.ts';
import { constant, pointer, staticRecord, word } from '../src/machine/record.ts';
import { ng_address_hook } from './address.ts';
import { ng_bypass } from './bypass.ts';
import { Hook } from './hook.ts';
import type { DataItem } from './item.ts';
import { own, Private } from './linked.ts';
import { Mbuf, rcvifOf } from './mbuf.ts';
import { NgType } from './ngtype.ts';
import { NGF_INVALID, type Node } from './node.ts';
import { ng_free_item, ng_package_data } from './package.ts';
import { ng_unref_node } from './reference.ts';
import { ng_rmnode_self } from './rmnode.ts';
import { ng_snd_item } from './send.ts';

/** ng_tee: what comes by "left" goes to "right", with a copy to "left2right", and the other way round. */
export const ng_tee = staticRecord(NgType, 'ng_tee');

/** struct hookinfo: a part of the private data, to which hk_private of the hook points. It is freed with the whole. */
export class HookInfo extends Private {
  hook: Hook | null = pointer(() => Hook, 'the hook, without a reference, or NULL');
  dest: HookInfo | null = pointer(() => HookInfo, 'where what comes by the hook goes, or NULL');
  dup: HookInfo | null = pointer(() => HookInfo, 'where a copy of it goes, or NULL');
  stats = word(0, 0, 'counters; that they are loaded and stored matters, not what they say');
}

/**
 * struct privdata. It has no memory beside its four parts: naming a part is arithmetic on an address and touches nothing, so the
 * parts are constants here and this record itself is never freed.
 */
export class TeePrivate extends Private {
  left: HookInfo = constant(pointer(() => HookInfo, '&privdata->left'));
  right: HookInfo = constant(pointer(() => HookInfo, '&privdata->right'));
  left2right: HookInfo = constant(pointer(() => HookInfo, '&privdata->left2right'));
  right2left: HookInfo = constant(pointer(() => HookInfo, '&privdata->right2left'));
}

export const ng_tee_rcvdata = procedure(
  'ng_tee.c:290-328',
  function ng_tee_rcvdata(hook: Hook, item: DataItem, td_ng_outbound: number): void {
    const hinfo = own(HookInfo, hook.hk_private); // 292
    const m = item.m!; // 297
    void m.m_pkthdr_len; // 300
    hinfo.stats += 0; // 300
    if (given('tee-loads-once')) return pass(hinfo, item, m, td_ng_outbound);
    const dup = hinfo.dup !== null; // 304
    if (dup) sendDuplicate(hinfo, m, td_ng_outbound);
    const dest = hinfo.dest !== null; // 320
    if (!dest) return ng_free_item(item); // 326
    const h = hinfo.dest!; // 321
    h.stats += 0; // 322
    const way = h.hook; // 324
    if (ng_address_hook(item, way)) ng_snd_item(item, td_ng_outbound); // 324
  },
);

/** The rest of ng_tee_rcvdata, where a way that has been found there is not loaded again. */
const pass = procedure(
  'ng_tee.c:304-326',
  function pass(hinfo: HookInfo, item: DataItem, m: Mbuf, td_ng_outbound: number): void {
    const dup = hinfo.dup; // 304
    if (dup !== null) sendDuplicate(dup, m, td_ng_outbound);
    const h = hinfo.dest; // 320
    if (h === null) return ng_free_item(item); // 326
    h.stats += 0; // 322
    const way = h.hook; // 324
    if (ng_address_hook(item, way)) ng_snd_item(item, td_ng_outbound); // 324
  },
);

/** `from`: where the packet comes in; where it was loaded once, what the copy goes by. */
const sendDuplicate = procedure(
  'ng_tee.c:308-316',
  function sendDuplicate(from: HookInfo, m: Mbuf, td_ng_outbound: number): void {
    void m.m_pkthdr_len; // 308
    const m2 = allocOwned(Mbuf); // 308
    m2.rcvif = rcvifOf(m); // 308
    const h = given('tee-loads-once') ? from : from.dup!; // 311
    const copy = ng_package_data(m2); // 312
    const addressed = ng_address_hook(copy, h.hook); // 312
    if (!addressed) return;
    ng_snd_item(copy, td_ng_outbound); // 312
    h.stats += 0; // 314
  },
);

/** Leaves the two peers linked to each other, if there are two. Each hook is loaded twice. */
export const ng_tee_close = procedure('ng_tee.c:338-346', function ng_tee_close(node: Node): void {
  const privdata = own(TeePrivate, node.nd_private); // 340
  const hasLeft = privdata.left.hook !== null; // 342
  if (!hasLeft) return;
  const hasRight = privdata.right.hook !== null; // 342
  if (!hasRight) return;
  const left = privdata.left.hook!; // 343
  const right = privdata.right.hook!; // 343
  ng_bypass(left, right); // 343
});

export const ng_tee_shutdown = procedure('ng_tee.c:352-360', function ng_tee_shutdown(node: Node): void {
  const privdata = own(TeePrivate, node.nd_private); // 354
  if (!given('private-with-owner')) {
    node.nd_private = null; // 356
    freeParts(privdata); // 357
  }
  ng_unref_node(node); // 358
});

/** Atomic: it is one free of one piece of memory. */
const freeParts = procedure('ng_tee.c:357', function freeParts(privdata: TeePrivate): void {
  atomically(() => {
    free(privdata.left); // 357
    free(privdata.right); // 357
    free(privdata.left2right); // 357
    free(privdata.right2left); // 357
  });
});

export const ng_tee_nodefree = procedure('', function ng_tee_nodefree(node: Node): void {
  freeParts(own(TeePrivate, node.nd_private));
});

export const ng_tee_disconnect = procedure('ng_tee.c:366-395', function ng_tee_disconnect(hook: Hook): void {
  const sc = own(TeePrivate, hook.hk_node.nd_private); // 368
  const hinfo = own(HookInfo, hook.hk_private); // 369
  KASSERT(hinfo !== null, 'ng_tee_disconnect: null info');
  hinfo.hook = null; // 372
  forgetWay(sc.left, hinfo);
  forgetWay(sc.right, hinfo);
  if (sameAddress(sc.left2right.dest, hinfo)) sc.left2right.dest = null; // 385
  if (sameAddress(sc.right2left.dest, hinfo)) sc.right2left.dest = null; // 387
  const numhooks = hook.hk_node.nd_numhooks; // 391
  if (numhooks !== 0) return;
  const invalid = hook.hk_node.nd_flags & NGF_INVALID; // 392
  if (!invalid) ng_rmnode_self(hook.hk_node); // 393
});

/** From `from` nothing goes to `hinfo` any more; where the copies went, the packets themselves go now. */
const forgetWay = procedure('ng_tee.c:375-384', function forgetWay(from: HookInfo, hinfo: HookInfo): void {
  if (sameAddress(from.dest, hinfo)) {
    from.dest = from.dup; // 376
    from.dup = null; // 377
  } else if (sameAddress(from.dup, hinfo)) {
    from.dup = null; // 379
  }
});
