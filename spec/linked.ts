import { Shared } from '../src/machine/record.ts';

/**
 * Whatever holds a pointer to the next element of a list: for hooks a node (the head) or a hook, for nodes a table or a node. The C keeps in `cle_prev` the address
 * of that pointer; here it is the record that the pointer lies in, which says the same, for each of the two has just one.
 */
export class Linked extends Shared {}

/** Memory that a node type hangs on its node or on its hooks: `nd_private`, `hk_private`. */
export class Private extends Shared {}
