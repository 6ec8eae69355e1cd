import { Worker } from 'node:worker_threads';
import { ask, attach, create, make, type Design, type Td } from '../../src/netgraph/index.ts';
import type { Done, Job } from './worker.ts';

export type Assignment = Pick<Job, 'does'> & Partial<Pick<Job, 'rate' | 'atLeast'>>;
/** What is in the middle: a hub copies packets to all that is added; a one2many hands them to its sink only, and has room for four others. */
export type Middle = 'hub' | 'one2many';

/**
 * A stack, and workers on it: `iface` → hub or one2many → `hole`; each who restructures adds a hub with a sink to the one in the middle and
 * takes it away again, and each who sends has an `iface` of his own. They begin together and are stopped together, but each only when it has done `atLeast` as much.
 * @returns what each has done, and a thread of the arena when all have ended.
 */
export const work = async (
  design: Design,
  milliseconds: number,
  assignments: readonly Assignment[],
  middle: Middle = 'hub',
): Promise<{ readonly done: readonly Done[]; readonly td: Td }> => {
  const arena = create(design);
  const td = attach(arena, 0) as Td;
  const hub = make(td, middle);
  ask(td, hub, { cmd: 'name', name: 'middle' });
  ask(td, hub, { cmd: 'mkpeer', hook: middle === 'hub' ? 'sink' : 'one', type: 'hole', peerhook: 'x' });
  const hookOf = (i: number): string => (middle === 'hub' ? `s${i}` : `many${i}`);
  const sources = assignments.map(({ does }, i) => {
    if (does !== 'send') return 0;
    const source = make(td, 'iface');
    ask(td, source, { cmd: 'connect', hook: 'inet', path: 'middle:', peerhook: hookOf(i) });
    return source;
  });
  const gate = new Int32Array(new SharedArrayBuffer(4));
  const workers = assignments.map(({ does, rate = 0, atLeast = 0 }, i) => {
    const workerData: Job = {
      arena,
      thread: i + 1,
      does,
      node: sources[i]! || hub,
      rate,
      atLeast,
      hook: hookOf(i),
      gate,
    };
    return new Worker(new URL('./worker.ts', import.meta.url), { workerData });
  });
  const next = (worker: Worker): Promise<unknown> =>
    new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
  await Promise.all(workers.map(next));
  const results = workers.map(next) as Promise<Done>[];
  signal(gate, 1);
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  signal(gate, 2);
  const done = await Promise.all(results);
  await Promise.all(workers.map((worker) => worker.terminate()));
  return { done, td };
};

const signal = (gate: Int32Array, value: number): void => {
  Atomics.store(gate, 0, value);
  Atomics.notify(gate, 0);
};
