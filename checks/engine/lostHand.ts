import { workerData } from 'node:worker_threads';
import type { Orders } from '../../src/explore/levels/crew.ts';
import { GO, READY } from '../../src/explore/compiled/together.ts';

/** A thread of a crew that takes its orders, and ends without a word at the first level, as one to which memory ran out. */
const { control } = (workerData as { readonly orders: Orders }).orders;
const turn = Atomics.load(control, GO);
Atomics.add(control, READY, 1);
Atomics.notify(control, READY);
Atomics.wait(control, GO, turn);
