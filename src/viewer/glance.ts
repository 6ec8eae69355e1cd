import { counted } from '../report/number.ts';
import type { Paint } from '../report/terminal.ts';
import { wrap } from '../report/wrap.ts';
import type { Change, Story, Turn } from './page/form.ts';
import type { History } from './page/history.ts';

/** One moment of a run on a terminal: the same as a page shows of it, but for the picture. */
export const glance = (story: Story, moment: number, width: number, paint: Paint): string => {
  const step = story.steps[moment - 1];
  if (step === undefined)
    return [
      paint('strong', `The beginning of ${story.title}, ${counted(story.steps.length, 'step')}`),
      ...lines('', story.description, width),
      ...story.cpus.filter(({ program }) => program !== '').map(({ name, program }) => `  ${name}  ${program}`),
    ].join('\n');
  const [first = '', ...more] = step.texts;
  const { name } = story.cpus[step.cpu]!;
  const where = [step.c, step.spec].filter((place) => place !== '').join(', ');
  return [
    paint('strong', `Step ${moment} of ${story.steps.length}  ${name}  ${step.stack.at(-1) ?? ''}`),
    ...lines('', `${step.last ? '✗ ' : ''}${first}`, width).map((line) => (step.last ? paint('bad', line) : line)),
    ...more.flatMap((text) => lines('', `  ${text}`, width)),
    ...(where === '' ? [] : [paint('faint', `  ${where}`)]),
    ...lines('text', statementAt(story, step.spec), width),
    ...lines('changed', step.changes.map((change) => changeText(story, change)).join(', '), width),
    ...lines('in an epoch section', standing(story, step.sections), width),
    ...lines('holding a lock', standing(story, step.locks), width),
    ...step.instead.flatMap((turn) => lines('instead', turnText(story, turn), width)),
    ...wrong(story, moment).flatMap((text) => lines('', text, width).map((line) => paint('bad', line))),
  ].join('\n');
};

/** What is wrong, where a moment is the one at which it is. */
const wrong = ({ steps, end, headline }: Story, moment: number): readonly string[] => {
  if (steps[moment - 1]!.last) return [headline];
  return end !== null && moment === steps.length ? [`✗ ${end}`, headline] : [];
};

/** All fields of a record at a moment. */
export const recordText = (history: History, record: number, moment: number): string => {
  const { name, type } = history.story.records[record]!;
  const { life, fields } = history.at(moment)[record]!;
  const longest = Math.max(0, ...Object.keys(fields).map((field) => field.length));
  return [
    `  ${name}: ${type}, ${life}`,
    ...Object.entries(fields).map(([field, value]) => {
      const writer = history.writerOf(record, field, moment);
      return `    ${field.padEnd(longest)}  ${value}${writer === null ? '' : `  (step ${writer})`}`;
    }),
  ].join('\n');
};

const lines = (label: string, text: string, width: number): readonly string[] => {
  if (text.trim() === '') return [];
  const head = label === '' ? '' : `${label}: `;
  return wrap(`${head}${text}`, width - 2).map((line) => `  ${line}`);
};

const statementAt = (story: Story, place: string): string => {
  const colon = place.lastIndexOf(':');
  return story.excerpts[place.slice(0, colon)]?.[Number(place.slice(colon + 1))]?.trim() ?? '';
};

const changeText = (story: Story, { record, field, from, to }: Change): string => {
  const { name } = story.records[record]!;
  return field === '' ? `${name}: ${from} → ${to}` : `${name}.${field}: ${from || '–'} → ${to || '–'}`;
};

const standing = (story: Story, spans: readonly string[]): string =>
  story.cpus.flatMap(({ name }, cpu) => (spans[cpu] === 'outside' ? [] : [name])).join(', ');

const turnText = (story: Story, { cpu, step, c, outlook }: Turn): string => {
  const { name } = story.cpus[cpu]!;
  if (outlook === 'over') return `${name} has nothing more to do`;
  const what = `${step}${c === '' ? '' : ` (${c})`}`;
  return outlook === 'waits' ? `${name} waits before ${what}` : `${name} could ${what}`;
};
