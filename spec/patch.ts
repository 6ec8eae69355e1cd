import { free, given, sameAddress } from '../src/machine/access.ts';
import { procedure } from '../src/machine/procedure.ts';
import { pointer, staticRecord, word } from '../src/machine/record.ts';
import { ng_address_hook } from './address.ts';
import { Hook } from './hook.ts';
import type { DataItem } from './item.ts';
import { own, Private } from './linked.ts';
import { NgType } from './ngtype.ts';
import { NGF_INVALID, type Node } from './node.ts';
import { ng_free_item } from './package.ts';
import { ng_unref_node } from './reference.ts';
import { ng_rmnode_self } from './rmnode.ts';
import { ng_snd_item } from './send.ts';

/** ng_patch: a relay between its hooks "in" and "out". No configuration is set here, so packets pass unchanged. */
export const ng_patch = staticRecord(NgType, 'ng_patch');

/** struct ng_patch_priv. The two pointers come without references. */
export class PatchPrivate extends Private {
  in: Hook | null = pointer(() => Hook, 'the hook "in", or NULL');
  out: Hook | null = pointer(() => Hook, 'the hook "out", or NULL');
  received = word(0, 0, 'stats: packets that came; a plain counter, of which only the accesses matter');
  dropped = word(0, 0, 'stats: packets that went nowhere; likewise');
}

export const ng_patch_rcvdata = procedure(
  'ng_patch.c:549-654',
  function ng_patch_rcvdata(hook: Hook, item: DataItem, td_ng_outbound: number): void {
    const priv = own(PatchPrivate, hook.hk_node.nd_private); // 551
    const received = priv.received; // 557
    priv.received = received; // 557
    const out = wayOut(priv, hook);
    if (out === null) return dropPacket(priv, item);
    if (ng_address_hook(item, out)) ng_snd_item(item, td_ng_outbound); // 642
  },
);

/** Where a packet from a hook goes: to the other hook, or back if "out" is not connected. */
const wayOut = procedure('ng_patch.c:629-637', function wayOut(priv: PatchPrivate, hook: Hook): Hook | null {
  const fromIn = sameAddress(hook, priv.in); // 631
  if (fromIn) {
    const out = priv.out; // 633
    return out !== null ? priv.out : priv.in; // 633
  }
  const fromOut = sameAddress(hook, priv.out); // 634
  if (!fromOut) return null;
  const back = priv.in; // 634
  return back !== null ? priv.in : null; // 636
});

const dropPacket = procedure('ng_patch.c:646-653', function dropPacket(priv: PatchPrivate, item: DataItem): void {
  ng_free_item(item); // 648
  const dropped = priv.dropped; // 651
  priv.dropped = dropped; // 651
});

export const ng_patch_shutdown = procedure('ng_patch.c:657-670', function ng_patch_shutdown(node: Node): void {
  if (given('private-with-owner')) return ng_unref_node(node); // 662
  const privdata = node.nd_private; // 659
  node.nd_private = null; // 661
  ng_unref_node(node); // 662
  if (privdata !== null) free(privdata); // 667
});

export const ng_patch_nodefree = procedure('', function ng_patch_nodefree(node: Node): void {
  free(node.nd_private);
});

export const ng_patch_disconnect = procedure('ng_patch.c:673-692', function ng_patch_disconnect(hook: Hook): void {
  const priv = own(PatchPrivate, hook.hk_node.nd_private); // 677
  const isIn = sameAddress(hook, priv.in); // 679
  if (isIn) priv.in = null; // 680
  const isOut = sameAddress(hook, priv.out); // 683
  if (isOut) priv.out = null; // 684
  const numhooks = hook.hk_node.nd_numhooks; // 687
  if (numhooks !== 0) return;
  const invalid = hook.hk_node.nd_flags & NGF_INVALID; // 688
  if (!invalid) ng_rmnode_self(hook.hk_node); // 689
});
