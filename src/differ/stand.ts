import type { Draft, Made } from './subject.ts';

/** Where the model can be beside one state of the implementation, where more places than one are followed. */
export type Stand = {
  readonly state: Int32Array;
  readonly callbacks: Int32Array;
  readonly made: readonly (Made | null)[];
  readonly drafts: readonly Draft[];
  readonly early: readonly Early[];
};

/** A load that a CPU has done, by its class of frames, without an access that means it: since its last step for which there must be one. */
export type Early = { readonly cpu: number; readonly top: number };

/** Who did each access since the beginning, the last one first. */
export type Way = { readonly thread: number; readonly before: Way | null };

/** More places in which the model could be are not followed: then nothing is known. */
export const MOST_STANDS = 2_000;

/** The same for places between which nothing makes a difference. */
export const textOf = ({ state, callbacks, made, drafts, early }: Stand): string =>
  [
    state.join(),
    callbacks.join(),
    made.map((one) => one?.pointer ?? 0).join(),
    drafts.join(';'),
    early.map(({ cpu, top }) => `${cpu} ${top}`).join(),
  ].join('|');
