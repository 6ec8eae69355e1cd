import { cast } from '../src/machine/access.ts';
import type { RecordType } from '../src/machine/operation.ts';
import { Shared } from '../src/machine/record.ts';

/**
 * Whatever holds a pointer to the next element of a list: for hooks a node (the head) or a hook, for nodes a table or a node. The C keeps in `cle_prev` the address
 * of that pointer; here it is the record that the pointer lies in, which says the same, for each of the two has just one.
 */
export class Linked extends Shared {}

/** Memory that a node type hangs on its node or on its hooks: `nd_private`, `hk_private`. */
export class Private extends Shared {}

/** The private data of a node or hook, taken for what its type has hung there. */
export const own = <T extends Private>(type: RecordType<T>, memory: Private | null): T => cast(type, memory);
