import { RESTING } from '../explore/local.ts';
import type { Model } from '../explore/model.ts';
import type { Broken } from './broken.ts';
import { waysOf, type Way } from './step.ts';
import type { Variable, Variables } from './variables.ts';

/**
 * A model as one for SPIN, with the same states and the same transitions.
 *
 * Each process goes round in one loop, and each way of each step of each CPU is an alternative of one of them: so no program counter ever
 * changes, and a state of SPIN is a state of ours. One process would do, but spin(1) reads no loop of ten thousand alternatives. What goes wrong, be it a step, an end or a claim, is an assertion that fails and
 * changes nothing, so that no state comes of it.
 *
 * `variables` and `broken` are of all states of a search that has asked nothing but what the machine watches by itself, and went on
 * after each failure.
 */
export const promelaOf = (
  model: Model,
  variables: Variables,
  broken: readonly Broken[],
  head: readonly string[],
): string => {
  const steps = model.layout.locals.flatMap((bits, cpu) =>
    (variables.at(bits)?.seen ?? []).flatMap((local) => {
      const top = model.locals.topClass[local]!;
      const name = top < 0 ? 'a grace period ends' : model.labelOf(top).name;
      return waysOf(model, variables, cpu, local).map((way) => alternative(way, `${model.cpuNames[cpu]!}, ${name}`));
    }),
  );
  const all = [
    ...steps,
    `  :: d_step { timeout && !(${allRest(model, variables)}) -> assert(false) } /* deadlock */`,
    ...broken.flatMap(brokenWhere),
  ];
  const loops = Array.from({ length: Math.ceil(all.length / LOOP) }, (_, i) => all.slice(i * LOOP, (i + 1) * LOOP));
  return [
    '/*',
    ...head.map((line) => ` * ${line}`.trimEnd()),
    ' */',
    ...variables.all.map(declaration),
    ...loops.flatMap((loop, i) => ['', `active proctype part_${i}() {`, 'end: do', ...loop, '  od', '}']),
    '',
  ].join('\n');
};

/** Alternatives of one loop. */
const LOOP = 4_000;

const alternative = ({ conditions, changes }: Way, what: string): string =>
  `  :: d_step { ${conditions.join(' && ')} -> ${changes === null ? 'assert(false)' : changes.length === 0 ? 'skip' : changes.join('; ')} } /* ${what} */`;

const brokenWhere = ({ claim, kind, variables, valuations }: Broken): readonly string[] =>
  valuations.map((values) => {
    const conditions = variables.map(({ name }, i) => `${name} == ${values[i]!}`);
    const all = kind === 'finally' ? ['timeout', ...conditions] : conditions;
    return `  :: d_step { ${all.join(' && ') || 'true'} -> assert(false) } /* ${claim} */`;
  });

const declaration = ({ name, bits, initial }: Variable): string =>
  `${bits.mask < 256 ? 'byte' : bits.mask < 32768 ? 'short' : 'int'} ${name} = ${initial};`;

/** That every CPU has ended or waits for work. */
export const allRest = ({ layout, locals, program }: Model, variables: Variables): string =>
  layout.locals
    .flatMap((bits) => {
      const variable = variables.at(bits);
      if (variable === null) return [];
      const idle = variable.seen.filter((local) => local <= RESTING || program.rows[locals.topClass[local]!]!.idle);
      return [idle.length === 0 ? 'false' : `(${idle.map((local) => `${variable.name} == ${local}`).join(' || ')})`];
    })
    .join(' && ');
