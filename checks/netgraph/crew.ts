import { Worker } from 'node:worker_threads';
import { ask, attach, create, find, make, type Design, type Td } from '../../src/netgraph/index.ts';
import type { Done, Job } from './worker.ts';

export type Assignment = Pick<Job, 'does'> & { readonly rate?: number };

/**
 * A stack with a hub in the middle, and workers on it: `iface` → `hub` → `hole`; each who restructures adds a hub with a sink to the one in the middle and
 * takes it away again, and each who sends has an `iface` of his own. They begin together and are stopped together.
 * @returns what each has done, and a thread of the arena when all have ended.
 */
export const work = async (
  design: Design,
  milliseconds: number,
  assignments: readonly Assignment[],
): Promise<{ readonly done: readonly Done[]; readonly td: Td }> => {
  const arena = create(design);
  const td = attach(arena, 0) as Td;
  const hub = make(td, 'hub');
  ask(td, hub, { cmd: 'name', name: 'hub' });
  ask(td, hub, { cmd: 'mkpeer', hook: 'sink', type: 'hole', peerhook: 'x' });
  const sources = assignments.map((_, i) => {
    const source = make(td, 'iface');
    ask(td, source, { cmd: 'connect', hook: 'inet', path: 'hub:', peerhook: `s${i}` });
    return source;
  });
  const gate = new Int32Array(new SharedArrayBuffer(4));
  const workers = assignments.map(({ does, rate = 0 }, i) => {
    const workerData: Job = {
      arena,
      thread: i + 1,
      does,
      node: does === 'send' ? sources[i]! : find(td, 'hub'),
      rate,
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
