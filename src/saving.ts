import { randomUUID } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import * as fs from 'node:fs';
import { Complaint } from './complaint.ts';

/**
 * Saving whole or not at all. Each text is written beside its destination under a name of its own and forced to the disk;
 * only when all of them are there are they renamed, and rename(2) shows a reader the old file or the new one and nothing
 * between. A full disk is met while the drafts are written, so it costs nothing that was there before.
 */
export type Document = { readonly path: string; readonly text: string };

/** What saving asks of the system; a check gives one that fails. */
export type Disk = Pick<
  typeof fs,
  'mkdirSync' | 'openSync' | 'writeFileSync' | 'fsyncSync' | 'closeSync' | 'renameSync' | 'rmSync'
>;

/** Saves all documents, or none. Throws a Complaint when the system refuses. */
export const save = (documents: readonly Document[], disk: Disk = fs): void => {
  const drafts: Document[] = [];
  try {
    for (const { path, text } of documents) {
      makeDirectory(dirname(path), disk);
      const draft = join(dirname(path), `.${basename(path)}.${randomUUID()}.draft`);
      drafts.push({ path: draft, text });
      write(draft, text, disk);
    }
    documents.forEach(({ path }, i) => disk.renameSync(drafts[i]!.path, path));
    for (const directory of new Set(documents.map(({ path }) => dirname(path)))) settle(directory, disk);
  } catch (error) {
    for (const { path } of drafts) remove(path, disk);
    throw refused(documents[0]!.path, error);
  }
};

/** Saves what `write` says piece by piece, too long for a text, in the same way: whole or not at all. */
export const savePieces = (path: string, write: (piece: (bytes: Uint8Array) => void) => void): void => {
  const draft = join(dirname(path), `.${basename(path)}.${randomUUID()}.draft`);
  try {
    const file = fs.openSync(draft, 'wx');
    try {
      write((bytes) => {
        for (let done = 0; done < bytes.length;) done += fs.writeSync(file, bytes, done);
      });
      fs.fsyncSync(file);
    } finally {
      fs.closeSync(file);
    }
    fs.renameSync(draft, path);
    settle(dirname(path), fs);
  } catch (error) {
    remove(draft, fs);
    throw refused(path, error);
  }
};

/** Whether documents can be saved in a directory: asked before a long run, not after it. */
export const probe = (directory: string, disk: Disk = fs): void => {
  const draft = join(directory, `.${randomUUID()}.draft`);
  try {
    makeDirectory(directory, disk);
    write(draft, '', disk);
  } catch (error) {
    throw new Complaint(`${directory}: nothing can be saved there, ${why(error)}.`);
  } finally {
    remove(draft, disk);
  }
};

/** The same of one file. */
export const probeFile = (path: string): void => {
  probe(dirname(path));
  if (fs.statSync(path, { throwIfNoEntry: false })?.isDirectory() === true)
    throw new Complaint(`${path}: cannot be written, ${reasons.EISDIR}.`);
};

/** Not with its parents: Node's own way of doing that never ends below /proc. */
const makeDirectory = (path: string, disk: Disk): void => {
  try {
    disk.mkdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
};

const write = (path: string, text: string, disk: Disk): void => {
  const file = disk.openSync(path, 'wx');
  try {
    disk.writeFileSync(file, text);
    disk.fsyncSync(file);
  } finally {
    disk.closeSync(file);
  }
};

/** Forces a directory's new names to the disk. Some file systems refuse to; the files themselves are safe already. */
const settle = (directory: string, disk: Disk): void => {
  const handle = disk.openSync(directory, 'r');
  try {
    disk.fsyncSync(handle);
  } catch {
    return;
  } finally {
    disk.closeSync(handle);
  }
};

/** A draft that cannot be removed (the directory vanished) harms nobody and must not hide the first error. */
const remove = (path: string, disk: Disk): void => {
  try {
    disk.rmSync(path, { force: true });
  } catch {
    return;
  }
};

const refused = (path: string, error: unknown): Complaint =>
  new Complaint(`${path}: could not be saved, ${why(error)}; what was there before is untouched.`);

/** errno(2) in words. Anything that is not an errno is a bug of ours and goes on as it is. */
export const why = (error: unknown): string => {
  const code = (error as NodeJS.ErrnoException).code;
  if (typeof code !== 'string') throw error;
  return reasons[code] ?? `the system says ${code}`;
};

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'there is no space left on the disk',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'it would be larger than files may be',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EROFS: 'the file system is read-only',
  ENOENT: 'there is no such file',
  ENOTDIR: 'a part of its path is not a directory',
  EISDIR: 'it is a directory',
  EIO: 'the disk failed',
};
