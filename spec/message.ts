import { given, NET_EPOCH_ENTER, NET_EPOCH_EXIT } from '../src/machine/access.ts';
import { procedure } from '../src/machine/procedure.ts';
import { ng_con_nodes } from './connect.ts';
import { ng_destroy_hook } from './destroy.ts';
import { EINVAL } from './errno.ts';
import { ng_findhook } from './findhook.ts';
import type { Hook } from './hook.ts';
import type { Item } from './item.ts';
import { listHooks, listNames, listNodes, nodeInfo } from './listing.ts';
import {
  NGM_CONNECT, NGM_LISTHOOKS, NGM_LISTNAMES, NGM_LISTNODES, NGM_LISTTYPES, NGM_MKPEER, NGM_NAME, NGM_NODEINFO, NGM_RMHOOK, NGM_SHUTDOWN,
  NGM_TEXT_CONFIG, NGM_TEXT_STATUS, type Mesg,
} from './mesg.ts'; // prettier-ignore
import { ng_mkpeer } from './mkpeer.ts';
import { ng_name_node } from './name.ts';
import type { Node } from './node.ts';
import { ng_free_item } from './package.ts';
import { ng_path2noderef } from './path.ts';
import { ng_unref_node } from './reference.ts';
import { respond } from './respond.ts';
import { ng_rmnode } from './rmnode.ts';

/**
 * The generic control messages. A listing is answered with the item of the question, else the item is freed at the end. What goes down to
 * the type has an end of its own there, and in `gsoc24` comes back past NET_EPOCH_EXIT.
 */
export const ng_generic_msg = procedure(
  'ng_base.c:2561-3002',
  function ng_generic_msg(here: Node, item: Item, lasthook: Hook | null): number {
    if (given('apply-in-epoch')) NET_EPOCH_ENTER();
    const msg = item.msg!; // 2567
    item.msg = null; // 2567
    const rcvmsg = passedDown.has(msg.cmd) ? here.nd_type.rcvmsg : null; // 2981
    if (rcvmsg !== null) {
      item.msg = msg; // 2982
      return rcvmsg(here, item, lasthook); // 2983
    }
    let error = obey(here, item, msg);
    if (answered.has(msg.cmd))
      error = respond(here, item); // 2999
    else ng_free_item(item); // 2999
    if (given('apply-in-epoch')) NET_EPOCH_EXIT();
    return error;
  },
);

/** Commands that the type obeys, if it takes messages. */
const passedDown: ReadonlySet<string> = new Set([NGM_TEXT_CONFIG, NGM_TEXT_STATUS]);

/** Commands that are answered. */
const answered: ReadonlySet<string> = new Set([
  NGM_NODEINFO, NGM_LISTHOOKS, NGM_LISTNODES, NGM_LISTNAMES, NGM_LISTTYPES,
]); // prettier-ignore

/** Does what the message says. Returns an error number. */
const obey = procedure('ng_base.c:2573-2822, 2973-2988', function obey(here: Node, item: Item, msg: Mesg): number {
  // 2573
  switch (msg.cmd) {
    case NGM_SHUTDOWN:
      here.told = true;
      ng_rmnode(here, null); // 2575
      return 0;
    case NGM_MKPEER:
      return ng_mkpeer(here, msg.ourhook, msg.peerhook, msg.peertype!); // 2589
    case NGM_CONNECT: {
      const node2 = ng_path2noderef(here, msg.path, null); // 2607
      if (typeof node2 === 'number') return node2;
      const error = ng_con_nodes(item, here, msg.ourhook, node2, msg.peerhook); // 2610
      ng_unref_node(node2); // 2612
      return error;
    }
    case NGM_NAME:
      return ng_name_node(here, msg.name); // 2625
    case NGM_RMHOOK: {
      const hook = ng_findhook(here, msg.ourhook); // 2639
      if (hook !== null) ng_destroy_hook(hook); // 2640
      return 0;
    }
    case NGM_NODEINFO:
      nodeInfo(here);
      return 0;
    case NGM_LISTHOOKS:
      listHooks(here);
      return 0;
    case NGM_LISTNODES:
      listNodes();
      return 0;
    case NGM_LISTNAMES:
      listNames();
      return 0;
    case NGM_TEXT_CONFIG:
    case NGM_TEXT_STATUS: // 2985: the type takes none.
      return EINVAL; // 2988
    default: // NGM_LISTTYPES, 2795-2820: types are there before everything and stay, and what is read of them decides nothing.
      return 0;
  }
});
