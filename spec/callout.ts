import {
  allocOwned, atomically, handOver, idle_until, maySleep, NET_EPOCH_ENTER, NET_EPOCH_EXIT, refcount_acquire,
  sameAddress, takeOver, wait_until,
} from '../src/machine/access.ts'; // prettier-ignore
import { forever, procedure, type Procedure } from '../src/machine/procedure.ts';
import { ghost, pointer, routine, Shared, staticRecord, truth } from '../src/machine/record.ts';
import type { Hook } from './hook.ts';
import { Item, NGQF_FN, NGQF_WRITER, type ItemFn } from './item.ts';
import { Private } from './linked.ts';
import type { Node } from './node.ts';
import { ng_free_item } from './package.ts';
import { ng_snd_item } from './send.ts';

/**
 * Callouts: a function item that is sent to its node when its time has come. While the callout is pending the item belongs to
 * nobody; who takes the callout off the wheel, to run it or to stop it, takes the item over.
 */

type Timeout = Procedure<[item: Item | null], void>;

/** struct callout. It lies in the private data of a type, so it is the beginning of that record and dies with it. */
export class Callout extends Private {
  c_func: Timeout | null = routine<Timeout>('what is called; stays after it has been');
  c_arg: Item | null = pointer(() => Item, 'its argument, the item; stays, though the item is gone then');
}

/** struct callout_cpu. One callout is modelled, so the wheel has one place. */
class CalloutCpu extends Shared {
  pending: Callout | null = pointer(() => Callout, 'CALLOUT_PENDING: the callout on the wheel, or NULL');
  cc_exec_curr: Callout | null = pointer(() => Callout, 'the callout whose function is running, or NULL');
  stands = ghost(truth('no more is taken off the wheel: it has been tried once to send by a hook that leads nowhere'));
}
export const wheel = staticRecord(CalloutCpu, 'wheel');

/*
 * Atomic, here and below: what stands between CC_LOCK and CC_UNLOCK touches the wheel and c_func, c_arg of a callout, takes no other
 * lock, and is one step, done when the lock is free. c_arg is read by netgraph without that lock as well; that read sees it before
 * or after such a step, and of the two stores of c_func and c_arg it sees only the second.
 */

/** Sets the callout off anew. Returns whether it was pending. */
const callout_reset = procedure(
  'kern_timeout.c:1019-1161',
  function callout_reset(c: Callout, ftn: Timeout, arg: Item): boolean {
    return atomically(() => {
      const cancelled = wheel.pending === c; // kern_timeout.c:1099
      c.c_func = ftn; // kern_timeout.c:1154
      c.c_arg = arg;
      wheel.pending = c;
      handOver(arg);
      return cancelled;
    });
  },
);

/**
 * Takes the callout off the wheel. Returns 1 if it was there; but 0 if its function was running at the same time, whether it was
 * on the wheel again or not; -1 if neither.
 */
const callout_stop = procedure('kern_timeout.c:1179-1430', function callout_stop(c: Callout): number {
  return atomically(() => {
    const running = wheel.cc_exec_curr === c; // kern_timeout.c:1256
    const pending = wheel.pending === c; // kern_timeout.c:1399
    if (!pending) return running ? 0 : -1;
    wheel.pending = null; // kern_timeout.c:1424
    return running ? 0 : 1;
  });
});

/** The thread that runs callouts: waits until one is pending; that its time comes is the scheduler's choice. */
export const softclock = procedure('kern_timeout.c:640-755', function softclock(): void {
  forever(() => {
    runCallout();
    wheel.cc_exec_curr = null; // kern_timeout.c:755
  });
});

const runCallout = procedure('kern_timeout.c:667-731', function runCallout(): void {
  let c_func: Timeout | null = null;
  let c_arg: Item | null = null;
  idle_until(() => {
    const c = wheel.pending; // 667
    if (c === null || wheel.stands) return false;
    c_func = c.c_func; // 680
    c_arg = c.c_arg; // 681
    wheel.pending = null; // 686
    wheel.cc_exec_curr = c; // 688
    if (c_arg !== null) takeOver(c_arg);
    return true;
  });
  c_func!(c_arg); // 731
});

export const ng_callout_trampoline: Timeout = procedure(
  'ng_base.c:3843-3853',
  function ng_callout_trampoline(item: Item | null): void {
    NET_EPOCH_ENTER(); // 3848
    void item!.el_dest; // 3849
    ng_snd_item(item!, 0); // 3850
    NET_EPOCH_EXIT(); // 3852
  },
);

/** Has a function applied on a node later, as a writer. */
export const ng_callout = procedure(
  'ng_base.c:3856-3879',
  function ng_callout(c: Callout, node: Node, hook: Hook | null, fn: ItemFn, arg1: Private | null): void {
    const item = allocOwned(Item); // 3861
    item.el_flags = NGQF_FN | NGQF_WRITER; // 3864
    refcount_acquire(node.nd_refs); // 3865
    item.el_dest = node; // 3866
    if (hook !== null) {
      refcount_acquire(hook.hk_refs); // 3868
      item.el_hook = hook; // 3869
    }
    item.fn = fn; // 3871
    item.fn_arg1 = arg1; // 3872
    const oitem = c.c_arg; // 3874
    const wasPending = callout_reset(c, ng_callout_trampoline, item); // 3875
    if (!wasPending || oitem === null) return;
    takeOver(oitem);
    ng_free_item(oitem); // 3877
  },
);

/** Frees the item of a callout that has been taken off the wheel. */
const ng_uncallout_internal = procedure(
  'ng_base.c:3887-3902',
  function ng_uncallout_internal(c: Callout, node: Node): void {
    const item = c.c_arg; // 3891
    const ours = c.c_func === ng_callout_trampoline; // 3892
    if (ours && item !== null) {
      takeOver(item);
      const dest = item.el_dest; // 3893
      if (sameAddress(dest, node)) ng_free_item(item); // 3899
    }
    c.c_arg = null; // 3901
  },
);

/**
 * Stops a callout. If its function is running and has set it off again, callout_stop takes it off the wheel and yet returns 0,
 * and nobody frees the item. The C says so (3913-3919), and that no node is known for it.
 */
export const ng_uncallout = procedure('ng_base.c:3907-3923', function ng_uncallout(c: Callout, node: Node): void {
  const rval = callout_stop(c); // 3911
  if (rval > 0) ng_uncallout_internal(c, node); // 3920
});

/** Waits until the function does not run, and takes the callout off the wheel in the same step. Returns whether it was there. */
const callout_drain = procedure('kern_timeout.c:1270-1350', function callout_drain(c: Callout): boolean {
  let removed = false;
  wait_until(() => {
    if (wheel.cc_exec_curr === c) {
      maySleep();
      return false;
    }
    removed = wheel.pending === c; // kern_timeout.c:1399
    if (removed) wheel.pending = null; // kern_timeout.c:1424
    return true;
  });
  return removed;
});

/** As ng_uncallout, for who can sleep: once the function has run nothing sets the callout off again but the node's writer, the caller. */
export const ng_uncallout_drain = procedure(
  'ng_base.c:3927-3936',
  function ng_uncallout_drain(c: Callout, node: Node): void {
    if (callout_drain(c)) ng_uncallout_internal(c, node); // 3934
  },
);
