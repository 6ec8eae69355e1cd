import type { Disk } from '../../src/explore/states/spilled.ts';
import type { Tape } from '../../src/explore/states/sortedRuns.ts';

/** A tape that is none, and how often it was read. */
export const tapeInMemory = (): Tape & { reads: number } => {
  let bytes = new Uint8Array(1 << 10);
  const tape = {
    reads: 0,
    write: (from: Uint8Array, at: number): void => {
      if (at + from.length > bytes.length) {
        const more = new Uint8Array(2 * (at + from.length));
        more.set(bytes);
        bytes = more;
      }
      bytes.set(from, at);
    },
    read: (into: Uint8Array, at: number): void => {
      tape.reads++;
      into.set(bytes.subarray(at, at + into.length));
    },
  };
  return tape;
};

/** So little memory that a search settles every few states. */
export const noMemory: Disk = { memory: 0, tape: tapeInMemory };
