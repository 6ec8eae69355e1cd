import { attach, create, runCallbacks, serviceQueue, type Design, type Td } from '../../src/netgraph/index.ts';

/** A new network stack and its first thread. */
export const stackOf = (design: Design): Td => attach(create(design), 0) as Td;

/** Serves all queues and gives back all memory. Nobody else may be in a section. */
export const settle = (td: Td): void => {
  while (serviceQueue(td) >= 0);
  while (runCallbacks(td) > 0);
};
