import type { Model } from '../explore/model.ts';

/** The steps of the model, by name, that a comparison has realised so far, and those that it has not. */
export const coverage = ({
  labels, labelOf, quotient, stepper,
}: Model): { readonly realised: readonly string[]; readonly missing: readonly string[] } => {
  const fired = new Set<string>();
  quotient.representative.forEach(({ pending }, c) => {
    if (pending.kind === 'operation' && stepper.fired[c] === 1) fired.add(labelOf(c).name);
  });
  const names = labels.map(({ name }) => name);
  return {
    realised: names.filter((name) => fired.has(name)),
    missing: names.filter((name) => !fired.has(name)),
  };
}; // prettier-ignore
