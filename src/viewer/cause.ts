import type { Journey } from '../explore/journey.ts';
import type { Step } from '../explore/verdict.ts';
import type { Cause } from './page/form.ts';

/**
 * How it came to a failure, for somebody who has not followed the run: what the failing CPU had in its hand and since when, who took
 * the record away and whether the CPU was in an epoch section then, who waits for whom. Only what the run shows, no guesses.
 */
export const causesOf = (journey: Journey, names: readonly string[], message: string): readonly Cause[] => {
  const { steps, next, finding } = journey;
  const last = steps.at(-1);
  if (finding?.property === 'deadlock')
    return next
      .at(-1)!
      .flatMap(({ cpu, step, c, outlook }) =>
        outlook === 'waits' && step !== null && message.includes(journey.cpus[cpu]!)
          ? [{ text: `${journey.cpus[cpu]!} waits before ${step}${inC(c)}.`, step: lastOf(steps, cpu) }]
          : [],
      );
  const record = subjectOf(message, names);
  if (last === undefined || record === null) return [];
  const name = names[record]!;
  const gone = lifeChange(journey, record);
  if (gone !== null) return [goneCause(journey, name, gone, last.cpu), ...handCause(journey, name, last.cpu)];
  return writeCause(journey, record, name, message);
};

/** The record that a sentence speaks of last: `reads frames of B:b.private, but B:b.private has been freed`. */
const subjectOf = (message: string, names: readonly string[]): number | null => {
  const spoken = names
    .map((name, i) => ({ i, name, at: ` ${message.replaceAll(/[(),;]/g, ' ')} `.lastIndexOf(` ${name} `) }))
    .filter(({ at }) => at >= 0)
    .toSorted((a, b) => b.at - a.at || b.name.length - a.name.length);
  return spoken[0]?.i ?? null;
};

/** The last step in which the record began to go: freed, or handed over to NET_EPOCH_CALL. */
const lifeChange = ({ stills }: Journey, record: number): number | null => {
  for (let i = stills.length - 1; i > 0; i--) {
    const [was, is] = [stills[i - 1]!.records[record]!.life, stills[i]!.records[record]!.life];
    if (was !== is && (is === 'freed' || is === 'handed over')) return i - 1;
  }
  return null;
};

/** Who wrote the field that the sentence speaks of, before the last step. */
const writeCause = (
  { steps, stills, cpus }: Journey,
  record: number,
  name: string,
  message: string,
): readonly Cause[] => {
  const field = Object.keys(stills.at(-1)!.records[record]!.fields).find((each) =>
    ` ${message} `.includes(` ${each} `),
  );
  if (field === undefined) return [];
  const valueAt = (i: number): string | undefined => stills[i]?.records[record]!.fields[field];
  for (let i = steps.length - 2; i >= 0; i--) {
    if (valueAt(i) === valueAt(i + 1)) continue;
    const step = steps[i]!;
    const text = `${name}.${field} had become ${valueAt(i + 1)} by ${cpus[step.cpu]!}, in ${procedureOf(step)}${inC(step.c)}.`;
    return [{ text, step: i + 1 }];
  }
  return [];
};

const goneCause = ({ steps, stills, cpus }: Journey, name: string, at: number, failing: number): Cause => {
  const step = steps[at]!;
  const freed = stills[at + 1]!.records.some(
    (record, i) => record.life === 'freed' && stills[at]!.records[i]!.life !== 'freed',
  );
  const verb = freed ? 'freed' : 'handed over to be freed';
  const isIn = stills[at]!.sections[failing]! > 0;
  const own = step.cpu === failing;
  const where = own
    ? ''
    : isIn
      ? `; ${cpus[failing]!} was in an epoch section`
      : `; ${cpus[failing]!} was in no epoch section`;
  return {
    text: `${name} was ${verb} by ${cpus[step.cpu]!}, in ${procedureOf(step)}${inC(step.c)}${where}.`,
    step: at + 1,
  };
};

/** Where the failing CPU got the pointer from. */
const handCause = ({ steps, cpus }: Journey, name: string, cpu: number): readonly Cause[] => {
  const at = steps.findLastIndex(
    (step, i) =>
      i < steps.length - 1 && step.cpu === cpu && step.did.split('; ').some((part) => part.endsWith(` = ${name}`)),
  );
  if (at < 0) return [];
  const step = steps[at]!;
  return [
    { text: `${cpus[cpu]!} had got its pointer to ${name} in ${procedureOf(step)}${inC(step.c)}.`, step: at + 1 },
  ];
};

const lastOf = (steps: readonly Step[], cpu: number): number | null => {
  const at = steps.findLastIndex((step) => step.cpu === cpu);
  return at < 0 ? null : at + 1;
};

const procedureOf = ({ step }: Step): string => step.split(':', 1)[0]!;
const inC = (c: string): string => (c === '' ? '' : ` (${c})`);
