import { refcount_acquire_if_not_zero, refcount_release } from './count.ts';
import { NET_EPOCH_CALL, NET_EPOCH_ENTER, NET_EPOCH_EXIT } from './epoch.ts';
import { Fault } from './fault.ts';
import { at, counts, ifindex_, ifnet_, slotOf, type Pointer } from './layout.ts';
import { mtx_lock, mtx_unlock } from './lock.ts';
import type { Td } from './td.ts';

/** Network interfaces, as far as netgraph meets them: how they are found, and how long their memory stays. */

/** Whether there is such an interface. Then its memory stays as long as the section in which this is asked. */
export const isThere = ({ arena }: Td, ifp: Pointer): boolean =>
  ifp > 0 && slotOf(ifp) < counts.ifindex && Atomics.load(arena, at(ifp, ifindex_.ifp)) === ifp;

/** IFP2NG within a section, which keeps the interface: its node, or 0. */
export const present = (td: Td, ifp: Pointer): Pointer =>
  isThere(td, ifp) ? Atomics.load(td.arena, at(ifp, ifnet_.if_l2com)) : 0;

/** Takes a reference on an interface, if there is such a one. */
export function ifunit_ref(td: Td, ifp: Pointer): boolean {
  NET_EPOCH_ENTER(td);
  const held = isThere(td, ifp) && refcount_acquire_if_not_zero(td, at(ifp, ifnet_.if_refcount));
  NET_EPOCH_EXIT(td);
  return held;
}

/** Gives a reference on an interface back. */
export function if_rele(td: Td, ifp: Pointer): void {
  if (refcount_release(td, at(ifp, ifnet_.if_refcount))) NET_EPOCH_CALL(td, 'ifnet', ifp);
}

/** One more wants promiscuous mode, or one less; the caller holds a reference. Nothing here comes by the frames that it lets in; what is done to the interface is. */
export function ifpromisc(td: Td, ifp: Pointer, by: 1 | -1): void {
  const { arena } = td;
  Atomics.load(arena, at(ifp, ifnet_.if_flags));
  mtx_lock(td, at(ifp, ifnet_.if_addr_lock));
  const wanted = Atomics.load(arena, at(ifp, ifnet_.if_pcount)) + by;
  if (wanted < 0) throw new Fault('if_setflag: decrement non-positive refcount');
  Atomics.store(arena, at(ifp, ifnet_.if_pcount), wanted);
  const changes = wanted === (by === 1 ? 1 : 0);
  if (changes) Atomics.store(arena, at(ifp, ifnet_.if_flags), 0);
  mtx_unlock(td, at(ifp, ifnet_.if_addr_lock));
  if (changes) Atomics.load(arena, at(ifp, ifnet_.if_flags));
}
