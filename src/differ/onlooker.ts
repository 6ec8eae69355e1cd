/** How far a comparison is. */
export type Headway = {
  readonly runs: number;
  readonly steps: number;
  /** Product states, where every interleaving was asked for. */
  readonly states?: number;
};

/** Who looks on while a comparison goes on. */
export type Onlooker = {
  readonly interrupted: () => boolean;
  /** A few times a second. */
  readonly onHeadway: (headway: Headway) => void;
};

/** Nobody. */
export const unwatched: Onlooker = { interrupted: () => false, onHeadway: () => {} };

/** Tells the onlooker when enough time has gone by since it was told last. */
export const telling = ({ onHeadway }: Onlooker): ((headway: () => Headway) => void) => {
  let next = performance.now() + TELLING;
  return (headway) => {
    if (performance.now() < next) return;
    next = performance.now() + TELLING;
    onHeadway(headway());
  };
};

/** Milliseconds. */
const TELLING = 250;

export const INTERRUPTED = 'the run was interrupted';
