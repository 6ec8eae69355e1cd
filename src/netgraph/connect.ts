import { allocHook, linkHook, ng_add_hook } from './addhook.ts';
import { refcount_acquire } from './count.ts';
import { ng_destroy_hook } from './destroy.ts';
import { isReserved, ng_findhook } from './findhook.ts';
import { FN_CON_PART2, FN_CON_PART3 } from './flags.ts';
import { ng_free_item } from './item.ts';
import { at, globals, hook_, ng_deadhook, ng_deadnode, node_, type Pointer } from './layout.ts';
import { rw_wlock, rw_wunlock } from './lock.ts';
import { makeValid, typeOf } from './make.ts';
import { live } from './pool.ts';
import { ng_unref_hook } from './reference.ts';
import { ng_send_fn2 } from './send.ts';
import { EEXIST, ENOENT, ENOMEM, type Td } from './td.ts';
import { types } from './ngtype.ts';

/** NGM_CONNECT: a link is made in three parts, on this node, on the other, and on this one again (ng_base.c:1388-1568). */

/** The first part. The other hook belongs to ng_deadnode until the second part runs on the other node. */
export function ng_con_nodes(
  td: Td,
  item: Pointer,
  node: Pointer,
  name: number,
  node2: Pointer,
  name2: number,
): number {
  const { arena } = td;
  if (ng_findhook(td, node2, name2) !== 0) return EEXIST;
  const { error: refused, made: hook } = ng_add_hook(td, node, name);
  if (refused !== 0) return refused;
  const hook2 = allocHook(td, ng_deadnode, hook, name2);
  if (hook2 === 0) {
    ng_destroy_hook(td, hook);
    ng_unref_hook(td, hook);
    return ENOMEM;
  }
  Atomics.store(arena, at(hook, hook_.hk_peer), hook2);
  refcount_acquire(td, at(hook, hook_.hk_refs));
  refcount_acquire(td, at(hook2, hook_.hk_refs));
  const error = ng_send_fn2(td, node2, hook2, item, FN_CON_PART2, false);
  if (error !== 0) ng_destroy_hook(td, hook);
  ng_unref_hook(td, hook);
  ng_unref_hook(td, hook2);
  return error;
}

/** The second part, on the other node. The item is used again for the third. */
export function ng_con_part2(td: Td, node: Pointer, item: Pointer, hook: Pointer): number {
  let error = attach(td, node, hook);
  if (error !== 0) ng_destroy_hook(td, hook);
  else {
    const peer = validated(td, hook, true);
    if (peer !== 0) return lastPart(td, item, hook, peer);
    ng_destroy_hook(td, hook);
    error = ENOENT;
  }
  ng_free_item(td, item);
  return error;
}

/** The hook becomes one of the node's. */
function attach(td: Td, node: Pointer, hook: Pointer): number {
  const name = Atomics.load(td.arena, at(hook, hook_.hk_name));
  if (isReserved(td, node, name)) return EEXIST;
  const error = types[Atomics.load(td.arena, at(node, node_.nd_type))]!.newhook(td, node, hook, name);
  if (error !== 0) return error;
  Atomics.store(td.arena, at(hook, hook_.hk_node), node);
  refcount_acquire(td, at(node, node_.nd_refs));
  linkHook(td, node, hook);
  return typeOf(td, hook).connect?.(td, hook) ?? 0;
}

/**
 * The peer, or 0 after a divorce. The hook becomes valid if it has a peer, under the lock under which a divorce would take it away.
 * `holds`: with a reference on the peer, which is used when the lock has been given back.
 */
function validated(td: Td, hook: Pointer, holds: boolean): Pointer {
  rw_wlock(td, globals.ng_topo_lock);
  const peer = Atomics.load(td.arena, at(hook, hook_.hk_peer));
  const found = peer === ng_deadhook ? 0 : live(td, 'hook', peer);
  if (found !== 0) {
    if (holds) refcount_acquire(td, at(peer, hook_.hk_refs));
    makeValid(td, hook);
  }
  rw_wunlock(td, globals.ng_topo_lock);
  return found;
}

function lastPart(td: Td, item: Pointer, hook: Pointer, peer: Pointer): number {
  const node = Atomics.load(td.arena, at(peer, hook_.hk_node));
  const error = ng_send_fn2(td, node, peer, item, FN_CON_PART3, true);
  ng_unref_hook(td, peer);
  if (error !== 0) ng_destroy_hook(td, hook);
  return error;
}

/** The second part will never run: what the first part has made is destroyed. The hook has no node yet. */
export function undoPart(td: Td, fn: number, hook: Pointer): void {
  if (fn === FN_CON_PART2) ng_destroy_hook(td, hook);
}

/** The third part, on the first node. */
export function ng_con_part3(td: Td, item: Pointer, hook: Pointer): number {
  const error = enable(td, hook);
  ng_free_item(td, item);
  return error;
}

function enable(td: Td, hook: Pointer): number {
  if (Atomics.load(td.arena, at(hook, hook_.hk_node)) === ng_deadnode) return ENOENT;
  const error = typeOf(td, hook).connect?.(td, hook) ?? 0;
  if (error !== 0) {
    ng_destroy_hook(td, hook);
    return error;
  }
  return validated(td, hook, false) === 0 ? ENOENT : 0;
}
