import { procedure } from '../src/machine/procedure.ts';
import { asks } from './asked.ts';
import type { Hook } from './hook.ts';
import { Node } from './node.ts';

/**
 * The list of a node's hooks, store by store (sys/contrib/ck/include/ck_queue.h and sys/sys/queue.h). A reader who
 * stands on a hook that is being taken off finds its `cle_next` as it was and walks on. Two writers at once are what these lists
 * do not bear, and nothing in them prevents it: each writer stores what it has loaded.
 */

/**
 * Puts a hook in front of the list of a node. Between the last two stores it can be found, but does not know yet what points to it: who
 * took it off the list then would store through NULL.
 */
export const CK_LIST_INSERT_HEAD = procedure(
  'ck_queue.h:404-411',
  function CK_LIST_INSERT_HEAD(node: Node, elm: Hook): void {
    const first = node.nd_hooks; // 405
    elm.cle_next = first; // 405
    if (first !== null) node.nd_hooks!.cle_prev = elm; // 408
    node.nd_hooks = elm; // 409
    elm.cle_prev = node; // 410
  },
);

/** Takes a hook off the list that it is on. The LIST_REMOVE of upstream stores in the other order. */
export const CK_LIST_REMOVE = procedure('ck_queue.h:413-417', function CK_LIST_REMOVE(elm: Hook): void {
  const next = elm.cle_next; // 414
  const prev = elm.cle_prev; // 414
  if (prev instanceof Node) {
    prev.nd_hooks = next; // 414
  } else {
    (prev as Hook).cle_next = next; // 414
  }
  mendNext(elm);
});

/** Its last statement, which loads the link anew. */
const mendNext = procedure('ck_queue.h:415-416', function mendNext(elm: Hook): void {
  const last = elm.cle_next === null; // 415
  if (last) return;
  const following = elm.cle_next!; // 416
  following.cle_prev = elm.cle_prev; // 416
});

/** A ghost: how many threads change the list of the node. A procedure, so that the count stays out of the caller's log. */
export const changes = procedure('', function changes(node: Node, by: 1 | -1): void {
  if (asks('list-serialised', 'list-intact', 'hooks-stay')) node.changing += by;
});
