import type { Act } from './scenario.ts';

/** What can be done only once in a run: an interface goes away, and the network stack with all that is in it. */
const onces = ['detach', 'teardown'] as const;

/**
 * What of an operation there is only one of, so that no two CPUs may do it; null where there is nothing. A process uses each of its two sockets in
 * one thread: the procedures of ng_socket rely on it.
 */
export const needOf = (act: Act): string | null => onces.find((once) => once in act) ?? socketOf(act);

/** Whether it can be done once only. */
export const isOnce = (act: Act): boolean => onces.some((once) => once in act);

/** The socket that a process uses for it, or null. */
export const socketOf = (act: Act): string | null => {
  if ('sendto' in act) return `the data socket of ${act.sendto.node}`;
  if ('close' in act) return `the ${act.close.data === true ? 'data' : 'control'} socket of ${act.close.node}`;
  const [body] = Object.values(act) as [{ readonly from?: string }];
  return body.from === undefined ? null : `the control socket of ${body.from}`;
};
