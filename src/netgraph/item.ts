import { freeAnswer } from './answer.ts';
import { NGQF_DATA, NGQF_READER, NGQF_TYPE } from './flags.ts';
import { at, item_, type Pointer } from './layout.ts';
import { alloc, free } from './pool.ts';
import { ng_unref_hook, ng_unref_node } from './reference.ts';
import type { Td } from './td.ts';

/**
 * Items: envelopes for what waits in a queue, or may have to. One thread owns an item, or it lies in a queue, so nobody else looks into it.
 *
 * A packet that is not queued needs none: the hook it enters by and its payload go along as arguments, and as there are
 * no references on them, nothing is to be given back. So the way of a packet neither allocates nor frees.
 */

/** An item for a packet that is queued; it holds references on node and hook, which the caller has taken. 0 when there is no memory. */
export function ng_package_data(td: Td, node: Pointer, hook: Pointer, m: number): Pointer {
  const item = alloc(td, 'dataitem');
  if (item === 0) return 0;
  Atomics.store(td.arena, at(item, item_.el_flags), NGQF_DATA | NGQF_READER);
  Atomics.store(td.arena, at(item, item_.el_dest), node);
  Atomics.store(td.arena, at(item, item_.el_hook), hook);
  Atomics.store(td.arena, at(item, item_.m), m);
  return item;
}

/** Frees an item and the references that it still holds (ng_base.c:3061-3099). */
export function ng_free_item(td: Td, item: Pointer): void {
  const node = Atomics.load(td.arena, at(item, item_.el_dest));
  if (node !== 0) ng_unref_node(td, node);
  const hook = Atomics.load(td.arena, at(item, item_.el_hook));
  if (hook !== 0) ng_unref_hook(td, hook);
  const msg = Atomics.load(td.arena, at(item, item_.msg));
  if (msg !== 0) freeAnswer(td, msg);
  const isData = (Atomics.load(td.arena, at(item, item_.el_flags)) & NGQF_TYPE) === NGQF_DATA;
  free(td, isData ? 'dataitem' : 'item', item);
}

/** Counts in the record of the thread, where nobody else writes. Cost: 2 accesses. */
export function tally({ arena, thread }: Td, counter: number): void {
  const word = at(thread, counter);
  Atomics.store(arena, word, Atomics.load(arena, word) + 1);
}
