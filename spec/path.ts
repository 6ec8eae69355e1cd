import {
  atomically, given, NET_EPOCH_ENTER, NET_EPOCH_EXIT, refcount_acquire, refcount_acquire_if_not_zero, rw_wlock, rw_wunlock,
} from '../src/machine/access.ts'; // prettier-ignore
import { again, procedure, type Again } from '../src/machine/procedure.ts';
import { asks } from './asked.ts';
import { EINVAL, ENOENT, ENXIO } from './errno.ts';
import { ng_findhook } from './findhook.ts';
import { ng } from './globals.ts';
import { HK_INVALID, type Hook } from './hook.ts';
import { DataItem, NGQF_HELD, type Item } from './item.ts';
import { ng_name2noderef } from './name.ts';
import { NGF_INVALID, type Node } from './node.ts';
import { ng_free_item } from './package.ts';
import { ng_unref_node } from './reference.ts';

/** Paths: "node:hook.hook", from node to node over links. */

/** ng_path_parse: the name in front of the colon, or NULL, and the hooks behind it. */
const parse = (address: string): { nodename: string | null; path: string } => {
  const [front, back] = address.split(':');
  return back === undefined ? { nodename: null, path: front! } : { nodename: front!, path: back };
};

/**
 * The node at the end of a path, with a reference, or an error number. `lasthook`: the item in which the hook goes by which the last
 * hop came in, with a reference; the C hands it over through a pointer to the caller's stack.
 */
export const ng_path2noderef = procedure(
  'ng_base.c:1770-1898',
  function ng_path2noderef(here: Node | null, address: string, lasthook: Item | null): Node | number {
    if (given('path-in-one-epoch')) NET_EPOCH_ENTER();
    const dest = walk(here, address, lasthook);
    if (given('path-in-one-epoch')) NET_EPOCH_EXIT();
    return dest;
  },
);

const walk = procedure('ng_base.c:1801-1821', function walk(here: Node | null, address: string, lasthook: Item | null):
  Node | number {
  const { nodename, path } = parse(address);
  let node = here;
  if (nodename !== null) {
    node = ng_name2noderef(here, nodename); // 1802
    if (node === null) return ENOENT;
  } else {
    if (node === null) return EINVAL;
    refcount_acquire(node.nd_refs); // 1813
  }
  return path === '' ? node : follow(node, path, lasthook);
});

/** The loop: one segment each turn. The hook is looked up before the protection begins, and no reference on it is held. */
const follow = procedure('ng_base.c:1834-1897', function follow(node: Node, path: string, lasthook: Item | null):
  Node | number | Again {
  const [segment, ...rest] = path.split('.');
  const hook = ng_findhook(node, segment!); // 1848
  const next = hop(node, hook, rest.length > 0 ? null : lasthook);
  if (typeof next === 'number' || rest.length === 0) return next;
  return again(next, rest.join('.'), lasthook);
});

/**
 * Over one link. The peer is loaded up to four times, and each time it can be another: ng_deadhook has ng_deadnode, which is invalid,
 * so most ends are errors. What is not: the node that was found is on its way out, and raising its count comes too late.
 */
const hop = procedure('ng_base.c:1850-1896', function hop(oldnode: Node, hook: Hook | null, lasthook: Item | null):
  Node | number {
  if (given('path-under-topology-lock')) rw_wlock(ng.ng_topo_lock); // 1850
  if (given('path-in-epoch')) NET_EPOCH_ENTER(); // 1851
  const next = given('peer-once') ? crossOnce(oldnode, hook, lasthook) : cross(oldnode, hook, lasthook);
  if (given('path-under-topology-lock')) rw_wunlock(ng.ng_topo_lock); // 1858, 1876, 1890, 1895
  if (given('path-in-epoch')) NET_EPOCH_EXIT(); // 1859, 1877, 1891, 1896
  return next;
});

const cross = procedure(
  'ng_base.c:1853-1886, 3701',
  function cross(oldnode: Node, hook: Hook | null, lasthook: Item | null): Node | number {
    if (hook === null || !isWay(hook)) {
      ng_unref_node(oldnode); // 1857
      return ENOENT;
    }
    const { node, open } = farEnd(oldnode, hook);
    if (!moveOn(oldnode, node)) return ENXIO;
    if (!open) ng.strayed = true;
    if (lasthook === null) return node;
    const last = hook.hk_peer; // 1885
    return enterBy(last, node, lasthook);
  },
);

/** The reference goes over from the old node to the next. Returns whether that is valid; if not, none is held. */
const moveOn = procedure('ng_base.c:1872-1875', function moveOn(oldnode: Node, node: Node): boolean {
  refcount_acquire(node.nd_refs); // 1872
  ng_unref_node(oldnode); // 1873
  const invalid = node.nd_flags & NGF_INVALID; // 1874
  if (invalid) ng_unref_node(node); // 1875
  return !invalid;
});

/** Over one link, whose end is loaded once: the hook that it finds has its node as long as it has memory. */
const crossOnce = procedure(
  'ng_base.c:1853-1886, 3701',
  function crossOnce(oldnode: Node, hook: Hook | null, lasthook: Item | null): Node | number {
    if (hook === null || hook.hk_flags & HK_INVALID) {
      ng_unref_node(oldnode); // 1857
      return ENOENT;
    }
    const { peer, behind, whose } = otherEnd(hook);
    if (peer.hk_flags & HK_INVALID) {
      ng_unref_node(oldnode); // 1857
      return ENOENT;
    }
    const node = peer.hk_node; // 1871
    if (!moveOn(oldnode, node)) return ENXIO;
    if (asks('path-open') && (behind !== node || whose !== oldnode)) ng.strayed = true;
    return lasthook === null ? node : enterBy(peer, node, lasthook);
  },
);

/** The peer; and, for whoever asks, what is behind it and whose the hook is at that moment. */
const otherEnd = (hook: Hook): { readonly peer: Hook; readonly behind: Node | null; readonly whose: Node | null } => {
  if (!asks('path-open')) return { peer: hook.hk_peer, behind: null, whose: null }; // 1853
  return atomically(() => {
    const peer = hook.hk_peer; // 1853
    return { peer, behind: peer.hk_node, whose: hook.hk_node };
  });
};

/** The item comes to the node by that hook. If it has no reference left there is nothing to come by. */
const enterBy = procedure('ng_base.c:1885-1886, 3701', function enterBy(last: Hook, node: Node, lasthook: Item):
  Node | number {
  if (given('path-tries-reference')) {
    if (!refcount_acquire_if_not_zero(last.hk_refs)) {
      ng_unref_node(node);
      return ENOENT;
    }
  } else refcount_acquire(last.hk_refs); // 1886
  lasthook.el_hook = last; // 3701
  return node;
});

/** What is behind the hook; and, for whoever asks, whether at one of the two loads the hook led there from the old node. */
const farEnd = (oldnode: Node, hook: Hook): { readonly node: Node; readonly open: boolean } => {
  if (!asks('path-open')) return { node: hook.hk_peer.hk_node, open: true }; // 1871
  const { peer, behind, whose } = atomically(() => {
    const peer = hook.hk_peer; // 1871
    return { peer, behind: peer.hk_node, whose: hook.hk_node };
  });
  const { node, still } = atomically(() => {
    const node = peer.hk_node; // 1871
    return { node, still: hook.hk_peer === peer && hook.hk_node === oldnode };
  });
  return { node, open: still || (behind === node && whose === oldnode) };
};

const isWay = procedure('ng_base.c:1853-1855', function isWay(hook: Hook): boolean {
  const peer: Hook | null = hook.hk_peer; // 1853
  if (peer === null) return false;
  if (hook.hk_flags & HK_INVALID) return false; // 1854
  return !(hook.hk_peer.hk_flags & HK_INVALID); // 1855
});

/**
 * Addresses an item to the end of a path. Returns 0, or an error number after having freed the item. The references that the path has taken are the item's, also
 * where packets go without (items-without-references).
 */
export const ng_address_path = procedure(
  'ng_base.c:3682-3705',
  function ng_address_path(here: Node | null, item: Item, address: string): number {
    if (given('address-in-epoch') && given('path-in-one-epoch')) NET_EPOCH_ENTER();
    const error = addressed(here, item, address);
    if (given('address-in-epoch') && given('path-in-one-epoch')) NET_EPOCH_EXIT();
    return error;
  },
);

const addressed = procedure(
  'ng_base.c:3694-3703',
  function addressed(here: Node | null, item: Item, address: string): number {
    const dest = ng_path2noderef(here, address, item); // 3694
    if (typeof dest === 'number') {
      ng_free_item(item); // 3696
      return dest;
    }
    item.el_dest = dest; // 3699
    if (given('items-without-references') && item instanceof DataItem) item.el_flags |= NGQF_HELD;
    setRetaddr(item, here); // 3703
    return 0;
  },
);

/** SET_RETADDR without an address given: the old one stays; if there is none, the answer is to come here. */
export const setRetaddr = procedure('ng_base.c:3623-3640', function setRetaddr(item: Item, here: Node | null): void {
  if (item.retaddr !== 0 || here === null) return; // 3634
  item.retaddr = here.nd_ID; // 3635
});
