import type { Journey } from '../explore/runs/journey.ts';
import type { Next } from '../explore/search/next.ts';
import type { Still } from '../explore/runs/still.ts';
import type { Step, Trace } from '../explore/search/verdict.ts';
import { isStatic } from '../machine/record.ts';
import type { World } from '../machine/world.ts';
import { momentsOf, wrongAtEnd, type Moment } from '../report/moment.ts';
import { schemaVersion } from '../schema.ts';
import { causesOf } from './cause.ts';
import { drawingOf } from './drawing.ts';
import { excerptsOf } from './excerpt.ts';
import type { Action, Change, Story } from './page/form.ts';

/** What a page says of a run beside the run itself. */
export type Subject = {
  /** `ether-input on gsoc23`. */
  readonly title: string;
  readonly description: string;
  /** What each CPU of the scenario does, in its order. */
  readonly programs: readonly string[];
  /** The first line: in plain words, what went wrong, without its full stop. */
  readonly headline: string;
  /** The property that is broken, and what it claims. Null while nothing is. */
  readonly broken: { readonly property: string; readonly claim: string | null } | null;
  /** From which step on the run is repeated for ever; null where it has an end. */
  readonly circle: number | null;
  /** The command that shows this run again, or null. */
  readonly command: string | null;
};

/** The whole of a run as a page shows it: plain data, so that what is shown can be compared with the run. */
export const storyOf = (world: World, subject: Subject, journey: Journey): Story => {
  const { title, description, headline, broken, command, circle } = subject;
  const { cpus, cast, stills, next, over } = journey;
  const trace: Trace = { cpus, steps: journey.steps, circle, over };
  const failsAtEnd = over && broken !== null;
  const moments = momentsOf(trace, broken !== null);
  const names = cast.map((record) => world.title(record));
  return {
    schemaVersion,
    title,
    description,
    property: broken?.property ?? null,
    claim: broken?.claim ?? null,
    headline: failsAtEnd ? `At the end ${headline}` : headline,
    causes: broken === null ? [] : causesOf(journey, names, headline),
    command,
    circle,
    end: failsAtEnd ? wrongAtEnd : null,
    cpus: cpus.map((name, cpu) => ({ name, program: subject.programs[cpu] ?? '' })),
    records: cast.map((record, i) => ({ name: names[i]!, type: record.type.name, isStatic: isStatic(record) })),
    first: stills[0]!.records,
    steps: moments.map((moment, i) => ({
      ...actionOf(moment, journey, i),
      on: recordIn(journey.steps[i]!.did, names),
      opened: (stills[i + 1] ?? stills[i]!).sections[moment.cpu]! - stills[i]!.sections[moment.cpu]!,
      changes: i + 1 < stills.length ? changesBetween(stills[i]!, stills[i + 1]!) : [],
      instead: next[i]!.filter((turn) => !isTaken(turn, journey.steps[i]!)).map(turnOf),
    })),
    next: next.at(-1)!.map(turnOf),
    excerpts: excerptsOf([...journey.steps, ...next.flat()].map(({ spec }) => spec)),
    drawing: drawingOf(
      cast.map(({ type }) => type.name),
      names,
      stills,
    ),
  };
};

const actionOf = (moment: Moment, { steps }: Journey, i: number): Action => {
  const { cpu, heading, texts, standing, last } = moment;
  const { step, picks, c, spec, stack } = steps[i]!;
  return {
    cpu,
    picks,
    step,
    heading,
    c,
    spec,
    stack,
    texts,
    last,
    sections: standing.map(({ section }) => section),
    locks: standing.map(({ lock }) => lock),
  };
};

const turnOf = ({ cpu, picks, step, c, spec, outlook }: Next): Story['next'][number] => ({
  cpu,
  picks,
  step,
  c,
  spec,
  outlook,
});

const isTaken = ({ cpu, picks }: Next, step: Step): boolean => cpu === step.cpu && picks.join() === step.picks.join();

/** Every difference between two states; the life of a record is told as a field without a name. */
const changesBetween = (before: Still, after: Still): readonly Change[] =>
  after.records.flatMap((is, record) => {
    const was = before.records[record]!;
    const life: readonly Change[] = is.life === was.life ? [] : [{ record, field: '', from: was.life, to: is.life }];
    const fields = Object.keys({ ...was.fields, ...is.fields }).flatMap((field): readonly Change[] => {
      const [from, to] = [was.fields[field] ?? '', is.fields[field] ?? ''];
      return from === to ? [] : [{ record, field, from, to }];
    });
    return [...life, ...fields];
  });

/** The record that an operation is on, out of how it is told: `load hk_flags of b = 0`, `free b`; null if it is on none. */
const recordIn = (did: string, names: readonly string[]): number | null => {
  const operation = did.split('; ')[0]!.split(' = ')[0]!;
  const subject = operation.includes(' of ') ? operation.slice(operation.indexOf(' of ') + 4) : operation;
  const found = names
    .map((name, i) => ({ name, i }))
    .filter(({ name }) => ` ${subject} `.includes(` ${name} `))
    .toSorted((a, b) => b.name.length - a.name.length)[0];
  return found?.i ?? null;
};
