import { alloc, atomically, given, NET_EPOCH_ENTER, NET_EPOCH_EXIT, refcount_acquire } from '../src/machine/access.ts';
import { foreach, procedure } from '../src/machine/procedure.ts';
import { EEXIST } from './errno.ts';
import { ng_findhook } from './findhook.ts';
import { fresh } from './fresh.ts';
import { HK_INVALID, Hook, ng_deadhook } from './hook.ts';
import { changes, CK_LIST_INSERT_HEAD } from './list.ts';
import type { Node } from './node.ts';
import { ng_unref_hook } from './reference.ts';

/** A new hook of a node, with one reference. Atomic: nobody else has a pointer to it yet, so what is stored in it belongs to the step that allocates it. */
const allocHook = (name: string, node: Node): Hook =>
  atomically(() => {
    const hook = alloc(Hook); // 1115
    hook.hk_refs = fresh(1); // 1120
    hook.hk_flags = HK_INVALID; // 1121
    hook.hk_peer = ng_deadhook; // 1122
    hook.hk_node = node; // 1123
    hook.hk_name = name; // 1127
    return hook;
  });

/**
 * Adds a hook without a link to a node. Returns the hook, with a reference for the caller, or an error number. That the node
 * is still valid is not asked, and the reference for the list is taken after the hook has become reachable through it.
 */
export const ng_add_hook = procedure('ng_base.c:1099-1150', function ng_add_hook(node: Node, name: string):
  Hook | number {
  if (given('make-in-epoch')) NET_EPOCH_ENTER();
  const found = isReserved(node, name); // 1109
  const hook = found ? EEXIST : added(node, name);
  if (given('make-in-epoch')) NET_EPOCH_EXIT();
  return hook;
});

/**
 * Whether a new hook of the node cannot have the name. ng_findhook passes over hooks that are not valid yet; where they count
 * (names-reserved) the list is looked through: the caller is the writer of the node, and so nobody else changes it.
 */
export const isReserved = procedure('ng_base.c:1109, 1446', function isReserved(node: Node, name: string): boolean {
  if (!given('names-reserved')) return ng_findhook(node, name) !== null; // 1109, 1446
  const taken = foreach(
    node.nd_hooks,
    (hook) => hook.cle_next,
    (hook) => (hook.hk_name === name ? true : undefined),
  );
  return taken !== null;
});

const added = procedure('ng_base.c:1114-1149', function added(node: Node, name: string): Hook | number {
  const hook = allocHook(name, node); // 1115
  refcount_acquire(node.nd_refs); // 1124
  const newhook = node.nd_type.newhook; // 1133
  if (newhook !== null) {
    const error = newhook(node, hook, name); // 1134
    if (error !== 0) {
      ng_unref_hook(hook); // 1135
      return error;
    }
  }
  linkHook(node, hook); // 1143
  return hook;
});

/** The hook comes on the list of its node. */
export const linkHook = procedure('ng_base.c:1143-1145, 1473-1475', function linkHook(node: Node, hook: Hook): void {
  changes(node, 1);
  CK_LIST_INSERT_HEAD(node, hook); // 1143, 1473
  node.nd_numhooks += 1; // 1144, 1474
  changes(node, -1);
  refcount_acquire(hook.hk_refs); // 1145, 1475
});
