import { parentPort, workerData } from 'node:worker_threads';
import { isRaised } from '../command/jobs/interruption.ts';
import type { Said, Task } from './apart.ts';
import { minimize } from './minimum.ts';

/** The thread that makes runs minimal: one, and then it is over. */

const { failing, limits, flag } = workerData as Task;
const word = new Int32Array(flag);
const say = (said: Said): void => parentPort!.postMessage(said);

say({
  minimum: minimize(failing, {
    ...limits,
    interrupted: () => isRaised(word),
    onProgress: (progress) => say({ progress }),
    onKept: (kept) => say({ kept }),
  }),
});
