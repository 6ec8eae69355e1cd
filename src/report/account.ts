import type { Step, Trace, Verdict } from '../explore/verdict.ts';

/**
 * What went wrong, for readers who will not see the run: who failed where, and who had brought it about. It is made of the run alone,
 * so it costs nothing; the annotation, the JUnit message and the SARIF result all say this sentence and no other.
 */
export type Account = {
  /** The whole of it, one sentence without its full stop. */
  readonly text: string;
  /** The step at which it goes wrong; null where no step does. */
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
  const last = trace.steps.length - 1;
  const at = deed(trace, last);
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

const speaksOf = (message: string, record: string): boolean =>
  ` ${message.replaceAll(/[(),;]/g, ' ')} `.includes(` ${record} `);
