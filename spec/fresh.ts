import type { RefCount } from '../src/machine/record.ts';

/**
 * What a reference count of new memory is set to, before anybody else can find it: `hook.hk_refs = fresh(1)`. NG_NODE_REF on new
 * memory (667) is this as well.
 */
export const fresh = (refs: number): RefCount => refs as unknown as RefCount;
