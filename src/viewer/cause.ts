import type { Journey } from '../explore/runs/journey.ts';
import type { Step } from '../explore/search/verdict.ts';
import { firstSpoken, wordsOf } from '../report/sentence.ts';
import type { Cause } from './page/form.ts';

/**
 * How it came to a failure, for somebody who has not followed the run: what the failing CPU had in its hand and since when, who took
 * the record away and whether the CPU was in an epoch section then, who waits for whom; where only the end is wrong, who changed last what is left then, and
 * who had it. Only what the run shows, no guesses.
 */
export const causesOf = (journey: Journey, names: readonly string[], message: string): readonly Cause[] => {
  const { steps, next, finding, over } = journey;
  const last = steps.at(-1);
  if (finding?.property === 'deadlock')
    return next
      .at(-1)!
      .flatMap(({ cpu, step, c, outlook }) =>
        outlook === 'waits' && step !== null && message.includes(journey.cpus[cpu]!)
          ? [{ text: `${journey.cpus[cpu]!} waits before ${step}${inC(c)}.`, step: lastOf(steps, cpu) }]
          : [],
      );
  if (last === undefined) return [];
  if (over) return leftCauses(journey, names, message);
  const spoken = wordsOf(message);
  const gone = lastSpoken(spoken, names, (record) => lifeChange(journey, record) !== null);
  if (gone !== null && isGone(journey, gone))
    return [
      goneCause(journey, names[gone]!, lifeChange(journey, gone)!, last.cpu),
      ...handCause(
        journey,
        names[gone]!,
        (step) => step !== last && step.cpu === last.cpu && gets(step.did, names[gone]!),
      ),
    ];
  const says = (text: string): boolean => spoken.includes(` ${text} `);
  if (says('NULL')) return nullCauses(journey, names, last.cpu);
  const pointsOn = (from: string, to: string): boolean =>
    says(from) && says(to) && spoken.indexOf(` ${from} `) < spoken.indexOf(` ${to} `);
  const found =
    lastWrite(journey, ({ record, field }) => says(names[record]!) && says(field)) ??
    lastWrite(journey, ({ record, to }) => names.includes(to) && pointsOn(names[record]!, to)) ??
    lastWrite(journey, ({ field, by, to }) => says(field) && by !== last.cpu && isTaken.test(to));
  return found === null ? [] : [writeCause(journey, names, found)];
};

/** Who changed the record that is left at the end last, and who had got hold of it. */
const leftCauses = (journey: Journey, names: readonly string[], message: string): readonly Cause[] => {
  const name = firstSpoken(message, names);
  const write = name === null ? null : lastWrite(journey, ({ record }) => names[record] === name);
  if (name === null || write === null) return [];
  const allocated = lastWrite(journey, (each) => names[each.record] === name && isNew(journey, each));
  const hand = handCause(journey, name, ({ did }) => did.split('; ').includes(`take over ${name}`) || gets(did, name));
  const first = allocated === null || allocated.step === write.step ? [] : [writeCause(journey, names, allocated)];
  return [writeCause(journey, names, write), ...(hand.length > 0 ? hand : first)];
};

/** A lock that somebody holds. */
const isTaken = /^(?:held by|read by|writer) /;

/** Where the failing CPU read the NULL, and who had put it there. */
const nullCauses = (journey: Journey, names: readonly string[], cpu: number): readonly Cause[] => {
  const { steps, cpus } = journey;
  for (let i = steps.length - 1; i >= 0; i--) {
    if (steps[i]!.cpu !== cpu) continue;
    const read = steps[i]!.did.split('; ').map((part) => /^(\S+) of (.+) = NULL$/.exec(part));
    const [, field, name] = read.findLast((match) => match !== null) ?? [];
    if (field === undefined) continue;
    const text = `${cpus[cpu]!} had read NULL from ${name}.${field} in ${procedureOf(steps[i]!)}${inC(steps[i]!.c)}.`;
    const write = lastWrite(
      journey,
      (each) => names[each.record] === name && each.field === field && each.to === 'NULL' && each.step <= i,
    );
    return [{ text, step: i + 1 }, ...(write === null ? [] : [writeCause(journey, names, write)])];
  }
  return [];
};

/** The record that a sentence speaks of last, of those that fit: `reads frames of B:b.private, but B:b.private has been freed`. */
const lastSpoken = (spoken: string, names: readonly string[], fits: (record: number) => boolean): number | null =>
  names
    .map((name, i) => ({ i, at: spoken.lastIndexOf(` ${name} `), length: name.length }))
    .filter(({ i, at }) => at >= 0 && fits(i))
    .toSorted((a, b) => b.at - a.at || b.length - a.length)[0]?.i ?? null;

const isGone = ({ stills }: Journey, record: number): boolean =>
  ['freed', 'handed over'].includes(stills.at(-1)!.records[record]!.life);

/** The last step in which the record began to go: freed, or handed over to NET_EPOCH_CALL. */
const lifeChange = ({ stills }: Journey, record: number): number | null => {
  for (let i = stills.length - 1; i > 0; i--) {
    const [was, is] = [stills[i - 1]!.records[record]!.life, stills[i]!.records[record]!.life];
    if (was !== is && (is === 'freed' || is === 'handed over')) return i - 1;
  }
  return null;
};

type Write = {
  readonly step: number;
  readonly by: number;
  readonly record: number;
  readonly field: string;
  readonly to: string;
};

/** The last change of a field that fits. */
const lastWrite = ({ steps, stills }: Journey, fits: (write: Write) => boolean): Write | null => {
  for (let i = stills.length - 2; i >= 0; i--)
    for (const [record, { fields }] of stills[i + 1]!.records.entries())
      for (const [field, to] of Object.entries(fields)) {
        if (to === stills[i]!.records[record]!.fields[field]) continue;
        const write = { step: i + 1, by: steps[i]!.cpu, record, field, to };
        if (fits(write)) return write;
      }
  return null;
};

const writeCause = (journey: Journey, names: readonly string[], write: Write): Cause => {
  const { steps, cpus } = journey;
  const { step, by, record, field, to } = write;
  const at = steps[step - 1]!;
  const who = `by ${cpus[by]!}, in ${procedureOf(at)}${inC(at.c)}`;
  const name = names[record]!;
  return {
    text: isNew(journey, write)
      ? `${name} was allocated ${who}, with ${field} ${to}.`
      : `${name}.${field} had become ${to} ${who}.`,
    step,
  };
};

/** Whether the field came with its record: that was allocated then. */
const isNew = ({ stills }: Journey, { step, record, field }: Write): boolean =>
  stills[step - 1]!.records[record]!.fields[field] === undefined;

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

/** Where a CPU got the pointer from. */
const handCause = ({ steps, cpus }: Journey, name: string, fits: (step: Step) => boolean): readonly Cause[] => {
  const at = steps.findLastIndex(fits);
  if (at < 0) return [];
  const step = steps[at]!;
  return [
    { text: `${cpus[step.cpu]!} had got its pointer to ${name} in ${procedureOf(step)}${inC(step.c)}.`, step: at + 1 },
  ];
};

const gets = (did: string, name: string): boolean => did.split('; ').some((part) => part.endsWith(` = ${name}`));

const lastOf = (steps: readonly Step[], cpu: number): number | null => {
  const at = steps.findLastIndex((step) => step.cpu === cpu);
  return at < 0 ? null : at + 1;
};

const procedureOf = ({ step }: Step): string => step.split(':', 1)[0]!;
const inC = (c: string): string => (c === '' ? '' : ` (${c})`);
