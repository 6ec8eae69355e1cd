import { ng } from './globals.ts';

/**
 * Claims that a scenario makes only if it asks for them. There are two kinds:
 * - rules of exclusion, whose breach does harm some steps later: a check ends at the first failure, and would never come to the harm;
 * - promises that every design breaks, upstream too, some of them harmlessly; what is told of each stands at the claim.
 *
 * The ghosts that they need are alive in such a scenario only.
 */
export const optionalClaims = [
  'list-serialised',
  'list-intact',
  'hooks-stay',
  'closing-as-writer',
  'no-data-in-shutdown',
  'path-open',
  'connect-kept',
  'listing-consistent',
  'interface-named',
  'in-order',
  'requests-answered',
  'items-applied',
] as const;

export type OptionalClaim = (typeof optionalClaims)[number];

/** Whether the scenario asks for one of the claims. It is constant, so that asking is no step. */
export const asks = (...claims: readonly OptionalClaim[]): boolean => {
  const asked = ng.claims.split(' ');
  return claims.some((claim) => asked.includes(claim));
};
