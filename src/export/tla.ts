import type { Broken } from './broken.ts';
import type { Change, Decision } from './decision.ts';
import type { Cpu, Exported } from './exported.ts';
import { anyIn, sumIn, valuationsIn, type Language } from './language.ts';
import { alike, type Lines } from './lines.ts';
import type { Variable } from './variables.ts';

/**
 * A model in TLA+, with the same states and the same transitions, and what TLC is to be told of it.
 *
 * What a CPU does is one action. A step that fails is none: that no step fails is an invariant, and so is every claim that is broken. TLC goes on from
 * a state in which an invariant does not hold, if it is told to continue. That there is no deadlock is an invariant too, because TLC
 * takes a state for one in which each step that can be taken fails.
 */
export const tlaOf = (
  { variables, cpus, resting, broken }: Exported,
  name: string,
  head: readonly string[],
): string => {
  const kept = new Kept(variables);
  const actions = cpus.flatMap((cpu, number) => actionOf(cpu, number, kept));
  return [
    `---- MODULE ${name} ----`,
    ...head.map((line) => `\\* ${line}`.trimEnd()),
    'EXTENDS Integers',
    `VARIABLES ${variables.map((variable) => variable.name).join(', ')}`,
    ...kept.definitions(),
    '',
    'Init ==',
    ...variables.map((variable) => `  /\\ ${variable.name} = ${variable.initial}`),
    ...actions,
    '',
    `Next == ${cpus.map((_, number) => `Go_${number}`).join(' \\/ ') || 'FALSE'}`,
    `Fails == ${cpus.map((_, number) => `Fails_${number}`).join(' \\/ ') || 'FALSE'}`,
    `AllRest == ${resting.map(tla.among).join(' /\\ ')}`,
    'IsEnd == ~Fails /\\ ~ENABLED Next',
    '',
    'NoStepFails == ~Fails',
    'NoDeadlock == AllRest \\/ ~IsEnd',
    ...broken.map(invariant),
    '====',
    '',
  ].join('\n');
};

/** What TLC is to be told: the file beside the module. */
export const cfgOf = ({ broken }: Exported): string =>
  [
    'INIT Init',
    'NEXT Next',
    'CHECK_DEADLOCK FALSE',
    `INVARIANTS ${['NoStepFails', 'NoDeadlock', ...broken.map(nameOf)].join(' ')}`,
    '',
  ].join('\n');

/** A claim by a name that TLA+ takes. */
const nameOf = ({ claim }: Broken): string => claim.replaceAll(/\W/g, '_');

const invariant = (broken: Broken): string => {
  const somewhere = `(${valuationsIn(tla, broken)})`;
  return `${nameOf(broken)} == ~${broken.kind === 'finally' ? `(AllRest /\\ ${somewhere} /\\ IsEnd)` : somewhere}`;
};

const tla: Language = {
  and: '/\\',
  or: '\\/',
  not: '~',
  yes: 'TRUE',
  among: ({ variable, values }) =>
    values.length === 1 ? `${variable.name} = ${values[0]!}` : `${variable.name} \\in {${values.join(', ')}}`,
  numberIf: (condition, number) => `(IF ${condition} THEN ${number} ELSE 0)`,
};

/** That all variables but some keep their values: defined once for each such set, for there are many ways and many variables. */
class Kept {
  readonly #variables: readonly Variable[];
  readonly #names = new Map<string, string>();

  constructor(variables: readonly Variable[]) {
    this.#variables = variables;
  }

  allBut(changed: readonly Variable[]): string {
    const left = this.#variables.filter((variable) => !changed.includes(variable)).map(({ name }) => name);
    const key = left.join(', ');
    const known = this.#names.get(key) ?? `Kept_${this.#names.size}`;
    this.#names.set(key, known);
    return known;
  }

  definitions(): Lines {
    return [...this.#names].map(([names, defined]) => `${defined} == UNCHANGED <<${names}>>`);
  }
}

/** What is so at the end of each way; null: nothing, so that the way is left out. */
type Ends = { readonly fails: Lines | null; readonly goes: (changes: readonly Change[]) => Lines | null };

const actionOf = ({ name, local, steps }: Cpu, number: number, kept: Kept): Lines => {
  const defined = (what: string, ends: Ends): Lines => {
    const branches = steps.map(({ local: value, step }) => ({ value, next: step }));
    const lines = linesOf({ kind: 'look', variable: local, branches }, ends) ?? ['FALSE'];
    return [`${what}_${number} ==`, ...lines.map((line) => `  ${line}`)];
  };
  return [
    '',
    `\\* ${name}`,
    ...defined('Go', {
      fails: null,
      goes: (changes) => [
        ...changes.map(({ variable, to }) => `/\\ ${variable.name}' = ${sumIn(tla, to)}`),
        `/\\ ${kept.allBut(changes.map(({ variable }) => variable))}`,
      ],
    }),
    ...defined('Fails', { fails: ['TRUE'], goes: () => null }),
  ];
};

const linesOf = (decision: Decision, ends: Ends): Lines | null => {
  switch (decision.kind) {
    case 'never':
      return null;
    case 'fails':
      return ends.fails;
    case 'goes':
      return ends.goes(decision.changes);
    case 'look':
      return byValue(decision, ends);
    case 'ask': {
      const asked = anyIn(tla, decision.any);
      return either([where(asked, linesOf(decision.yes, ends)), where(`~(${asked})`, linesOf(decision.no, ends))]);
    }
    case 'choose':
      return either(decision.from.map((each) => linesOf(each, ends)));
  }
};

const byValue = ({ variable, branches }: Extract<Decision, { kind: 'look' }>, ends: Ends): Lines | null => {
  const open = branches.flatMap(({ value, next }) => {
    const lines = linesOf(next, ends);
    return lines === null ? [] : [[value, lines] as const];
  });
  const groups = alike(open);
  if (groups.length === 1 && open.length === variable.seen.length) return groups[0]!.lines;
  return either(groups.map(({ values, lines }) => where(tla.among({ variable, values }), lines)));
};

const where = (condition: string, lines: Lines | null): Lines | null =>
  lines === null ? null : [`/\\ ${condition}`, ...hanging('/\\', lines)];

const either = (all: readonly (Lines | null)[]): Lines | null => {
  const open = all.filter((each) => each !== null);
  return open.length < 2 ? (open[0] ?? null) : open.flatMap((each) => hanging('\\/', each));
};

/** A list of TLA+ is held together by the column of its marks. */
const hanging = (mark: string, lines: Lines): Lines => lines.map((line, i) => `${i === 0 ? mark : '  '} ${line}`);
