import type { Step, Trace } from '../explore/search/verdict.ts';
import { Ledger, type Standing } from './standing.ts';

/** One step of a run as a reader follows it: told in the order of the C, with what is open and held at that moment. */
export type Moment = {
  /** From 1. */
  readonly number: number;
  readonly cpu: number;
  /** The procedure that this CPU is in now, if that is news: `ng_destroy_hook(b)`. */
  readonly heading: string | null;
  /** C line, or the specification's where there is no C. */
  readonly place: string;
  /** The operations of the step and what they changed; the first is the one that gives the step its name. */
  readonly texts: readonly string[];
  /** For every CPU: what it is in and holds during the step. */
  readonly standing: readonly Standing[];
  /** Whether this is where it goes wrong: at the last step, unless only the end is wrong or there is none. */
  readonly last: boolean;
};

/** What stands after a run that is over and whose end is wrong: none of its steps is. */
export const wrongAtEnd = 'nobody can go on: it is wrong here, at the end';

/** The moments of a run. `failed`: the run ends in a violation. */
export const momentsOf = (trace: Trace, failed: boolean): readonly Moment[] => {
  const ledgers = trace.cpus.map(() => new Ledger());
  const headings = trace.cpus.map(() => '');
  return trace.steps.map((step, i) => {
    const heading = step.stack.at(-1) ?? '';
    const news = heading !== '' && heading !== headings[step.cpu];
    headings[step.cpu] = heading;
    const last = failed && !trace.over && trace.circle === null && i === trace.steps.length - 1;
    return {
      number: i + 1,
      cpu: step.cpu,
      heading: news ? heading : null,
      place: step.c === '' ? step.spec : step.c,
      texts: last ? [...tell(step), ...failing(step)] : tell(step),
      standing: ledgers.map((ledger, cpu) =>
        cpu === step.cpu ? ledger.perform(operationsOf(step)) : ledger.standing(),
      ),
      last,
    };
  });
};

/** What the step did, each part with its verb: a load is written without one. */
const operationsOf = ({ step, did }: Step): readonly string[] => {
  const action = step.slice(step.indexOf(': ') + 1).trim();
  if (did.startsWith('starts ')) return [`${step}: ${did}`];
  return did === '' ? [action] : did.split('; ');
};

/**
 * The operation that the step is named after, with its effect, and then whatever else the step changed. What a reader can
 * see is not said: a value that was read stands behind `=`, one that was stored behind an arrow, and what an owner does to
 * its own record at the same time is told by what it changes.
 */
const tell = (step: Step): readonly string[] => {
  const operation = operationsOf(step)[0]!;
  const changes = step.changes.filter((change) => !shownBeside.test(change));
  const { what, subject } = target(operation);
  const change = changes.find((text) => text.startsWith(`${subject}: `));
  if (change === undefined) return [operation, ...changes];
  const told = `${what.replace(/^store /, '')}: ${change.slice(subject.length + 2)}`;
  return [told, ...changes.filter((text) => text !== change)];
};

/** The access that goes wrong, where it is not the one that the step is named after but belongs to it. */
const failing = (step: Step): readonly string[] =>
  step.changes.length > 0
    ? []
    : operationsOf(step)
        .slice(1)
        .slice(-1)
        .filter((text) => text.includes(' '));

/** Epoch sections, and who holds a lock that only one can hold, are drawn beside the step. */
const shownBeside = /^epoch sections of |: (?:free → (?:held by CPU|writer) \d+|(?:held by CPU|writer) \d+ → free)$/;

/** `store hk_flags of b HK_INVALID` is about `b.hk_flags`, `free b` about `b`. */
const target = (operation: string): { readonly what: string; readonly subject: string } => {
  const [field, name, record] = /^\S+ (\S+) of (\S+)/.exec(operation) ?? [];
  if (field !== undefined) return { what: field, subject: `${record}.${name}` };
  return { what: operation, subject: operation.slice(operation.lastIndexOf(' ') + 1) };
};
