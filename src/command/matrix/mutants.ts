import { pairs } from '../../../spec/protections.ts';
import { Complaint } from '../../complaint.ts';
import { nameOf } from '../../matrix/row.ts';
import { didYouMean } from '../../suggestion.ts';
import { noProtection, protectionsOf } from '../selection.ts';

/** A mutant is a design without one of its protections, or without both of a pair that cover for each other. */

/**
 * The mutants of a design by name, of all its protections or of those that are asked for. What a pair says of one can only be
 * seen beside the other, so with one of a pair come the other and both. Throws a Complaint when a protection is none.
 */
export const mutantsOf = (design: string, asked: readonly string[]): readonly string[] => {
  const known = protectionsOf(design);
  for (const name of asked)
    if (!known.includes(name))
      throw new Complaint(`${noProtection(name, `design "${design}"`, known)}${didYouMean(name, known)}`);
  const paired = pairs.filter(
    (pair) =>
      pair.every((name) => known.includes(name)) && (asked.length === 0 || pair.some((name) => asked.includes(name))),
  );
  const wanted = new Set<string>([...asked, ...paired.flat()]);
  return [...known.filter((name) => asked.length === 0 || wanted.has(name)), ...paired.map(nameOf)];
};
