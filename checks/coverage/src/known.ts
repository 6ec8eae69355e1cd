import { isMainThread } from 'node:worker_threads';

/** A file of which it is known which lines run: all but 15 to 21 and 26, if what a thread runs is counted too. */
export const always = (): string => {
  return 'always';
};

export const inThread = (): string => {
  const answer = isMainThread ? 'not here' : 'in a thread';
  return answer;
};

/** Nobody calls it. */
export const never = (n: number): number => {
  if (n > 1) {
    return never(n - 1);
  }
  if (n < 0) {
    throw new Error('never');
  }
  return n;
};

export const sometimes = (yes: boolean): string => {
  if (yes) return 'yes';
  return 'no';
};
