import type { Shared } from '../machine/record.ts';
import { POISON } from '../netgraph/index.ts';
import type { Access } from './access.ts';
import type { Meant } from './subject.ts';

/** What the accesses of the library to a lock, or to what one guards, are in the specification. */

/** A mutex of a record: each that is taken or given back is a step. */
export const ofMutex = ({ kind, operand }: Access, answer: number, held: number, field: string): readonly Meant[] => {
  if (kind === 'compareExchange') return held === 0 && answer === operand ? [{ does: `mtx_lock ${field}` }] : [];
  // What is done under the mutex of a socket can be one step.
  return kind === 'exchange'
    ? [{ does: `mtx_unlock ${field}`, ...(field === 'mtx' ? { ifDue: true as const } : {}) }]
    : [];
};

/**
 * Each of the two critical sections of the worklist is one step of the model: to put a node there at its first store, which is to q_work; to take
 * one when the head of the list is changed. A thread of the library can look under the mutex and find nothing, which is no step.
 */
export const ofWorklist = (field: string): readonly Meant[] => [
  { does: 'mtx_lock ng_worklist_mtx', ...(field === 'q_work' ? {} : { ifDue: true }) },
];

/**
 * The reader/writer locks. What the model does under one of them is one step, or as many as others can come between: the W lock is taken
 * with all that is done under it, the R lock of the ID hash together with the load of `nd_flags` that follows it. Where the step that gives the lock
 * back is one with another, the library gives it back later than the model. The topology lock is always taken and given back in a step of its own.
 */
export const ofLock = ({ kind, operand, replacement }: Access, answer: number, field: string): readonly Meant[] => {
  if (kind === 'compareExchange') {
    if (answer !== operand) return [];
    if ((replacement & ~operand & 1) !== 0) return [{ does: `rw_wlock ${field}` }];
    const reads = replacement - operand === 4 && field !== 'ng_idhash_lock';
    return reads ? [{ does: `rw_rlock ${field}` }] : [];
  }
  if (kind === 'exchange')
    return [{ does: `rw_wunlock ${field}`, ...(field === 'ng_topo_lock' ? {} : { ifDue: true }) }];
  if (kind !== 'sub') return [];
  // Not found by its ID: nothing but the lock was touched.
  const whole: readonly Meant[] = field === 'ng_idhash_lock' ? [{ does: `rw_rlock ${field}`, ifDue: true }] : [];
  return [...whole, { does: `rw_runlock ${field}`, ...(field === 'ng_topo_lock' ? {} : { ifDue: true }) }];
};

/**
 * Each critical section of the wheel is one step of the model: the store that says whether the callout is on the wheel, which all that do something to
 * one have. Who looks and finds nothing, or that he must wait, does no step.
 */
export const ofWheel = ({ kind, operand }: Access, field: string, wheel: Shared): readonly Meant[] => {
  if (kind !== 'store' || operand === POISON) return [];
  if (field === 'cc_exec_curr') return operand === 0 ? [{ does: 'store cc_exec_curr', of: wheel }] : [];
  return [
    operand === 0
      ? { does: 'load cc_exec_curr', or: ['load pending'], of: wheel }
      : { does: 'load pending', of: wheel },
  ];
};

/**
 * What is done under the lock of the task queue is one step of the model: to begin a task at the load that says that there is still an interface; to wait for one at the look that finds
 * it not running, which of him who takes the interface away is part of that. Where one is running that may be another interface's: then the step is done late.
 */
export const ofTask = ({ kind, operand }: Access, answer: number): readonly Meant[] => {
  if (kind === 'load' && answer !== 0) return [];
  if (kind === 'load') return [{ does: 'load tb_running', step: 'taskqueue_drain: load tb_running', ifDue: true }];
  return kind === 'store' && operand === 0 ? [{ does: 'store tb_running' }] : [];
};

/** The first access to a node under the R lock of the ID hash, with which the model takes that. */
export const lookedUp = (field: string): readonly Meant[] =>
  field === 'nd_flags' || field === 'nd_refs' ? [{ does: 'rw_rlock ng_idhash_lock', ifDue: true }] : [];
