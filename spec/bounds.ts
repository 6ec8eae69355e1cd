/** Bounds that more than one record has. A check that would go beyond one ends as unknown. */

/** IDs that can be given out, and so nodes that can have been. */
export const MOST_IDS = 7;

/** Buckets that a hash table can have. */
export const MOST_BUCKETS = 16;
