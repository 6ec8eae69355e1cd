import { designs, mainDesigns } from '../../spec/designs.ts';
import { Complaint } from '../complaint.ts';
import { didYouMean, quoted } from '../suggestion.ts';
import { scenarioNames } from './catalogue.ts';

/** Which designs a command is about. */

/** Those that are meant when none is named; the steps between two of them can be named as well. */
export const designNames = (): readonly string[] => mainDesigns;
export const isDesign = (name: string): boolean => Object.hasOwn(designs, name);

/** The switches that a design has on: what it can be asked to do without. */
export const protectionsOf = (design: string): readonly string[] =>
  Object.entries(designs[design]!.switches)
    .filter(([, on]) => on)
    .map(([name]) => name);

/** The named designs, each once, or all; with `off`, those of them that have these protections. Throws a Complaint when there is none. */
export const selectDesigns = (names: readonly string[] | undefined, off: readonly string[] = []): readonly string[] => {
  for (const name of names ?? [])
    if (!isDesign(name))
      throw new Complaint(
        `There is no design "${name}"; there are ${quoted(designNames())}.${remarkOn(name, designNames(), '--design')}`,
      );
  const asked = names === undefined ? designNames() : [...new Set(names)];
  for (const protection of off) requireProtection(protection, asked);
  return asked.filter((design) => off.every((protection) => protectionsOf(design).includes(protection)));
};

const requireProtection = (protection: string, asked: readonly string[]): void => {
  const known = [...new Set(asked.flatMap(protectionsOf))];
  if (known.includes(protection)) return;
  const whose = asked.length === 1 ? `design "${asked[0]}"` : 'any design';
  throw new Complaint(`--off: ${noProtection(protection, whose, known)}${remarkOn(protection, known, '--off')}`);
};

/** What is wrong with a name that is none of the protections that somebody has on. */
export const noProtection = (name: string, whose: string, known: readonly string[]): string =>
  `"${name}" is no protection that ${whose} has on; ${known.length === 0 ? 'it has none' : `on are ${quoted(known)}`}.`;

/** An option that takes several words takes a scenario for one of them. */
const remarkOn = (word: string, known: readonly string[], option: string): string =>
  scenarioNames().includes(word) ? ` It is a scenario: scenarios stand before ${option}.` : didYouMean(word, known);
