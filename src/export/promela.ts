import { RESTING } from '../explore/local.ts';
import type { Model } from '../explore/model.ts';
import type { Visited } from '../explore/visited.ts';
import { waysOf, type Way } from './step.ts';
import { variablesOf, type Variable } from './variables.ts';

/**
 * A model as one for SPIN, with the same states and the same transitions.
 *
 * One process goes round in one loop, and each way of each step of each CPU is an alternative of it: so its program counter never
 * changes, and a state of SPIN is a state of ours. A step that fails is an assertion that fails and changes nothing; that CPUs wait
 * for ever is one too. What the machine watches by itself is in the model. The claims of a scenario are functions of TypeScript, and are not.
 *
 * `visited`: all states, of a search that went on after failures. Run it with partial-order reduction off:
 * `spin -a FILE && gcc -O3 -DNOREDUCE -DSAFETY -o pan pan.c && ./pan -c0`; transitions that fail are counted there.
 */
export const promelaOf = (model: Model, visited: Visited, title: string): string => {
  const variables = variablesOf(model, visited);
  const steps = model.layout.locals.flatMap((bits, cpu) =>
    variables.at(bits)!.seen.flatMap((local) => {
      const ways = waysOf(model, variables, cpu, local);
      const top = model.locals.topClass[local]!;
      const name = top < 0 ? 'a grace period ends' : model.labelOf(top).name;
      return ways.length === 0 ? [] : [`  /* ${model.cpuNames[cpu]!}, ${name} */`, ...ways.map(alternative)];
    }),
  );
  return [
    `/* ${title}: written by netgraph-mc export */`,
    ...variables.all.map(declaration),
    '',
    'active proctype all() {',
    'end: do',
    ...steps,
    `  :: d_step { timeout && !(${allRest(model, variables)}) -> assert(false) }`,
    '  od',
    '}',
    '',
  ].join('\n');
};

const alternative = ({ conditions, changes }: Way): string =>
  `  :: d_step { ${conditions.join(' && ')} -> ${changes === null ? 'assert(false)' : changes.length === 0 ? 'skip' : changes.join('; ')} }`;

const declaration = ({ name, bits, initial }: Variable): string =>
  `${bits.mask < 256 ? 'byte' : bits.mask < 32768 ? 'short' : 'int'} ${name} = ${initial};`;

/** That every CPU has ended or waits for work. */
const allRest = ({ layout, locals, program }: Model, variables: ReturnType<typeof variablesOf>): string =>
  layout.locals
    .map((bits) => {
      const { name, seen } = variables.at(bits)!;
      const idle = seen.filter((local) => local <= RESTING || program.rows[locals.topClass[local]!]!.idle);
      return idle.length === 0 ? 'false' : `(${idle.map((local) => `${name} == ${local}`).join(' || ')})`;
    })
    .join(' && ');
