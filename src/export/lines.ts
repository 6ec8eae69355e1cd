/** Text that is nested: what all languages with branches have in common. */
export type Lines = readonly string[];

export const indented = (lines: Lines): Lines => lines.map((line) => `  ${line}`);

/** Values with what follows from them, those together from which the same follows. */
export const alike = (
  branches: readonly (readonly [number, Lines])[],
): readonly { readonly values: readonly number[]; readonly lines: Lines }[] =>
  [...Map.groupBy(branches, ([, lines]) => lines.join('\n')).values()].map((some) => ({
    values: some.map(([value]) => value),
    lines: some[0]![1],
  }));
