import jsep, { type Expression } from 'jsep';
import type { Content, Story } from '#page/form.ts';
import type { History } from '#page/history.ts';

/**
 * What a reader may ask of every state: `B.nd_refs > 1 && 'E:lower'.hk_flags & HK_INVALID`. A library parses it, and what follows
 * walks the few kinds of expressions that are listed; nothing is ever run as a program.
 *
 *     record.field                 what it holds: a number, or its text as it is shown; quote a record whose name is no word
 *     life(record), sections(CPU0) 'live', 'freed', …; how many epoch sections a CPU is in
 *     flags & NAME                 whether the bit of that name is set; of two numbers, the bits in common
 *     == != < <= > >= + - ! && ||  as in C; a word that stands by itself is its own text: hk_peer == ng_deadhook
 *
 * What memory that is not there holds is neither equal nor unequal to anything: every comparison with it is false.
 */
export type Predicate = (moment: Moment) => Value;

export type Moment = { readonly contents: readonly Content[]; readonly sections: readonly number[] };
export type Value = number | string | boolean | null;

/** Cost: O(steps before it). */
export const momentIn = (history: History, moment: number): Moment => {
  const sections = history.story.cpus.map(() => 0);
  for (const { cpu, opened } of history.story.steps.slice(0, moment)) sections[cpu]! += opened;
  return { contents: history.at(moment), sections };
};

/** Understands a predicate. Throws a Misunderstanding that says what is wrong with it. */
export const understand = (text: string, story: Story): Predicate => {
  let parsed: Expression;
  try {
    parsed = jsep(text);
  } catch (error) {
    throw new Misunderstanding((error as Error).message);
  }
  return compile(parsed, story);
};

export class Misunderstanding extends Error {}

const compile = (expression: Expression, story: Story): Predicate => {
  switch (expression.type) {
    case 'Literal': {
      const { value } = expression as unknown as { value: Value };
      return () => value;
    }
    case 'Identifier': {
      const name = expression.name as string;
      return () => name;
    }
    case 'MemberExpression':
      return fieldOf(expression, story);
    case 'CallExpression':
      return callOf(expression, story);
    case 'UnaryExpression':
      return unary(expression.operator as string, compile(expression.argument as Expression, story));
    case 'BinaryExpression':
    case 'LogicalExpression':
      return binary(
        expression.operator as string,
        compile(expression.left as Expression, story),
        compile(expression.right as Expression, story),
      );
    case 'Compound':
      throw new Misunderstanding('it should be one expression');
    default:
      throw new Misunderstanding(`it cannot contain a ${expression.type}`);
  }
};

const fieldOf = (expression: Expression, story: Story): Predicate => {
  if (expression.computed === true) throw new Misunderstanding('a field is named after a ".", not in brackets');
  const record = recordIn(expression.object as Expression, story);
  const field = (expression.property as Expression).name as string;
  const { type } = story.records[record]!;
  if (!fieldsOf(type, story).has(field)) throw new Misunderstanding(`a ${type} has no field "${field}"`);
  return ({ contents }) => valueOf(contents[record]!.fields[field]);
};

/** What a shown text says: a number, a truth value, a name without its quotes, or the text itself. */
const valueOf = (shown: string | undefined): Value => {
  if (shown === undefined) return null;
  if (/^-?\d+$/.test(shown)) return Number(shown);
  if (shown === 'true' || shown === 'false') return shown === 'true';
  return /^"(.*)"$/.exec(shown)?.[1] ?? shown;
};

const callOf = (expression: Expression, story: Story): Predicate => {
  const { type, name } = expression.callee as Expression;
  const [argument, ...more] = expression.arguments as readonly Expression[];
  if (type !== 'Identifier' || (name !== 'life' && name !== 'sections'))
    throw new Misunderstanding('what can be called is only life(…) and sections(…)');
  if (argument === undefined || more.length > 0) throw new Misunderstanding(`"${name}" takes one name`);
  if (name === 'life') {
    const record = recordIn(argument, story);
    return ({ contents }) => contents[record]!.life;
  }
  const cpu = story.cpus.findIndex((each) => each.name === nameIn(argument));
  if (cpu < 0) throw new Misunderstanding(`there is no CPU "${nameIn(argument)}"`);
  return ({ sections }) => sections[cpu]!;
};

const recordIn = (expression: Expression, story: Story): number => {
  const name = nameIn(expression);
  const record = story.records.findIndex((each) => each.name === name);
  if (record < 0) throw new Misunderstanding(`there is no record "${name}"`);
  return record;
};

const nameIn = (expression: Expression): string => {
  if (expression.type === 'Identifier') return expression.name as string;
  if (expression.type === 'Literal') return String(expression.value);
  throw new Misunderstanding('a record is a word or a text in quotes');
};

/** Every field that a record of the type has at some moment. */
const fieldsOf = (type: string, story: Story): ReadonlySet<string> => {
  const ofType = (record: number): boolean => story.records[record]!.type === type;
  return new Set([
    ...story.first.flatMap(({ fields }, record) => (ofType(record) ? Object.keys(fields) : [])),
    ...story.steps.flatMap(({ changes }) => changes.filter(({ record }) => ofType(record)).map(({ field }) => field)),
  ]);
};

const unary = (operator: string, operand: Predicate): Predicate => {
  if (operator === '!') return (moment) => !operand(moment);
  if (operator === '-') return (moment) => -Number(operand(moment));
  throw new Misunderstanding(`"${operator}" means nothing here`);
};

const binary = (operator: string, left: Predicate, right: Predicate): Predicate => {
  if (operator === '&&') return (moment) => Boolean(left(moment)) && Boolean(right(moment));
  if (operator === '||') return (moment) => Boolean(left(moment)) || Boolean(right(moment));
  const operation = operations.get(operator);
  if (operation === undefined) throw new Misunderstanding(`"${operator}" means nothing here`);
  return (moment) => {
    const [a, b] = [left(moment), right(moment)];
    return a === null || b === null ? false : operation(a, b);
  };
};

type Known = Exclude<Value, null>;

const operations: ReadonlyMap<string, (a: Known, b: Known) => Value> = new Map([
  ['==', (a, b) => a === b],
  ['!=', (a, b) => a !== b],
  ['<', (a, b) => a < b],
  ['<=', (a, b) => a <= b],
  ['>', (a, b) => a > b],
  ['>=', (a, b) => a >= b],
  ['+', (a, b) => Number(a) + Number(b)],
  ['-', (a, b) => Number(a) - Number(b)],
  ['&', (a, b) => (typeof a === 'number' && typeof b === 'number' ? a & b : String(a).split('|').includes(String(b)))],
]);
