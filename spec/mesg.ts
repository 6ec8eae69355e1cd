import { constant, name, Shared } from '../src/machine/record.ts';

export const NGM_SHUTDOWN = 'NGM_SHUTDOWN';
export const NGM_RMHOOK = 'NGM_RMHOOK';

/**
 * struct ng_mesg: a control message of the generic cookie. It is written once, before the check begins, and belongs to whoever
 * owns the item that carries it, so its memory has no life of its own here.
 */
export class Mesg extends Shared {
  cmd = constant(name('NGM_SHUTDOWN or NGM_RMHOOK'));
  ourhook = constant(name('NGM_RMHOOK: the name of the hook to remove'));
}
