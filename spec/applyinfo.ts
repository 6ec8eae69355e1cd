import { atomic_add, atomic_fetchadd } from '../src/machine/access.ts';
import { procedure, type Procedure } from '../src/machine/procedure.ts';
import { pointer, routine, Shared, word } from '../src/machine/record.ts';
import { Private } from './linked.ts';

/** ng_apply_t: what is called when the last of the items has been applied. */
export type Applied = Procedure<[context: Private, error: number], void>;

/**
 * struct ng_apply_info (netgraph.h): who waits for an item and all that is sent in its course. It lies on the stack of the
 * thread that waits, so its life ends when that thread goes on.
 */
export class ApplyInfo extends Shared {
  apply: Applied = routine<Applied>('the callback')!;
  context: Private = pointer(() => Private, 'its argument');
  refs = word(0, 9, 'items under way; a reference count that begins at 0, and so no RefCount');
  error = word(0, 99, 'what the callback is told');
}

/** refcount_acquire: an item is sent. */
export const holdApply = (apply: ApplyInfo): void => atomic_add(apply, 'refs', 1) as unknown as void; // 2293

/** An item has been applied: only the first of them says with what error. */
export const finishApply = procedure(
  'ng_base.c:2546-2552',
  function finishApply(apply: ApplyInfo, depth: number, error: number): void {
    if (depth === 1 && error !== 0) apply.error = error; // 2549
    if (atomic_fetchadd(apply, 'refs', -1) !== 1) return; // 2550
    const callback = apply.apply; // 2551
    const context = apply.context; // 2551
    callback(context, apply.error); // 2551
  },
);
