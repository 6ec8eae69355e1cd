import { workerData } from 'node:worker_threads';

/** A thread that says after a while that it has changed what it changes. */
const { words, at, begun } = workerData as {
  readonly words: Int32Array;
  readonly at: number;
  readonly begun: Int32Array;
};
Atomics.store(begun, 0, 1);
Atomics.notify(begun, 0);
setTimeout(() => {
  Atomics.store(begun, 0, 2);
  Atomics.store(words, at, 0);
  Atomics.notify(words, at);
}, 2000);
