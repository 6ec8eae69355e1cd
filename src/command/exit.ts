/** What a command answers to the shell. */
export const exit = {
  /** Every check holds, or everything is as expected. */
  holds: 0,
  /** Something is violated, or is not as expected. */
  violated: 1,
  /** A bound was hit or the run was interrupted before the answer was known. Never green. */
  unknown: 2,
  /** What was asked for does not exist or cannot be read or written. */
  badInput: 3,
  /** A bug of ours (EX_SOFTWARE of sysexits(3)). */
  bug: 70,
} as const;

export type ExitCode = (typeof exit)[keyof typeof exit];
