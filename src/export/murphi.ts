import type { Broken } from './broken.ts';
import { widthOf, type Change, type Decision } from './decision.ts';
import type { Cpu, Exported } from './exported.ts';
import { anyIn, oneByOne, sumIn, valuationsIn, type Language } from './language.ts';
import { alike, indented, type Lines } from './lines.ts';
import type { Variable } from './variables.ts';

/**
 * A model in Murphi, with the same states and the same transitions.
 *
 * A CPU is one rule for each way that it can choose. Whether it can go on is a function, and where it goes a procedure, that ask for one
 * variable after the other. A rule for each way through a step would be simpler to read, but Rumur needs a minute for four thousand of them, and its verifier
 * tries each of them in each state.
 *
 * What goes wrong, be it a step, an end or a claim, is an error in a rule and not an invariant: a state in which an invariant does not
 * hold is not gone on from. So is a deadlock: what Rumur takes for one is also a state in which each step that can be taken fails.
 */
export const murphiOf = ({ variables, cpus, resting, broken }: Exported, head: readonly string[]): string =>
  [
    ...head.map((line) => `-- ${line}`.trimEnd()),
    'var',
    ...variables.map(({ name, seen }) => `  ${name}: 0..${Math.max(...seen)};`),
    ...cpus.flatMap(functionsOf),
    '',
    'function isEnd(): boolean; begin',
    `  return ${
      cpus
        .flatMap(calls)
        .map((call) => `!can_${call}`)
        .join(' & ') || 'true'
    };`,
    'end;',
    'function allRest(): boolean; begin',
    `  return ${resting.map(murphi.among).join(' & ')};`,
    'end;',
    '',
    'startstate begin',
    ...variables.map(({ name, initial }) => `  ${name} := ${initial};`),
    'end;',
    '',
    ...cpus.flatMap(rules),
    'rule "deadlock" isEnd() & !allRest() ==> begin error "deadlock"; end;',
    ...broken.map(brokenRule),
    '',
  ].join('\n');

const murphi: Language = {
  and: '&',
  or: '|',
  not: '!',
  yes: 'true',
  among: oneByOne('=', '|'),
  numberIf: (condition, number) => `(${condition} ? ${number} : 0)`,
};

/** What stands at the end of each way, of which each has its number among those that can be chosen from. */
type Ends = {
  readonly fails: (way: number) => Lines;
  readonly goes: (way: number, changes: readonly Change[]) => Lines;
};

const functionsOf = (cpu: Cpu, number: number): Lines => {
  const way = cpu.width === 1 ? '' : `way: 0..${cpu.width - 1}`;
  return [
    '',
    `-- ${cpu.name}`,
    `function can_${number}(${way}): boolean; begin`,
    ...indented(localBy(cpu, () => ({ fails: yesTo(cpu), goes: yesTo(cpu) }))),
    '  return false;',
    'end;',
    `procedure go_${number}(${way}); begin`,
    ...indented(
      localBy(cpu, (what) => ({
        fails: () => [`error "${cpu.name}, ${what}";`],
        goes: (_, changes) => changes.map(({ variable, to }) => `${variable.name} := ${sumIn(murphi, to)};`),
      })),
    ),
    'end;',
  ];
};

const yesTo =
  ({ width }: Cpu) =>
  (way: number): Lines => [width === 1 ? 'return true;' : `return way = ${way};`];

const localBy = ({ local, steps }: Cpu, endsOf: (what: string) => Ends): Lines =>
  byValue(
    local,
    steps.map(({ local: value, name, step }) => [value, linesOf(step, 0, endsOf(name))]),
  );

/** A decision as statements. `first`: the number of the first of its ways. */
const linesOf = (decision: Decision, first: number, ends: Ends): Lines => {
  switch (decision.kind) {
    case 'never':
      return [];
    case 'fails':
      return ends.fails(first);
    case 'goes':
      return ends.goes(first, decision.changes);
    case 'look':
      return byValue(
        decision.variable,
        decision.branches.map(({ value, next }) => [value, linesOf(next, first, ends)]),
      );
    case 'ask': {
      const [yes, no] = [linesOf(decision.yes, first, ends), linesOf(decision.no, first, ends)];
      if (yes.join() === no.join()) return yes;
      return [`if ${anyIn(murphi, decision.any)} then`, ...indented(yes), 'else', ...indented(no), 'end;'];
    }
    case 'choose': {
      let at = first;
      return decision.from.flatMap((each) => {
        const lines = linesOf(each, at, ends);
        const next = at + widthOf(each);
        const which = next === at + 1 ? `way = ${at}` : `way >= ${at} & way < ${next}`;
        at = next;
        return [`if ${which} then`, ...indented(lines), 'end;'];
      });
    }
  }
};

/** What is done by the value of a variable; it is not asked for where it is all the same. */
const byValue = (variable: Variable, branches: readonly (readonly [number, Lines])[]): Lines => {
  const groups = alike(branches);
  if (groups.length === 1 && branches.length === variable.seen.length) return groups[0]!.lines;
  return [
    `switch ${variable.name}`,
    ...groups.flatMap(({ values, lines }) => [`case ${values.join(', ')}:`, ...indented(lines)]),
    'end;',
  ];
};

/** Whether a CPU can go on, in each of its ways, or where it goes. */
const calls = ({ width }: Cpu, number: number): Lines =>
  width === 1 ? [`${number}()`] : Array.from({ length: width }, (_, way) => `${number}(${way})`);

const rules = (cpu: Cpu, number: number): Lines =>
  calls(cpu, number).map((call) => `rule "${cpu.name}" can_${call} ==> begin go_${call}; end;`);

const brokenRule = (broken: Broken): string => {
  const { claim, kind } = broken;
  const somewhere = valuationsIn(murphi, broken);
  return `rule "${claim}" ${kind === 'finally' ? `isEnd() & allRest() & (${somewhere})` : somewhere} ==> begin error "${claim}"; end;`;
};
