import { free, given, mtx_lock, mtx_unlock, panic, sameAddress } from '../src/machine/access.ts';
import { procedure } from '../src/machine/procedure.ts';
import { flags, guardedBy, mutex, pointer, Shared, staticRecord, word, type Mutex } from '../src/machine/record.ts';
import { ng_address_hook } from './address.ts';
import { Hook } from './hook.ts';
import type { DataItem } from './item.ts';
import { own, Private } from './linked.ts';
import { NgType } from './ngtype.ts';
import type { Node } from './node.ts';
import { ng_free_item } from './package.ts';
import { ng_unref_node } from './reference.ts';
import { ng_rmnode_self } from './rmnode.ts';
import { ng_snd_item } from './send.ts';

/** ng_nat: rewrites packets between "in" and "out". It forces writers, and so its private data has no lock of its own. */
export const ng_nat = staticRecord(NgType, 'ng_nat');

/** Both hooks are there. */
export const NGNAT_CONNECTED = 0x1;
/** The address to alias to has been set. */
export const NGNAT_ADDR_DEFINED = 0x2;

/** struct libalias: the tables of the translation. Unlike the node it has a lock. */
export class LibAlias extends Shared {
  mutex: Mutex = mutex('LIBALIAS_LOCK');
  links = guardedBy('mutex', word(0, 0, 'the tables; that they are read and written matters, not what they say'));
}

/** struct ng_nat_priv. The two pointers come without references. */
export class NatPrivate extends Private {
  flags = flags({ NGNAT_CONNECTED, NGNAT_ADDR_DEFINED }, 'changed by plain loads and stores');
  in: Hook | null = pointer(() => Hook, 'the hook "in", or NULL');
  out: Hook | null = pointer(() => Hook, 'the hook "out", or NULL');
  lib: LibAlias = pointer(() => LibAlias, 'memory of libalias, freed with the node');
}

/** Every packet is plain IPv4 that libalias accepts, so it is always translated and forwarded. */
export const ng_nat_rcvdata = procedure(
  'ng_nat.c:713-828',
  function ng_nat_rcvdata(hook: Hook, item: DataItem, td_ng_outbound: number): void {
    const priv = own(NatPrivate, hook.hk_node.nd_private); // 715
    if (!(priv.flags & NGNAT_CONNECTED)) return ng_free_item(item); // 722
    const defined = priv.flags & NGNAT_ADDR_DEFINED; // 728
    if (defined) {
      const { m } = item; // 731
      void m!.m_pkthdr_len; // 733
      translate(priv, hook);
    }
    const fromIn = sameAddress(hook, priv.in); // 822
    const way = fromIn ? priv.out : priv.in; // 823
    if (ng_address_hook(item, way)) ng_snd_item(item, td_ng_outbound); // 823
  },
);

/** LibAliasIn or LibAliasOut, whichever it is; each works under the lock of the library. */
const translate = procedure('ng_nat.c:755-772', function translate(priv: NatPrivate, hook: Hook): void {
  const fromIn = sameAddress(hook, priv.in); // 755
  if (!fromIn) {
    const fromOut = sameAddress(hook, priv.out); // 765
    if (!fromOut) panic('ng_nat: unknown hook!'); // 772
  }
  const lib = priv.lib; // 756
  mtx_lock(lib.mutex); // 756
  lib.links += 0; // 756
  mtx_unlock(lib.mutex); // 756
});

/** The reference of the node goes before its memory does: the caller, ng_rmnode, holds another. No redirects are set. */
export const ng_nat_shutdown = procedure('ng_nat.c:831-850', function ng_nat_shutdown(node: Node): void {
  if (given('private-with-owner')) return ng_unref_node(node); // 836
  const priv = own(NatPrivate, node.nd_private); // 833
  node.nd_private = null; // 835
  ng_unref_node(node); // 836
  free(priv.lib); // 846
  free(priv); // 847
});

export const ng_nat_nodefree = procedure('', function ng_nat_nodefree(node: Node): void {
  const priv = own(NatPrivate, node.nd_private);
  free(priv.lib);
  free(priv);
});

export const ng_nat_disconnect = procedure('ng_nat.c:853-868', function ng_nat_disconnect(hook: Hook): void {
  const priv = own(NatPrivate, hook.hk_node.nd_private); // 855
  priv.flags &= ~NGNAT_CONNECTED; // 857
  const isOut = sameAddress(hook, priv.out); // 859
  if (isOut) priv.out = null; // 860
  const isIn = sameAddress(hook, priv.in); // 861
  if (isIn) priv.in = null; // 862
  const out = priv.out; // 864
  if (out !== null) return;
  const stays = priv.in !== null; // 864
  if (!stays) ng_rmnode_self(hook.hk_node); // 865
});
