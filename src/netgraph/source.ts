import { drop, forward } from './address.ts';
import { CALLOUT_WORDS, ng_callout, ng_uncallout, ng_uncallout_drain } from './callout.ts';
import { NET_EPOCH_ENTER, NET_EPOCH_EXIT } from './epoch.ts';
import { Fault } from './fault.ts';
import { DEEPER, FN_SOURCE_INTR, NGF_TYPE1 } from './flags.ts';
import { tally } from './item.ts';
import { at, hook_, node_, td_, type Pointer } from './layout.ts';
import { isLive } from './pool.ts';
import { hangOnNode, increment, privateOf, read, write } from './private.ts';
import { ng_unref_node } from './reference.ts';
import { ng_rmnode_self } from './rmnode.ts';
import { EBUSY, EINVAL, ENXIO, type Td } from './td.ts';
import { known } from './text.ts';

/**
 * ng_source: sends copies of a packet by its hook "output", one at each tick of a callout; the packet is the last that has come by "input". The
 * hook "output" is remembered when it goes, for then the node goes as well.
 */

/* Words of the private data, which begins with the callout. */
const nodeOfIt = CALLOUT_WORDS;
const output = nodeOfIt + 1;
const input = output + 1;
/** Whether there is a packet to copy, and its payload: none while it is being copied. */
const snd_queue = input + 1;
const payload = snd_queue + 1;
/** How many packets are still to be sent. */
const packets = payload + 1;
/** How many could not be. */
const errors = packets + 1;

/** It is sending. */
const NG_SOURCE_ACTIVE = NGF_TYPE1;

export function ng_source_constructor(td: Td, node: Pointer): number {
  const error = hangOnNode(td, node);
  if (error === 0) write(td, Atomics.load(td.arena, at(node, node_.nd_private)), nodeOfIt, node);
  return error;
}

export function ng_source_newhook(td: Td, node: Pointer, hook: Pointer, name: number): number {
  if (name !== known('output') && name !== known('input')) return EINVAL;
  write(td, Atomics.load(td.arena, at(node, node_.nd_private)), name === known('output') ? output : input, hook);
  return 0;
}

export function ng_source_rcvdata(td: Td, hook: Pointer, m: number): number {
  const sc = privateOf(td, hook);
  if (hook === read(td, sc, output)) return drop(td);
  if (hook !== read(td, sc, input)) throw new Fault('ng_source_rcvdata: no hook!');
  write(td, sc, payload, m);
  write(td, sc, snd_queue, 1);
  tally(td, td_.delivered);
  return 0;
}

/** NGM_SOURCE_START: so many packets, the first when the clock ticks. */
export function ng_source_configure(td: Td, node: Pointer, value: number): number {
  const { arena } = td;
  const sc = Atomics.load(arena, at(node, node_.nd_private));
  if (value < 1) return EINVAL;
  if (read(td, sc, output) === 0) return ENXIO;
  if (Atomics.or(arena, at(node, node_.nd_flags), NG_SOURCE_ACTIVE) & NG_SOURCE_ACTIVE) return EBUSY;
  write(td, sc, packets, value);
  const error = ng_callout(td, sc, node, FN_SOURCE_INTR, sc);
  if (error !== 0) deactivate(td, sc);
  return error;
}

/** What the callout has done on the node at each tick. */
export function ng_source_intr(td: Td, node: Pointer, sc: Pointer): void {
  if (read(td, sc, packets) === 0 || read(td, sc, output) === 0 || !isActive(td, sc)) return ng_source_stop(td, sc);
  ng_source_send(td, sc);
  if (read(td, sc, packets) === 0) return ng_source_stop(td, sc);
  if (ng_callout(td, sc, node, FN_SOURCE_INTR, sc) !== 0) deactivate(td, sc);
}

const isActive = (td: Td, sc: Pointer): boolean =>
  (Atomics.load(td.arena, at(read(td, sc, nodeOfIt), node_.nd_flags)) & NG_SOURCE_ACTIVE) !== 0;

/** One packet at a tick. One that cannot be sent is sent again at the next. */
function ng_source_send(td: Td, sc: Pointer): void {
  if (!isActive(td, sc)) throw new Fault('ng_source_send: inactive node');
  if (read(td, sc, packets) === 0 || read(td, sc, snd_queue) === 0) return;
  write(td, sc, snd_queue, 0);
  const m = read(td, sc, payload);
  write(td, sc, snd_queue, 1);
  tally(td, td_.copied);
  NET_EPOCH_ENTER(td);
  const error = forward(td, read(td, sc, output), m, td.used * DEEPER);
  NET_EPOCH_EXIT(td);
  if (error !== 0) increment(td, sc, errors);
  else write(td, sc, packets, read(td, sc, packets) - 1);
}

function ng_source_stop(td: Td, sc: Pointer): void {
  ng_uncallout(td, sc, read(td, sc, nodeOfIt));
  deactivate(td, sc);
}

function deactivate(td: Td, sc: Pointer): void {
  Atomics.and(td.arena, at(read(td, sc, nodeOfIt), node_.nd_flags), ~NG_SOURCE_ACTIVE);
}

/** ng_source_rmnode: waits until the callout has run, and so is to be called outside sections, as all that shuts nodes down. */
export function ng_source_shutdown(td: Td, node: Pointer): void {
  const sc = Atomics.load(td.arena, at(node, node_.nd_private));
  ng_uncallout_drain(td, sc, node);
  deactivate(td, sc);
  if (read(td, sc, snd_queue) !== 0) write(td, sc, snd_queue, 0);
  ng_unref_node(td, node);
}

/** Without hooks the node goes, and without "output". */
export function ng_source_disconnect(td: Td, hook: Pointer): void {
  const { arena } = td;
  const sc = privateOf(td, hook);
  const node = Atomics.load(arena, at(hook, hook_.hk_node));
  if (Atomics.load(arena, at(node, node_.nd_numhooks)) === 0 || hook === read(td, sc, output)) ng_rmnode_self(td, node);
}

/** How many packets are still to be sent, and how often one could not be. ENXIO when there is no such node; what it counted last, where it goes meanwhile. */
export function sourcestats(td: Td, node: Pointer): { readonly packets: number; readonly errors: number } | number {
  const sc = Atomics.load(td.arena, at(node, node_.nd_private));
  const told = { packets: read(td, sc, packets), errors: read(td, sc, errors) };
  return isLive(td, 'node', node) && isLive(td, 'private', sc) ? told : ENXIO;
}
