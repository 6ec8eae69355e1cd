import { procedure } from '../src/machine/procedure.ts';
import { ng_destroy_hook } from './destroy.ts';
import { ng_findhook } from './findhook.ts';
import type { Item } from './item.ts';
import { NGM_RMHOOK, NGM_SHUTDOWN } from './mesg.ts';
import type { Node } from './node.ts';
import { ng_free_item } from './package.ts';
import { ng_rmnode } from './rmnode.ts';

/** The generic control messages. Neither of these two is answered, so the item is freed at the end. */
export const ng_generic_msg = procedure('ng_base.c:2561-3002', function ng_generic_msg(here: Node, item: Item): void {
  const msg = item.msg!; // 2567
  item.msg = null; // 2567
  // 2573
  switch (msg.cmd) {
    case NGM_SHUTDOWN:
      ng_rmnode(here, null); // 2575
      break;
    case NGM_RMHOOK: {
      const hook = ng_findhook(here, msg.ourhook); // 2639
      if (hook !== null) ng_destroy_hook(hook); // 2640
      break;
    }
  }
  ng_free_item(item); // 2999
});
