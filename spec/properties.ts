import type { Property } from '../src/machine/property.ts';
import { refsMatch, typeRefsMatch } from './claims/count.ts';
import {
  disconnectOnce,
  hooksFreed,
  nodeFreedClean,
  noLeak,
  noZombie,
  reallyDies,
  shutdownOnce,
} from './claims/life.ts';
import { listIntegrity, noHookAfterShutdown, otherEndDestroyed, peerSymmetry, validPair } from './claims/link.ts';
import { hashCounts, nameFound, nameUnique, shutdownObeyed } from './claims/find.ts';
import { gateExclusion, queuePendingFlag, singleThreaded, worklistOnce } from './claims/queue.ts';
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
  singleThreaded,
  queuePendingFlag,
  worklistOnce,
  peerSymmetry,
  validPair,
  noHookAfterShutdown,
  hashCounts,
  nameUnique,
  nameFound,
  nodeFreedClean,
  noLeak,
  shutdownObeyed,
  otherEndDestroyed,
  noZombie,
  reallyDies,
  hooksFreed,
  listIntegrity,
  refsMatch,
  typeRefsMatch,
  dataDelivered,
];
