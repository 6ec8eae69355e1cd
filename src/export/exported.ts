import type { Property } from '../machine/property.ts';
import { RESTING } from '../explore/model/local.ts';
import type { Model } from '../explore/model/model.ts';
import type { Reached } from '../explore/states/visited.ts';
import { brokenClaims, type Broken } from './broken.ts';
import { widthOf, type Among, type Decision } from './decision.ts';
import { stepOf } from './step.ts';
import { variablesOf, type Variable } from './variables.ts';

/** A model as it is told to another checker, whatever its language. */
export type Exported = {
  readonly variables: readonly Variable[];
  readonly cpus: readonly Cpu[];
  /** All of these: every CPU has ended or waits for work. */
  readonly resting: readonly Among[];
  readonly broken: readonly Broken[];
};

/** What a CPU does, by its local state. */
export type Cpu = {
  readonly name: string;
  readonly local: Variable;
  readonly steps: readonly { readonly local: number; readonly name: string; readonly step: Decision }[];
  /** In how many ways it can go on at most. */
  readonly width: number;
};

/** `visited` is of a search that has asked nothing but what the machine watches by itself, and went on after each failure. */
export const exported = (model: Model, visited: Reached, claims: readonly Property[]): Exported => {
  const variables = variablesOf(model, visited);
  const locals = model.layout.locals.map((bits) => variables.at(bits)).filter((local) => local !== null);
  const cpus = locals.map((local, cpu): Cpu => {
    const steps = local.seen
      .map((each) => ({ local: each, name: nameOf(model, each), step: stepOf(model, variables, cpu, each) }))
      .filter(({ step }) => step.kind !== 'never');
    const width = Math.max(0, ...steps.map(({ step }) => widthOf(step)));
    return { name: model.cpuNames[cpu]!, local, steps, width };
  });
  return {
    variables: variables.all,
    cpus: cpus.filter(({ width }) => width > 0),
    resting: locals.map((local) => ({ variable: local, values: local.seen.filter((each) => rests(model, each)) })),
    broken: brokenClaims(model, visited, claims, variables),
  };
};

const nameOf = ({ locals, labelOf }: Model, local: number): string => {
  const top = locals.topClass[local]!;
  return top < 0 ? 'a grace period ends' : labelOf(top).name;
};

const rests = ({ locals, program }: Model, local: number): boolean =>
  local <= RESTING || program.rows[locals.topClass[local]!]!.idle;
