import type { Conduct, Doing } from '../../src/machine/conduct.ts';
import type { Operation, Routine } from '../../src/machine/operation.ts';
import { applyData } from '../apply.ts';
import { frameIn, frameOut } from '../ether.ts';
import { ng_acquire_read } from '../gate.ts';
import { IfacePrivate } from '../iface.ts';
import { filter } from '../ipfw.ts';
import { send } from '../program.ts';
import { ng_queue_rw } from '../queue.ts';
import { ng_source_send } from '../source.ts';
import { sendto } from '../syscall.ts';
import { runsEnd } from './ending.ts';

/**
 * Data never waits for restructuring: what that means, in three strengths, each of which promises more than the one before, and that
 * the way of a packet has an end. The published designs break the first already, so no scenario asks for these claims: the command
 * `data` makes them, and `check --claim`.
 *
 * A data operation is all that a thread does for one packet: from its entry into netgraph until the thread is done with it, which is when
 * it has left the graph or lies in a queue. What an ngthread does to apply a packet that was queued is one as well; to take it off
 * the queue is not, for until then it is not known whether it is a packet.
 */
export const dataOperations: readonly Routine[] = [send, frameIn, frameOut, filter, sendto, ng_source_send, applyData];

/**
 * Two packets may wait for each other: what a data operation holds it gives back after a bounded number of steps, none of which
 * waits for anybody else. So does whoever works on a queue (2075-2089, 2230-2247, 2377-2380, 3482-3489): under q_mtx nothing is taken but
 * ng_worklist_mtx, and under that nothing (3460-3464, 3531-3533). These two are left aside, then: a packet that is queued may
 * have to wait until another item has been. Whoever else holds a lock and is not about a packet is making or taking apart something.
 */
const dataUnhindered: Conduct = {
  name: 'data-unhindered',
  kind: 'unhindered',
  sentence:
    'no step of a data operation waits for a thread that is not in a data operation, but for the mutex of a queue',
  procedures: dataOperations,
  aside: ['q_mtx', 'ng_worklist_mtx'],
};

/**
 * A packet that is queued waits without a thread that waits. A hook or a node that asks for queueing gets it (2326, 2314), and so
 * does a thread that is short of stack; and a packet that comes as a writer must wait its turn. Only a reader that the gate refuses waits for
 * somebody's change. It is put on the queue where it is handed over.
 */
const dataDirect: Conduct = {
  name: 'data-direct',
  kind: 'steps',
  sentence: 'no packet is put on a queue because the gate refused it as a reader',
  procedures: [...dataOperations, ng_acquire_read, ng_queue_rw],
  holds: ({ running, operation }) =>
    operation.kind !== 'hand over' ||
    !isData(running) ||
    !running.some((procedure, i) => procedure === ng_queue_rw && running[i - 1] === ng_acquire_read) ||
    'queues a packet that the gate refused',
};

/**
 * Then threads that send through the same nodes have no cache line to pass on to each other. To queue a packet is to change shared
 * memory, so that part is aside; and so is memory itself, which the model hands out in one step (uma(9) has it by CPU).
 */
const dataReadonly: Conduct = {
  name: 'data-readonly',
  kind: 'steps',
  sentence:
    'no step of a data operation that does not queue reads, modifies and writes a shared word: no atomic, count or lock',
  procedures: [...dataOperations, ng_queue_rw],
  holds: ({ running, operation }: Doing) =>
    !isData(running) ||
    running.includes(ng_queue_rw) ||
    !modifies(operation) ||
    'modifies a word that others modify as well',
};

/**
 * The compare-and-set of the gate is tried again when somebody else was faster, so what a thread does for a packet is bounded only
 * by what all the others do meanwhile; the bound that is told is that of the scenario.
 */
const dataBounded: Conduct = {
  name: 'data-bounded',
  kind: 'bounded',
  sentence: 'a data operation ends after a bounded number of its own steps, whatever the others do',
  procedures: dataOperations,
};

const isData = (running: readonly Routine[]): boolean =>
  running.some((procedure) => dataOperations.includes(procedure));

/** rm_rlock and rm_runlock of ng_iface, which the model takes for an rwlock, touch memory of their CPU only (rmlock(9)). */
const isReadMostly = (operation: Operation): boolean =>
  operation.kind === 'cell' &&
  operation.cell.record instanceof IfacePrivate &&
  (operation.name === 'rw_rlock' || operation.name === 'rw_runlock');

/** Whether it is one of atomic(9), refcount(9), mutex(9) or rwlock(9). */
const modifies = (operation: Operation): boolean =>
  operation.kind === 'cell' && /^(atomic|refcount|mtx|rw)_/.test(operation.name) && !isReadMostly(operation);

/** From the weakest to the strongest; then the bound. */
export const dataConduct = {
  'data-unhindered': dataUnhindered,
  'data-direct': dataDirect,
  'data-readonly': dataReadonly,
  'data-bounded': dataBounded,
} as const satisfies Readonly<Record<string, Conduct>>;

export type DataClaim = keyof typeof dataConduct;

export const dataClaims = Object.keys(dataConduct) as readonly DataClaim[];

export const isDataClaim = (name: string): name is DataClaim => Object.hasOwn(dataConduct, name);

/** All that `check --claim` can ask for. */
export const conduct = { ...dataConduct, 'runs-end': runsEnd } as const satisfies Readonly<Record<string, Conduct>>;

export type ConductClaim = keyof typeof conduct;

export const conductClaims = Object.keys(conduct) as readonly ConductClaim[];

export const isConductClaim = (name: string): name is ConductClaim => Object.hasOwn(conduct, name);
