import { isThere } from './ifnet.ts';
import { globals, type Pointer } from './layout.ts';
import { mtx_lock, mtx_unlock } from './lock.ts';
import type { Td } from './td.ts';

/**
 * taskqueue_swi, as far as netgraph meets it: each interface has one task (if_linktask), and one at a time is running. In the C a thread runs them; here whoever has one to run. For which
 * interface that is stands in `tb_running`, which is touched under `tq_mtx` only. A task has no reference on the interface: who takes that away waits for it.
 */

/** Runs the task of an interface when no other is running; to be called outside sections. @returns its answer, or null when there is no such interface. */
export function taskqueue_run(td: Td, ifp: Pointer, task: () => number): number | null {
  if (!begin(td, ifp)) return null;
  try {
    return task();
  } finally {
    mtx_lock(td, globals.tq_mtx);
    Atomics.store(td.arena, globals.tb_running, 0);
    mtx_unlock(td, globals.tq_mtx);
    Atomics.notify(td.arena, globals.tb_running);
  }
}

function begin(td: Td, ifp: Pointer): boolean {
  const { arena } = td;
  for (;;) {
    mtx_lock(td, globals.tq_mtx);
    const running = Atomics.load(arena, globals.tb_running);
    const there = running === 0 && isThere(td, ifp);
    if (there) Atomics.store(arena, globals.tb_running, ifp);
    mtx_unlock(td, globals.tq_mtx);
    if (running === 0) return there;
    Atomics.wait(arena, globals.tb_running, running);
  }
}

/** Waits until the task of the interface is not running, and does the last thing under the same lock; to be called outside sections. @returns what that has answered. */
export function taskqueue_drain(td: Td, ifp: Pointer, last: () => boolean = () => true): boolean {
  const { arena } = td;
  for (;;) {
    mtx_lock(td, globals.tq_mtx);
    const running = Atomics.load(arena, globals.tb_running) === ifp;
    const answer = !running && last();
    mtx_unlock(td, globals.tq_mtx);
    if (!running) return answer;
    Atomics.wait(arena, globals.tb_running, ifp);
  }
}
