import { createHash } from 'node:crypto';

/**
 * A file of the specification in parts: each procedure by itself, and the rest. So an edit of one procedure can be told from an edit
 * of all others. Comments and blank lines are in no part, but for the C lines at the ends of statements: runs quote them.
 *
 * The parts are found in the text, by its braces. Where that fails nothing is lost: what is taken for no procedure belongs to the rest, on
 * which everything depends.
 */
export type Parts = {
  /** By line, from 0: the part that it belongs to (a procedure, or REST), and which of its lines it is; null for a line that says nothing. */
  readonly places: readonly (LinePlace | null)[];
  /** SHA-256 of each part. */
  readonly hashes: ReadonlyMap<string, string>;
};
export type LinePlace = { readonly part: string; readonly nth: number };

export const REST = '';

export const partsOf = (text: string): Parts => {
  const owners = ownersOf(text);
  const texts = new Map<string, string[]>();
  const places = essentialLines(text).map((line, i): LinePlace | null => {
    if (line === '') return null;
    const part = owners[i] ?? REST;
    const lines = texts.get(part) ?? [];
    texts.set(part, lines);
    lines.push(line);
    return { part, nth: lines.length - 1 };
  });
  return { places, hashes: new Map([...texts].map(([part, lines]) => [part, digest(lines.join('\n'))])) };
};

export const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

/** One match of this is a comment, or something in which neither `//` nor a brace means anything. */
const tokens = /\/\*[^]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\[^]|[^`\\])*`/g;
const cLine = /^\/\/ (?:[\w.]+:)?\d+/;

/** The lines without what is only for readers; as many as the text has. */
export const essentialLines = (text: string): readonly string[] =>
  text
    .replace(tokens, (token) => (!/^\/[/*]/.test(token) || cLine.test(token) ? token : token.replaceAll(/[^\n]/g, '')))
    .split('\n')
    .map((line) => line.trim());

/** By line: the procedure that it is of, where there is one. */
const ownersOf = (text: string): readonly (string | undefined)[] => {
  const masked = text.replace(tokens, (token) => token.replaceAll(/[^\n]/g, ' '));
  const owners: string[] = [];
  for (const { index, 1: name } of masked.matchAll(/\bprocedure\(\s*(?:,\s*)?function (\w+)(?=\()/g)) {
    const parameters = closing(masked, masked.indexOf('(', index + 'procedure('.length), '(', ')');
    const end = closing(masked, masked.indexOf('{', parameters), '{', '}');
    if (end < 0) continue;
    for (let line = lineOf(text, index); line <= lineOf(text, end); line++) owners[line] ??= name!;
  }
  return owners;
};

/** Where the bracket at `start` is closed; -1 if it never is. */
const closing = (text: string, start: number, open: string, close: string): number => {
  let depth = 0;
  for (let i = start; i >= 0 && i < text.length; i++) {
    if (text[i] === open) depth++;
    else if (text[i] === close && --depth === 0) return i;
  }
  return -1;
};

const lineOf = (text: string, at: number): number => text.slice(0, at).split('\n').length - 1;
