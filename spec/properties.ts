import type { Claim } from '../src/machine/conduct.ts';
import type { Property } from '../src/machine/property.ts';
import { conduct, type ConductClaim } from './claims/conduct.ts';
import { refsMatch, promiscCounted, socketsMatch, typeRefsMatch } from './claims/count.ts';
import {
  disconnectOnce,
  hooksFreed,
  nodeFreedClean,
  interfaceHasNode,
  noLeak,
  noZombie,
  reallyDies,
  shutdownOnce,
} from './claims/life.ts';
import { listIntegrity, noHookAfterShutdown, otherEndDestroyed, peerSymmetry, validPair } from './claims/link.ts';
import { hashCounts, idUnique, nameFound, nameUnique, shutdownObeyed } from './claims/find.ts';
import {
  gateExclusion,
  gateLeft,
  gateWord,
  queuePendingFlag,
  singleThreaded,
  workTaken,
  worklistOnce,
} from './claims/queue.ts';
import { closingAsWriter, hooksStay, listIntact, listSerialised, noDataInShutdown } from './claims/exclusion.ts';
import {
  connectKept,
  inOrder,
  interfaceNamed,
  itemsApplied,
  listingConsistent,
  pathOpen,
  requestsAnswered,
} from './claims/promise.ts';
import type { OptionalClaim } from './asked.ts';
import { ng } from './globals.ts';

/** The cover: without it a check in which no packet ever arrives would hold as well. */
const dataDelivered: Property = {
  name: 'data-delivered',
  kind: 'sometimes',
  sentence: 'a packet arrives, in a scenario that says so',
  holds: () => !ng.expectsDelivery || ng.delivered || 'no packet has arrived yet',
};

/**
 * What is claimed beside what the machine watches by itself. Where several claims fail in one state the first of them is told,
 * so a claim stands before those that it explains.
 */
export const properties: readonly Property[] = [
  disconnectOnce,
  shutdownOnce,
  gateExclusion,
  gateWord,
  singleThreaded,
  queuePendingFlag,
  worklistOnce,
  peerSymmetry,
  validPair,
  noHookAfterShutdown,
  hashCounts,
  idUnique,
  nameUnique,
  nameFound,
  nodeFreedClean,
  noLeak,
  gateLeft,
  workTaken,
  shutdownObeyed,
  otherEndDestroyed,
  noZombie,
  reallyDies,
  interfaceHasNode,
  hooksFreed,
  listIntegrity,
  refsMatch,
  typeRefsMatch,
  socketsMatch,
  promiscCounted,
  dataDelivered,
];

/** What is claimed where a scenario asks for it (asked.ts). */
export const optional: Readonly<Record<OptionalClaim, Property>> = {
  'list-serialised': listSerialised,
  'list-intact': listIntact,
  'hooks-stay': hooksStay,
  'closing-as-writer': closingAsWriter,
  'no-data-in-shutdown': noDataInShutdown,
  'path-open': pathOpen,
  'connect-kept': connectKept,
  'listing-consistent': listingConsistent,
  'interface-named': interfaceNamed,
  'in-order': inOrder,
  'requests-answered': requestsAnswered,
  'items-applied': itemsApplied,
};

/** All claims there are. */
export const claims: readonly Property[] = [...properties, ...Object.values(optional)];

/** What is claimed of a scenario: what it asks for explains the rest, so it comes first. */
export const claimsOf = ({
  claims: asked = [],
}: {
  readonly claims?: readonly OptionalClaim[];
}): readonly Property[] => [...asked.map((claim) => optional[claim]), ...properties];

/**
 * What a check claims: what is claimed of its scenario or, if somebody asks for claims about the conduct of data, these and nothing
 * else. For such a claim is broken in a run that goes on, and the others are there for what the run comes to.
 */
export const claimsMade = (
  scenario: Parameters<typeof claimsOf>[0],
  asked: readonly ConductClaim[] | undefined,
): readonly Claim[] => asked?.map((name) => conduct[name]) ?? claimsOf(scenario);
