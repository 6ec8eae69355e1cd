import { isStatic, slot } from '../../machine/record.ts';
import type { World } from '../../machine/world.ts';
import type { Breach } from '../model/conduct.ts';
import { findingOf, type Finding } from '../model/failure.ts';
import { unnumbered, type Label } from '../automata/label.ts';
import type { Model } from '../model/model.ts';
import { CALLBACK } from './next.ts';

/**
 * Where a run fails: what tells one fault from another that breaks the same property. Made of names of the text only, so that
 * it can be compared between two worlds that the same text runs in.
 *
 * - A step that fails, that breaks a claim about its conduct, or that makes an `always` false, is at its access: procedure, access, C line, line of the specification.
 * - A deadlock is at the accesses that its CPUs wait before.
 * - An end that is wrong has no step to blame: it is told by its message, with the names of records and CPUs and the numbers
 *   taken out.
 */
export type Site = { readonly property: string; readonly at: string };

export const sameSite = (a: Site, b: Site): boolean => a.property === b.property && a.at === b.at;

/** The site of the step that `cpu` has just tried and that failed: of the access that failed, which may belong to another. */
export const siteOfFailure = (model: Model, cpu: number): Site => ({
  property: findingOf(model, cpu).property ?? '',
  at: accessAt(model, model.stepper.why().local),
});

/** The site of an access that is not made, or not waited for, as it should be. */
export const siteOfBreach = (model: Model, { claim, local }: Breach): Site => ({
  property: claim.name,
  at: accessAt(model, local),
});

/** The site of an access that has been looked up already. */
export const siteOfAccess = ({ property }: Finding, label: Label): Site => ({ property, at: inText(label) });

/** The access that a local state is about to make; a CPU that rests is about to take up a callback. */
const accessAt = ({ locals, labelOf }: Model, local: number): string => {
  const top = locals.topClass[local]!;
  if (top < 0) return CALLBACK;
  return inText(labelOf(top));
};

/** The number among the like accesses counts those that this world has, so it can change where a program is left out. */
const inText = ({ name, c, spec }: Label): string =>
  [unnumbered(name), c, spec].filter((part) => part !== '').join(', ');

/** The site of an `always` that was made false by the step just done. */
export const siteOfStep = (model: Model, { property }: Finding): Site => {
  const { stepper } = model;
  return { property, at: stepper.pathLength() === 0 ? CALLBACK : accessAt(model, stepper.trail[0]!) };
};

/** The site of a state in which no step is possible, or of one that is wrong from the beginning. */
export const siteOfState = (model: Model, state: Int32Array, { property, message }: Finding): Site =>
  property === 'deadlock' ? { property, at: waits(model, state) } : { property, at: nameless(model, message) };

const waits = (model: Model, state: Int32Array): string => {
  const { stepper } = model;
  stepper.state.set(state);
  const stuck = model.cpuNames.flatMap((_, cpu) => (stepper.rests(cpu) ? [] : [accessAt(model, stepper.local(cpu))]));
  return [...new Set(stuck)].toSorted().join('; ');
};

/** The message with `<node>` for every node, `<cpu>` for every CPU, `<n>` for every number. */
export const nameless = ({ world, cpuNames }: Model, message: string): string => {
  const kinds = new Map([...titles(world), ...cpuNames.map((name) => [name, 'cpu'] as const)]);
  const names = [...kinds.keys()].toSorted((a, b) => b.length - a.length).map(literal);
  if (names.length === 0) return message;
  const any = new RegExp(`(?<![\\w:])(?:(${names.join('|')})(?:'\\d+)?|\\d+)(?![\\w:])`, 'g');
  return message.replace(any, (_, name?: string) => `<${name === undefined ? 'n' : kinds.get(name)}>`);
};

/** A text as a regular expression for itself. */
const literal = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** Every record that this world made or can allocate, by title, with the name of its type. */
const titles = (world: World): readonly (readonly [string, string])[] =>
  world.types().flatMap((type) =>
    Array.from({ length: world.slots(type) }, (_, i) => slot(type, i))
      .filter((record) => !isStatic(record))
      .map((record) => [world.title(record), type.name.toLowerCase()] as const),
  );
