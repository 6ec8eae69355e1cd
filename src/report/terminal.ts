/**
 * Where people read. A module that has something to say gets a Terminal; only `src/cli.ts` makes one, so that nothing else
 * prints, asks for the size of the screen or looks at the environment.
 */
export type Terminal = {
  /** Results: one text, its newline is added. */
  readonly out: (text: string) => void;
  /** Everything that is not a result: progress, warnings, complaints. */
  readonly err: (text: string) => void;
  /** Replaces the one live line at the bottom of the screen; null where there is no screen. */
  readonly live: ((text: string) => void) | null;
  /** How many characters fit on a line. */
  readonly columns: number;
  readonly paint: Paint;
  /** Who can say how far something is; asked by a signal. */
  readonly status: Set<() => string>;
};

/** Colour only repeats what the words say already. */
export type Style = 'good' | 'bad' | 'doubt' | 'faint' | 'strong';
export type Paint = (style: Style, text: string) => string;

/** For files and pipes. */
export const unpainted: Paint = (_style, text) => text;
