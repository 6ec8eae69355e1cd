import type { Switch } from './designs.ts';

/** Protections that cover for each other: while one of them is there nobody misses the other, so both are taken away at once. */
export const pairs: readonly (readonly [Switch, Switch])[] = [];
