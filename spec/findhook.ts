import { given, NET_EPOCH_ENTER, NET_EPOCH_EXIT } from '../src/machine/access.ts';
import { foreach, procedure } from '../src/machine/procedure.ts';
import { HK_INVALID, type Hook } from './hook.ts';
import type { Node } from './node.ts';

/** The valid hook of a node with a name, or NULL. The pointer comes without a reference and is used after the section. */
export const ng_findhook = procedure(
  'ng_base.c:1160-1181',
  function ng_findhook(node: Node, name: string): Hook | null {
    const findhook = node.nd_type.findhook; // 1166
    if (findhook !== null) return findhook(node, name); // 1167
    if (given('findhook-in-epoch')) NET_EPOCH_ENTER(); // 1169
    const hook = foreach(
      node.nd_hooks, // 1170
      (hookptr) => hookptr.cle_next, // 1170
      (hookptr) => {
        if (hookptr.hk_flags & HK_INVALID) return; // 1171
        if (hookptr.hk_name === name) return hookptr; // 1172
      },
    );
    if (given('findhook-in-epoch')) NET_EPOCH_EXIT(); // 1179
    return hook;
  },
);
