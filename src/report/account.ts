import type { Step, Trace, Verdict } from '../explore/search/verdict.ts';
import { firstSpoken, speaksOf } from './sentence.ts';

/**
 * What went wrong, for readers who will not see the run: who failed where, and who had brought it about. It is made of the run alone,
 * so it costs nothing; the annotation, the JUnit message and the SARIF result all say this sentence and no other.
 */
export type Account = {
  /** The whole of it, one sentence without its full stop. */
  readonly text: string;
  /** The step at which it goes wrong or, where only the end is wrong, the last one that has to do with it; null where there is no step. */
  readonly at: Deed | null;
};

/** A step, with who did it. */
export type Deed = {
  /** From 1. */
  readonly number: number;
  readonly cpu: string;
  /** The procedure, `ng_unref_hook`. */
  readonly procedure: string;
  /** `ng_base.c:1079`, or ''. */
  readonly c: string;
  /** `spec/reference.ts:41`, or ''. */
  readonly spec: string;
};

/** Of a verdict that is not *violated* the account is its message. */
export const accountOf = ({ property, message, trace }: Pick<Verdict, 'property' | 'message' | 'trace'>): Account => {
  const sentence = `${property === null ? '' : `${property}: `}${message.replace(/\.$/, '')}`;
  if (trace === null || trace.steps.length === 0) return { text: sentence, at: null };
  if (trace.over) return ofEnd(trace, message, sentence);
  const at = deed(trace, trace.steps.length - 1);
  const cause = causeOf(trace, message);
  return { text: [`${sentence} (${told(at)})`, ...cause].join('; '), at };
};

export const deed = ({ cpus, steps }: Trace, i: number): Deed => {
  const { cpu, step, c, spec } = steps[i]!;
  return { number: i + 1, cpu: cpus[cpu]!, procedure: step.split(':', 1)[0]!, c, spec };
};

/** `CPU1 in ng_address_hook, ng_base.c:3659, spec/address.ts:41, step 61`. */
const told = ({ cpu, procedure, c, spec, number }: Deed): string =>
  [`${cpu} in ${procedure}`, ...[c, spec].filter((place) => place !== ''), `step ${number}`].join(', ');

/**
 * No step is to blame for what is wrong at an end. What was done to the record that the sentence speaks of, or by the CPUs, leads a reader on: the
 * last change or else the last access; where it speaks of none, the last step of all.
 */
const ofEnd = (trace: Trace, message: string, sentence: string): Account => {
  const { steps, cpus } = trace;
  const said = (at: Deed, what: readonly string[]): Account => ({
    text: [`${sentence} (at the end, after step ${steps.length})`, ...what].join('; '),
    at,
  });
  const name = firstSpoken(message, [...new Set(steps.flatMap((step) => [...changedBy(step), ...touchedBy(step)]))]);
  if (name !== null) {
    const changed = steps.findLastIndex((step) => changedBy(step).includes(name));
    const last = changed >= 0 ? changed : steps.findLastIndex((step) => touchedBy(step).includes(name));
    const at = deed(trace, last);
    return said(at, [`${name} was last ${changed >= 0 ? 'changed' : 'touched'} by ${told(at)}`]);
  }
  const spoken = cpus.flatMap((cpu, i) =>
    speaksOf(message, cpu) ? [steps.findLastIndex((step) => step.cpu === i)] : [],
  );
  const lasts = spoken.filter((i) => i >= 0);
  if (lasts.length === 0) lasts.push(steps.length - 1);
  return said(
    deed(trace, Math.max(...lasts)),
    lasts.map((i) => `the last step of ${told(deed(trace, i)).replace(' in ', ' was in ')}`),
  );
};

/** Records that the step changed: `B:b.hk_flags: 0 → HK_INVALID` is of `B:b`, `B:b.private: live → freed` of `B:b.private`. */
const changedBy = ({ changes }: Step): readonly string[] =>
  changes.map((change) => {
    const what = change.slice(0, change.indexOf(': '));
    return life.test(change) ? what : what.slice(0, what.lastIndexOf('.'));
  });

const life = /: (?:unused|live|handed over|freed) → /;

/** Records that an operation of the step is on: `load hk_peer of a = b` is on `a`. */
const touchedBy = ({ did }: Step): readonly string[] =>
  did.split('; ').flatMap((part) => / of (\S+)/.exec(part)?.[1] ?? []);

/** Who had taken away the record that the sentence speaks of; else what each other CPU that takes part had done last. */
const causeOf = (trace: Trace, message: string): readonly string[] => {
  const { steps } = trace;
  const end = steps.length - 1;
  for (let i = end - 1; i >= 0; i--) {
    const name = goneBy(steps[i]!).find((record) => speaksOf(message, record));
    if (name !== undefined) return [`${name} had been taken away by ${told(deed(trace, i))}`];
  }
  return trace.cpus.flatMap((_, cpu) => {
    if (cpu === steps[end]!.cpu) return [];
    const i = steps.findLastIndex((step) => step.cpu === cpu);
    return i < 0 ? [] : [`before that ${told(deed(trace, i))}`];
  });
};

/** Records whose life the step ended: `B:b: live → handed over`. */
const goneBy = ({ changes }: Step): readonly string[] =>
  changes.flatMap((change) => /^(.+): \S.* → (?:freed|handed over)$/.exec(change)?.[1] ?? []);
