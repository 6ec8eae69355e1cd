import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { NoRoom, type Tape } from '../../explore/states/sortedRuns.ts';
import { why } from '../../saving.ts';

/**
 * A tape in that directory, of which nothing stays there however the process ends: the file has no name any more when it is used, and the system
 * gives its room back with the process.
 */
export const tapeIn = (directory: string): Tape => {
  const path = join(directory, `.${randomUUID()}.tape`);
  const file = openSync(path, 'wx+');
  unlinkSync(path);
  const tape: Tape = {
    write: (bytes, at) => {
      try {
        for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done, bytes.length - done, at + done);
      } catch (error) {
        throw new NoRoom(`states could not be kept in ${directory}, ${why(error)}`);
      }
    },
    read: (into, at) => {
      for (let done = 0; done < into.length;) {
        const read = readSync(file, into, done, into.length - done, at + done);
        if (read === 0) throw new Error('[suite bug] a tape is read beyond its end');
        done += read;
      }
    },
  };
  // A thread searches once and more; who has no tape any more has no use for the file.
  forgotten.register(tape, file);
  return tape;
};

const forgotten = new FinalizationRegistry<number>(closeSync);
