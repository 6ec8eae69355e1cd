import type { Broken } from './broken.ts';
import { waysOf, type Way } from './decision.ts';
import type { Exported } from './exported.ts';
import { conditionIn, oneByOne, sumIn, type Language } from './language.ts';
import type { Variable } from './variables.ts';

/**
 * A model as one for SPIN, with the same states and the same transitions.
 *
 * Each process goes round in one loop, and each way of each step of each CPU is an alternative of one of them: so no program counter ever
 * changes, and a state of SPIN is a state of ours. One process would do, but spin(1) reads no loop of ten thousand alternatives. What goes wrong, be it a step, an end or a claim, is an assertion that fails and
 * changes nothing, so that no state comes of it.
 */
export const promelaOf = ({ variables, cpus, resting, broken }: Exported, head: readonly string[]): string => {
  const all = [
    ...cpus.flatMap(({ name: cpu, local, steps }) =>
      steps.flatMap(({ local: at, name, step }) =>
        waysOf(step).map((way) => alternative(inLocal(local, at, way), `${cpu}, ${name}`)),
      ),
    ),
    `  :: d_step { timeout && !(${restingIn(resting)}) -> assert(false) } /* deadlock */`,
    ...broken.flatMap(brokenWhere),
  ];
  const loops = Array.from({ length: Math.ceil(all.length / LOOP) }, (_, i) => all.slice(i * LOOP, (i + 1) * LOOP));
  return [
    '/*',
    ...head.map((line) => ` * ${line}`.trimEnd()),
    ' */',
    ...variables.map(declaration),
    ...loops.flatMap((loop, i) => ['', `active proctype part_${i}() {`, 'end: do', ...loop, '  od', '}']),
    '',
  ].join('\n');
};

/** Alternatives of one loop. */
const LOOP = 4_000;

const promela: Language = {
  and: '&&',
  or: '||',
  not: '!',
  yes: 'true',
  among: oneByOne('==', '||'),
  numberIf: (condition, number) => `(${condition} -> ${number} : 0)`,
};

const inLocal = (variable: Variable, value: number, { conditions, changes }: Way): Way => ({
  conditions: [{ any: [{ variable, values: [value] }], answer: true }, ...conditions],
  changes,
});

const alternative = ({ conditions, changes }: Way, what: string): string => {
  const guard = conditions.map((condition) => conditionIn(promela, condition)).join(' && ');
  const done = changes?.map(({ variable, to }) => `${variable.name} = ${sumIn(promela, to)}`).join('; ');
  return `  :: d_step { ${guard} -> ${done === undefined ? 'assert(false)' : done || 'skip'} } /* ${what} */`;
};

const brokenWhere = ({ claim, kind, variables, valuations }: Broken): readonly string[] =>
  valuations.map((values) => {
    const conditions = variables.map(({ name }, i) => `${name} == ${values[i]!}`);
    const all = kind === 'finally' ? ['timeout', ...conditions] : conditions;
    return `  :: d_step { ${all.join(' && ') || 'true'} -> assert(false) } /* ${claim} */`;
  });

const declaration = ({ name, bits, initial }: Variable): string => `${typeOf(bits.mask)} ${name} = ${initial};`;

export const typeOf = (mask: number): string => (mask < 256 ? 'byte' : mask < 32768 ? 'short' : 'int');

/** That every CPU has ended or waits for work. */
export const restingIn = (resting: Exported['resting']): string => resting.map(promela.among).join(' && ');
