/**
 * Small programs as data, so that they can be drawn, made smaller and printed. They have records that can be freed and used
 * again (Box), a record with a guarded field (Desk), records that have one owner at a time (Item), and for each CPU three
 * locals: a box `p`, an item `i`, a number `n`.
 */

/** Which box: one of the two that are there from the beginning, or the one in `p`. */
export type Place = 'x' | 'y' | 'p';
export type Pointer = Place | 'NULL';
export type Word = 'a' | 'b';
export type Amount = number | 'n';
export type Body = readonly Statement[];

export type Statement =
  | readonly ['load', Place, Word]
  | readonly ['store', Place, Word, Amount]
  | readonly ['cmpset', Place, Word, Amount, Amount]
  | readonly ['fetchadd', Place, Word]
  | readonly ['set bits' | 'clear bits', Place, number]
  | readonly ['load next', Place]
  | readonly ['store next', Place, Pointer]
  | readonly ['cmpset next', Place, Pointer, Pointer]
  | readonly ['lock' | 'unlock' | 'destroy' | 'rlock' | 'runlock' | 'wlock' | 'wunlock', Place]
  | readonly ['locked' | 'rlocked' | 'wlocked', Place, Body]
  | readonly ['guarded load']
  | readonly ['guarded store', Amount]
  | readonly ['at the desk', Body]
  | readonly ['acquire' | 'try acquire' | 'release', Place]
  | readonly ['alloc']
  | readonly ['free', Place]
  | readonly ['defer', Place, number]
  | readonly ['enter' | 'exit' | 'may sleep']
  | readonly ['section', Body]
  /** A section in a section: the body is in the inner one, a load between the two ends. */
  | readonly ['nested section', Body]
  /** A new box is in `p`; at the end it is freed, or handed to a callback. */
  | readonly ['with box', Body]
  | readonly ['with deferred box', number, Body]
  /** A new item is in `i`; at the end it is freed, if it is still there. */
  | readonly ['with item', Body]
  | readonly ['new item' | 'new item owned' | 'free item' | 'free item owned']
  | readonly ['item load', 'o' | 'q' | 's']
  | readonly ['item store', 'o' | 'q' | 's', Amount]
  /** The item in `i` goes to a box, or is seen there by others but kept. */
  | readonly ['give' | 'show', Place]
  /** The item in a box is taken by one who now owns it, or is only seen. */
  | readonly ['take' | 'peek', Place]
  | readonly ['choose', number]
  /** Any number below the first; it must not be the second. */
  | readonly ['roll', number, number]
  | readonly ['atomically', Body]
  | readonly ['wait until' | 'idle until', Place, Word, Amount]
  | readonly ['if', number, Body, Body]
  | readonly ['call', number, Pointer, Amount, 'used' | 'unused']
  /** As a call, but of one step: it stores into x first, and all that the callee does belongs to that step. */
  | readonly ['joined', number, Pointer, Amount, 'used' | 'unused']
  /** Every turn loads a word into `n`; one that ends with the number in `n` is the last. */
  | readonly ['forever', number, 'x' | 'y', Word, Body]
  | readonly ['foreach', Pointer, Body]
  | readonly ['kassert', number]
  | readonly ['panic'];

export type Ending = 'return' | 'return n' | 'return p' | 'free p' | 'again';

export type DrawnProcedure = { readonly body: Body; readonly ending: Ending };

export type Claim =
  | readonly ['always' | 'sometimes' | 'finally', 'word', 'x' | 'y', Word, number]
  /** Two words in two boxes: what one CPU does must not be seen without what another has done. */
  | readonly ['always' | 'sometimes' | 'finally', 'pair', Word, number, Word, number]
  | readonly ['always' | 'sometimes' | 'finally', 'boxes', number]
  /** No box is in its second life. */
  | readonly ['always' | 'sometimes' | 'finally', 'reborn']
  | readonly ['always' | 'sometimes' | 'finally', 'sections', number]
  | readonly ['always' | 'sometimes' | 'finally', 'holder', 'x' | 'y'];

export type DrawnProgram = {
  /** A procedure calls only those after it. */
  readonly procedures: readonly DrawnProcedure[];
  readonly callbacks: readonly DrawnProcedure[];
  readonly cpus: readonly { readonly procedure: number; readonly p: Pointer | 'unused'; readonly n: number }[];
  readonly claims: readonly Claim[];
  /** What `next` of x and of y is at the beginning. */
  readonly next: readonly [Pointer, Pointer];
  readonly boxes: number;
  readonly generations: number;
  /** Whether a statement on a NULL pointer is left out instead of done. */
  readonly careful: boolean;
};

/** Whether the order of some statement can be seen by others although fusing takes it as private. */
export const seesQueued = (program: DrawnProgram): boolean => JSON.stringify(program).includes('"q"');

/** Every program on its own lines, a statement a line, as the message of a failing check shows it. */
export const printed = ({ procedures, callbacks, ...rest }: DrawnProgram): string =>
  [
    ...procedures.flatMap((procedure, i) => printedProcedure(`procedure ${i}`, procedure)),
    ...callbacks.flatMap((procedure, i) => printedProcedure(`callback ${i}`, procedure)),
    JSON.stringify(rest),
  ].join('\n');

const printedProcedure = (title: string, { body, ending }: DrawnProcedure): readonly string[] => [
  `${title}(p, n)`,
  ...body.flatMap((statement) => printedStatement(statement, 1)),
  `  ${ending}`,
];

const printedStatement = (statement: Statement, depth: number): readonly string[] => {
  const words = statement.filter((part) => !Array.isArray(part));
  const bodies = statement.filter((part): part is Statement[] => Array.isArray(part));
  const inner = bodies.map((body) => body.flatMap((part) => printedStatement(part, depth + 1)));
  const between = ['  '.repeat(depth) + 'else'];
  return [
    '  '.repeat(depth) + words.join(' '),
    ...inner.flatMap((lines, i) => (i > 0 ? [...between, ...lines] : lines)),
  ];
};
