/** What a verdict is about: `both-ends on gsoc23 without deferred-free`. */
export const titleOf = ({ name, design, off }: Titled): string =>
  `${name} on ${design}${off.length === 0 ? '' : ` without ${off.join(', ')}`}`;

export type Titled = {
  /** Name of the scenario. */
  readonly name: string;
  readonly design: string;
  /** Protections of the design that are switched off. */
  readonly off: readonly string[];
};
