import { given, NET_EPOCH_ENTER, NET_EPOCH_EXIT } from '../src/machine/access.ts';
import { foreach, procedure } from '../src/machine/procedure.ts';
import { HK_INVALID, type Hook } from './hook.ts';
import type { FindHook } from './ngtype.ts';
import type { Node } from './node.ts';

/**
 * The valid hook of a node with a name, or NULL. The pointer comes without a reference and is used after the section.
 *
 * The branches came to the present form in steps. First the loop returned from within the section, which then stays open for
 * ever. Then the section was left in front of that return, but without braces: the return belongs to no condition, so the first
 * hook is returned whatever its name, and the section stays open if that hook was not the right one.
 */
export const ng_findhook = procedure(
  'ng_base.c:1160-1181',
  function ng_findhook(node: Node, name: string): Hook | null {
    const findhook = node.nd_type.findhook; // 1166
    if (findhook !== null) return byType(findhook, node, name);
    if (given('findhook-in-epoch')) NET_EPOCH_ENTER(); // 1169
    if (given('findhook-first')) return first(node, name);
    const hook = foreach(
      node.nd_hooks, // 1170
      (hookptr) => hookptr.cle_next, // 1170
      (hookptr) => {
        if (hookptr.hk_flags & HK_INVALID) return; // 1171
        if (hookptr.hk_name === name) return hookptr; // 1172
      },
    );
    const stays = given('findhook-returns-inside') && hook !== null;
    if (given('findhook-in-epoch') && !stays) NET_EPOCH_EXIT(); // 1179
    return hook;
  },
);

/** A type with many hooks looks by itself. */
const byType = procedure(
  'ng_base.c:1167-1167',
  function byType(findhook: FindHook, node: Node, name: string): Hook | null {
    if (given('findhook-method-in-epoch')) NET_EPOCH_ENTER();
    const hook = findhook(node, name); // 1167
    if (given('findhook-method-in-epoch')) NET_EPOCH_EXIT();
    return hook;
  },
);

/** The loop without braces. */
const first = procedure('ng_base.c:1170-1180', function first(node: Node, name: string): Hook | null {
  const hook = node.nd_hooks; // 1170
  const right = hook === null || (!(hook.hk_flags & HK_INVALID) && hook.hk_name === name); // 1171
  if (right) NET_EPOCH_EXIT(); // 1172
  return hook;
});
