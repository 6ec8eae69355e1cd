import { parentPort, workerData } from 'node:worker_threads';
import type { Calls } from '../../src/explore/compiled/calls.ts';
import type { Planted } from '../../src/explore/states/compiledTree.ts';

/** A thread that joins each tree that it is given, and reads a state as soon as it may. */
const { turn } = workerData as { readonly turn: Int32Array };
const search = new Proxy({}, { get: () => () => 0 });
parentPort!.on('message', ({ module, memory, at }: Planted) => {
  const table = new WebAssembly.Table({ element: 'anyfunc', initial: 8 });
  const calls = new WebAssembly.Instance(module, { env: { memory, table }, search }).exports as unknown as Calls;
  const into = calls.allocate(1 << 16);
  Atomics.store(turn, 0, 1);
  Atomics.notify(turn, 0);
  for (const until = performance.now() + 2 * Math.random(); performance.now() < until;);
  calls.join(at);
  calls.read(0, into);
  Atomics.store(turn, 0, 2);
});
