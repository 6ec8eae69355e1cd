import { createHash, type Hash } from 'node:crypto';
import { closeSync, existsSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Complaint } from '../../complaint.ts';
import { fingerprint } from '../../counterexample/fingerprint.ts';
import type { Sink, Source } from '../../explore/states/words.ts';
import { savePieces, why } from '../../saving.ts';
import { suite } from '../../suite.ts';
import { questionOf, type Job } from './job.ts';

/**
 * The file of a search that is kept: a line that says what it is, a line of JSON that says of what question, the words of the search in
 * the byte order of the machine, and the SHA-256 of all that. It is written beside the old one and renamed, so whoever kills the program
 * loses what came after the last one and nothing else.
 */
const TITLE = 'netgraph-mc search ';
const FIRST = `${TITLE}1`;

type Heading = {
  /** Of the specification and of the engine: a search goes on only where every number still means the same. */
  readonly sources: string;
  readonly name: string;
  readonly design: string;
  readonly question: Question;
};
type Question = { readonly scenario: object; readonly on: readonly string[]; readonly search: object };

const headingOf = (job: Job): Heading => ({
  sources: ['spec', 'src/machine', 'src/explore'].map((part) => fingerprint(join(suite.root, part))).join(' '),
  name: job.name,
  design: job.design,
  question: JSON.parse(JSON.stringify(questionOf(job))) as Question,
});

/** Keeps a search of a job. Throws a Complaint when the system refuses; what was kept before is then still there. */
export const keepSearch = (path: string, job: Job, write: (sink: Sink) => void): void =>
  savePieces(path, (piece) => {
    const hash = createHash('sha256');
    const put = (bytes: Uint8Array): void => {
      hash.update(bytes);
      piece(bytes);
    };
    put(Buffer.from(`${FIRST}\n${JSON.stringify(headingOf(job))}\n`));
    const words = new Int32Array(PIECE / 4);
    let filled = 0;
    const flush = (): void => put(new Uint8Array(words.buffer, 0, 4 * filled));
    write((word) => {
      words[filled++] = word;
      if (filled < words.length) return;
      flush();
      filled = 0;
    });
    flush();
    piece(hash.digest());
  });

/** Throws a Complaint when there is something under the path that is no kept search, of whatever version: it is not ours to replace. */
export const requireReplaceable = (path: string): void => {
  if (path === '') throw new Complaint('--checkpoint: an empty name is no name of a file.');
  if (!existsSync(path)) return;
  const isFile = statSync(path).isFile();
  if (isFile && readText(path, TITLE.length) === TITLE) return;
  throw new Complaint(`${path}: is there and is no search that was kept, so it is not replaced.`);
};

/** The beginning of a file. Throws a Complaint when it cannot be read. */
const readText = (path: string, length: number): string => {
  const file = opened(path);
  try {
    const bytes = Buffer.alloc(length);
    return bytes.toString('utf8', 0, readSync(file, bytes, 0, length, 0));
  } finally {
    closeSync(file);
  }
};

const PIECE = 1 << 18;
const DIGEST = 32;

/** Throws a Complaint when the file is not a whole search of this job, on these sources. */
export const verifyKept = (path: string, job: Job): void => {
  const heading = readHeading(path);
  const now = headingOf(job);
  if (heading.sources !== now.sources)
    throw new Complaint(`${path}: the specification or the engine has changed since this search was kept.`);
  if (heading.name !== now.name || !isDeepStrictEqual(heading.question.scenario, now.question.scenario))
    throw new Complaint(
      heading.name === now.name
        ? `${path}: the scenario ${now.name} has changed since this search was kept.`
        : `${path}: is a search of the scenario ${heading.name}, not of ${now.name}.`,
    );
  if (!isDeepStrictEqual(heading.question.on, now.question.on))
    throw new Complaint(
      heading.design === now.design
        ? `${path}: is a search on ${now.design} with other protections turned off.`
        : `${path}: is a search on ${heading.design}, not on ${now.design}.`,
    );
  if (!isDeepStrictEqual(heading.question.search, now.question.search))
    throw new Complaint(
      `${path}: is a search with other options (${differing(heading.question.search, now.question.search)}).`,
    );
};

const differing = (then: object, now: object): string => {
  const [a, b] = [then, now] as readonly Readonly<Record<string, unknown>>[];
  return [...new Set([...Object.keys(then), ...Object.keys(now)])]
    .filter((name) => !isDeepStrictEqual(a![name], b![name]))
    .join(', ');
};

/** Reads all of the file, so that what is damaged is refused before anything is believed of it. */
const readHeading = (path: string): Heading => {
  const file = opened(path);
  try {
    const content = fstatSync(file).size - DIGEST;
    const first = Buffer.alloc(PIECE);
    const length = readSync(file, first, 0, PIECE, 0);
    const [title, heading] = first.subarray(0, length).toString('utf8').split('\n', 2);
    if (title !== FIRST) throw new Complaint(`${path}: is no search that was kept by this version.`);
    const digest = Buffer.alloc(DIGEST);
    const whole = content > 0 && readSync(file, digest, 0, DIGEST, content) === DIGEST;
    if (!whole || !digestOf(file, content).digest().equals(digest))
      throw new Complaint(`${path}: is damaged or cut off, so nothing in it can be believed.`);
    return JSON.parse(heading!) as Heading;
  } catch (error) {
    throw error instanceof Complaint ? error : new Complaint(`${path}: cannot be read, ${why(error)}.`);
  } finally {
    closeSync(file);
  }
};

const opened = (path: string): number => {
  try {
    return openSync(path, 'r');
  } catch (error) {
    throw new Complaint(`${path}: cannot be read, ${why(error)}.`);
  }
};

const digestOf = (file: number, length: number): Hash => {
  const hash = createHash('sha256');
  const piece = new Uint8Array(PIECE);
  for (let at = 0; at < length;) {
    const got = readSync(file, piece, 0, Math.min(PIECE, length - at), at);
    if (got === 0) break;
    hash.update(piece.subarray(0, got));
    at += got;
  }
  return hash;
};

/** The words of a file that has been verified, from the first on. The file is open until its last word has been asked for. */
export const wordsOf = (path: string): Source => {
  const file = opened(path);
  const end = fstatSync(file).size - DIGEST;
  const piece = Buffer.alloc(PIECE);
  readSync(file, piece, 0, PIECE, 0);
  let at = piece.indexOf('\n', piece.indexOf('\n') + 1) + 1;
  const words = new Int32Array(piece.buffer, piece.byteOffset, PIECE / 4);
  let filled = 0;
  let next = 0;
  return () => {
    if (next === filled) {
      if (at >= end) throw new Error('[suite bug] a kept search has fewer words than are asked for');
      const got = readSync(file, piece, 0, Math.min(PIECE, end - at), at);
      at += got;
      filled = got >>> 2;
      next = 0;
      if (at >= end) closeSync(file);
    }
    return words[next++]!;
  };
};
