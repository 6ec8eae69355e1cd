import { failed, type Made } from './addhook.ts';
import { addressMessage, drop, forward } from './address.ts';
import { beginOf, makeAnswer, put } from './answer.ts';
import { ng_bypass } from './bypass.ts';
import { ng_free_item, tally } from './item.ts';
import { at, hook_, node_, privateWord, td_, type Pointer } from './layout.ts';
import { goIfAlone, increment, privateOf, read, write } from './private.ts';
import { ng_snd_item } from './send.ts';
import { EINVAL, ENOMEM, type Td } from './td.ts';
import { known } from './text.ts';

/**
 * ng_tee: what comes by "left" goes to "right", with a copy to "left2right", and the other way round; what comes by one of the copies
 * goes to where its own packets came from. For each of its hooks the private data has a part (struct hookinfo) which says where what
 * comes by it goes; so a packet loads a way once, and then looks whether it is one.
 */
type Part = number;

/** The number of a part, by the name of its hook. What leads to a part is that number and one: 0 leads nowhere, as NULL. */
const partOf = (name: number): Part => name - known('left');
const [left, right, left2right, right2left] = [0, 1, 2, 3];
const way = (part: Part): number => part + 1;
const partAt = (way: number): Part => way - 1;

/* The words of a part. */
const PART_WORDS = 4;
const hookOf = (part: Part): number => part * PART_WORDS;
const dest = (part: Part): number => part * PART_WORDS + 1;
const dup = (part: Part): number => part * PART_WORDS + 2;
const stats = (part: Part): number => part * PART_WORDS + 3;

/** A new way is precalculated: what was sent to the copies before is sent to both now. */
export function ng_tee_newhook(td: Td, node: Pointer, hook: Pointer, name: number): number {
  const part = partOf(name);
  if (part < left || part > right2left) return EINVAL;
  const priv = Atomics.load(td.arena, at(node, node_.nd_private));
  if (part === right) straight(td, priv, left, right, right2left);
  else if (part === left) straight(td, priv, right, left, left2right);
  else aside(td, priv, part === right2left ? right : left, part);
  write(td, priv, hookOf(part), hook);
  write(td, priv, stats(part), 0);
  return 0;
}

function straight(td: Td, priv: Pointer, from: Part, part: Part, back: Part): void {
  const before = read(td, priv, dest(from));
  if (before !== 0) write(td, priv, dup(from), before);
  write(td, priv, dest(from), way(part));
  write(td, priv, dest(back), way(part));
}

function aside(td: Td, priv: Pointer, from: Part, part: Part): void {
  write(td, priv, read(td, priv, dest(from)) === 0 ? dest(from) : dup(from), way(part));
}

export function ng_tee_rcvdata(td: Td, hook: Pointer, m: number, depth: number): number {
  const priv = privateOf(td, hook);
  const part = partOf(Atomics.load(td.arena, at(hook, hook_.hk_name)));
  increment(td, priv, stats(part));
  const copies = read(td, priv, dup(part));
  if (copies !== 0) sendDuplicate(td, priv, partAt(copies), m, depth);
  const onward = read(td, priv, dest(part));
  if (onward === 0) return drop(td);
  increment(td, priv, stats(partAt(onward)));
  return forward(td, read(td, priv, hookOf(partAt(onward))), m, depth);
}

/** The copy is counted when it has been sent, if it could be. */
function sendDuplicate(td: Td, priv: Pointer, part: Part, m: number, depth: number): void {
  tally(td, td_.copied);
  forward(td, read(td, priv, hookOf(part)), m, depth, at(priv, privateWord(stats(part))));
}

/** What becomes of a link goes where packets go that come by the same hook, "left" or "right". */
export function ng_tee_passOn(td: Td, node: Pointer, item: Pointer, hook: Pointer): number {
  const priv = Atomics.load(td.arena, at(node, node_.nd_private));
  const part = hook === 0 ? -1 : partOf(Atomics.load(td.arena, at(hook, hook_.hk_name)));
  const onward = part === left || part === right ? read(td, priv, dest(part)) : 0;
  if (onward !== 0 && addressMessage(td, read(td, priv, hookOf(partAt(onward))), item))
    return ng_snd_item(td, item, false);
  ng_free_item(td, item);
  return onward === 0 ? 0 : EINVAL;
}

/** NGM_TEE_GET_STATS: the counters of "right", "left", "right2left" and "left2right", while readers count. */
export function ng_tee_stats(td: Td, node: Pointer): Made {
  const priv = Atomics.load(td.arena, at(node, node_.nd_private));
  const answer = makeAnswer(td, 4);
  if (answer === 0) return failed(ENOMEM);
  const place = beginOf(answer);
  for (const part of [right, left, right2left, left2right]) put(td, place, read(td, priv, stats(part)));
  return { error: 0, made: answer };
}

/** Leaves the two peers linked to each other, if there are two. */
export function ng_tee_close(td: Td, node: Pointer): void {
  const priv = Atomics.load(td.arena, at(node, node_.nd_private));
  const hook1 = read(td, priv, hookOf(left));
  const hook2 = read(td, priv, hookOf(right));
  if (hook1 !== 0 && hook2 !== 0) ng_bypass(td, hook1, hook2);
}

export function ng_tee_disconnect(td: Td, hook: Pointer): void {
  const priv = privateOf(td, hook);
  const part = partOf(Atomics.load(td.arena, at(hook, hook_.hk_name)));
  write(td, priv, hookOf(part), 0);
  forget(td, priv, left, part);
  forget(td, priv, right, part);
  for (const copy of [left2right, right2left])
    if (read(td, priv, dest(copy)) === way(part)) write(td, priv, dest(copy), 0);
  goIfAlone(td, hook);
}

/** From `from` nothing goes to the part any more; where the copies went, the packets themselves go now. */
function forget(td: Td, priv: Pointer, from: Part, part: Part): void {
  if (read(td, priv, dest(from)) === way(part)) {
    write(td, priv, dest(from), read(td, priv, dup(from)));
    write(td, priv, dup(from), 0);
  } else if (read(td, priv, dup(from)) === way(part)) write(td, priv, dup(from), 0);
}
