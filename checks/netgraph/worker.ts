import { parentPort, workerData } from 'node:worker_threads';
import {
  ask, attach, awaitWork, find, runCallbacks, send, serviceQueue, type Td,
} from '../../src/netgraph/index.ts'; // prettier-ignore

/** A worker of a storm or a measurement: it does one thing over and over until it is told to stop, and says how often, and how long it took at worst. */
export type Job = {
  readonly arena: Int32Array;
  readonly thread: number;
  /** `send`: packets into `node`; `restructure`: takes away the second relay of `node` and makes it anew; `serve`: queues; `nothing`: it lets about as much time pass as a send takes. */
  readonly does: 'send' | 'restructure' | 'serve' | 'nothing';
  readonly node: number;
  /** The hook of the middle at which it restructures. */
  readonly hook: string;
  /** Restructurings a second; 0: as many as can be. */
  readonly rate: number;
  /** It does not stop before it has done so much, however long that takes. */
  readonly atLeast: number;
  /** Word 0: 0 wait, 1 go, 2 stop. */
  readonly gate: Int32Array;
};
export type Done = {
  readonly count: number;
  readonly seconds: number;
  /** Nanoseconds that a call took, at worst, and for 9,999 of 10,000. */
  readonly worst: number;
  readonly p9999: number;
};

const { arena, thread, does, node, hook, rate, atLeast, gate } = workerData as Job;
const td = attach(arena, thread) as Td;

/** Times in a histogram of 64 steps to the power of two: 1.1 % apart. */
const STEPS = 64;
const times = new Float64Array(40 * STEPS);
let worst = 0;
const note = (nanoseconds: number): void => {
  const at = Math.floor(Math.log2(Math.max(nanoseconds, 1)) * STEPS);
  times[at] = times[at]! + 1;
  if (nanoseconds > worst) worst = nanoseconds;
};
const quantile = (share: number): number => {
  let left = times.reduce((a, b) => a + b, 0) * (1 - share);
  for (let at = times.length - 1; at >= 0; at--) if ((left -= times[at]!) < 0) return 2 ** (at / STEPS);
  return 0;
};

const now = (): number => performance.now() * 1e6;
const restructure = (): void => {
  const relay = find(td, `r${thread}`);
  if (relay > 0) ask(td, relay, { cmd: 'shutdown' });
  ask(td, node, { cmd: 'mkpeer', hook, type: 'hub', peerhook: 'a' });
  const made = find(td, `middle:${hook}`);
  if (made > 0) {
    ask(td, made, { cmd: 'name', name: `r${thread}` });
    ask(td, made, { cmd: 'mkpeer', hook: 'b', type: 'hole', peerhook: 'x' });
  }
  runCallbacks(td);
};
/** Nanoseconds of a send over two hops, about. */
const SEND = 800;
const pass = (nanoseconds: number): void => {
  const end = now() + nanoseconds;
  while (now() < end);
};
const once = (): void => {
  if (does === 'send') send(td, node, 1);
  else if (does === 'restructure') restructure();
  else if (does === 'nothing') pass(SEND);
  else if (serviceQueue(td) < 0) awaitWork(td, 1);
};

parentPort!.postMessage('ready');
while (Atomics.load(gate, 0) === 0) Atomics.wait(gate, 0, 0);
const began = now();
let count = 0;
while (count < atLeast || Atomics.load(gate, 0) === 1) {
  const before = now();
  once();
  note(now() - before);
  count++;
  if (rate > 0) Atomics.wait(gate, 0, 1, Math.max(0, (count / rate) * 1000 - (now() - began) / 1e6));
}
while (serviceQueue(td) >= 0);
for (let i = 0; i < 100 && runCallbacks(td) > 0; i++);
parentPort!.postMessage({ count, seconds: (now() - began) / 1e9, worst, p9999: quantile(0.9999) } satisfies Done);
