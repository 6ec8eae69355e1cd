import { ng_con_part2, ng_con_part3, undoPart } from './connect.ts';
import { ng_destroy_hook } from './destroy.ts';
import { drop } from './address.ts';
import {
  DEEPER, FN_CON_PART2, FN_CON_PART3, FN_RMHOOK_PART2, FN_RMNODE, FN_SOURCE_INTR, HK_INVALID, NGF_INVALID, NGQF_DATA, NGQF_FN2, NGQF_MESG, NGQF_TYPE,
} from './flags.ts'; // prettier-ignore
import { ng_free_item } from './item.ts';
import { apply_, at, hook_, item_, node_, type Pointer } from './layout.ts';
import { ANSWER, LINK_STATE, ng_generic_msg } from './message.ts';
import { live } from './pool.ts';
import { ng_unref_hook } from './reference.ts';
import { ng_rmnode } from './rmnode.ts';
import { leave } from './send.ts';
import { ng_socket_item_applied } from './socket.ts';
import { ng_source_intr } from './source.ts';
import { EINVAL, type Td } from './td.ts';
import { routines, types } from './ngtype.ts';

/** ng_apply_item (ng_base.c:2413-2555). */

/** Hands a packet to the receive routine, if hook and node are still what they were when it was addressed. */
export function applyData(td: Td, node: Pointer, hook: Pointer, m: number, way: number): number {
  const { arena } = td;
  if (Atomics.load(arena, at(hook, hook_.hk_flags)) & HK_INVALID) return drop(td);
  if (Atomics.load(arena, at(node, node_.nd_flags)) & NGF_INVALID) return drop(td);
  const own = routines[Atomics.load(arena, at(hook, hook_.hk_rcvdata))]!;
  if (own !== null) return own(td, hook, m, way);
  const owner = live(td, 'node', Atomics.load(arena, at(hook, hook_.hk_node)));
  return types[Atomics.load(arena, at(owner, node_.nd_type))]!.rcvdata(td, hook, m, way);
}

/** Applies an item that was queued, or a message or a function, on its node. The caller has a reference on the node and is in its gate. */
export function ng_apply_item(td: Td, node: Pointer, item: Pointer, rw: number): number {
  const { arena } = td;
  const entry = Atomics.exchange(arena, at(item, item_.el_hook), 0);
  const apply = Atomics.load(arena, at(item, item_.apply));
  const depth = Atomics.load(arena, at(item, item_.depth));
  const type = Atomics.load(arena, at(item, item_.el_flags)) & NGQF_TYPE;
  const hook = type === NGQF_MESG ? stillThere(td, entry) : entry;
  const deeper = { ...td, used: td.used + 1 };
  const error =
    type === NGQF_DATA
      ? applyQueued(deeper, node, item, hook)
      : type === NGQF_MESG
        ? applyMessage(deeper, node, item, hook)
        : applyFunction(deeper, node, item, hook);
  if (hook !== 0) ng_unref_hook(td, hook);
  leave(td, node, rw);
  finishApply(td, apply, depth, error);
  return error;
}

/** The hook by which a message has come, without which it is applied when that has gone meanwhile (2464). */
function stillThere(td: Td, hook: Pointer): Pointer {
  if (hook === 0 || (Atomics.load(td.arena, at(hook, hook_.hk_flags)) & HK_INVALID) === 0) return hook;
  ng_unref_hook(td, hook);
  return 0;
}

function applyQueued(td: Td, node: Pointer, item: Pointer, hook: Pointer): number {
  const m = Atomics.load(td.arena, at(item, item_.m));
  ng_free_item(td, item);
  return applyData(td, node, hook, m, td.used * DEEPER);
}

function applyMessage(td: Td, node: Pointer, item: Pointer, hook: Pointer): number {
  if (Atomics.load(td.arena, at(node, node_.nd_flags)) & NGF_INVALID) return refuse(td, item, EINVAL);
  const cmd = Atomics.load(td.arena, at(item, item_.cmd));
  if (cmd === ANSWER) return handUp(td, node, item);
  if (cmd === LINK_STATE) return applyLink(td, node, item, hook);
  return ng_generic_msg(td, node, item);
}

/** What becomes of a link, which the hook leads to. */
function applyLink(td: Td, node: Pointer, item: Pointer, hook: Pointer): number {
  const { passOn } = types[Atomics.load(td.arena, at(node, node_.nd_type))]!;
  return passOn === undefined ? handUp(td, node, item) : passOn(td, node, item, hook);
}

/** A type that has no use for an answer, or for what becomes of a link, lets it go. */
function handUp(td: Td, node: Pointer, item: Pointer): number {
  const { rcvmsg } = types[Atomics.load(td.arena, at(node, node_.nd_type))]!;
  if (rcvmsg !== undefined) return rcvmsg(td, node, item);
  ng_free_item(td, item);
  return 0;
}

/**
 * Calls a function. On an invalid node only ng_rmnode may run, for an invalid hook only ng_rmhook_part2 and the parts of the making of a
 * link. If the node is shut down, the second part of a link leaves the first behind, which nobody else would destroy.
 */
function applyFunction(td: Td, node: Pointer, item: Pointer, hook: Pointer): number {
  const { arena } = td;
  const fn = Atomics.load(arena, at(item, item_.fn));
  if (fn !== FN_RMNODE && Atomics.load(arena, at(node, node_.nd_flags)) & NGF_INVALID) {
    undoPart(td, fn, hook);
    return refuse(td, item, EINVAL);
  }
  if (hook !== 0) live(td, 'hook', hook);
  if (fn === FN_CON_PART2) return ng_con_part2(td, node, item, hook);
  if (fn === FN_CON_PART3) return ng_con_part3(td, item, hook);
  if (fn === FN_RMHOOK_PART2) ng_destroy_hook(td, hook);
  else if (fn === FN_SOURCE_INTR) ng_source_intr(td, node, Atomics.load(arena, at(item, item_.fn_arg1)));
  else ng_rmnode(td, node);
  ng_free_item(td, item);
  return 0;
}

function refuse(td: Td, item: Pointer, error: number): number {
  const isFunction = (Atomics.load(td.arena, at(item, item_.el_flags)) & NGQF_TYPE) === NGQF_FN2;
  const isMessage = (Atomics.load(td.arena, at(item, item_.el_flags)) & NGQF_TYPE) === NGQF_MESG;
  ng_free_item(td, item);
  return isFunction || isMessage ? error : 0;
}

/** An item is sent whose sender waits for it and all that is sent in its course (struct ng_apply_info). */
export function holdApply({ arena }: Td, apply: Pointer): void {
  if (apply !== 0) Atomics.add(arena, at(apply, apply_.refs), 1);
}

/** It has been applied: only the first of them says with what error. */
export function finishApply(td: Td, apply: Pointer, depth: number, error: number): void {
  if (apply === 0) return;
  const { arena } = td;
  live(td, 'apply', apply);
  if (depth === 1 && error !== 0) Atomics.store(arena, at(apply, apply_.error), error);
  if (Atomics.sub(arena, at(apply, apply_.refs), 1) !== 1) return;
  const context = Atomics.load(arena, at(apply, apply_.context));
  if (context !== 0) return ng_socket_item_applied(td, context, Atomics.load(arena, at(apply, apply_.error)));
  Atomics.store(arena, at(apply, apply_.done), 1);
  Atomics.notify(arena, at(apply, apply_.done));
}
