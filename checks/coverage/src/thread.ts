import { parentPort } from 'node:worker_threads';
import { inThread } from './known.ts';

parentPort!.postMessage(inThread());
