import { ownAdd, ownLoad } from '../src/machine/access.ts';
import { procedure } from '../src/machine/procedure.ts';
import { ng } from './globals.ts';
import { HK_HI_STACK, type Hook } from './hook.ts';
import { NGF_HI_STACK, type Node } from './node.ts';

/**
 * The stack of a thread, in nested calls of ng_apply_item: what grows with the length of a path is one such call, and what it calls,
 * for each node. Only the thread itself can tell how deep it is, so these are no steps; and as that follows from where it stands,
 * the depths add no states. A scenario that does not say how much stack there is has enough of it: then nothing is counted.
 */
const st = (): number => ng.stackSize;

export const descend = (): void => {
  if (st() > 0) ownAdd(ng.stackUsed, 1, st());
};
export const ascend = (): void => {
  if (st() > 0) ownAdd(ng.stackUsed, -1, st());
};

/** Whether less than a quarter of the stack is free, or less than a half where node or hook need much of it. */
export const stackIsLow = procedure('ng_base.c:2341-2347', function stackIsLow(node: Node, hook: Hook | null): boolean {
  if (st() === 0) return false;
  const sl = st() - ownLoad(ng.stackUsed); // 2342
  if (sl * 4 < st()) return true; // 2344
  if (sl * 2 >= st()) return false; // 2344
  if (node.nd_flags & NGF_HI_STACK) return true; // 2345
  return hook !== null && (hook.hk_flags & HK_HI_STACK) !== 0; // 2346
});
