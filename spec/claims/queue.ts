import type { Property, View } from '../../src/machine/property.ts';
import { ng } from '../globals.ts';
import {
  ng_deadnode,
  NGF_FORCE_WRITER,
  NGQ2_WORKQ,
  Node,
  OP_PENDING,
  READER_INCREMENT,
  WRITER_ACTIVE,
} from '../node.ts';
import { firstOf, gone, isLive, worklist } from './reading.ts';

/** Claims about queues, the gate and the worklist. */

/** S4. While somebody holds q_mtx the two are not yet, or no longer, alike. */
export const queuePendingFlag: Property = {
  name: 'queue-pending-flag',
  kind: 'always',
  sentence: 'OP_PENDING is set exactly while something is queued, whenever q_mtx is free',
  holds: (view) =>
    firstOf(
      view.records(Node).map((node) => {
        if (node === ng_deadnode || !isLive(view, node) || view.holder(node, 'q_mtx') !== null) return null;
        const pending = (node.q_flags & OP_PENDING) !== 0;
        if (pending === (node.queue_first !== null)) return null;
        return pending
          ? `OP_PENDING of ${view.title(node)} is set, but nothing is queued`
          : `${view.title(node)} has a queue, but not OP_PENDING`;
      }),
    ),
};

/** S31. Additions and removals are one step each, so this holds in every state and not only while the mutex is free. */
export const worklistOnce: Property = {
  name: 'worklist-once',
  kind: 'always',
  sentence: 'a node is on the worklist at most once, and only while NGQ2_WORKQ is set and its memory is in use',
  holds: (view) => {
    const nodes = worklist(view);
    const last = nodes.at(-1) ?? null;
    const listed = firstOf(
      nodes.map((node, i) => {
        const life = gone(view, node);
        if (life !== null) return `${view.title(node)} is on the worklist and ${life}`;
        if (nodes.indexOf(node) < i) return `${view.title(node)} is on the worklist twice`;
        return node.q_flags2 & NGQ2_WORKQ ? null : `${view.title(node)} is on the worklist without NGQ2_WORKQ`;
      }),
    );
    if (listed !== true) return listed;
    return last === ng.ng_worklist_last
      ? true
      : `the worklist ends at ${view.title(last)}, but its tail says ${view.title(ng.ng_worklist_last)}`;
  },
};

/**
 * S32 and S33, as far as a state shows them, for designs that have the gate. That the counts of q_flags are at least those of the
 * threads inside, and not equal: a thread is in the gate a few steps before it begins to apply, and after it has ended.
 */
export const gateExclusion: Property = {
  name: 'gate-exclusion',
  kind: 'always',
  sentence: 'in a design with the gate, a thread that applies an item as a writer is alone on its node',
  holds: (view: View) =>
    !view.given('gate') ||
    firstOf(
      view.records(Node).map((node) => {
        if (node === ng_deadnode || !isLive(view, node)) return null;
        const { readers, writers, q_flags } = node;
        if (writers > 1) return `${writers} writers apply items on ${view.title(node)} at a time`;
        if (writers > 0 && readers > 0)
          return `a writer and ${readers} readers apply items on ${view.title(node)} at a time`;
        if (writers > 0 && !(q_flags & WRITER_ACTIVE))
          return `a writer applies an item on ${view.title(node)} without WRITER_ACTIVE`;
        const entered = Math.floor(q_flags / READER_INCREMENT);
        return readers > entered
          ? `${readers} readers apply items on ${view.title(node)}, but ${entered} have entered`
          : null;
      }),
    ),
};

/** S32, in every design: it is what a type without a lock of its own asks for by NGF_FORCE_WRITER. */
export const singleThreaded: Property = {
  name: 'single-threaded',
  kind: 'always',
  sentence: 'a node with NGF_FORCE_WRITER has at most one thread in its rcvdata',
  holds: (view) =>
    firstOf(
      view.records(Node).map((node) => {
        if (node === ng_deadnode || !isLive(view, node) || !(node.nd_flags & NGF_FORCE_WRITER)) return null;
        return node.receiving > 1
          ? `${node.receiving} threads are in rcvdata of ${view.title(node)}, which forces writers`
          : null;
      }),
    ),
};

/** S16. Nobody enters as a writer where anybody is, nor as a reader where a writer is; q_flags alone says who is in the gate. */
export const gateWord: Property = {
  name: 'gate-word',
  kind: 'always',
  sentence: 'q_flags never counts readers while WRITER_ACTIVE is set',
  holds: (view) =>
    firstOf(
      view.records(Node).map((node) => {
        if (node === ng_deadnode || !isLive(view, node)) return null;
        const readers = Math.floor(node.q_flags / READER_INCREMENT);
        return node.q_flags & WRITER_ACTIVE && readers > 0
          ? `q_flags of ${view.title(node)} counts ${readers} readers beside a writer`
          : null;
      }),
    ),
};

/** S33, at rest. Whoever stays in the gate keeps the writers out, and if it is a writer everybody. */
export const gateLeft: Property = {
  name: 'gate-left',
  kind: 'finally',
  sentence: 'whoever has entered the gate of a node has left it',
  holds: (view) =>
    firstOf(
      view.records(Node).map((node) => {
        if (node === ng_deadnode || !isLive(view, node)) return null;
        const inside = node.q_flags & ~OP_PENDING;
        if (inside === 0) return null;
        return inside & WRITER_ACTIVE
          ? `a writer has not left the gate of ${view.title(node)}`
          : `the gate of ${view.title(node)} has not been left (readers: ${inside / READER_INCREMENT})`;
      }),
    ),
};

/** S31, at rest: NGQ2_WORKQ keeps the node off the worklist, so it must not stay behind. */
export const workTaken: Property = {
  name: 'work-taken',
  kind: 'finally',
  sentence: 'NGQ2_WORKQ is set only for a node on the worklist, when no ngthread is at work',
  holds: (view) => {
    const waiting = worklist(view);
    return firstOf(
      view.records(Node).map((node) => {
        if (node === ng_deadnode || !isLive(view, node) || !(node.q_flags2 & NGQ2_WORKQ)) return null;
        return waiting.includes(node) ? null : `${view.title(node)} has NGQ2_WORKQ, but is not on the worklist`;
      }),
    );
  },
};
