/** Who goes on in a run at random. Of `enabled` threads at least one can; `last` ran before, or -1. */
export type Scheduler = (step: number, last: number, enabled: readonly boolean[]) => number;

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
export const sticky = (random: () => number, every: number): Scheduler => {
  return (_, last, enabled) => {
    if (last >= 0 && enabled[last]! && random() * every >= 1) return last;
    let pick = Math.floor(random() * enabled.filter(Boolean).length);
    return enabled.findIndex((can) => can && pick-- === 0);
  };
};

/**
 * Burckhardt et al., ASPLOS 2010: threads have priorities drawn at random, the highest that can go on does, and at `depth - 1` accesses
 * drawn from the first `length` the one that runs falls below all others. A bug that needs `depth` things in order is found with
 * probability of at least 1 / (threads · length^(depth-1)) in each run.
 */
export const pct = (random: () => number, threads: number, length: number, depth: number): Scheduler => {
  const priority = Array.from({ length: threads }, () => 1 + random());
  const falls = new Set(Array.from({ length: depth - 1 }, () => Math.floor(random() * length)));
  let lowest = 1;
  return (step, last, enabled) => {
    if (falls.has(step) && last >= 0) priority[last] = lowest -= 0.001;
    let best = -1;
    for (let thread = 0; thread < threads; thread++)
      if (enabled[thread]! && (best < 0 || priority[thread]! > priority[best]!)) best = thread;
    return best;
  };
};
