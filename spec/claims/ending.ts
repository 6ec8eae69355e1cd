import type { Conduct } from '../../src/machine/conduct.ts';

/**
 * T1-T5 and T7 say what comes to be so in the end, and the claims about ends (`no-leak`, `no-zombie`, `hooks-freed`, `really-dies`,
 * `other-end-destroyed`) and `deadlock` say that it is so wherever a run ends. What is left to say is that runs end: that nobody
 * tries a compare-and-set, waits for a lock, or puts an item back on a queue again and again for ever while everybody else may go on.
 * No scenario asks for it, for it needs the whole graph of states once more: `check --claim runs-end`.
 */
export const runsEnd: Conduct = {
  name: 'runs-end',
  kind: 'ends',
  sentence: 'every run in which no thread is kept waiting for ever comes to an end',
  procedures: [],
};
