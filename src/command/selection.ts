import { designs, mainDesigns } from '../../spec/designs.ts';
import { Complaint } from '../complaint.ts';
import { didYouMean, quoted } from '../report/suggestion.ts';
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

/** The named design, or all of them; with `off`, those that have these protections. Throws a Complaint when there is none. */
export const selectDesigns = (name: string | undefined, off: readonly string[]): readonly string[] => {
  if (name !== undefined && !isDesign(name))
    throw new Complaint(
      `There is no design "${name}"; there are ${quoted(designNames())}.${didYouMean(name, designNames())}`,
    );
  const asked = name === undefined ? designNames() : [name];
  for (const protection of off) requireProtection(protection, asked);
  return asked.filter((design) => off.every((protection) => protectionsOf(design).includes(protection)));
};

const requireProtection = (protection: string, asked: readonly string[]): void => {
  const known = [...new Set(asked.flatMap(protectionsOf))];
  if (known.includes(protection)) return;
  const whose = asked.length === 1 ? `design "${asked[0]}" has` : 'any design has';
  const choice = known.length === 0 ? 'it has none' : `on are ${quoted(known)}`;
  const remark = scenarioNames().includes(protection)
    ? ' It is a scenario: scenarios stand before --off.'
    : didYouMean(protection, known);
  throw new Complaint(`--off: "${protection}" is no protection that ${whose} on; ${choice}.${remark}`);
};
