/** Who goes on in a run; -1 where nobody can. `last` ran before, or -1. To find out whether a thread can go on costs something, so few are asked. */
export type Scheduler = (step: number, last: number, can: (thread: number) => boolean) => number;

/**
 * Numbers from 0 to 1, the same for the same seed (mulberry32): one number at each access, so the few instructions that it costs are what
 * counts, and not how good it is.
 */
export const chance = (seed: number): (() => number) => {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** The thread that ran goes on, and once in `every` accesses any other does. To choose anew at each access would find next to nothing. */
export const sticky = (random: () => number, threads: number, every: number): Scheduler => {
  const all = Array.from({ length: threads }, (_, thread) => thread);
  return (_, last, can) => {
    if (last >= 0 && can(last) && random() * every >= 1) return last;
    const able = all.filter((thread) => can(thread));
    return able.length === 0 ? -1 : able[Math.floor(random() * able.length)]!;
  };
};

/**
 * Burckhardt et al., ASPLOS 2010: threads have priorities drawn at random, the highest that can go on does, and at `depth - 1` accesses
 * drawn from the first `length` the one that runs falls below all others. A bug that needs `depth` things in order is found with
 * probability of at least 1 / (threads · length^(depth-1)) in each run.
 */
export const pct = (random: () => number, threads: number, length: number, depth: number): Scheduler => {
  const priority = Array.from({ length: threads }, () => random());
  const highestFirst = [...priority.keys()].toSorted((a, b) => priority[b]! - priority[a]!);
  const falls = new Set(Array.from({ length: depth - 1 }, () => Math.floor(random() * length)));
  return (step, last, can) => {
    if (falls.has(step) && last >= 0) highestFirst.push(...highestFirst.splice(highestFirst.indexOf(last), 1));
    return highestFirst.find((thread) => can(thread)) ?? -1;
  };
};
