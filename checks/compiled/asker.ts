import { parentPort, workerData } from 'node:worker_threads';
import { CompiledTree, type Planted } from '../../src/explore/states/compiledTree.ts';
import { Lost } from '../../src/explore/compiled/localLog.ts';

/** A thread that asks to be alone in a tree, and says whether it was or is lost. */
const tree = CompiledTree.join(workerData as Planted);
const said = ((): string => {
  try {
    tree.working(() => tree.calls.beginLevel(60));
    return 'alone';
  } catch (thrown) {
    if (!(thrown instanceof Lost)) throw thrown;
    return 'lost';
  }
})();
parentPort!.postMessage(said);
