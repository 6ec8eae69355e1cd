import { constant, name, pointer, Shared, staticRecord, truth } from '../src/machine/record.ts';
import { NgType } from './ngtype.ts';

/* Commands of the generic cookie (ng_message.h). */
export const NGM_SHUTDOWN = 'NGM_SHUTDOWN';
export const NGM_MKPEER = 'NGM_MKPEER';
export const NGM_CONNECT = 'NGM_CONNECT';
export const NGM_NAME = 'NGM_NAME';
export const NGM_RMHOOK = 'NGM_RMHOOK';
export const NGM_LISTHOOKS = 'NGM_LISTHOOKS';
export const NGM_LISTNAMES = 'NGM_LISTNAMES';
export const NGM_LISTNODES = 'NGM_LISTNODES';
export const NGM_NODEINFO = 'NGM_NODEINFO';
export const NGM_LISTTYPES = 'NGM_LISTTYPES';
export const NGM_TEXT_STATUS = 'NGM_TEXT_STATUS';
export const NGM_TEXT_CONFIG = 'NGM_TEXT_CONFIG';

/* Commands of the cookies of types. */
export const NGM_HUB_SET_PERSISTENT = 'NGM_HUB_SET_PERSISTENT';
export const NGM_ONE2MANY_SET_CONFIG = 'NGM_ONE2MANY_SET_CONFIG';
export const NGM_NAT_SET_IPADDR = 'NGM_NAT_SET_IPADDR';
export const NGM_TEE_GET_STATS = 'NGM_TEE_GET_STATS';
export const NGM_ETHER_GET_IFNAME = 'NGM_ETHER_GET_IFNAME';
export const NGM_ETHER_SET_PROMISC = 'NGM_ETHER_SET_PROMISC';
export const NGM_ETHER_DETACH = 'NGM_ETHER_DETACH';
export const NGM_SOCK_CMD_NOLINGER = 'NGM_SOCK_CMD_NOLINGER';

/* Commands of the cookie of links (NGM_FLOW_COOKIE, ng_message.h), which some types know. */
export const NGM_LINK_IS_UP = 'NGM_LINK_IS_UP';
export const NGM_LINK_IS_DOWN = 'NGM_LINK_IS_DOWN';

/**
 * struct ng_mesg: a control message. It is written once, before the check begins, and belongs to whoever
 * owns the item that carries it, so its memory has no life of its own here.
 */
export class Mesg extends Shared {
  cmd = constant(name('the command'));
  readonly = constant(truth('NGM_READONLY is set in the command: it is applied as a reader'));
  own = constant(truth('the cookie is that of a type, not the generic one'));
  response = constant(truth('NGF_RESP is set: it is an answer'));
  ourhook = constant(name('NGM_RMHOOK, NGM_CONNECT, NGM_MKPEER: the hook of the node that is sent to'));
  peerhook = constant(name('NGM_CONNECT, NGM_MKPEER: the hook at the other end'));
  path = constant(name('NGM_CONNECT: the way to the other node'));
  name = constant(name('NGM_NAME: the name'));
  all = constant(truth('NGM_ONE2MANY_SET_CONFIG: to all links, not to one after the other'));
  peertype: NgType | null = constant(pointer(() => NgType, 'NGM_MKPEER: the type of the node to make'));
}

/** Any answer. What it says is seen when it is written; nobody looks at it afterwards. */
export const answer = staticRecord(Mesg, 'answer');
