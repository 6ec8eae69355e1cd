import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Where a step stands: its line in the specification and, from the comment at the end of that line, its line in the C.
 * So each number is written down once, next to the statement that a reader compares.
 */
export type Place = {
  readonly procedure: string;
  /** Path of the file, or '' if it is not known. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
};

const machine = import.meta.dirname;

/** Of the project. */
export const root = join(machine, '../..');

const files = new Map<string, string | null>();

/** The path behind a script's address; null for a file of the machine itself. */
const fileOf = (url: string): string | null => {
  let file = files.get(url);
  if (file === undefined) {
    file = pathOf(url);
    files.set(url, dirname(file) === machine ? null : file);
  }
  return files.get(url)!;
};

const pathOf = (url: string): string => (url.startsWith('file:') ? fileURLToPath(url) : url);

type Site = { getFileName(): string | null; getLineNumber(): number | null; getColumnNumber(): number | null };

/** The first place outside `src/machine` on the present call stack, above the function `from` of the machine. */
export const whereAbove = (procedure: string, from: (...args: never[]) => unknown): Place =>
  placeIn(procedure, callSites(from, NEAR)) ?? placeIn(procedure, callSites(from, Infinity)) ?? nowhere(procedure);

/** The first place outside `src/machine` on the stack of an error. */
export const whereThrown = (procedure: string, error: Error): Place =>
  placeIn(procedure, sitesOf(error)) ?? nowhere(procedure);

const nowhere = (procedure: string): Place => ({ procedure, file: '', line: 0, column: 0 });

const placeIn = (procedure: string, sites: readonly Site[]): Place | null => {
  for (const site of sites) {
    const url = site.getFileName();
    if (url === null || url.startsWith('node:')) continue;
    const file = fileOf(url);
    if (file === null) continue;
    return { procedure, file, line: site.getLineNumber() ?? 0, column: site.getColumnNumber() ?? 0 };
  }
  return null;
};

/** How far above the stop a statement of the specification usually is: all between is the machine's. Each call site costs. */
const NEAR = 3;

/** The stack as V8's own objects: parsing text would cost more than all the rest of a replay. */
const callSites = (from: (...args: never[]) => unknown, most: number): readonly Site[] => {
  const { prepareStackTrace, stackTraceLimit } = Error;
  Error.stackTraceLimit = most;
  Error.prepareStackTrace = asItIs;
  const holder: { stack?: unknown } = {};
  Error.captureStackTrace(holder, from);
  const sites = holder.stack as readonly Site[];
  Error.prepareStackTrace = prepareStackTrace;
  Error.stackTraceLimit = stackTraceLimit;
  return sites;
};

const asItIs: NonNullable<typeof Error.prepareStackTrace> = (_error, sites) => sites;

/** What the stack of an error says in text: `    at send (file:///clone%20(1)/spec/send.ts:41:3)`. Above it, a SyntaxError has its place. */
const sitesOf = (error: Error): readonly Site[] =>
  [...(error.stack ?? '').matchAll(LINE)].map(([, file, line, column = 0]) => ({
    getFileName: () => pathOf(file!),
    getLineNumber: () => Number(line),
    getColumnNumber: () => Number(column),
  }));

/** A path may have spaces and parentheses itself: it goes up to the last numbers. */
const LINE = /^(?: +at (?:.*? \(|async )?)?((?:file:|\/).*?):(\d+)(?::(\d+))?\)?$/gm;

const sources = new Map<string, readonly string[]>();

/**
 * The C line beside a statement: `// 3657` at its end stands for that line of the procedure's C file, `// if_hub.c:117` for
 * a line of another. Returns '' when there is none.
 */
export const cLine = (place: Place, source: string): string => {
  if (place.file === '') return '';
  let lines = sources.get(place.file);
  if (lines === undefined) sources.set(place.file, (lines = readFileSync(place.file, 'utf8').split('\n')));
  const match = /\/\/ (?:([\w.]+):)?(\d+)(?:-\d+)?\b[^/]*$/.exec(lines[place.line - 1] ?? '');
  if (match === null) return '';
  return `${match[1] ?? source.split(':')[0]}:${match[2]}`;
};

/** The line of the specification, `spec/send.ts:41`: as from the root of the project, wherever one stands. '' when it is not known. */
export const specLine = ({ file, line }: Place): string => (file === '' ? '' : `${relative(root, file)}:${line}`);
