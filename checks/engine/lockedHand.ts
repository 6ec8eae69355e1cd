import { workerData } from 'node:worker_threads';
import type { Orders } from '../../src/explore/levels/crew.ts';
import { LocalLog } from '../../src/explore/compiled/localLog.ts';
import { GO, READY } from '../../src/explore/compiled/together.ts';

/** A thread of a crew that ends without a word at the first level, while it numbers a local state. */
const { control, log } = (workerData as { readonly orders: Orders }).orders;
const turn = Atomics.load(control, GO);
new LocalLog(log as Int32Array<SharedArrayBuffer>).locked(() => {
  Atomics.add(control, READY, 1);
  Atomics.notify(control, READY);
  Atomics.wait(control, GO, turn);
  process.exit();
});
