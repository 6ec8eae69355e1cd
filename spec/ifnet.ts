import {
  free, given, KASSERT, maySleep, mtx_lock, mtx_unlock, NET_EPOCH_CALL, NET_EPOCH_ENTER, NET_EPOCH_EXIT, refcount_acquire_if_not_zero,
  refcount_release, wait_until,
} from '../src/machine/access.ts'; // prettier-ignore
import { procedure } from '../src/machine/procedure.ts';
import {
  count,
  ghost,
  mutex,
  name,
  pointer,
  Shared,
  staticRecord,
  word,
  type Mutex,
  type RefCount,
} from '../src/machine/record.ts';
import { ng } from './globals.ts';
import { Node } from './node.ts';

/** Network interfaces, as far as netgraph meets them: how they are found, and how long their memory stays. */

/** struct ifnet. Which node it has changes only when it moves to another network stack (spec/README.md says what is left out). */
export class IfNet extends Shared {
  if_l2com: Node | null = pointer(() => Node, 'IFP2NG: the node of the interface, without a reference');
  if_flags = word(0, 0, 'whether it is up; it is. What matters is that it is read');
  if_xname = word(0, 0, 'its name, for who asks what it is called; likewise');
  if_pcount = word(0, 3, 'how many want it in promiscuous mode');
  if_addr_lock: Mutex = mutex(
    'IF_ADDR_WLOCK: guards if_pcount, where the design has it; what it guards else is not here',
  );
  if_hwassist = word(0, 0, 'checksums in hardware; likewise');
  if_index: IfIndex = pointer(() => IfIndex, 'its entry of the table; with if_idxgen in one');
  if_refcount: RefCount = count(7, 'one for its index, one for whoever uses it in no section');
  renamed = ghost(name('the name that it has got'));
}

/** An entry of V_ifindex_table, by which an interface is found for as long as there is one. */
export class IfIndex extends Shared {
  ifp: IfNet | null = pointer(() => IfNet, 'the interface, or NULL when it has gone');
}

/** struct taskqueue, of which one thread runs the tasks. Which task it is running is told by the interface that it is for: each has one, if_linktask. */
class TaskQueue extends Shared {
  tb_running: IfNet | null = pointer(() => IfNet, 'the interface whose task is running, or NULL');
}
export const taskqueue_swi = staticRecord(TaskQueue, 'taskqueue_swi');

/**
 * Waits until the task of the interface is not running. What stands in the same critical section of the caller is done with the last look. Where no link changes there is
 * nothing to wait for, and what the C looks at nobody changes: then this is no step.
 */
export const taskqueue_drain = procedure('subr_taskqueue.c:567-577', function taskqueue_drain(ifp: IfNet): void {
  if (!ng.linkChanges) return;
  wait_until(() => {
    const running = taskqueue_swi.tb_running === ifp; // 574
    if (running) maySleep(); // 575
    return !running;
  });
});

/** The interface, or NULL. To be called in a section: it keeps the memory. */
export const ifnet_byindex = procedure('if.c:333-351', function ifnet_byindex(index: IfIndex): IfNet | null {
  return index.ifp; // 341
});

/** Takes a reference, if there is one left. FreeBSD 12.1 takes it without asking (if_ref); FreeBSD 14 has this. */
export const if_try_ref = (ifp: IfNet): boolean => refcount_acquire_if_not_zero(ifp.if_refcount);

/** The interface with a reference, or NULL. */
export const ifunit_ref = procedure('if.c:2463-2477', function ifunit_ref(index: IfIndex): IfNet | null {
  NET_EPOCH_ENTER(); // 2467
  const ifp = ifnet_byindex(index); // 2468
  const held = ifp !== null && if_try_ref(ifp); // 2474
  NET_EPOCH_EXIT(); // 2475
  return held ? ifp : null;
});

/** Gives a reference back; with the last one the memory goes, after a grace period. */
export const if_rele = procedure('if.c:640-641, 659-665', function if_rele(ifp: IfNet): void {
  if (!refcount_release(ifp.if_refcount)) return; // 640, 662
  NET_EPOCH_CALL(if_destroy, ifp); // 641, 664
});

/** The interface is no more to be found, and the reference of its index goes. */
export const if_free = procedure('if.c:399-408, 627-643', function if_free(ifp: IfNet, index: IfIndex): void {
  if (ng.linkChanges) unlist(ifp, index);
  else index.ifp = null; // 404
  if_rele(ifp); // 640
});

/** With the last look of taskqueue_drain (1119), behind which the driver asks for the task no more: who looks at the table between the two finds what he would have found before. */
const unlist = procedure('if.c:404, 1119', function unlist(ifp: IfNet, index: IfIndex): void {
  wait_until(() => {
    const running = taskqueue_swi.tb_running === ifp; // 1119
    if (running)
      maySleep(); // 1119
    else index.ifp = null; // 404
    return !running;
  });
});

const if_destroy = procedure('if.c:590-621', function if_destroy(ifp: IfNet): void {
  free(ifp); // 612
});

/**
 * Promiscuous mode on, for one more who wants it, or off. The driver is told when the first comes and when the last goes, and may sleep.
 * Of the loads of `if_flags`, which decide nothing here, there is the first, and one after the driver: whoever could free the interface between two others could as well before.
 */
export const ifpromisc = procedure('if.c:3192-3276', function ifpromisc(ifp: IfNet, on: boolean): void {
  void ifp.if_flags; // 3266
  if (given('promisc-under-lock')) mtx_lock(ifp.if_addr_lock);
  const changes = if_setflag(ifp, on); // 3268
  if (given('promisc-under-lock')) mtx_unlock(ifp.if_addr_lock);
  if (!changes) return;
  maySleep(); // 3242
  void ifp.if_flags; // 3246, 3271
});

/** Counts those who want it. Returns whether the mode changes. */
const if_setflag = procedure('if.c:3192-3233', function if_setflag(ifp: IfNet, on: boolean): boolean {
  const before = ifp.if_pcount; // 3203, 3207, 3218
  KASSERT(on || before > 0, 'if_setflag: decrement non-positive refcount');
  ifp.if_pcount += on ? 1 : -1; // 3226, 3230
  const changes = before === (on ? 0 : 1);
  if (changes) ifp.if_flags = 0; // 3228, 3232
  return changes;
});
