import { actsOf, type Act, type Turn } from './scenario.ts';

/**
 * What there is only one of, so that not two CPUs may use it: an interface that goes away or moves, the thread that tells of links, the network stack that goes away, and each of the two sockets of a
 * process, which the procedures of ng_socket rely on being used by one thread.
 */
export type Scarce = {
  /** As it is told. */
  readonly name: string;
  /** Whether it is gone after this. */
  readonly ends: boolean;
};

/** What of that an operation needs, or null. */
export const needOf = (act: Act): Scarce | null => {
  if ('detach' in act) return { name: `the interface of ${act.detach.node}`, ends: true };
  if ('move' in act) return { name: `the interface of ${act.move.node}`, ends: false };
  if ('linkstate' in act) return { name: 'the thread that tells of links (taskqueue_swi)', ends: false };
  if ('teardown' in act) return { name: 'the network stack', ends: true };
  const socket = socketOf(act);
  return socket === null ? null : { name: `the ${socket}`, ends: 'close' in act };
};

/** The socket that a process uses for it, or null. */
const socketOf = (act: Act): string | null => {
  if ('sendto' in act) return `data socket of ${act.sendto.node}`;
  if ('connectdata' in act) return `data socket of ${act.connectdata.node}`;
  if ('bind' in act) return `control socket of ${act.bind.node}`;
  if ('close' in act) return `${act.close.data === true ? 'data' : 'control'} socket of ${act.close.node}`;
  const [body] = Object.values(act) as [{ readonly from?: string }];
  return body.from === undefined ? null : `control socket of ${body.from}`;
};

/** Where programs need what another one needs that only one may, or what may have gone by then: which CPU, which of its turns, and why that is wrong; null where they do not. */
export const clashIn = (
  programs: readonly (readonly Turn[])[],
): { readonly cpu: number; readonly turn: number; readonly why: string } | null => {
  const users = new Map<string, number>();
  const gone = new Set<string>();
  for (const [cpu, program] of programs.entries())
    for (const [turn, one] of program.entries()) {
      const needs = actsOf(one).flatMap((act) => needOf(act) ?? []);
      for (const { name } of needs) {
        if (gone.has(name)) return { cpu, turn, why: `needs ${name}, which may have gone by then.` };
        if ((users.get(name) ?? cpu) !== cpu) return { cpu, turn, why: `needs ${name}, which one CPU only may use.` };
      }
      for (const { name, ends } of needs) {
        users.set(name, cpu);
        if (ends) gone.add(name);
      }
    }
  return null;
};
